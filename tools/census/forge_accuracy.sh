#!/usr/bin/env bash
# forge_accuracy.sh: how well the census does on documents of the forge, each genre measured with
# weights that were made without it. First what columns mean (train-meaning --rotate), then the
# whole census, by a copy of the program that has the other weights in it; at last how many of
# those with each doubt are right, over all genres. A measurement, not a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
columns=${COLUMNS_TSV:-build/train-meaning/columns.tsv}
programs=${PROGRAMS:-build/release}
if [[ ! -e $columns || ! -e $programs/train-meaning ]]; then
  echo "accuracy of the forge: NOT measured: make train-meaning first makes $columns"
  exit 0
fi
"$programs/train-meaning" --rotate "$columns"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$programs/sealift-extract" "$work/"
runs=()
for genre in benefits club health payroll property school transport prose; do
  "$programs/train-meaning" "$work/model" "$columns" "$genre"
  tools/census/forge/with_model.py "$programs/sealift" "$work/model" "$work/sealift"
  tools/census/forge/forge.py --out "$work/$genre" --seed 7 --people 300 --documents "${DOCUMENTS:-120}" --only "$genre"
  "$work/sealift" census scan "$work/$genre/files" --case "$work/$genre/case" --as-of 2021-01-20 >/dev/null 2>&1
  "$work/sealift" census export --case "$work/$genre/case" --people "$work/$genre/people.jsonl" \
    --doubtful "$work/$genre/doubtful.jsonl" --files "$work/$genre/files.jsonl"
  runs+=("$work/$genre/truth=$work/$genre=$genre")
done
tools/census/forge/score.py --table "${runs[@]}"
tools/census/forge/doubts.py "${runs[@]}"
