#!/bin/sh
# A folder may include its own headers and those of the folders before it:
# parser < rules < store < daemon.  (build/ holds generated headers.)
cd "$(dirname "$0")/.." || exit 1
bad=0
check() {
	folder=$1; shift
	allowed=$(printf '|%s' "$@")
	found=$(grep -Hn '^#include "' "$folder"/*.[ch] |
	    grep -Ev "\"(${folder}${allowed})/")
	[ -z "$found" ] && return
	echo "$found" | sed "s,^,$folder may not include: ,"
	bad=1
}
check parser build
check rules build parser
check store build parser rules
check daemon build parser rules store
exit $bad
