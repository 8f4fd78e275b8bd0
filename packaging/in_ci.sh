#!/bin/sh
# `make packages-test` where continuous integration can do it. Its roots take 8 GB; a machine that can't make them says why.
set -eu
cd "$(dirname "$0")/.."
free_kib=$(df --output=avail -k build | tail -1)
if [ "$free_kib" -lt $((8 * 1024 * 1024)) ]; then
  echo "not run, it needs 8 GiB of disk and $((free_kib / 1024)) MiB are free: make packages-test"
  exit 0
fi
tools/setup.sh tools/packages-release.txt
status=0
# The last release is built from its commit, which a shallow clone lacks.
released=$(sed -n 's/^## \([0-9][0-9.]*\) .*/\1/p' CHANGELOG.md | head -1)
if [ "$(git rev-parse --is-shallow-repository)" = false ]; then
  SEALIFT_OLD=$released packaging/try_packages.py build/roots bookworm || status=$?
else
  echo "upgrading from these packages, and not from $released: this clone has no history"
  packaging/try_packages.py build/roots bookworm || status=$?
fi
[ "$status" -ne 0 ] || packaging/try_packages.py build/roots trixie || status=$?
rm -rf --one-file-system build/roots
[ "$status" -ne 77 ] || { echo "not run here: make packages-test"; exit 0; }
exit "$status"
