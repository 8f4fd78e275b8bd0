#!/usr/bin/env bash
# tools/show_sealing.sh BUILD_DIR: a sealing round trip, shown. What `make show` does.
set -euo pipefail
PATH=$(realpath "$1"):$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

show() { # the command, then what it prints
  echo "\$ $*"
  "$@" 2>&1
}

printf 'Patient 17, health number 9876-543-217\n' >list.txt
show sealift keygen -o clinic.key
recipient=$(sealift keygen -y clinic.key)
show sealift seal -r "$recipient" -o list.age list.txt
echo '$ grep -c Patient list.age'
grep -c Patient list.age || true
show sealift open -i clinic.key list.age
echo '$ age -d -i clinic.key list.age        # stock age opens it too'
age -d -i clinic.key list.age

truncate -s -1 list.age
echo '$ sealift open -i clinic.key -o opened.txt list.age      # cut short on the way'
sealift open -i clinic.key -o opened.txt list.age 2>&1 || true
[[ ! -e opened.txt ]] || { echo 'a damaged file left an output'; exit 1; }
