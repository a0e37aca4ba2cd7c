#!/bin/sh
# A folder may include its own headers and those of the folders before it:
# parser < rules < store < daemon.  Three headers are generated into build/ and
# are included by their bare name or as build/....
cd "$(dirname "$0")/.." || exit 1
bad=0
check() {
	folder=$1; shift
	allowed=$(printf '|%s' "$@")
	found=$(grep -Hn '^#include "' "$folder"/*.[ch] |
	    grep -Ev "\"((build|${folder}${allowed})/|(schema|templates|version)\.h\")")
	[ -z "$found" ] && return
	echo "$found" | sed "s,^,$folder may not include: ,"
	bad=1
}
check parser
check rules parser
check store parser rules
check daemon parser rules store
exit $bad
