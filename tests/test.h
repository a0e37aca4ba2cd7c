#ifndef TESTS_TEST_H
#define TESTS_TEST_H

/*
 * A test program is one file: include this, write checks, end with
 * "return test_end();".  Output is TAP, so prove(1) and a human both read it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int test_count, test_failed;

__attribute__((format(printf, 4, 5))) static inline void
test_report(int ok, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	test_failed += !ok;
	printf("%s %d - ", ok ? "ok" : "not ok", ++test_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (!ok)
		printf(" (%s:%d)", file, line);
	putchar('\n');
}

#define test_ok(cond, ...) test_report((cond), __FILE__, __LINE__, __VA_ARGS__)
#define test_text(got, want, ...) \
	test_ok(strcmp((got), (want)) == 0, __VA_ARGS__)

static inline int
test_end(void)
{
	printf("1..%d\n", test_count);
	return test_failed != 0;
}

#endif
