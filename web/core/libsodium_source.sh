#!/usr/bin/env bash
# Fetches the source of Debian 12's libsodium, with Debian's security patches, and unpacks it.
#
#   web/core/libsodium_source.sh FOLDER     makes FOLDER/libsodium-1.0.18
#
# The package's lists are kept below FOLDER, apart from the machine's own, so that neither root nor a
# change of its sources is needed; apt checks Debian's signature over them.
set -euo pipefail
folder=$1
version=1.0.18
package=1.0.18-1+deb12u1
[[ -f $folder/libsodium-$version/.unpacked-$package ]] && exit 0

rm -rf "$folder"
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
folder=$(cd "$folder" && pwd)
mirror=${SEALIFT_DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${SEALIFT_DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
{
  echo "deb-src [signed-by=$keyring] $mirror bookworm main"
  echo "deb-src [signed-by=$keyring] $security bookworm-security main"
} >"$folder/sources.list"
apt=(apt-get -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=-
  -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder" -o APT::Sandbox::User=)
"${apt[@]}" update
(cd "$folder" && "${apt[@]}" source --download-only "libsodium=$package" >/dev/null)
(cd "$folder" && dpkg-source --no-check -x "libsodium_$package.dsc" "libsodium-$version" >unpacking.log)
touch "$folder/libsodium-$version/.unpacked-$package"
