#!/bin/sh
# reproduce.sh BUILD: whether the packages' bytes follow from the source. Compares those made from BUILD with those of a second
# build: in another folder, later, in another time zone and language, with another umask, and without ccache. The first may
# have come out of ccache: what it keeps was compiled in the first folder, so a path or a time that got into an object differs
# from the second's. The web client's core and the npm packages are this tree's: make reproducible-web compares the core.
set -eu
build=$1
source=$(cd "$(dirname "$0")/.." && pwd)
work=$source/build/reproduce-packages
second="$work/elsewhere/and deeper/sealift"
rm -rf "$work"
mkdir -p "$second"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
"$source/packaging/make_packages.sh" "$build" "$work/first"
cd "$source"
git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$second"
for taken in web/node_modules tools/npm/node_modules web/src/crypto/generated; do
  cp -al "$taken" "$second/$taken"
done
cd "$second"
export CCACHE_DISABLE=1 TZ=Asia/Tokyo LANG=fr_CA.UTF-8 HOME="$work"
umask 027
cmake --preset release -DBUILD_TESTING=OFF >"$work/configure.log" 2>&1 || { cat "$work/configure.log"; exit 1; }
cmake --build --preset release -j "${JOBS:-$(nproc)}" --target programs >"$work/build.log" 2>&1 || { tail -40 "$work/build.log"; exit 1; }
packaging/make_packages.sh build/release "$work/second"
status=0
for first in "$work"/first/*.deb; do
  name=$(basename "$first")
  if cmp -s "$first" "$work/second/$name"; then
    echo "the same bytes twice: $name $(sha256sum <"$first" | cut -d' ' -f1)"
    continue
  fi
  status=1
  echo "$name differs in:"
  for which in first second; do
    mkdir "$work/$which/$name.files"
    dpkg-deb -R "$work/$which/$name" "$work/$which/$name.files"
  done
  diff -rq "$work/first/$name.files" "$work/second/$name.files" || true
done
exit $status
