#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/cmd.h"

/*
 * One loop as a process of its own: the same program with "fetch NAME", "work"
 * or "send" and --child.  Started, watched and started again with a pause that
 * grows from a second to a minute; a minute of life makes it a second again.
 */
#define CHILD_ARGV 16

struct child {
	const char *name; /* "fetch support" */
	const char *lock; /* path of the lock that the loop takes */
	const char *argv[CHILD_ARGV];
	pid_t pid;        /* 0: not running */
	int64_t started;  /* steady ms */
	int64_t start_at; /* steady ms, when it is not running */
	int64_t pause;    /* ms, the next one */
	bool elsewhere;   /* the loop runs by hand: its lock is taken */
};

/* verb and word ("fetch", "support"; word may be NULL) with the shared options
 * of c; *a lives as long as the child. */
void child_init(struct child *ch, struct arena *a, const struct context *c,
    const char *verb, const char *word);
/* Start it now.  A failure is a child that ended at once. */
void child_start(struct child *ch, int64_t now);
/* It ended so (waitpid): logs why in words and sets when to start again. */
void child_ended(struct child *ch, int status, int64_t now);

/*
 * For the child: takes --child off the line; then this process ends with its
 * parent.  -1: the parent is gone already.
 */
int child_begin(int *argc, char **argv);

#endif
