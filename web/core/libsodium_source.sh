#!/usr/bin/env bash
# Fetches the source of this Debian release's libsodium, with Debian's patches, and unpacks it.
#
#   web/core/libsodium_source.sh FOLDER     makes FOLDER/libsodium-1.0.18
#
# It comes from where the machine's own packages come from. The lists are kept below FOLDER, apart from
# the machine's own, so that neither root nor a change of its sources is needed; apt checks Debian's
# signature over them.
set -euo pipefail
folder=$1
version=1.0.18
[[ -f $folder/libsodium-$version/.unpacked ]] && exit 0

rm -rf "$folder"
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
folder=$(cd "$folder" && pwd)
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
apt-get indextargets --format '$(RELEASE) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' | sort -u |
  while read -r suite uri component; do
    [[ $suite == "$release" || $suite == "$release"-* ]] || continue
    echo "deb-src $uri $suite $component"
  done >"$folder/sources.list"
apt=(apt-get -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=-
  -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder" -o APT::Sandbox::User=)
"${apt[@]}" update
(cd "$folder" && "${apt[@]}" source --download-only libsodium >/dev/null)
(cd "$folder" && dpkg-source --no-check -x libsodium_"$version"-*.dsc "libsodium-$version" >unpacking.log)
touch "$folder/libsodium-$version/.unpacked"
