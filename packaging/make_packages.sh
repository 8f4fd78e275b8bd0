#!/bin/sh
# make_packages.sh BUILD FOLDER: sealift_VERSION_ARCH.deb and sealift-server_VERSION_ARCH.deb from the programs in BUILD.
# The files are those of `cmake --install`. The same programs give the same bytes: times come from SOURCE_DATE_EPOCH or
# the newest commit.
set -eu
build=$1 out=$2
source=$(cd "$(dirname "$0")/.." && pwd)
packaging=$source/packaging
version=$("$build/sealift" version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
export LC_ALL=C.UTF-8 TZ=UTC
maintainer="Sealift maintainers <maintainers@sealift.invalid>"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
mkdir -p "$out"

put() { install -D -m "$1" "$2" "$work/$package/$3"; }

# What the component installs, in Debian's places: pages compressed, programs without what only a debugger reads.
files() {
  DESTDIR=$work/$package cmake --install "$build" --prefix /usr --component "$package" >/dev/null
  find "$work/$package/usr/bin" -type f -exec strip --strip-unneeded --remove-section=.comment --remove-section=.note {} +
  find "$work/$package/usr/share/man" -type f -exec gzip -9n {} +
  find "$work/$package" -type d -exec chmod 755 {} +
  find "$work/$package" -type f ! -path '*/bin/*' -exec chmod 644 {} +
  if [ -d "$work/$package/usr/share/zsh/site-functions" ]; then
    mv "$work/$package/usr/share/zsh/site-functions" "$work/$package/usr/share/zsh/vendor-completions"
  fi
}

script() {
  mkdir -p "$work/$package/DEBIAN"
  sed "s/@VERSION@/$version/g" "$packaging/debian/$1" >"$work/$package/DEBIAN/$1"
  chmod 755 "$work/$package/DEBIAN/$1"
}

# What the programs are linked with, as dpkg's own tool reads it.
depends() {
  mkdir -p "$work/shlibs/debian"
  printf 'Source: sealift\n\nPackage: %s\nArchitecture: any\n' "$package" >"$work/shlibs/debian/control"
  (cd "$work/shlibs" && dpkg-shlibdeps -O "$work/$package"/usr/bin/* 2>/dev/null) | sed 's/^shlibs:Depends=//'
}

# finish SUMMARY DEPENDS, and the description's lines from standard input.
finish() {
  doc=$work/$package/usr/share/doc/$package
  put 644 "$packaging/debian/copyright" "usr/share/doc/$package/copyright"
  put 644 "$packaging/debian/$package.lintian-overrides" "usr/share/lintian/overrides/$package"
  python3 "$packaging/debian_changelog.py" "$version" "$maintainer" <"$source/CHANGELOG.md" | gzip -9n >"$doc/changelog.gz"
  chmod 644 "$doc/changelog.gz"
  script preinst
  {
    printf 'Package: %s\nVersion: %s\nSection: net\nPriority: optional\nArchitecture: %s\n' "$package" "$version" "$arch"
    printf 'Maintainer: %s\nInstalled-Size: %s\n' "$maintainer" \
      "$(find "$work/$package" -path '*/DEBIAN' -prune -o -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')"
    printf 'Depends: %s\nDescription: %s\n' "$2" "$1"
    sed 's/^/ /'
  } >"$work/$package/DEBIAN/control"
  (cd "$work/$package" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) \
    >"$work/$package/DEBIAN/md5sums"
  find "$work/$package" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$work/$package" "$work/made.deb" >/dev/null
  mv "$work/made.deb" "$out/${package}_${version}_${arch}.deb"
  echo "$out/${package}_${version}_${arch}.deb"
}

package=sealift
files
finish "files sealed on the sender's machine, and whose data is in them" "$(depends)" <<'TEXT'
The command line of Sealift, a self-hosted file transfer server. It seals
files on the sender's machine, sends them to people with an account or a link,
and verifies and opens them at the recipient's; the server never has a key.
.
Its census reads a pile of files of any kind (text, tables, Office, PDF, mail,
archives, scans) and lists the people in it, their data and where it was found.
TEXT

package=sealift-server
files
put 644 "$packaging/sealift.conf" etc/sealift/sealift.conf
rm "$work/$package/usr/share/doc/$package/sealift.conf"
mkdir -p "$work/$package/DEBIAN"
echo /etc/sealift/sealift.conf >"$work/$package/DEBIAN/conffiles"
for name in postinst prerm postrm; do script "$name"; done
finish "file transfer server that can't open what it keeps" \
  "sealift (= $version), systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, $(depends)" <<'TEXT'
A self-hosted server for organisations that handle other people's personal
data. It keeps parcels that were sealed on the sender's machine, gives them
out to accounts and links, and takes in files through file requests.
.
What happens is entered into a log that can't be rewritten unnoticed. One step
locks the server down. A web client in English and French is built in.
TEXT
