#!/bin/sh
# tests/tidy.sh FILE FLAGS...: what clang-tidy says of one file, printed in one
# piece, so that two at once do not mix.  Silent when there is nothing to say;
# its running count of what it left out of system headers is no finding.
file=$1
shift
out=$(clang-tidy -quiet "$file" -- "$@" 2>&1)
code=$?
out=$(printf '%s\n' "$out" |
    grep -Ev '^[0-9]+ warnings? (generated|treated as errors?)')
[ -z "$out" ] || printf '%s\n' "$out"
[ "$code" -eq 0 ] && [ -z "$out" ]
