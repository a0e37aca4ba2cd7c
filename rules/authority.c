/*
 * The decision table of RELIABILITY 3.5 with the answers of DESIGN 8, laid out
 * as there: the first row that fits decides.
 */
#include "rules/authority.h"

#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"

#define ANY 0xffU

/* What came in place of factor 2. */
enum token_bit {
	T_NONE = 1 << 0,
	T_VALID = 1 << 1,
	T_RELEASE = 1 << 2, /* valid, and the answer to a question of ours */
	T_LETTER = 1 << 3,  /* no token, but our letter to him is answered */
	T_EXPIRED = 1 << 4,
	T_BAD = 1 << 5
};

/* Whose address From is. */
enum who_bit {
	W_SAME = 1 << 0,  /* of the agent whose token it is */
	W_OTHER = 1 << 1, /* of another agent, or there is no token */
	W_NOBODY = 1 << 2,
	W_AGENT = W_SAME | W_OTHER
};

/* Factor 1, with what the site wants done where there is none. */
enum proof_bit {
	P_PASS = 1 << 0,
	P_BAD = 1 << 1,       /* fail, forged */
	P_UNASKED = 1 << 2,   /* no border server is named */
	P_CHALLENGE = 1 << 3, /* one is named and says nothing */
	P_NOTE = 1 << 4,
	P_REFUSE = 1 << 5,
	P_GOOD = P_PASS | P_UNASKED,
	P_SILENT = P_CHALLENGE | P_NOTE | P_REFUSE
};

/* What else is asked of a mail. */
enum trait {
	FRESH = 1 << 0,
	PLAIN = 1 << 1, /* one sender */
	SEES = 1 << 2,
	TAGGED = 1 << 3,
	FREE = 1 << 4 /* not suspended */
};

enum tell {
	NOBODY,
	SENDER,
	PRINCIPAL
};

