/* Steps from one schema version to the next.  Never edited once released. */
#include "store/migrate.h"

#include <stdio.h>

/* steps[n] leads from version n to n + 1; version 0 never left the house. */
static const char *const steps[SCHEMA_VERSION] = { NULL };

int
migrate(sqlite3 *db, int from, struct err *e)
{
	char pragma[40];

	for (int v = from; v < SCHEMA_VERSION; v++) {
		if (v < 1 || steps[v] == NULL)
			return err_set(e, ERR_REJECT,
			    "deskd.db: schema %d is not one that was released",
			    v);
		if (sqlite3_exec(db, steps[v], NULL, NULL, NULL) != SQLITE_OK)
			return err_set(e, ERR_BUG,
			    "deskd.db: step from schema %d: %s", v,
			    sqlite3_errmsg(db));
	}
	snprintf(
	    pragma, sizeof(pragma), "PRAGMA user_version = %d", SCHEMA_VERSION);
	sqlite3_exec(db, pragma, NULL, NULL, NULL);
	return 0;
}
