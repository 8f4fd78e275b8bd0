"""What try_packages.py does in a fresh root: one operator and two people, from `apt install` to purge."""
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.request

from roots import Failed, done, told

DATA, CONFIG = "/var/lib/sealift", "/etc/sealift/sealift.conf"
PASSWORD = "correct horse battery"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def expect(truth, what):
    if not truth:
        raise Failed(what)


class ServerInRoot:
    def __init__(self, root, release, packages):
        self.root, self.release, self.packages = root, release, packages
        self.process, self.port = None, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    # The operator's side.

    def told(self, step):
        told(f"{self.release}: {step}")

    def install(self, which, *flags):
        place = self.root.folder / "root" / which
        place.mkdir(exist_ok=True)
        names = [shutil.copy(package, place) and f"/root/{which}/{package.name}" for package in self.packages[which]]
        return self.root.run("apt-get", "-q", "install", "-y", "--no-install-recommends", *flags, *names)

    def unit(self, name):
        """The unit's command and account."""
        text = (self.root.folder / "usr/lib/systemd/system" / name).read_text()
        return (re.search(rf"^{key}=(.+)$", text, re.M)[1] for key in ("ExecStart", "User"))

    def as_unit(self, name):
        command, user = self.unit(name)
        return ["runuser", "-u", user, "--", "sh", "-c", f"umask 077; cd /; exec {command}"]

    def start(self):
        log = open(self.root.folder / "root/server.log", "ab")
        self.process = subprocess.Popen(list(map(str, self.root.command(self.as_unit("sealift.service")))), stdout=log, stderr=log)
        for _ in range(600):
            if self.process.poll() is not None:
                raise Failed("the server ended:\n" + (self.root.folder / "root/server.log").read_text()[-2000:])
            try:
                with urllib.request.urlopen(self.url + "/health/ready", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise Failed("the server was not ready within 30 seconds")

    def stop(self):
        self.process.terminate()  # runuser passes it on
        expect(self.process.wait(45) is not None, "the server stops")

    def restart(self):
        self.stop()
        self.start()

    def admin(self, *words, **more):
        return self.root.run("runuser", "-u", "sealift", "--", "sealift", "admin", "--data", DATA, *words, **more)

    def schema(self):
        with sqlite3.connect(self.root.folder / "var/lib/sealift/catalog/catalog.db") as catalog:
            return catalog.execute("SELECT version FROM schema_version").fetchone()[0]

    # People's side.

    def as_person(self, name):
        return {"HOME": f"/home/{name}", "SEALIFT_HOME": f"/home/{name}/profile", "SEALIFT_PASSWORD": PASSWORD}

    def run(self, name, *words, program="sealift"):
        return self.root.run(program, *words, environment=self.as_person(name))

    def enrol(self, name, *flags):
        (self.root.folder / "home" / name).mkdir(mode=0o700)
        link = next(word for word in self.admin("invite", f"{name}@example.org", *flags).split() if "#" in word)
        self.run(name, "login", self.url, "--enrol", link)

    def send(self, text, program="sealift"):
        """From Alice to Bob; the parcel."""
        (self.root.folder / "home/alice/note.txt").write_text(text)
        said = self.run("alice", "send", "/home/alice/note.txt", "--to", "bob@example.org", program=program)
        return re.search(r"\b[0-9a-f]{32}\b", said)[0]

    def receive(self, parcel, text, program="sealift"):
        place = f"/home/bob/in-{time.monotonic_ns()}"
        self.run("bob", "receive", parcel, "-o", place, program=program)
        got = [path.read_text() for path in (self.root.folder / place.lstrip("/")).rglob("*") if path.is_file()]
        expect(got == [text], f"Bob received {got}, and was sent {text!r}")

    def exchange(self, text, program="sealift"):
        parcel = self.send(text, program)
        self.receive(parcel, text, program)
        return parcel

    # The way through.

    def go_through(self, before, after):
        """With the catalog's schemas of either version; None: what the older one makes."""
        expect("no compiler" in self.root.shell("command -v cc c++ gcc g++ clang || echo no compiler"), "the fresh root has no compiler")
        seconds = self.first_parcel()
        self.schemas = (before or self.schema(), after)
        expect(self.schemas[0] < after, f"there is a migration between the versions: {self.schemas}")
        self.told(f"from schema {self.schemas[0]} to {after}")
        self.upgrade(*self.schemas)
        self.roll_back(*self.schemas)
        self.remove()
        return seconds

    def first_parcel(self):
        self.told("apt install to the first parcel")
        begun = time.monotonic()
        self.root.run("apt-get", "-qq", "update")
        self.install("old")
        config = self.root.folder / CONFIG.lstrip("/")
        config.write_text(config.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{self.port}"))
        self.start()
        self.reopen_key = self.admin("reopen-keys").splitlines()[0]
        self.enrol("alice", "--admin")
        self.enrol("bob")
        self.exchange("the first parcel")
        seconds = time.monotonic() - begun
        self.told(f"the first parcel was received after {seconds:.0f} s")
        said = self.root.run("stat", "-c", "%a %U", DATA, "/var/backups/sealift", "/etc/sealift/backup-keys")
        expect(said.split("\n")[:3] == ["700 sealift"] * 3, f"folders of the package: {said}")
        return seconds

    def upgrade(self, before, after):
        self.told("upgrade")
        self.root.run(*self.as_unit("sealift-backup.service"))
        self.waiting = self.send("sent before the upgrade, received after it")
        done(["dpkg-deb", "-x", self.packages["old"][1], self.root.folder / "old-client"])
        expect(self.schema() == before, "the catalog before the upgrade")
        said = self.install("new")
        expect(said.count("making a backup before the upgrade") == 1, f"one backup before the upgrade:\n{said}")
        self.restart()
        expect(self.schema() == after, "the upgrade migrated the catalog")
        expect(f":{self.port}" in (self.root.folder / CONFIG.lstrip("/")).read_text(), "the configuration is the operator's")
        self.receive(self.waiting, "sent before the upgrade, received after it")
        self.exchange("old client, new server", "/old-client/usr/bin/sealift")
        self.later = self.exchange("sent after the upgrade")

    def roll_back(self, before, after):
        self.told("rollback across the migration")
        done(["dpkg-deb", "-x", self.packages["new"][1], self.root.folder / "new-client"])
        self.stop()
        said = self.install("old", "--allow-downgrades")
        expect("backup before" not in said, f"a rollback makes no backup of the newer catalog:\n{said}")
        said = self.root.fails(*self.as_unit("sealift.service"))
        expect("newer version" in said, f"the older server says why it refuses the newer catalog:\n{said}")
        # What docs/operate/upgrade.md says.
        self.root.shell(f"mv {DATA} {DATA}.newer && systemd-tmpfiles --create sealift.conf")
        self.admin("restore", "/var/backups/sealift", "--keys", "/etc/sealift/backup-keys")
        expect(self.schema() == before, "the catalog of before the upgrade")
        self.start()
        said = self.root.fails("sealift", "log", "verify", self.url, environment=self.as_person("alice"))
        expect("older state" in said, f"a client that saw more notices the rollback:\n{said}")
        self.admin("state-restore", "--key-file", "-", input=self.reopen_key + "\n")
        for name in ("alice", "bob"):
            self.run(name, "log", "accept-restore", self.url, "--yes")
            self.run(name, "login", self.url, "--account", f"{name}@example.org")
        self.receive(self.waiting, "sent before the upgrade, received after it")
        self.root.fails("sealift", "receive", self.later, "-o", "/home/bob/later", environment=self.as_person("bob"))
        self.exchange("new client, old server", "/new-client/usr/bin/sealift")
        self.install("new")
        self.restart()
        expect(self.schema() == after, "the second upgrade migrated the catalog")
        self.exchange("after the second upgrade")

    def remove(self):
        self.told("remove and purge")
        self.stop()
        self.root.run("apt-get", "-q", "remove", "-y", "sealift-server", "sealift")
        left = self.root.shell("ls /usr/bin /usr/lib/systemd/system /usr/lib/sysusers.d /usr/share/doc | grep -i sealift || true")
        expect(left.strip() == "", f"left after remove: {left}")
        expect((self.root.folder / CONFIG.lstrip("/")).exists(), "remove leaves the configuration")
        self.root.run("apt-get", "-q", "purge", "-y", "sealift-server", "sealift")
        expect(not (self.root.folder / CONFIG.lstrip("/")).exists(), "purge removes the configuration")
        kept = ("var/lib/sealift/catalog/catalog.db", "var/lib/sealift/vault.key", "var/backups/sealift", "etc/sealift/backup-keys/vault.key")
        for path in kept:
            expect((self.root.folder / path).exists(), f"purge leaves {path}")
