#!/usr/bin/env bash
# Runs tests again and again on a machine that has something else to do: a race that a quiet machine hides shows.
#
#   tools/steady.sh BUILD RUNS PATTERN
set -euo pipefail
build=$1 runs=$2 pattern=$3
load=()
end() { for pid in "${load[@]}"; do kill "$pid" 2>/dev/null || true; done; }
trap end EXIT
for ((i = 0; i < $(nproc); ++i)); do
  (while :; do :; done) &
  load+=("$!")
done
ctest --test-dir "$build" --output-on-failure --repeat "until-fail:$runs" -R "$pattern"