static const struct row {
	unsigned token, who, proof;
	unsigned has, lacks; /* traits: all of these; none of those */
	enum authority authority;
	enum tell tell;
	const char *why;
} rows[] = {
	/* A token in the hands of others says more than anything else. */
	{ T_VALID | T_RELEASE, W_NOBODY, ANY, 0, 0, AUTHORITY_LEAK, PRINCIPAL,
	    "a letter to an agent was answered by a stranger" },
	{ T_VALID | T_RELEASE | T_LETTER, W_AGENT, P_BAD, 0, 0, AUTHORITY_SPOOF,
	    NOBODY, "the border server says that the sender is forged" },
	{ ANY, W_AGENT, ANY, 0, FREE, AUTHORITY_HELD, NOBODY,
	    "the agent is suspended" },
	{ ANY, W_AGENT, ANY, 0, PLAIN, AUTHORITY_HELD, SENDER,
	    "not one plain sender, or a field twice" },

	/* The agent's own token, and for him alone. */
	{ T_VALID | T_RELEASE | T_LETTER, W_SAME, ANY, 0, FRESH, AUTHORITY_HELD,
	    SENDER, "old or replayed" },
	{ T_RELEASE, W_SAME, ANY, FRESH, 0, AUTHORITY_EXECUTE, SENDER,
	    "the answer to our question at the registered address" },
	{ T_VALID | T_LETTER, W_SAME, ANY, 0, SEES, AUTHORITY_HELD, SENDER,
	    "the agent may not see the ticket any more" },
	{ T_VALID | T_LETTER, W_SAME, P_PASS, FRESH | SEES, 0,
	    AUTHORITY_EXECUTE, SENDER, "token, From and border server agree" },
	{ T_VALID, W_SAME, P_UNASKED, FRESH | SEES, 0, AUTHORITY_TICKET, SENDER,
	    "token and From agree; no border server is named" },
	{ T_VALID, W_SAME, P_CHALLENGE, FRESH | SEES, 0, AUTHORITY_CHALLENGE,
	    SENDER, "the border server does not vouch for the sender" },
	{ T_VALID, W_SAME, P_NOTE, FRESH | SEES, 0, AUTHORITY_NOTE, SENDER,
	    "the border server does not vouch for the sender" },
	{ T_VALID, W_SAME, P_REFUSE, FRESH | SEES, 0, AUTHORITY_HELD, SENDER,
	    "the border server does not vouch for the sender" },
	{ T_LETTER, W_SAME, P_UNASKED | P_SILENT, FRESH | SEES, 0,
	    AUTHORITY_CHALLENGE, SENDER,
	    "an answer without a token, and nobody vouches for the sender" },

	/* Another agent's. */
	{ T_VALID, W_OTHER, P_PASS, FRESH | SEES, 0, AUTHORITY_NOTE, SENDER,
	    "the token of another agent" },
	{ T_VALID | T_RELEASE, W_OTHER, ANY, 0, 0, AUTHORITY_HELD, SENDER,
	    "the token of another agent" },

	/* Too old, or revoked. */
	{ T_EXPIRED, W_AGENT, P_PASS, SEES, 0, AUTHORITY_RENEW, SENDER,
	    "the letter answered is too old" },
	{ T_EXPIRED, W_SAME, P_UNASKED, SEES, 0, AUTHORITY_RENEW, SENDER,
	    "the letter answered is too old" },
	{ T_EXPIRED, W_AGENT, ANY, 0, 0, AUTHORITY_HELD, SENDER,
	    "looks like an agent, with a token too old" },
	{ T_EXPIRED, W_NOBODY, ANY, 0, 0, AUTHORITY_REQUESTER, NOBODY,
	    "a token too old, from a stranger" },

	/* None that counts. */
	{ T_BAD, W_AGENT, ANY, 0, 0, AUTHORITY_HELD, SENDER,
	    "looks like an agent, with a token that is not ours" },
	{ T_BAD, W_NOBODY, ANY, 0, 0, AUTHORITY_REQUESTER, NOBODY,
	    "a token that is not ours" },
	{ T_NONE, W_AGENT, P_PASS, TAGGED | SEES, 0, AUTHORITY_NOTE, SENDER,
	    "an agent, about a ticket, without a token" },
	{ T_NONE, W_AGENT, P_PASS, 0, 0, AUTHORITY_REQUESTER, SENDER,
	    "an agent as a requester" },
	/* Where nobody is asked, From decides (MAIL 1): he can only ask for
	 * something, as anybody can. */
	{ T_NONE, W_AGENT, P_UNASKED, 0, 0, AUTHORITY_REQUESTER, SENDER,
	    "an agent as a requester" },
	{ T_NONE, W_AGENT, ANY, 0, 0, AUTHORITY_HELD, SENDER,
	    "looks like an agent" },
	{ ANY, ANY, ANY, 0, 0, AUTHORITY_REQUESTER, NOBODY, "no agent" },
};

/* Which purposes are an agent's; the other tokens give no authority here. */
static const unsigned char agent_purpose[TOKEN_PURPOSES] = {
	[TOKEN_AGENT] = T_VALID,
	[TOKEN_NOTE] = T_VALID,
	[TOKEN_ESCALATE] = T_VALID,
	[TOKEN_RELEASE] = T_RELEASE,
};

static unsigned
token_bit(const struct authority_ask *ask)
{
	unsigned valid = ask->purpose < TOKEN_PURPOSES
	    ? agent_purpose[ask->purpose]
	    : 0;
	bool letter = ask->own_id && ask->sender != NULL;

	if (ask->token == TOKEN_BAD)
		return T_BAD;
	if (ask->token == TOKEN_NONE || valid == 0)
		return letter ? T_LETTER : T_NONE;
	/* whose agent is gone, it is nobody's */
	if (ask->token == TOKEN_EXPIRED || ask->principal == NULL)
		return T_EXPIRED;
	return valid;
}

static unsigned
who_bit(const struct authority_ask *ask, unsigned token)
{
	if (ask->sender == NULL)
		return W_NOBODY;
	if (token == T_LETTER ||
	    (ask->token != TOKEN_NONE && ask->sender == ask->principal))
		return W_SAME;
	return W_OTHER;
}

static unsigned
proof_bit(const struct authority_ask *ask)
{
	static const unsigned silent[] = {
		[UNPROVEN_CHALLENGE] = P_CHALLENGE,
		[UNPROVEN_NOTE] = P_NOTE,
		[UNPROVEN_REFUSE] = P_REFUSE,
	};

	if (ask->proof == PROOF_PASS)
		return P_PASS;
	if (ask->proof == PROOF_FAIL || ask->proof == PROOF_FORGED)
		return P_BAD;
	return ask->needs_proof ? silent[ask->conf->auth.unproven] : P_UNASKED;
}

