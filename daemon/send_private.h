#ifndef DAEMON_SEND_PRIVATE_H
#define DAEMON_SEND_PRIVATE_H

#include "daemon/pace.h"
#include "daemon/send.h"
#include "daemon/settle.h"
#include "daemon/smtp.h"
#include "store/outbox.h"

/*
 * Inside the send loop: a flight is a letter in memory.  send_out.c takes it
 * from the outbox and puts it onto the wire, send_back.c writes down what came
 * of it, send.c goes round.
 */
#define FLIGHTS     64        /* letters held in memory: the shared commit */
#define SETTLE_MS   250       /* an outcome waits at most so long for others */
#define HANGING_MS  2000      /* a letter this slow no longer holds up others */
#define FLIGHT_KEEP (1 << 20) /* bytes a flight may hold on to */

enum flight_state {
	FLIGHT_FREE,
	FLIGHT_TAKEN, /* in memory, not started */
	FLIGHT_UP,    /* in a slot of smtp */
	FLIGHT_DOWN   /* has a result that is not yet in the database */
};

struct flight {
	enum flight_state state;
	struct arena arena; /* the letter and its bytes */
	struct letter letter;
	bool claimed, body, gone;
	int64_t ended; /* steady ms */
	struct smtp_result result;
};

struct send {
	const struct send_setting *set;
	struct smtp *smtp;
	struct rate rate;
	struct breaker breaker;
	struct arena scratch;
	int64_t next_due;    /* seconds; 0: nothing waits for a time */
	int64_t not_before;  /* steady ms: the database wants a rest */
	int64_t quiet_since; /* steady ms */
	int64_t alerted;     /* seconds: humans were told last */
	bool unreported, stopping;
	int64_t sent;
	struct flight flights[FLIGHTS];
};

/* send.c */

size_t send_count(const struct send *s, enum flight_state state);
/* Not before a while: the database did not let us. */
void send_rest(struct send *s, const struct err *e);
bool send_resting(const struct send *s);
void flight_free(struct flight *f);
void flight_land(struct flight *f, enum smtp_outcome outcome, const char *why);

/* send_out.c */

/* Start as many as the rate, the route and the connections allow. */
void send_letters(struct send *s);
int64_t send_held_for(const struct send *s);
/* For struct smtp_relay. */
int send_before_body(void *ctx, void *owner);

/* send_back.c */

void send_collect(struct send *s);
int send_settle(struct send *s, struct err *e);
void send_settle_if_time(struct send *s);
void send_alert_if_time(struct send *s);

#endif
