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
packaging/try_packages.py build/roots bookworm trixie || status=$?
rm -rf --one-file-system build/roots
[ "$status" -ne 77 ] || { echo "not run here: make packages-test"; exit 0; }
exit "$status"
