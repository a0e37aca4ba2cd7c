/*
 * deskd completion: what a shell needs to complete our words, made from the
 * table of subcommands, so that it cannot disagree with them.  Words that only
 * the database knows come from the hidden subcommand __complete when they are
 * wanted.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/cmd.h"
#include "daemon/do.h"
#include "store/tickets.h"

#define COMPLETE_MAX 50 /* tickets offered: the newest that are not closed */

extern const struct cmd cmd_completion;

/* Options that every subcommand takes (main.c). */
static const char shared[] = "-c -d --json --color -q -v --help";

/* Does the usage line speak of a ticket? */
static bool
takes_ticket(const struct cmd *cmd)
{
	return strstr(cmd->args, "TICKET") != NULL;
}

/* The option at p, "--dry-run": its length, 0 when there is none. */
static size_t
option_length(const char *p)
{
	if (strncmp(p, "--", 2) != 0)
		return 0;
	return 2 + strspn(p + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

/* Every option in the usage line, with a blank before each. */
static void
print_options(const struct cmd *cmd)
{
	for (const char *p = cmd->args; *p != '\0'; p++) {
		size_t n = option_length(p);

		if (n > 2) {
			printf(" %.*s", (int)n, p);
			p += n - 1;
		}
	}
}

/* The words a usage line offers first: "[list [--all] | show ID | ...]". */
static void
print_verbs(const struct cmd *cmd)
{
	const char *p = cmd->args + (cmd->args[0] == '[');

	if (strchr(cmd->args, '|') == NULL)
		return;
	while (p != NULL) {
		size_t n;

		p += strspn(p, " ");
		n = strspn(p, "abcdefghijklmnopqrstuvwxyz");
		if (n > 0)
			printf(" %.*s", (int)n, p);
		p = strchr(p, '|');
		if (p != NULL)
			p++;
	}
}

static void
print_names(void)
{
	for (int i = 0; cmds[i] != NULL; i++)
		if ((cmds[i]->needs & HIDDEN) == 0)
			printf(" %s", cmds[i]->name);
}

/* All that may follow a subcommand. */
static void
print_words(const struct cmd *cmd)
{
	print_verbs(cmd);
	print_options(cmd);
	if (takes_ticket(cmd))
		printf(" $(deskd __complete tickets 2>/dev/null)");
	if (strstr(cmd->args, "AGENT") != NULL)
		printf(" $(deskd __complete agents 2>/dev/null)");
	if (strstr(cmd->args, "TEAM") != NULL)
		printf(" $(deskd __complete teams 2>/dev/null)");
	if (strstr(cmd->args, "FIELD") != NULL)
		for (size_t i = 0; do_field_name(i) != NULL; i++)
			printf(" %s", do_field_name(i));
	if (strcmp(cmd->name, "help") == 0)
		print_names();
}

static void
bash(void)
{
	printf("# bash completion of deskd; eval \"$(deskd completion bash)\"\n"
	       "_deskd() {\n"
	       "    local word=${COMP_WORDS[COMP_CWORD]} cmd= i words=\n"
	       "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "        case ${COMP_WORDS[i]} in\n"
	       "        -c|-d|--color) ((i++)) ;;\n"
	       "        -*) ;;\n"
	       "        *) cmd=${COMP_WORDS[i]}; break ;;\n"
	       "        esac\n"
	       "    done\n"
	       "    case $cmd in\n"
	       "    '') words=\"");
	print_names();
	printf("\" ;;\n");
	for (int i = 0; cmds[i] != NULL; i++) {
		if ((cmds[i]->needs & HIDDEN) != 0)
			continue;
		printf("    %s) words=\"", cmds[i]->name);
		print_words(cmds[i]);
		printf("\" ;;\n");
	}
	printf("    esac\n"
	       "    case $word in -*) words=\"$words %s\" ;; esac\n"
	       "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	       "}\n"
	       "complete -o default -F _deskd deskd\n",
	    shared);
}

/* Text inside '...': no quote in it may end it. */
static void
print_quoted(const char *s, const char *quote)
{
	for (; *s != '\0'; s++)
		if (*s == '\'')
			fputs(quote, stdout);
		else
			putchar(*s);
}

static void
zsh(void)
{
	printf("#compdef deskd\n"
	       "# zsh completion of deskd; deskd completion zsh > "
	       "\"${fpath[1]}/_deskd\"\n"
	       "_deskd() {\n"
	       "    local cmd=${words[2]}\n"
	       "    local -a list\n"
	       "    if ((CURRENT == 2)); then\n"
	       "        list=(\n");
	for (int i = 0; cmds[i] != NULL; i++) {
		if ((cmds[i]->needs & HIDDEN) != 0)
			continue;
		printf("            '%s:", cmds[i]->name);
		print_quoted(cmds[i]->about, "'\\''");
		printf("'\n");
	}
	printf("        )\n"
	       "        _describe command list\n"
	       "        return\n"
	       "    fi\n"
	       "    case $cmd in\n");
	for (int i = 0; cmds[i] != NULL; i++) {
		if ((cmds[i]->needs & HIDDEN) != 0)
			continue;
		printf("    %s) list=(", cmds[i]->name);
		print_words(cmds[i]);
		printf(" ) ;;\n");
	}
	printf("    esac\n"
	       "    list+=(%s)\n"
	       "    compadd -a list\n"
	       "    _files\n"
	       "}\n"
	       "_deskd \"$@\"\n",
	    shared);
}

/* In single quotes: the command in it runs when its words are wanted.  fish
 * (3.4) writes it $(command) like the others. */
static void
fish_words(const struct cmd *cmd)
{
	printf("complete -c deskd -n '__fish_seen_subcommand_from %s' -a '",
	    cmd->name);
	print_words(cmd);
	printf("'\n");
}

static void
fish(void)
{
	printf("# fish completion of deskd; deskd completion fish > "
	       "~/.config/fish/completions/deskd.fish\n");
	for (int i = 0; cmds[i] != NULL; i++) {
		if ((cmds[i]->needs & HIDDEN) != 0)
			continue;
		printf("complete -c deskd -n __fish_use_subcommand -f -a %s "
		       "-d '",
		    cmds[i]->name);
		print_quoted(cmds[i]->about, "\\'");
		printf("'\n");
		fish_words(cmds[i]);
	}
	printf("complete -c deskd -s c -r -d 'the configuration'\n"
	       "complete -c deskd -s d -r -d 'the state folder'\n"
	       "complete -c deskd -s q -d 'say nothing on success'\n"
	       "complete -c deskd -s v -d 'say more'\n"
	       "complete -c deskd -l json -d 'one JSON document'\n"
	       "complete -c deskd -l color -x -a 'auto always never'\n");
}

static int
completion_run(struct context *c, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	(void)c;
	if (argc != 2)
		return cmd_usage(&cmd_completion, "for which shell?");
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(argv[1], shells[i].name) == 0) {
			shells[i].print();
			return 0;
		}
	return cmd_usage(&cmd_completion, "no shell '%s'", argv[1]);
}

