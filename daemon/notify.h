#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

/*
 * sd_notify(3) by hand: one datagram to the socket that systemd names.  Without
 * systemd nothing happens.  Only the parent speaks (NotifyAccess=main).
 */

/* "READY=1", "STATUS=...", several separated by newlines. */
void notify_send(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* "RELOADING=1" with the time that systemd wants beside it. */
void notify_reloading(void);

/* How often WATCHDOG=1 is due, in milliseconds: half of what systemd allows;
 * -1: it does not ask. */
int64_t notify_watchdog(void);

#endif
