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

# Seconds it takes, wall and processors together; what it prints goes to standard error.
seconds() {
  local TIMEFORMAT='%R %U %S'
  exec 4>&2
  { time "$@" >&4 2>&4; } 2>&1 | awk '{ print $1, $2 + $3 }'
}

# Scans are files: one page or more each.
say_speed_of_ocr() {
  local with=$1 without=$2 waiting=$3
  awk -v with="$with" -v without="$without" -v scans="$waiting" 'BEGIN {
    split(with, a); split(without, b)
    wall = a[1] - b[1]; cpu = a[2] - b[2]
    if (scans > 0 && wall > 0 && cpu > 0)
      printf "%d scans recognised in %.0f s (%.0f s of CPU): %.0f a minute, %.0f a minute and core\n",
        scans, wall, cpu, 60 * scans / wall, 60 * scans / cpu
  }'
}

for truth in "$corpora"/*/truth; do
  dump=$(dirname "$truth")
  name=$(basename "$dump")
  echo "== $name"
  with=$(seconds "$programs/sealift" census scan "$dump/files" --case "$work/$name" ${SCAN_OPTIONS:-})
  if [[ ${SCAN_OPTIONS:-} != *--no-ocr* ]]; then
    without=$(seconds "$programs/sealift" census scan "$dump/files" --case "$work/$name-text" --no-ocr)
    "$programs/sealift" census files --case "$work/$name-text" --json >"$work/$name-text.files"
    say_speed_of_ocr "$with" "$without" "$(grep -c 'pictures of text wait' "$work/$name-text.files")"
  fi
  "$programs/sealift" census export --case "$work/$name" --people "$work/$name/people.jsonl" --files "$work/$name/files.jsonl"
  python3 "$corpora/scorer/score.py" "$truth" "$work/$name"
done
