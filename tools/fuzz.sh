#!/usr/bin/env bash
# tools/fuzz.sh DIR SECONDS: runs every fuzz target in DIR for SECONDS, with the seeds of the tree.
# What a run finds stays in build/fuzz_corpus/; a crash is left there as a file and ends the run.
#
# Leaks are left to `make sanitize`: OpenSSL keeps its generators in its secure heap, where the
# leak check does not look, and would be reported here at the first key that is checked.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in "$1"/*_fuzz; do
  name=$(basename "$program")
  module=${name%%_*}
  seeds=src/$module/fuzz_seeds/${name#*_}
  corpus=build/fuzz_corpus/$name
  mkdir -p "$corpus"
  echo "== $name"
  "$program" -max_total_time="$2" -timeout=10 -detect_leaks=0 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$corpus/" "$corpus" $([[ -d $seeds ]] && echo "$seeds") 2>&1 | tail -n 12
done
