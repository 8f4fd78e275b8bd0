#!/usr/bin/env bash
# forge_accuracy.sh: how well the census does on documents of the forge, each genre measured with
# weights that were made without it. First what columns mean (train-meaning --rotate), then the
# whole census: the model is made without the genre, linked in and put back at the end.
# A measurement, not a test. Needs data/meaning free of changes.
set -euo pipefail
cd "$(dirname "$0")/../.."
columns=build/train-meaning/columns.tsv
if [[ ! -e $columns ]]; then
  echo "accuracy of the forge: NOT measured: make train-meaning first makes $columns"
  exit 0
fi
cmake --build --preset release --target train-meaning sealift sealift-extract >/dev/null
build/release/train-meaning --rotate "$columns"
work=$(mktemp -d)
model=data/meaning/meaning.model
cp "$model" "$work/meaning.model"
trap 'cp "$work/meaning.model" "$model"; cmake --build --preset release --target sealift >/dev/null; rm -rf "$work"' EXIT
runs=()
for genre in benefits club health payroll property school transport prose; do
  build/release/train-meaning "$model" "$columns" "$genre"
  cmake --build --preset release --target sealift >/dev/null
  tools/census/forge/forge.py --out "$work/$genre" --seed 7 --people 300 --documents 120 --only "$genre"
  build/release/sealift census scan "$work/$genre/files" --case "$work/$genre/case" --as-of 2021-01-20 >/dev/null 2>&1
  build/release/sealift census export --case "$work/$genre/case" --people "$work/$genre/people.jsonl" --files "$work/$genre/files.jsonl"
  runs+=("$work/$genre/truth=$work/$genre=$genre")
done
tools/census/forge/score.py --table "${runs[@]}"
