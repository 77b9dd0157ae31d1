#!/usr/bin/env bash
# Instructions of each workload, counted by callgrind: the same for the same binary, whatever else the machine does.
#
#   Tests/Benchmarks/instructions.sh [NAME...]      without a name, all
#
# Each is run once and then three times; half the difference is what a run costs, without start and preparation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PARLEY_BENCHMARKS=1
swift build -c release --product HotPathCount >&2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Without the debugging information, which older valgrinds cannot read.
strip --strip-debug -o "$scratch/count" "$(swift build -c release --show-bin-path)/HotPathCount"

count() {  # count NAME RUNS: instructions in all
    valgrind --tool=callgrind --callgrind-out-file="$scratch/out" "$scratch/count" "$1" "$2" >/dev/null 2>"$scratch/log" || true
    sed -n 's/.*Collected : //p' "$scratch/log" | grep . || { cat "$scratch/log" >&2; return 1; }
}

"$scratch/count" | tail -n +2 | while read -r times name; do
    if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qxF "$name"; then continue; fi
    few=$(count "$name" 1)
    more=$(count "$name" 3)
    printf '%10d  %s\n' $(((more - few) / 2 / times)) "$name"
done
