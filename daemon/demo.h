#ifndef DAEMON_DEMO_H
#define DAEMON_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/cmd.h"
#include "daemon/print.h"
#include "parser/conf.h"
#include "parser/mail.h"

/*
 * `deskd demo`: a private IMAP server, a private SMTP server and a real
 * `deskd run` on loopback ports, with people who write to each other through
 * them.  Everything lives in one temporary folder and ends with the process,
 * however that ends.
 *
 *	demo_place.c    folder, users, processes, waiting
 *	demo_conf.c     the configuration
 *	demo_dovecot.c  the IMAP server, and mails into and out of Maildirs
 *	demo_smtpd.c    the SMTP server
 *	demo_say.c      what is printed
 *	demo_play.c     the conversation, each step checked
 *	demo_agents.c   its scenes with agents
 *	demo_post.c     their mail, and what became of it
 *	cmd_demo.c      the subcommand
 */
struct demo_box {
	const char *user;    /* for IMAP */
	const char *address; /* for SMTP; support+x@ is support@ */
	const char *name;    /* "Maria Gomez" */
};

/* Who has a mailbox; .user is NULL at the end. */
extern const struct demo_box demo_boxes[];
const struct demo_box *demo_box(const char *user);
/* The mailbox of an address, a "+tag" ignored; NULL: there is none. */
const struct demo_box *demo_box_of(const char *address);

struct demo {
	struct context *c;
	struct arena *arena;
	struct print print;
	bool quiet;
	char *dir;          /* the temporary folder */
	char *conf, *state; /* in it */
	char password[17];  /* of every mailbox */
	bool root;          /* the servers then run as uid, gid */
	uid_t uid;
	gid_t gid;
	char user[64], group[64];
	int imap_port, smtp_port, smtp_fd;
	pid_t dovecot, smtpd, desk;
	int signals, watch; /* descriptors to poll: stop, something moved */
	bool stop;
	int serial; /* of files in Maildirs, of Message-IDs */
	int scenes, checks, failed;
	/* The name of the last mail seen in each box, by index. */
	char *seen[16];
};

/* Make everything and start the servers; the caller has made d->dir. */
int demo_open(struct demo *d, struct err *e);
/* End all processes.  The folder is left to demo_remove(). */
void demo_close(struct demo *d);
/* A folder and all that is in it; names that are not ours never get here. */
void demo_remove(const char *dir);

/*
 * A child that dies with us, in a process group of its own, with clean
 * signals, its output in DIR/log (or ours, when log is NULL).  drop: without
 * root's rights.  Returns like fork().
 */
pid_t demo_fork(struct demo *d, const char *log, bool drop);
/* The same and execv(). */
int demo_spawn(struct demo *d, const char *const argv[], const char *log,
    bool drop, pid_t *pid, struct err *e);
/* This program with -c and the words given; its exit code, -1: no start. */
int demo_run(struct demo *d, const char *const words[], bool show);

/*
 * Wait until ready() is true, looking whenever something moved in the folder.
 * 0; -1: it took longer than `seconds` (ERR_RETRY), or a stop was asked for
 * (d->stop).
 */
int demo_wait(struct demo *d, bool (*ready)(struct demo *d, void *ctx),
    void *ctx, int seconds, const char *what, struct err *e);
/* Has Ctrl-C or the like come?  Waits up to ms for it; -1: for ever. */
bool demo_stopping(struct demo *d, int ms);

/* conf/'s people, hours and rules, and a deskd.conf with the ports. */
int demo_conf_write(struct demo *d, struct err *e);

/* The IMAP server. */
const char *demo_dovecot_find(void); /* NULL: not installed */
int demo_dovecot_write(struct demo *d, struct err *e);
int demo_dovecot_start(struct demo *d, struct err *e);
/* A mail into a Maildir: tmp, then rename to new. */
int demo_deliver(struct demo *d, const struct demo_box *b, const char *data,
    size_t n, struct err *e);
/* The oldest mail in a box that was not seen before, parsed; false: none. */
bool demo_mail(struct demo *d, const char *user, struct mail *m, char **raw);

/* The SMTP server: listens at once, serves in a child. */
int demo_smtpd_start(struct demo *d, struct err *e);

/* What it prints; all but a failed check is left out with --check. */
void demo_say(struct demo *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Scenes are numbered. */
void demo_headline(struct demo *d, const char *text);
void demo_say_mail(struct demo *d, const struct mail *m);
/* One thing that must be so; counted. */
void demo_check(struct demo *d, bool good, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The conversation.  0: everything that was shown really happened. */
int demo_play(struct demo *d, struct err *e);

#endif
