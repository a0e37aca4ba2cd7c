/*
 * Calendars of any bytes.  The first byte chooses the charset.  What comes out
 * is clean, short, and a line is a line.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/calendar.h"
#include "parser/limits.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *s)
{
	if (s != NULL)
		assert(*s != '\0' && utf8_valid(s, strlen(s)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const charsets[] = { NULL, "iso-8859-1", "utf-16",
		"iso-2022-jp" };
	struct arena a = { 0 };
	struct calendar c;

	if (size == 0)
		return 0;
	calendar_read(&a, charsets[data[0] % 4], (const char *)data + 1,
	    size - 1, (data[0] & 4) != 0 ? "reply" : NULL, &c);
	assert(c.lines_n <= CALENDAR_LINES_MAX);
	for (size_t i = 0; i < c.lines_n; i++) {
		check_text(c.lines[i]);
		assert(strchr(c.lines[i], '\n') == NULL);
	}
	check_text(c.about);
	check_text(c.comment);
	arena_done(&a);
	return 0;
}
