/* Talking to systemd without its library.  See the header. */
#include "daemon/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A path, or a name in the abstract namespace, which begins with "@". */
static socklen_t
address(struct sockaddr_un *sa)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *name = getenv("NOTIFY_SOCKET");
	size_t n = name == NULL ? 0 : strlen(name);

	if (n < 2 || n >= sizeof(sa->sun_path) ||
	    (name[0] != '/' && name[0] != '@'))
		return 0;
	*sa = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(sa->sun_path, name, n);
	if (name[0] == '@')
		sa->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

void
notify_send(const char *fmt, ...)
{
	struct sockaddr_un sa;
	socklen_t len = address(&sa);
	char text[1024];
	va_list ap;
	int fd, n;

	if (len == 0)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(text))
		n = sizeof(text) - 1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return;
	/* Whoever does not listen misses it: nothing here depends on it. */
	(void)sendto(fd, text, (size_t)n, MSG_NOSIGNAL,
	    (const struct sockaddr *)&sa, len);
	close(fd);
}

void
notify_reloading(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	notify_send("RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

int64_t
notify_watchdog(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe) */
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	/* NOLINTEND(concurrency-mt-unsafe) */
	long long n = usec == NULL ? 0 : strtoll(usec, NULL, 10);

	if (n <= 0 ||
	    (pid != NULL && strtoll(pid, NULL, 10) != (long long)getpid()))
		return -1;
	return n / 2000 > 0 ? n / 2000 : 1;
}
