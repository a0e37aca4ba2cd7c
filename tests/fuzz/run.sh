#!/bin/sh
# One fuzzer for some seconds: tests/fuzz/run.sh build/x_fuzz SECONDS
# Prints one line; everything that it says when it found something.
#
# A short run (a minute, as a change is checked) always goes the same way: what
# it finds is the change's fault, and another run finds it again.  A longer one
# is a hunt and goes by chance, a minute at a time: libetpan loses memory with
# each answer that it cannot parse, and a new process has it back.
fuzzer=$1 left=$2
name=$(basename "$fuzzer" _fuzz)
here=tests/fuzz/$name
corpus=build/corpus/$name log=build/corpus/$name.log
mkdir -p "$corpus"
set -- -timeout=5 -print_final_stats=1 -artifact_prefix="$corpus/"
[ "$left" -le 60 ] && set -- "$@" -seed=1
[ -f "$here.dict" ] && set -- "$@" -dict="$here.dict"
[ -d "$here" ] && seeds=$here || seeds=
: >"$log.all"
while [ "$left" -gt 0 ]; do
	turn=$((left < 60 ? left : 60))
	left=$((left - turn))
	if ! "$fuzzer" -max_total_time=$turn "$@" "$corpus" $seeds \
	    >"$log" 2>&1 </dev/null; then
		echo "fuzz $name: FOUND something:"
		tail -n 60 "$log"
		exit 1
	fi
	cat "$log" >>"$log.all"
done
awk -v name="$name" '/number_of_executed_units/ { runs += $2 }
    match($0, /cov: [0-9]+/) { cov = substr($0, RSTART + 5, RLENGTH - 5) }
    END { printf "fuzz %-12s %9d runs, %6d edges, nothing found\n",
	name, runs, cov }' "$log.all"
rm "$log.all"
