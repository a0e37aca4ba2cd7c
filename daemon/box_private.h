#ifndef DAEMON_BOX_PRIVATE_H
#define DAEMON_BOX_PRIVATE_H

#include <stdint.h>

/* What travels through the pipes: this, then n bytes. */
enum box_word {
	BOX_BEGIN, /* in: n bytes of known text follow; depth counts */
	BOX_DATA,  /* in: n bytes of raw mail */
	BOX_END,   /* in: that was all; n is 0 */
	BOX_READY, /* out: locked in and listening; n is 0 */
	BOX_MAIL   /* out: n bytes of frame_pack() */
};

struct box_head {
	uint16_t word;
	uint16_t depth; /* enum mail_depth, plus 1 when there is known text */
	uint32_t n;
};

/* A packed mail is never larger: its text twice, its fields, some change. */
#define BOX_FRAME_MAX ((uint32_t)16 << 20)

#endif
