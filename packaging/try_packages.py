#!/usr/bin/env python3
"""The packages, as an operator meets them: try_packages.py FOLDER [RELEASE...]      needs root and mmdebstrap

For each Debian release: builds the packages in a root of that release, installs them in another one that has no compiler,
and goes from `apt install` to the first parcel received, with a clock on it. Then an upgrade to a next version whose catalog
has a further migration, old client against new server and the other way round, a rollback across that migration, removal
and purge. There is no systemd in a root: the lines of the units are run as they are in the units.

The next version is this source with another number and a step more in the catalog's schema. SEALIFT_OLD names older packages
than this source's, and then this source is the next version:

    SEALIFT_OLD=0.1.0    built in the same root, from that release's commit in the history: the tag v0.1.0, or else the newest
                         commit whose CHANGELOG.md has nothing above that release's entry
    SEALIFT_OLD=FOLDER   those in FOLDER/RELEASE

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


def is_release(changelog, version):
    """Whether a CHANGELOG.md has nothing to say above the version's entry."""
    before = re.split(rf"^## {re.escape(version)}[ \n]", changelog, maxsplit=1, flags=re.M)
    return len(before) == 2 and not before[0].partition("\n## ")[2].replace("Unreleased", "").strip()


def commit_of(version):
    """Of a release: its tag's, or else the newest whose changelog ends with it."""
    git = ["git", "-C", SOURCE]
    tagged = subprocess.run([*git, "rev-parse", "--verify", "--quiet", f"v{version}^{{commit}}"], capture_output=True, text=True)
    if tagged.returncode == 0:
        return tagged.stdout.strip()
    for commit in done([*git, "log", "--format=%H", "--", "CHANGELOG.md"]).split():
        if is_release(done([*git, "show", f"{commit}:CHANGELOG.md"]), version):
            return commit
    raise Failed(f"no commit of the history is release {version}: neither a tag v{version} nor a CHANGELOG.md says so")


def take_npm(folder):
    """This source's npm packages, where the other source locks the same ones."""
    for name in ("web", "tools/npm"):
        if (SOURCE / name / "package-lock.json").read_bytes() == (folder / name / "package-lock.json").read_bytes():
            done(["cp", "-al", SOURCE / name / "node_modules", folder / name / "node_modules"])
            shutil.copy(SOURCE / name / "package-lock.json", folder / "build" / f"npm-{name.replace('/', '-')}.stamp")


def list_packages(folder):
    lines = (folder / "tools/packages.txt").read_text().splitlines()
    (folder / "build/packages-programs.txt").write_text("\n".join(
        line for line in lines if not line.startswith(NOT_FOR_PROGRAMS)) + "\ndpkg-dev\n")


def snapshot(folder):
    """The source as it is, with what was fetched for it."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "build").mkdir(parents=True)
    files = done(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard"]).splitlines()
    done(["cp", "-a", "--parents", "-t", folder, *(name for name in files if (SOURCE / name).exists())], cwd=SOURCE)
    done(["cp", "-al", SOURCE / "web/src/crypto/generated", folder / "web/src/crypto/generated"])
    take_npm(folder)
    list_packages(folder)


def snapshot_of(commit, folder):
    """The source as it was at a commit, with its own web core."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "build").mkdir(parents=True)
    done(["sh", "-ec", 'git -C "$1" archive --format=tar "$2" | tar -x -C "$3"', "sh", SOURCE, commit, folder])
    take_npm(folder)
    list_packages(folder)
    told(f"the web core of {commit[:7]}")
    done(["make", "-C", folder, "web-core"])
    shutil.rmtree(folder / "build/web-core")


def schema_of(folder):
    return int(re.search(r"kSchemaVersion = (\d+);", (folder / "src/catalog/internal/migrations.h").read_text())[1])


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
    schema = schema_of(folder)
    replaced(header, f"kSchemaVersion = {schema};", f"kSchemaVersion = {schema + 1};")
    code = folder / "src/catalog/internal/migrations.cc"
    last = re.search(r"kSteps\[\] = \{[^}]*", code.read_text())[0]
    replaced(code, last, last + ', Sql{"CREATE TABLE rehearsed(number INTEGER NOT NULL) STRICT;"}')
    return schema


