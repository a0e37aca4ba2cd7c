/*
 * The walk through a winmail.dat: a chain of attributes (level, id, length,
 * bytes, sum), some of which are lists of MAPI properties ([MS-OXTNEF] 2.1,
 * 2.1.3.4).  A step waits for some bytes and says what comes next; the bytes
 * of a value run past to where they are wanted.
 */
#include <string.h>

#include "parser/tnef_private.h"

#define SIGNATURE   0x223e9f78
#define NAME_BYTES  1024
#define FILE_LEVEL  2
#define NAMED       0x8000 /* property ids from here on have a name */
#define MANY_VALUES 0x1000 /* flag of the type of a property */
#define TYPE_STRING 0x1e
#define TYPE_OBJECT 0x0d

enum step {
	STEP_SIGNATURE,
	STEP_HEAD,
	STEP_SUM,
	STEP_PROPS,
	STEP_TAG,
	STEP_NAMED,
	STEP_VALUES,
	STEP_LENGTH,
	STEP_INTERFACE, /* 16 bytes that say what an object is */
	STEP_VALUE,     /* the bytes of a value run, no waiting */
	STEP_SKIP,      /* the rest of an attribute */
	STEP_DONE
};

static uint32_t
number(const uint8_t *p, size_t n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

void
tnef_init(struct tnef *t, struct arena *a, size_t text_max, size_t files_max)
{
	*t = (struct tnef){ .a = a,
		.text_max = text_max,
		.files_max = files_max,
		.step = STEP_SIGNATURE };
	buf_init(&t->kept, 0);
}

/* On behind the attribute. */
static void
skip_rest(struct tnef *t)
{
	t->to = TO_NOTHING;
	t->naming = false;
	t->step = t->left > 0 ? STEP_SKIP : STEP_SUM;
}

static void
attribute_broken(struct tnef *t)
{
	t->broken = true;
	skip_rest(t);
}

static void
next_value(struct tnef *t)
{
	if (t->values > 0)
		t->step = STEP_LENGTH;
	else if (t->props > 0)
		t->step = STEP_TAG;
	else
		skip_rest(t);
}

static void property(struct tnef *t);

static void
value_over(struct tnef *t)
{
	if (t->to == TO_FILE)
		hash_end(&t->hash, tnef_file(t)->sha256);
	else
		tnef_value_read(t);
	t->to = TO_NOTHING;
	t->run = t->pad;
	t->pad = 0;
	if (t->run > 0)
		return;
	if (!t->naming) {
		next_value(t);
		return;
	}
	t->naming = false;
	property(t);
}

/* The bytes of a value begin; the last one of an attribute may lack its
 * padding. */
static void
value_begin(struct tnef *t, int to, uint64_t run, uint64_t pad)
{
	struct tnef_file *f = tnef_file(t);

	if (run > t->left) {
		attribute_broken(t);
		return;
	}
	t->step = STEP_VALUE;
	t->run = run;
	t->pad = pad < t->left - run ? pad : t->left - run;
	t->to = to;
	buf_clear(&t->kept);
	t->kept.max = to >= TO_TEXT ? t->text_max : NAME_BYTES;
	/* a file that has its bytes keeps them */
	if (to == TO_FILE && (t->over || f == NULL || f->size > 0))
		t->to = TO_NOTHING;
	if (t->to == TO_FILE) {
		hash_init(&t->hash);
		f->at = t->at;
	}
	if (run == 0)
		value_over(t);
}

static void
value_bytes(struct tnef *t, const uint8_t *p, size_t n)
{
	size_t room = t->kept.max - t->kept.len;

	if (t->to == TO_FILE) {
		hash_add(&t->hash, p, n);
		tnef_file(t)->size += n;
	} else if (t->to != TO_NOTHING) {
		buf_add(&t->kept, p, n < room ? n : room);
		t->cut = t->cut || (n > room && t->to >= TO_TEXT);
	}
}

/* Bytes of a value by its type, padded to 4; 0: it says its length; -1: there
 * is no such type. */
static int
type_size(uint32_t type)
{
	static const struct {
		uint32_t type;
		int size;
	} sizes[] = {
		{ 0x02, 4 },
		{ 0x03, 4 },
		{ 0x04, 4 },
		{ 0x05, 8 },
		{ 0x06, 8 },
		{ 0x07, 8 },
		{ 0x0a, 4 },
		{ 0x0b, 4 },
		{ TYPE_OBJECT, 0 },
		{ 0x14, 8 },
		{ TYPE_STRING, 0 },
		{ TNEF_WIDE, 0 },
		{ 0x40, 8 },
		{ 0x48, 16 },
		{ 0x102, 0 },
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (sizes[i].type == type)
			return sizes[i].size;
	return -1;
}

/* Tag and name of a property are read, its value follows. */
static void
property(struct tnef *t)
{
	int size = type_size(t->tag & 0xfff);

	if (size < 0)
		attribute_broken(t);
	else if (size == 0 || (t->tag & MANY_VALUES) != 0)
		t->step = STEP_VALUES;
	else
		value_begin(t, tnef_property_for(t), (uint64_t)size, 0);
}

static uint64_t
padding(uint64_t n)
{
	return (4 - n % 4) % 4;
}

static void
on_signature(struct tnef *t)
{
	t->step = STEP_HEAD;
	if (number(t->held, 4) != SIGNATURE) {
		t->broken = true;
		t->step = STEP_DONE;
	}
}

/* What is between the files of some mail programs and the end of the part is
 * a line end or zeros. */
static bool
only_padding(const struct tnef *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("\r\n", t->held[i]) == NULL)
			return false;
	return true;
}

static void
on_head(struct tnef *t)
{
	uint8_t level = t->held[0];

	if (level != 1 && level != FILE_LEVEL) {
		t->broken = t->broken || !only_padding(t, 9);
		t->step = STEP_DONE;
		return;
	}
	t->any = true;
	t->attribute = number(t->held + 1, 4);
	t->left = number(t->held + 5, 4);
	t->sum = 0;
	t->tag = t->props = t->values = 0;
	if (t->attribute == ATTR_FILE_BEGIN ||
	    (level == FILE_LEVEL && t->files_n == 0))
		tnef_file_begin(t);
	if (t->attribute == ATTR_FILE_PROPS ||
	    t->attribute == ATTR_MESSAGE_PROPS)
		t->step = STEP_PROPS;
	else
		value_begin(t, tnef_plain_for(t->attribute), t->left, 0);
}

static void
on_sum(struct tnef *t)
{
	if (number(t->held, 2) != t->sum)
		t->broken = true;
	t->step = STEP_HEAD;
}

static void
on_props(struct tnef *t)
{
	t->props = number(t->held, 4);
	next_value(t);
}

static void
on_tag(struct tnef *t)
{
	t->props--;
	t->tag = number(t->held, 4);
	if (t->tag >> 16 >= NAMED)
		t->step = STEP_NAMED;
	else
		property(t);
}

/* A GUID, the kind of name (0: a number, 1: text), and the number or the
 * length of the text. */
static void
on_named(struct tnef *t)
{
	uint32_t kind = number(t->held + 16, 4), n = number(t->held + 20, 4);

	if (kind > 1) {
		attribute_broken(t);
	} else if (kind == 0) {
		property(t);
	} else {
		t->naming = true;
		value_begin(t, TO_NOTHING, n, padding(n));
	}
}

static void
on_values(struct tnef *t)
{
	uint64_t n = number(t->held, 4);
	int size = type_size(t->tag & 0xfff);

	if (size > 0) {
		value_begin(t, TO_NOTHING, (uint64_t)size * n, 0);
		return;
	}
	t->values = (uint32_t)n;
	next_value(t);
}

static void
on_length(struct tnef *t)
{
	uint64_t n = number(t->held, 4);

	t->values--;
	if ((t->tag & 0xfff) != TYPE_OBJECT || n < 16) {
		value_begin(t, tnef_property_for(t), n, padding(n));
		return;
	}
	t->run = n;
	t->step = STEP_INTERFACE;
}

/* IID_IMessage is 00020307-0000-0000-c000-000000000046. */
static void
on_interface(struct tnef *t)
{
	int to = tnef_property_for(t);
	struct tnef_file *f = tnef_file(t);
	uint64_t n = t->run;

	if (to == TO_FILE && f != NULL && !t->over &&
	    number(t->held, 4) == 0x00020307)
		f->message = true;
	value_begin(t, to, n - 16, padding(n));
}

static const struct {
	size_t need;
	bool inside; /* an attribute */
	void (*on)(struct tnef *);
} steps[] = {
	[STEP_SIGNATURE] = { 6, false, on_signature },
	[STEP_HEAD] = { 9, false, on_head },
	[STEP_SUM] = { 2, false, on_sum },
	[STEP_PROPS] = { 4, true, on_props },
	[STEP_TAG] = { 4, true, on_tag },
	[STEP_NAMED] = { 24, true, on_named },
	[STEP_VALUES] = { 4, true, on_values },
	[STEP_LENGTH] = { 4, true, on_length },
	[STEP_INTERFACE] = { 16, true, on_interface },
};

/* n bytes of an attribute go by. */
static void
pass(struct tnef *t, const uint8_t *p, size_t n)
{
	t->left -= n;
	t->at += n;
	for (size_t i = 0; i < n; i++)
		t->sum = (uint16_t)(t->sum + p[i]);
}

static size_t
feed_held(struct tnef *t, const uint8_t *p, size_t n)
{
	size_t need = steps[t->step].need;

	if (steps[t->step].inside && t->held_n == 0 && t->left < need) {
		attribute_broken(t);
		return 0;
	}
	if (n > need - t->held_n)
		n = need - t->held_n;
	memcpy(t->held + t->held_n, p, n);
	t->held_n += n;
	if (steps[t->step].inside)
		pass(t, p, n);
	else
		t->at += n;
	if (t->held_n == need) {
		t->held_n = 0;
		steps[t->step].on(t);
	}
	return n;
}

static size_t
feed_value(struct tnef *t, const uint8_t *p, size_t n)
{
	if (n > t->run)
		n = (size_t)t->run;
	pass(t, p, n);
	value_bytes(t, p, n);
	t->run -= n;
	if (t->run == 0)
		value_over(t);
	return n;
}

static size_t
feed_skip(struct tnef *t, const uint8_t *p, size_t n)
{
	if (n > t->left)
		n = (size_t)t->left;
	pass(t, p, n);
	if (t->left == 0)
		t->step = STEP_SUM;
	return n;
}

void
tnef_feed(struct tnef *t, const void *p, size_t n)
{
	const uint8_t *s = p, *end = s + n;

	while (s < end && t->step != STEP_DONE) {
		n = (size_t)(end - s);
		if (t->step == STEP_VALUE)
			s += feed_value(t, s, n);
		else if (t->step == STEP_SKIP)
			s += feed_skip(t, s, n);
		else
			s += feed_held(t, s, n);
	}
}

void
tnef_end(struct tnef *t)
{
	if (t->step == STEP_HEAD)
		t->broken = t->broken || !only_padding(t, t->held_n);
	else if (t->step != STEP_DONE)
		t->broken = true;
	if (t->step == STEP_VALUE && t->to == TO_FILE)
		hash_end(&t->hash, tnef_file(t)->sha256);
	t->step = STEP_DONE;
	t->broken = t->broken || !t->any;
	tnef_texts_read(t);
	buf_done(&t->kept);
}