const struct cmd cmd_completion = {
	.name = "completion",
	.args = "bash | zsh | fish",
	.about = "what a shell needs to complete the words of deskd",
	.run = completion_run,
	.help = "  eval \"$(deskd completion bash)\"\n"
		"  deskd completion zsh > \"${fpath[1]}/_deskd\"\n"
		"  deskd completion fish > "
		"~/.config/fish/completions/deskd.fish\n",
};

static int
complete_tickets(struct context *c)
{
	struct ticket_filter f = {
		.live = true, .newest = true, .limit = COMPLETE_MAX
	};
	struct ticket *t = NULL;
	struct err e = { 0 };
	size_t n = 0;

	if (tickets_list(c->db, &c->arena, &f, &t, &n, &e) == -1)
		return 1;
	for (size_t i = 0; i < n; i++)
		printf("%s\n", cmd_tag(c, t[i].number));
	return 0;
}

static int
complete_agents(struct context *c)
{
	for (size_t i = 0; i < c->conf->agents_n; i++)
		printf("%s\n", c->conf->agents[i].name);
	return 0;
}

static int
complete_teams(struct context *c)
{
	for (size_t i = 0; i < c->conf->teams_n; i++)
		printf("%s\n", c->conf->teams[i].name);
	return 0;
}

/* Silent in every trouble: a completion is no place for errors. */
static int
complete_run(struct context *c, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*print)(struct context *c);
	} kinds[] = { { "tickets", complete_tickets },
		{ "agents", complete_agents }, { "teams", complete_teams } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (argc == 2 && strcmp(argv[1], kinds[i].name) == 0)
			return kinds[i].print(c);
	return EX_USAGE;
}

const struct cmd cmd_complete = {
	.name = "__complete",
	.args = "tickets | agents | teams",
	.about = "words for the completion of a shell",
	.needs = TAKES_CONF | NEEDS_DB | HIDDEN,
	.run = complete_run,
};
