#ifndef DAEMON_SMTP_SLOT_H
#define DAEMON_SMTP_SLOT_H

#include <curl/curl.h>

#include "daemon/smtp.h"

/*
 * Inside smtp.h only: a connection and the place for one letter on it.  The
 * slot_ calls are about the connection; whether there is a letter, and what
 * comes of it, is smtp.c's.
 */
enum link_state {
	LINK_NONE,
	LINK_MAKING, /* libcurl is at it */
	LINK_IDLE,   /* logged in, no letter */
	LINK_TALKING
};

struct slot {
	struct smtp *smtp;
	CURL *easy;
	enum link_state link;
	curl_socket_t fd;
	short events;            /* to wait for, while talking */
	bool sizes;              /* the server knows SIZE */
	bool carried, reset;     /* letters before; one of them refused */
	struct smtp_trace hello; /* the server's words while linking */
	bool busy, ended;        /* a letter, a result */
	struct smtp_letter letter;
	struct talk talk;
	int64_t started, deadline; /* steady milliseconds */
	struct smtp_result result;
	char error[CURL_ERROR_SIZE];
};

struct smtp {
	struct smtp_relay relay;
	CURLM *multi;
	int64_t patience; /* ms for every stage; 0: the table */
	struct slot slots[SMTP_SLOTS];
};

/* It belongs to s, whose relay is known; nothing is linked yet. */
int slot_open(struct slot *t, struct smtp *s, struct err *e);

/* Begin anew to make the connection; libcurl goes on with it. */
int slot_link(struct slot *t, struct err *e);
/* The wait for this stage begins now. */
void slot_deadline(struct slot *t, enum smtp_stage stage);
/* May a kept connection carry another letter? */
bool slot_alive(struct slot *t);

/* The end, without a word, and with QUIT. */
void slot_cut(struct slot *t);
void slot_hang_up(struct slot *t);

#endif
