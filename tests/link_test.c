/* The connection below IMAP: where plain text may go, and whom we refuse. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/link.h"
#include "tests/test.h"

/* The configuration refuses this too; here is the second wall (M13). */
static void
test_plain(void)
{
	static const char *const hosts[] = { "192.0.2.1", "2001:db8::1",
		"::ffff:192.0.2.1" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct conf_server s = {
			.host = hosts[i], .port = 143, .tls = TLS_PLAIN
		};
		int64_t began = clock_steady();
		struct err e = { 0 };
		struct link *l = NULL;

		test_ok(link_open(&l, &s, NULL, 20000, &e) == -1 &&
			e.kind == ERR_RETRY && clock_steady() - began < 5000,
		    "no plain text to %s: %s", hosts[i], e.text);
	}
}

/* A server that says hello and the rest, then closes; "" is silence. */
static int
serve(const char *text, int *listener)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t n = sizeof(in);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(*listener, (struct sockaddr *)&in, n) == -1 ||
	    listen(*listener, 1) == -1 ||
	    getsockname(*listener, (struct sockaddr *)&in, &n) == -1)
		return -1;
	if (fork() == 0) {
		int fd = accept(*listener, NULL, NULL);
		char line[1000];

		if (write(fd, "* OK hello\r\n", 12) == 12 &&
		    read(fd, line, sizeof(line)) > 0 &&
		    write(fd, "* CAPABILITY IMAP4rev1\r\nA001 OK x\r\n", 35) ==
			35) {
			usleep(100000); /* not together with curl's answer */
			if (write(fd, text, strlen(text)) <= 0)
				sleep(5); /* silence */
		}
		_exit(0);
	}
	return ntohs(in.sin_port);
}

static void
test_read(const char *text, const char *why)
{
	struct conf_server s = { .host = "127.0.0.1", .tls = TLS_PLAIN };
	struct err e = { 0 };
	struct link *l = NULL;
	char got[100];
	int listener = -1;
	ssize_t n;

	s.port = serve(text, &listener);
	if (link_open(&l, &s, NULL, 10000, &e) == -1) {
		test_ok(false, "open: %s", e.text);
		return;
	}
	link_allow(l, 30, 0, 5000);
	test_ok(link_wait(l, 5000) == (why[0] == 'm' ? LINK_GONE : LINK_READY),
	    "the first bytes: %s", link_why(l));
	n = mailstream_read(link_stream(l), got, sizeof(got));
	while (n > 0)
		n = mailstream_read(link_stream(l), got, sizeof(got));
	test_ok(n == -1, "the end is -1, never 0 (M2)");
	test_ok(mailstream_read(link_stream(l), got, 1) == -1, "and stays it");
	test_ok(strstr(link_why(l), why) != NULL, "%s", link_why(l));
	test_ok(link_wait(l, 10) == LINK_GONE, "nothing to wait for");
	link_close(l);
	close(listener);
}

static void
test_deadline(void)
{
	struct conf_server s = { .host = "127.0.0.1", .tls = TLS_PLAIN };
	struct err e = { 0 };
	struct link *l = NULL;
	int64_t began;
	char got[100];
	int listener = -1;

	s.port = serve("", &listener);
	if (link_open(&l, &s, NULL, 10000, &e) == -1) {
		test_ok(false, "open: %s", e.text);
		return;
	}
	link_allow(l, 30, 0, 50);
	began = clock_steady();
	test_ok(link_wait(l, 20) == LINK_TIME, "a wait has an end");
	test_ok(mailstream_read(link_stream(l), got, sizeof(got)) == -1 &&
		clock_steady() - began < 3000 &&
		strstr(link_why(l), "in time") != NULL,
	    "so has a command: %s", link_why(l));
	link_close(l);
	close(listener);
}

int
main(void)
{
	test_plain();
	test_read("* 1 EXISTS\r\n", "closed the connection");
	test_read("* 1 EXISTS\r\n* 1 EXISTS\r\n* 1 EXISTS\r\n", "more than");
	test_deadline();
	return test_end();
}
