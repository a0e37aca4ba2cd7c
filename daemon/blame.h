#ifndef DAEMON_BLAME_H
#define DAEMON_BLAME_H

#include "daemon/cmd.h"
#include "store/confs.h"
#include "store/tickets.h"

/*
 * Which line of which configuration did something: from the why of an event
 * ("rule vpn (rules.d/20.conf:9): ...") to the line as it stood then, out of
 * the configuration that was kept, and to the file as it stands now.  Reads
 * only.
 */
enum blame_now {
	NOW_SAME,    /* the file still has it, on that line */
	NOW_MOVED,   /* in the same block, on another line */
	NOW_CHANGED, /* the block is there without it */
	NOW_GONE,    /* the block is not there any more */
	NOW_NO_FILE, /* the file cannot be read */
	NOW_COUNT
};
extern const char *const blame_now_names[NOW_COUNT];

struct blame {
	const struct event *event;
	const char *rule; /* "rule vpn"; NULL: no line did it */
	const char *file; /* as the why has it */
	int line;         /* 0: no line did it */
	int64_t since;    /* when that configuration came into force */
	const char *path; /* of the file; NULL: it was not kept */
	const char *text; /* the line; NULL: it was not kept */
	int head, end;    /* lines of the block that it is in */
	const struct bundle_file *kept;
	enum blame_now now;
	int now_line; /* of NOW_MOVED */
};

struct blamer {
	struct arena *arena;
	struct db *db;
	struct conf_kept *confs; /* that were read already */
	size_t n, cap;
};

int blame_event(
    struct blamer *b, const struct event *v, struct blame *out, struct err *e);

#endif
