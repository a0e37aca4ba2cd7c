/* INTERNALDATE: libetpan hands over any number that the server wrote. */
#include <limits.h>
#include <stdlib.h>

#include "daemon/imap_session.h"
#include "tests/test.h"

static void
got(void *ctx, const struct imap_mail *m)
{
	*(int64_t *)ctx = m->date;
}

/* What imap_got_mail() makes of the INTERNALDATE of a FETCH response. */
static int64_t
date(int day, int month, int year, int hour, int min, int sec, int zone)
{
	struct mailimap_date_time *d = mailimap_date_time_new(
	    day, month, year, hour, min, sec, zone);
	struct mailimap_msg_att_static *st = mailimap_msg_att_static_new(
	    MAILIMAP_MSG_ATT_INTERNALDATE, NULL, d, NULL, NULL, NULL, 0, 0,
	    NULL, NULL, NULL, 0);
	clist *items = clist_new();
	struct mailimap_msg_att *att;
	int64_t seen = -1;
	struct imap im = { .each = got, .ctx = &seen };

	clist_append(items,
	    mailimap_msg_att_item_new(
		MAILIMAP_MSG_ATT_ITEM_STATIC, NULL, st, NULL));
	att = mailimap_msg_att_new(items);
	imap_got_mail(att, &im);
	mailimap_msg_att_free(att);
	return seen;
}

int
main(void)
{
	test_ok(date(17, 7, 1996, 2, 44, 25, -700) == 837596665, "a date");
	test_ok(date(1, 1, 1970, 5, 30, 0, 530) == 0, "a zone to the east");
	test_ok(date(31, 12, 1969, 0, 0, 0, 0) == 0, "too early");
	test_ok(date(1, 13, 2020, 0, 0, 0, 0) == 0, "no month");
	test_ok(date(1, 1, 2020, INT_MAX, 0, 0, 0) == 0, "no hour");
	test_ok(date(1, 1, 2020, 0, INT_MAX, INT_MAX, 0) == 0, "no minute");
	test_ok(date(1, 1, 2020, 0, 0, 0, INT_MAX) == 0, "no zone");
	test_ok(date(1, 1, 2020, 0, 0, 0, INT_MIN) == 0, "no zone either");
	return test_end();
}
