#!/usr/bin/env bash
# Starts a server on this machine and says how to get in: tools/run.sh PROGRAMS DATA [LISTEN]
# Runs until it is interrupted.
set -euo pipefail
programs=$1
data=$2
listen=${3:-127.0.0.1:8080}
is_new=no
[[ -e $data/vault.key ]] || is_new=yes
mkdir -p "$(dirname "$data")"

"$programs/sealift" serve --data "$data" --listen "$listen" &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true; wait "$server" || true' EXIT
trap 'exit 0' INT TERM

url=
for _ in $(seq 200); do
  kill -0 "$server" 2>/dev/null || exit 1
  url=$(head -1 "$data/url" 2>/dev/null || true)
  [[ -n $url ]] && curl --silent --fail --output /dev/null "$url/health/ready" && break
  sleep 0.1
done

if [[ $is_new == yes ]]; then
  link=$("$programs/sealift" admin --data "$data" invite admin@localhost --admin)
  echo
  echo "The first account, an administrator's, is made by opening"
  echo
  echo "    $link"
  echo
  echo "in a browser, or with  $programs/sealift login $url --enrol '$link'"
  echo
  echo "Further people: $programs/sealift admin --data $data invite ADDRESS"
fi
echo "Stop with Ctrl-C. Everything the server keeps is in $data"
wait "$server"
