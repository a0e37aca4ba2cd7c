#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <sqlite3.h>

#include "parser/err.h"

/* The schema that schema.sql makes (PRAGMA user_version). */
#define SCHEMA_VERSION 1

/*
 * Bring an older database up to SCHEMA_VERSION, one step a version, inside the
 * transaction that the caller has begun.  schema.sql always makes the newest
 * form; a step here leads an old database to the same.
 */
int migrate(sqlite3 *db, int from, struct err *e);

#endif
