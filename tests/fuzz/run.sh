#!/bin/sh
# One fuzzer for some seconds: tests/fuzz/run.sh build/x_fuzz SECONDS
# Prints one line; everything that it says when it found something.
#
# A short run (a minute, as a change is checked) always goes the same way: what
# it finds is the change's fault, and another run finds it again.  A longer one
# is a hunt and goes by chance.
fuzzer=$1 seconds=$2
name=$(basename "$fuzzer" _fuzz)
here=tests/fuzz/$name
corpus=build/corpus/$name log=build/corpus/$name.log
mkdir -p "$corpus"
set -- -max_total_time="$seconds" -timeout=5 -print_final_stats=1 \
    -artifact_prefix="$corpus/"
[ "$seconds" -le 60 ] && set -- "$@" -seed=1
[ -f "$here.dict" ] && set -- "$@" -dict="$here.dict"
[ -d "$here" ] && seeds=$here || seeds=
if "$fuzzer" "$@" "$corpus" $seeds >"$log" 2>&1 </dev/null; then
	awk -v name="$name" '/number_of_executed_units/ { runs = $2 }
	    match($0, /cov: [0-9]+/) { cov = substr($0, RSTART + 5, RLENGTH - 5) }
	    END { printf "fuzz %-12s %9d runs, %6d edges, nothing found\n",
		name, runs, cov }' "$log"
else
	echo "fuzz $name: FOUND something:"
	tail -n 60 "$log"
	exit 1
fi
