#!/bin/sh
# sign_release.sh FILES KEY FOLDER: copies what is in FILES to FOLDER, with SHA256SUMS over all of it and its signature
# by minisign's secret key in the file KEY (asks for its passphrase, if it has one).
set -eu
files=$1 key=$2 out=$3
if [ ! -f "$key" ]; then
  echo "sign_release: no secret key of minisign at '$key'; name one: make release KEY=FILE (minisign -G makes one)" >&2
  exit 2
fi
rm -rf "$out"
mkdir -p "$out"
cp "$files"/* "$out"
(cd "$out" && sha256sum -- * >../SHA256SUMS.new && mv ../SHA256SUMS.new SHA256SUMS)
minisign -S -s "$key" -m "$out/SHA256SUMS" -c "Sealift" -t "Sealift: $(cd "$files" && ls | tr '\n' ' ')" >/dev/null
