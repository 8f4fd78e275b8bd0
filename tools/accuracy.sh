#!/usr/bin/env bash
# tools/accuracy.sh PROGRAM CORPORA: scans every dump below CORPORA that has a truth, and prints the
# scorer's table of each. A measurement, not a test: without corpora it says so, and nothing fails.
set -euo pipefail
program=$1
corpora=$2
if [[ ! -e $corpora/scorer/score.py ]]; then
  echo "accuracy: NOT measured: there are no corpora in $corpora (set CORPORA=DIR)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for truth in "$corpora"/*/truth; do
  dump=$(dirname "$truth")
  name=$(basename "$dump")
  echo "== $name"
  "$program" census scan "$dump/files" --case "$work/$name" ${SCAN_OPTIONS:-}
  "$program" census export --case "$work/$name" --people "$work/$name/people.jsonl" --files "$work/$name/files.jsonl"
  python3 "$corpora/scorer/score.py" "$truth" "$work/$name"
done
