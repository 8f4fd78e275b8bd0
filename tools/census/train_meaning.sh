#!/usr/bin/env bash
# train_meaning.sh: makes data/meaning/meaning.model anew, from the forge's columns
# (docs/census/structure.md). A few minutes; the same tree gives the same file.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/train-meaning
mkdir -p "$folder"
: >"$folder/columns.tsv"
for seed in 101 102 103; do
  python3 tools/census/forge/forge.py --out "$folder/$seed" --seed "$seed" --people 300 --documents 900
  cat "$folder/$seed/columns.tsv" >>"$folder/columns.tsv"
done
cmake --preset release >/dev/null
cmake --build --preset release --target train-meaning
build/release/train-meaning data/meaning/meaning.model "$folder/columns.tsv"
