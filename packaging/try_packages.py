#!/usr/bin/env python3
"""The packages, as an operator meets them: try_packages.py FOLDER [RELEASE...]      needs root and mmdebstrap

For each Debian release: builds the packages in a root of that release, installs them in another one that has no compiler,
and goes from `apt install` to the first parcel received, with a clock on it. Then an upgrade to a next version whose catalog
has a further migration, old client against new server and the other way round, a rollback across that migration, removal
and purge. There is no systemd in a root: the lines of the units are run as they are in the units.

The next version is this source with another number and a step more in the catalog's schema. With SEALIFT_OLD=FOLDER, the
older packages are those in FOLDER/RELEASE, for instance the last release's, instead of this source's.

The web client's core in WebAssembly and the npm packages are this machine's (make build): neither depends on the release.

Ends with status 77, with the reason, where roots can't be made at all: no root, no mmdebstrap, no namespaces.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from roots import RELEASES, Failed, Root, done, told
from server_in_root import ServerInRoot

SOURCE = pathlib.Path(__file__).resolve().parent.parent
FIRST_PARCEL_SECONDS_MAX = 120
STATUS_NOT_HERE = 77
NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
# What is in tools/packages.txt and no program needs: other compilers, browsers, peers of tests and benchmarks.
NOT_FOR_PROGRAMS = ("clang", "libclang", "chromium", "tesseract-ocr-", "npm", "age", "openssh-client", "nginx", "haproxy", "h2o",
                    "iproute2", "python3-", "strace", "curl", "minisign")


def snapshot(folder):
    """The source as it is, with what was fetched for it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = done(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard"]).splitlines()
    done(["cp", "-a", "--parents", "-t", folder, *(name for name in files if (SOURCE / name).exists())], cwd=SOURCE)
    for taken in ("web/node_modules", "tools/npm/node_modules", "web/src/crypto/generated"):
        done(["cp", "-al", SOURCE / taken, folder / taken])
    (folder / "build").mkdir()
    for folder_of_npm in ("web", "tools/npm"):
        shutil.copy(SOURCE / folder_of_npm / "package-lock.json", folder / "build" / f"npm-{folder_of_npm.replace('/', '-')}.stamp")
    lines = (SOURCE / "tools/packages.txt").read_text().splitlines()
    (folder / "build/packages-programs.txt").write_text("\n".join(
        line for line in lines if not line.startswith(NOT_FOR_PROGRAMS)) + "\ndpkg-dev\n")


def replaced(path, old, new):
    text = path.read_text()
    if text.count(old) != 1:
        raise Failed(f"{path} has {text.count(old)} times {old!r}, and should have it once")
    path.write_text(text.replace(old, new))


def make_next(folder):
    """This source as the version after: another number, and a migration more."""
    version = re.search(r"project\(sealift VERSION ([0-9.]+)", (folder / "CMakeLists.txt").read_text())[1]
    major, minor, patch = version.split(".")
    replaced(folder / "CMakeLists.txt", f"VERSION {version} ", f"VERSION {major}.{minor}.{int(patch) + 1} ")
    header = folder / "src/catalog/internal/migrations.h"
    schema = int(re.search(r"kSchemaVersion = (\d+);", header.read_text())[1])
    replaced(header, f"kSchemaVersion = {schema};", f"kSchemaVersion = {schema + 1};")
    code = folder / "src/catalog/internal/migrations.cc"
    last = re.search(r"kSteps\[\] = \{[^}]*", code.read_text())[0]
    replaced(code, last, last + ', Sql{"CREATE TABLE rehearsed(number INTEGER NOT NULL) STRICT;"}')
    return schema


def build(release, work):
    """The packages of this source and of the next version, in FOLDER/RELEASE/{this,next}."""
    root = Root(work / f"{release}-build")
    if not (root.folder / "made").exists():
        root.make(release).run("apt-get", "-qq", "install", "--no-install-recommends", "-y", "bash", "ca-certificates")
        (root.folder / "made").touch()
    root.mount()
    source = work / f"{release}-source"
    snapshot(source)
    root.bind(source, "/src/sealift")
    cache = pathlib.Path(os.environ.get("CCACHE_DIR", pathlib.Path.home() / ".cache/ccache"))
    cache.mkdir(parents=True, exist_ok=True)
    root.bind(cache, "/root/.cache/ccache")
    begun, out = time.monotonic(), work / release
    shutil.rmtree(out, ignore_errors=True)
    settings = {"CCACHE_BASEDIR": "/src/sealift", "CCACHE_NOHASHDIR": "1",
                "SOURCE_DATE_EPOCH": done(["git", "-C", SOURCE, "log", "-1", "--format=%ct"]).strip()}
    told(f"{release}: installing the compiler and the libraries")
    root.shell("cd /src/sealift && tools/setup.sh build/packages-programs.txt >/dev/null", environment=settings)
    for name in ("this", "next"):
        schema = make_next(source) if name == "next" else None
        told(f"{release}: building {name} with {root.run('g++', '--version').splitlines()[0]}")
        root.shell(f"""cd /src/sealift
          cmake --preset release -DBUILD_TESTING=OFF {os.environ.get('PACKAGES_CMAKE', '')} >build/configure.log 2>&1 || {{ cat build/configure.log; exit 1; }}
          cmake --build --preset release -j {os.environ.get('JOBS', '2')} --target programs 2>&1 | grep -E 'error|FAILED|warning' | head -40
          packaging/make_packages.sh build/release build/{name}""", environment=settings)
        shutil.copytree(source / "build" / name, out / name)
    told(f"{release}: built in {time.monotonic() - begun:.0f} s")
    return schema


def check_lint(packages):
    said = subprocess.run(["lintian", "-I", "--pedantic", "--fail-on", "error,warning,info,pedantic", "--allow-root", *packages],
                          capture_output=True, text=True)
    if said.returncode != 0:
        raise Failed(f"lintian:\n{said.stdout}{said.stderr}")


def try_release(release, work):
    schema = build(release, work)
    old = pathlib.Path(os.environ["SEALIFT_OLD"]) / release if "SEALIFT_OLD" in os.environ else work / release / "this"
    new = work / release / "next"
    packages = {name: sorted(folder.glob("*.deb")) for name, folder in (("old", old), ("new", new))}
    for name, found in packages.items():
        if len(found) != 2:
            raise Failed(f"{name} packages: {found}, and there should be two")
    check_lint([*sorted((work / release / "this").glob("*.deb"))])
    told(f"{release}: lintian finds nothing")
    root = Root(work / f"{release}-fresh").make(release).mount()
    return ServerInRoot(root, release, packages).go_through(schema)


def why_not_here():
    if os.geteuid() != 0:
        return "it makes Debian roots and needs root: sudo make packages-test"
    if shutil.which("mmdebstrap") is None:
        return "mmdebstrap is not installed: tools/setup.sh tools/packages-release.txt"
    tried = subprocess.run([*NAMESPACES, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"no mount namespace can be made here: {tried.stderr.strip()}"


def main(work, *releases):
    if "SEALIFT_TRYING" not in os.environ:
        if reason := why_not_here():
            print(f"try_packages: {reason}", file=sys.stderr)
            sys.exit(STATUS_NOT_HERE)
        os.execvpe("unshare", [*NAMESPACES, sys.executable, *sys.argv], {**os.environ, "SEALIFT_TRYING": "1"})
    results = []
    for release in releases or RELEASES:
        results.append((release, try_release(release, pathlib.Path(work).resolve())))
    for release, seconds in results:
        print(f"{release}: installed, upgraded, rolled back, removed and purged; apt install to first parcel received: {seconds:.0f} s")
        if seconds > FIRST_PARCEL_SECONDS_MAX:
            sys.exit(f"try_packages: that is more than {FIRST_PARCEL_SECONDS_MAX} s")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Failed as failed:
        sys.exit(f"try_packages: {failed}")