static unsigned
traits(const struct authority_ask *ask)
{
	return (ask->fresh ? FRESH : 0U) | (ask->one_sender ? PLAIN : 0U) |
	    (ask->may_see ? SEES : 0U) | (ask->tagged ? TAGGED : 0U) |
	    (ask->suspended ? 0U : FREE);
}

void
authority_decide(const struct authority_ask *ask, struct authority_answer *out)
{
	unsigned token = token_bit(ask), who = who_bit(ask, token);
	unsigned proof = proof_bit(ask), has = traits(ask);
	const struct row *r = rows;
	const struct conf_agent *told[] = {
		[NOBODY] = NULL,
		[SENDER] = ask->sender,
		[PRINCIPAL] = ask->principal,
	};

	while ((r->token & token) == 0 || (r->who & who) == 0 ||
	    (r->proof & proof) == 0 || (r->has & ~has) != 0 ||
	    (r->lacks & has) != 0)
		r++;
	*out = (struct authority_answer){ r->authority, told[r->tell], r->why };
}

/* How often a field may stand: RELIABILITY 3.3, 5, and RFC 5322 3.6.  Of one
 * that comes twice, who signed, who tested and who reads may see others. */
static const struct {
	const char *name;
	int least, most;
	bool ascii; /* its bytes are 7 bit */
} once[] = {
	{ "From", 1, 1, true },
	{ "To", 1, 1, true },
	{ "Date", 1, 1, true },
	{ "Message-ID", 1, 1, true },
	{ "Subject", 1, 1, false },
	{ "Reply-To", 0, 1, true },
	{ "Sender", 0, 1, true },
	{ "Cc", 0, 1, true },
	{ "In-Reply-To", 0, 1, true },
	{ "References", 0, 1, true },
	{ "MIME-Version", 0, 1, true },
	{ "Content-Type", 0, 1, false },
	{ "Content-Transfer-Encoding", 0, 1, true },
};

static bool
seven_bit(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x7f ||
		    ((unsigned char)*s < ' ' && *s != '\t'))
			return false;
	return true;
}

static bool
fields_fit(const struct mail *m)
{
	int count[sizeof(once) / sizeof(*once)] = { 0 };

	for (size_t i = 0; i < m->fields_n; i++)
		for (size_t k = 0; k < sizeof(once) / sizeof(*once); k++) {
			if (!ascii_same(m->fields[i].name, once[k].name))
				continue;
			if (++count[k] > once[k].most ||
			    (once[k].ascii && !seven_bit(m->fields[i].value)))
				return false;
		}
	for (size_t k = 0; k < sizeof(once) / sizeof(*once); k++)
		if (count[k] < once[k].least)
			return false;
	return true;
}

/* Behind a quoted string that opens here; NULL: it does not end. */
static const char *
behind_quotes(const char *p)
{
	for (p++; *p != '"'; p++) {
		if (*p == '\\')
			p++;
		if (*p == '\0')
			return NULL;
	}
	return p + 1;
}

/*
 * Is this value "addr", "<addr>" or "words <addr>" with that very address?  The
 * words are atoms and quoted strings (RFC 5322 3.2.5); no comment, group, route
 * or second address, which others might take for the sender.
 */
static bool
plain_from(const char *value, const char *addr)
{
	const char *p = value;
	size_t n = strlen(addr);

	if (strcmp(value, addr) == 0)
		return true;
	while (p != NULL && *p != '<') {
		if (*p == '\0' || strchr("()>,;:@[]\\", *p) != NULL)
			return false;
		p = *p == '"' ? behind_quotes(p) : p + 1;
	}
	return p != NULL && strncmp(p + 1, addr, n) == 0 &&
	    strcmp(p + 1 + n, ">") == 0;
}

bool
authority_one_sender(const struct mail *m)
{
	return !m->torn && m->from_n == 1 && m->from_addr != NULL &&
	    m->message_id != NULL && address_valid(m->from_addr) &&
	    fields_fit(m) && plain_from(mail_field(m, "From"), m->from_addr);
}
