#!/bin/sh
# make_release.sh BUILD PACKAGES KEY FOLDER: what is published, in FOLDER: the packages, their SBOM, the source, SHA256SUMS
# over all of them, and its signature (sign_release.sh). Everything but the signature follows from the source.
set -eu
build=$1 packages=$2 key=$3 out=$4
source=$(cd "$(dirname "$0")/.." && pwd)
version=$("$build/sealift" version | cut -d' ' -f2)
if [ -n "$(git -C "$source" status --porcelain)" ]; then
  echo "make_release: the source has changes that aren't committed; a release is made from a commit" >&2
  exit 2
fi
if ! grep -q "^## $version (" "$source/CHANGELOG.md"; then
  echo "make_release: CHANGELOG.md has no section '## $version (YYYY-MM-DD)'; name the changes of this release" >&2
  exit 2
fi
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8
umask 022
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
for name in sealift sealift-server; do cp "$packages/${name}_${version}_"*.deb "$files"; done
"$source/packaging/make_sbom.py" "$build" "$files" >"$files/sealift-$version.spdx.json"
git -C "$source" archive --format=tar --prefix="sealift-$version/" HEAD | gzip -9n >"$files/sealift-$version.tar.gz"
"$source/packaging/sign_release.sh" "$files" "$key" "$out"
ls "$out"
