#!/bin/sh
# make_packages.sh BUILD FOLDER: sealift_VERSION_ARCH.deb and sealift-server_VERSION_ARCH.deb from the programs in BUILD.
# The same programs give the same bytes: times come from SOURCE_DATE_EPOCH or the newest commit.
set -eu
build=$1 out=$2
source=$(cd "$(dirname "$0")/.." && pwd)
version=$("$build/sealift" version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
maintainer="Sealift maintainers <maintainers@users.noreply.invalid>"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
mkdir -p "$out"

put() { install -D -m "$1" "$2" "$work/$package/$3"; }
program() { put 755 "$build/$1" "usr/bin/$1"; strip --strip-unneeded "$work/$package/usr/bin/$1"; }
compressed() { mkdir -p "$work/$package/$(dirname "$2")"; gzip -9nc "$1" >"$work/$package/$2"; chmod 644 "$work/$package/$2"; }

# What the programs are linked with, as dpkg's own tool reads it.
depends() {
  mkdir -p "$work/shlibs/debian"
  printf 'Source: sealift\n\nPackage: %s\nArchitecture: any\n' "$package" >"$work/shlibs/debian/control"
  (cd "$work/shlibs" && dpkg-shlibdeps -O "$@" 2>/dev/null) | sed 's/^shlibs:Depends=//'
}

finish() {
  description=$1 more=$2 needs=$3
  doc=usr/share/doc/$package
  put 644 "$source/NOTICE" "$doc/copyright"
  compressed "$source/CHANGELOG.md" "$doc/changelog.gz"
  mkdir -p "$work/$package/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s\nSection: net\nPriority: optional\nArchitecture: %s\n' "$package" "$version" "$arch"
    printf 'Maintainer: %s\nInstalled-Size: %s\n' "$maintainer" "$(du -ks --exclude=DEBIAN "$work/$package" | cut -f1)"
    printf 'Depends: %s\nDescription: %s\n %s\n' "$needs" "$description" "$more"
  } >"$work/$package/DEBIAN/control"
  (cd "$work/$package" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) \
    >"$work/$package/DEBIAN/md5sums"
  find "$work/$package" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$work/$package" "$out/${package}_${version}_${arch}.deb" >/dev/null
  echo "$out/${package}_${version}_${arch}.deb"
}

package=sealift
program sealift
program sealift-extract
"$source/packaging/describe_verbs.py" "$build/sealift" "$work/made"
for page in "$work"/made/man1/*; do compressed "$page" "usr/share/man/man1/$(basename "$page").gz"; done
put 644 "$work/made/completions/bash" usr/share/bash-completion/completions/sealift
put 644 "$work/made/completions/zsh" usr/share/zsh/vendor-completions/_sealift
put 644 "$work/made/completions/fish" usr/share/fish/vendor_completions.d/sealift.fish
for guide in "$source"/docs/guide/*.md; do put 644 "$guide" "usr/share/doc/sealift/guide/$(basename "$guide")"; done
finish "files sealed on the sender's machine, and whose data is in them" \
  "The command line: sends and receives sealed files, and lists the people in a pile of files." \
  "$(depends "$work/sealift/usr/bin/sealift" "$work/sealift/usr/bin/sealift-extract")"

package=sealift-server
program sealiftd
put 644 "$source/packaging/sealift.service" usr/lib/systemd/system/sealift.service
put 644 "$source/packaging/sealift-backup.service" usr/lib/systemd/system/sealift-backup.service
put 644 "$source/packaging/sealift-backup.timer" usr/lib/systemd/system/sealift-backup.timer
put 644 "$source/packaging/sealift.sysusers" usr/lib/sysusers.d/sealift.conf
put 644 "$source/packaging/sealift.tmpfiles" usr/lib/tmpfiles.d/sealift.conf
put 644 "$source/packaging/sealift.conf" etc/sealift/sealift.conf
printf '.TH SEALIFTD 8 "" "Sealift %s" "Sealift"\n.SH NAME\nsealiftd \\- the server; sealift\\-serve(1) starts it\n.SH SEE ALSO\n\\fBsealift-serve\\fR(1), \\fBsealift-admin\\fR(1)\n' \
  "$version" >"$work/sealiftd.8"
compressed "$work/sealiftd.8" usr/share/man/man8/sealiftd.8.gz
for guide in "$source"/docs/operate/*.md; do put 644 "$guide" "usr/share/doc/sealift-server/operate/$(basename "$guide")"; done
mkdir -p "$work/$package/DEBIAN"
echo /etc/sealift/sealift.conf >"$work/$package/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$source/packaging/debian/$script" "$work/$package/DEBIAN/$script"; done
finish "file transfer server that can't open what it keeps" \
  "Sealed parcels, links and file requests, a log that can't be rewritten, lock-down in one step." \
  "sealift (= $version), systemd | systemd-standalone-sysusers, $(depends "$work/sealift-server/usr/bin/sealiftd")"
