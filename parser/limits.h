#ifndef PARSER_LIMITS_H
#define PARSER_LIMITS_H

/*
 * Every limit in the program, each with its reason.  What a stranger controls
 * (a mail, a server's answer) has one; so has what an admin may write.  Over a
 * limit nothing is lost: the raw mail is kept and the excess is named among
 * the defects of the mail.
 */

/* One mail. */
#define MAIL_MAX            (40 << 20) /* bytes; the most max-size may say */
#define MAIL_HEADER_MAX     (1 << 20)  /* all fields of one header section */
#define MAIL_FIELD_MAX      (64 << 10) /* one field: libetpan recurses on "(" */
#define MAIL_FIELDS_MAX     1000       /* fields of one header section */
#define MAIL_TEXT_MAX       (1 << 20)  /* text kept of one mail, in UTF-8 */
#define MAIL_HTML_MAX       (1 << 20)  /* HTML read of one mail */
#define RICH_HTML_MAX       (512 << 10) /* HTML whose formatting is kept */
#define RICH_MAX            (256 << 10) /* what becomes of it */
#define RICH_DEPTH_MAX      20         /* lists, quotes, tables in each other */
#define MAIL_HTML_TAG_MAX   (16 << 10) /* libxml2 is quadratic in attributes */
#define HTML_DEPTH_MAX      200        /* and in elements left open */
#define MAIL_PARTS_MAX      1000       /* MIME parts; real mail has under 30 */
#define MAIL_PARTS_HEADERS  (2 << 20)  /* bytes of all their headers */
#define MAIL_DEPTH_MAX      30         /* height of the boundary stack */
#define MAIL_BOUNDARY_MAX   1000       /* RFC 2046 says 70; a line holds it */
#define MAIL_COMMENT_MAX    16         /* depth of ( ( in a field: M8 */
#define MAIL_PARAMS_MAX     50         /* parameters of one field */
#define MAIL_ADDRESSES_MAX  200        /* of one field */
#define MAIL_REFERENCES_MAX 200        /* newest kept */
#define MAIL_ID_MAX         512        /* bytes of one Message-ID */
#define MAIL_NAME_MAX       200        /* bytes of an attachment's name */
#define MAIL_SUBJECT_MAX    4000       /* bytes kept of a subject */
#define MAIL_DEFECTS_MAX    20         /* of one mail */
#define CALENDAR_MAX        (64 << 10) /* bytes read of one calendar */
#define CALENDAR_LINES_MAX  10         /* events of it that are told */
#define CALENDARS_MAX       4          /* calendars of one mail */
#define MAIL_INNER_MAX      4         /* S/MIME in S/MIME, messages in base64 */
#define TNEF_FILES_MAX      200       /* of one winmail.dat */
#define RTF_MAX             (4 << 20) /* bytes of the text of one as RTF */
#define TNEF_TEXT_MAX       (512 << 10) /* each form of the text of one */
#define KNOWN_MAX           (256 << 10) /* of our own text, to know it again */
#define QUOTE_LINES_MAX     20000       /* looked at for quotes; more is kept */
#define COMMANDS_MAX        50          /* lines for us in one mail */
#define ADDRESS_MAX         254         /* RFC 5321 4.5.3.1.3 */
#define ADDRESS_LOCAL_MAX   64          /* RFC 5321 4.5.3.1.1 */

/* Fetching. */
#define FETCH_WINDOW_MAILS 256       /* one commit holds at most so many */
#define FETCH_WINDOW_BYTES (4 << 20) /* and about so many bytes */
#define FETCH_WHOLE_MAX    (1 << 20) /* larger mails come in pieces */
#define FETCH_PIECE        (512 << 10)
#define FETCH_STUB         (256 << 10) /* kept of a mail over max-size */
#define FETCH_MARK_MAX     500         /* UIDs in one STORE or MOVE: M19 */
#define IMAP_LINE_MAX      (1 << 20)   /* a line outside literals: M4 */
#define MBOX_WINDOW        (128 << 10) /* of an mbox held at once */

