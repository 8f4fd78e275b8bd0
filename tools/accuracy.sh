#!/usr/bin/env bash
# tools/accuracy.sh FOLDER CORPORA: with the programs of FOLDER, how well names are found in running
# text (annotated corpora in CORPORA/names, then the texts of each dump, by kind), and then the
# scorer's table of every dump below CORPORA that has a truth. ONLY=names leaves the tables out.
# A measurement, not a test: without corpora it says so, and nothing fails.
set -euo pipefail
programs=$1
corpora=$2
if [[ ! -e $corpora/scorer/score.py ]]; then
  echo "accuracy: NOT measured: there are no corpora in $corpora (set CORPORA=DIR)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(dirname "$0")
"$programs/name_accuracy" corpora "$corpora/names"
for truth in "$corpora"/*/truth; do
  dump=$(dirname "$truth")
  echo "names in the texts of $(basename "$dump"), by kind: met recall/precision, whole recall"
  "$programs/name_accuracy" texts "$programs/sealift-extract" "$dump/files" |
    python3 "$here/census/name_truth.py" "$corpora/scorer" "$dump"
done
[[ ${ONLY:-} != names ]] || exit 0
for truth in "$corpora"/*/truth; do
  dump=$(dirname "$truth")
  name=$(basename "$dump")
  echo "== $name"
  "$programs/sealift" census scan "$dump/files" --case "$work/$name" ${SCAN_OPTIONS:-}
  "$programs/sealift" census export --case "$work/$name" --people "$work/$name/people.jsonl" --files "$work/$name/files.jsonl"
  python3 "$corpora/scorer/score.py" "$truth" "$work/$name"
done
