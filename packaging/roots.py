"""Debian roots for try_packages.py: made by mmdebstrap from where this machine's own packages come from, and commands run in
them. The caller runs in its own mount and process namespaces (try_packages.py sees to it), so that nothing stays mounted or
running afterwards.
"""
import os
import pathlib
import subprocess
import sys
import time

RELEASES = ("bookworm", "trixie")


class Failed(Exception):
    pass


def told(step):
    print(f"[{time.strftime('%H:%M:%S')}] {step}", flush=True)


def done(command, **more):
    """The finished command; Failed, with what it said, if it ended with another status than 0."""
    ended = subprocess.run(list(map(str, command)), stdin=None if "input" in more else subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if ended.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))[:300]}: status {ended.returncode}\n{ended.stdout[-4000:]}")
    return ended.stdout


def sources(release):
    """apt's lines for another release, from this machine's lines for its own."""
    own = dict(line.rstrip().split("=", 1) for line in open("/etc/os-release") if "=" in line)["VERSION_CODENAME"]
    listed = done(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"])
    lines = []
    for line in sorted(set(listed.splitlines())):
        uri, suite, component = line.split()
        if component == "main" and (suite == own or suite.startswith(own + "-")):
            lines.append(f"deb {uri} {suite.replace(own, release, 1)} {component}")
    if not lines:
        sys.exit(f"try_packages: apt on this machine has no lines for {own}; run apt-get update first")
    return lines


class Root:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def make(self, release, variant="minbase"):
        told(f"{release}: a fresh root in {self.folder}")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        done(["rm", "-rf", "--one-file-system", self.folder])
        done(["mmdebstrap", "--quiet", f"--variant={variant}", "--dpkgopt=force-unsafe-io",
              "--aptopt=APT::Install-Recommends \"false\"", release, self.folder, *sources(release)])
        for name in ("resolv.conf", "hosts"):
            (self.folder / "etc" / name).write_bytes(pathlib.Path("/etc", name).read_bytes())
        self.run("apt-get", "-qq", "update")  # mmdebstrap leaves no lists
        return self

    def mount(self):
        done(["mount", "-t", "proc", "proc", self.folder / "proc"])
        done(["mount", "--rbind", "/dev", self.folder / "dev"])
        done(["mount", "-t", "tmpfs", "tmpfs", self.folder / "tmp"])
        done(["mount", "-t", "tmpfs", "tmpfs", self.folder / "run"])
        return self

    def bind(self, folder, at):
        place = self.folder / str(at).lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        done(["mount", "--bind", folder, place])

    def command(self, words, environment=None):
        given = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                 "DEBIAN_FRONTEND": "noninteractive", **(environment or {})}
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        pairs = [f"{name}={value}" for name, value in {**kept, **given}.items()]
        return ["chroot", self.folder, "env", "-i", *pairs, *map(str, words)]

    def run(self, *words, environment=None, **more):
        return done(self.command(words, environment), **more)

    def shell(self, script, **more):
        return self.run("sh", "-ec", script, **more)

    def fails(self, *words, environment=None, **more):
        """What it says when it ends with a status other than 0."""
        try:
            said = self.run(*words, environment=environment, **more)
        except Failed as failed:
            return str(failed)
        raise Failed(f"{words} succeeded, and must not:\n{said[-2000:]}")