def build_root(release, work):
    root = Root(work / f"{release}-build")
    if not (root.folder / "made").exists():
        root.make(release).run("apt-get", "-qq", "install", "--no-install-recommends", "-y", "bash", "ca-certificates")
        (root.folder / "made").touch()
    root.mount()
    cache = pathlib.Path(os.environ.get("CCACHE_DIR", pathlib.Path.home() / ".cache/ccache"))
    cache.mkdir(parents=True, exist_ok=True)
    root.bind(cache, "/root/.cache/ccache")
    return root


def build_packages(root, source, commit, out):
    """What /src/sealift in the root is, packed into `out`."""
    settings = {"CCACHE_BASEDIR": "/src/sealift", "CCACHE_NOHASHDIR": "1",
                "SOURCE_DATE_EPOCH": done(["git", "-C", SOURCE, "log", "-1", "--format=%ct", commit]).strip()}
    root.shell("cd /src/sealift && tools/setup.sh build/packages-programs.txt >/dev/null", environment=settings)
    told(f"{out.parent.name}: building {out.name} with {root.run('g++', '--version').splitlines()[0]}")
    root.shell(f"""cd /src/sealift
      cmake --preset release -DBUILD_TESTING=OFF {os.environ.get('PACKAGES_CMAKE', '')} >build/configure.log 2>&1 || {{ cat build/configure.log; exit 1; }}
      cmake --build --preset release -j {os.environ.get('JOBS', '2')} --target programs 2>&1 | grep -E 'error|FAILED|warning' | head -40
      packaging/make_packages.sh build/release build/{out.name}""", environment=settings)
    shutil.copytree(source / "build" / out.name, out)


def build(release, work, old):
    """The packages in FOLDER/RELEASE/{this,next}, or {earlier,this} where `old` is another release than this source; of
    either, the folder and the catalog's schema, which is None where the packages were made elsewhere."""
    root = build_root(release, work)
    source, out = work / f"{release}-source", work / release
    shutil.rmtree(out, ignore_errors=True)
    begun, made = time.monotonic(), []
    if old and "/" not in old and not pathlib.Path(old).is_dir():
        commit = commit_of(old)
        told(f"{release}: release {old} is commit {commit[:7]}")
        snapshot_of(commit, source)
        root.bind(source, "/src/sealift")
        build_packages(root, source, commit, out / "earlier")
        made.append((out / "earlier", schema_of(source)))
        done(["umount", root.folder / "src/sealift"])
    elif old:
        made.append((pathlib.Path(old) / release, None))
    snapshot(source)
    root.bind(source, "/src/sealift")
    build_packages(root, source, "HEAD", out / "this")
    made.append((out / "this", schema_of(source)))
    if not old:
        schema = make_next(source)
        build_packages(root, source, "HEAD", out / "next")
        made.append((out / "next", schema + 1))
    told(f"{release}: built in {time.monotonic() - begun:.0f} s")
    return made


def check_lint(packages):
    said = subprocess.run(["lintian", "-I", "--pedantic", "--fail-on", "error,warning,info,pedantic", "--allow-root", *packages],
                          capture_output=True, text=True)
    if said.returncode != 0:
        raise Failed(f"lintian:\n{said.stdout}{said.stderr}")


def try_release(release, work):
    (old, old_schema), (new, new_schema) = build(release, work, os.environ.get("SEALIFT_OLD"))
    packages = {name: sorted(folder.glob("*.deb")) for name, folder in (("old", old), ("new", new))}
    for name, found in packages.items():
        if len(found) != 2:
            raise Failed(f"{name} packages: {found}, and there should be two")
    check_lint([*sorted((work / release / "this").glob("*.deb"))])
    told(f"{release}: lintian finds nothing")
    root = Root(work / f"{release}-fresh").make(release).mount()
    return ServerInRoot(root, release, packages).go_through(old_schema, new_schema)


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
