/* Delivery status notifications (RFC 3464). */
#include "parser/reader.h"

void
bounce_read(struct mail_reader *r)
{
	(void)r;
}