/* The work loop. */
#define WORK_BATCH_MAILS 256       /* mails that share a commit */
#define WORK_BATCH_BYTES (8 << 20) /* of raw mail held at once */
#define WORK_TRIES_MAX   4         /* rungs of the ladder, then held */
#define WORK_KNOWN_MAX \
	(256 << 10) /* of our own words, to take out of an answer */

/* Automatic mail: RELIABILITY 5.4.  Counted in the outbox, so they persist. */
#define BUDGET_SENDER_DAY    20  /* acknowledgements to one sender */
#define BUDGET_ADDRESS_DAY   10  /* automatic mails to one address */
#define BUDGET_DOMAIN_HOUR   30  /* acknowledgements to one domain */
#define BUDGET_FREEMAIL_HOUR 200 /* the same for large free mailers */
#define BUDGET_ALL_MINUTE    60
#define BUDGET_ALL_HOUR      1000
#define FLOOD_SENDER_HOUR    20 /* new tickets of one sender */
#define FLOOD_SENDER_DAY     60
#define HOPS_MAX             50 /* Received fields: a loop */

/* The outbox. */
#define LETTER_MAX (64 << 20) /* bytes: attachments grow by a third */
#define REPLY_MAX  512        /* bytes kept of a server's answer */

/* What is looked at before a letter leaves. */
#define GUARD_PART_MAX  (1 << 20)  /* bytes of one file */
#define GUARD_SNIFF     1024       /* to see whether it is text */
#define GUARD_TRIES_MAX 100000     /* references that are tested */
#define GUARD_WINDOW    (64 << 10) /* bytes that are looked at in one go */
#define GUARD_OVERLAP   1024       /* longer than anything looked for */

/* Templates. */
#define TEMPLATE_FILE_MAX   (64 << 10)
#define TEMPLATE_ERRORS_MAX 20          /* of one file, then it is given up */
#define TEMPLATE_DEPTH_MAX  16          /* sections in sections */
#define TEMPLATE_INDENT_MAX 20          /* columns */
#define TEMPLATE_OUT_MAX    (256 << 10) /* bytes of one text */
#define TEMPLATE_STEPS_MAX  100000      /* nodes of one rendering */

/* The configuration. */
#define CONF_FILE_MAX      (4 << 20)
#define CONF_INCLUDE_DEPTH 8
#define CONF_FILES_MAX     500
#define CONF_DEPTH_MAX     16   /* { in { */
#define CONF_ARGS_MAX      1000 /* of one directive */
#define CONF_ERRORS_SHOWN  20
#define CONF_BYTES_MAX     (16 << 20) /* all files together */
#define CONF_NODES_MAX     100000     /* settings and blocks, all files */
#define CONF_PATTERN_MAX   (4 << 10)  /* bytes of one /pattern/: T31 */
#define CONF_NAME_MAX      64         /* a mailbox, an agent, a team */

/* Patterns: RELIABILITY T31. */
#define PATTERN_NESTING_MAX 50         /* parentheses */
#define PATTERN_MATCH_MAX   100000     /* steps from one start */
#define PATTERN_DEPTH_MAX   1000       /* of backtracking */
#define PATTERN_HEAP_KIB    (8 << 10)  /* memory of one match */
#define PATTERN_FIELD_MAX   (64 << 10) /* bytes of a header field it sees */
#define PATTERN_SUBJECT_MAX 1000       /* bytes of a subject it sees */
#define PATTERN_TEXT_MAX    (16 << 10) /* bytes of the text of a mail */
#define PATTERN_SLOW_MS     20         /* `deskd check` warns above */
#define PATTERN_MAIL_US     150000     /* of CPU, all patterns over one mail */

/* Header lines about the way and the proof of a mail; what stands below was
 * written by others and never counts. */
#define MAIL_TRACE_MAX    64
#define TRACE_RESULTS_MAX 32
#define TRACE_WORD_MAX    1000 /* bytes of one value */

/* Letters to one of the staff within an hour: more is a storm that nobody
 * reads. */
#define NOTIFY_HOUR 60

#endif
