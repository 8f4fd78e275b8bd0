"""People at a real server: enrolled by invitation, each with a profile folder, running `sealift`.

    alice = Person(server, "alice@example.org", administrator=True)
    sent = alice.json("send", folder, "--to", "bob@example.org")

And a slow road to it: SlowRoad forwards to the server, counts, and can be made slow or cut.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading

from support.session_proof import Login, Owner
from support.waiting import pace, until

PASSWORD = "correct horse battery"


class Failed(Exception):
    """A command that ended with another status than 0."""

    def __init__(self, done):
        super().__init__(f"{done.args[1:]}: {done.returncode}\n{done.stderr}")
        self.status, self.errors = done.returncode, done.stderr


def invite(server, address, *flags):
    """An enrolment link, made on the machine itself."""
    said = subprocess.run([server.build / "sealift", "admin", "--data", server.data, "invite", address, *flags],
                          check=True, capture_output=True, text=True).stdout
    return next(word for word in said.split() if "#" in word)


class Person:
    """Somebody with a profile of their own; with an address, enrolled by an invitation. A visitor has none."""

    def __init__(self, server, address=None, administrator=False, url=None, officer=False, language="en", name=None):
        self.server, self.address = server, address
        name = name or (address or "visitor-" + os.urandom(4).hex()).split("@")[0]
        self.home = server.folder / ("home-" + name)
        self.home.mkdir(mode=0o700)
        self.profile = self.home / "profile"
        self.url = url or server.url
        self.paper = None
        if address:
            flags = ["--admin"] * administrator + ["--recovery-officer"] * officer
            self.paper = self.json("login", self.url, "--enrol", invite(server, address, *flags), "--language", language,
                                   *self.trust())["paper_key"]

    def trust(self):
        if not self.server.is_tls:
            return []
        return ["--authorities", self.server.data / "tls" / "certificate.pem"]

    def environment(self, password=PASSWORD):
        return {**os.environ, "HOME": str(self.home), "SEALIFT_HOME": str(self.profile), "SEALIFT_PASSWORD": password}

    def start(self, *words, password=PASSWORD):
        """Runs beside the caller."""
        return subprocess.Popen([self.server.build / "sealift", *map(str, words)],
                                env=self.environment(password), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)

    def tried(self, *words, password=PASSWORD, passwords=None):
        """The command when it is done, however that was. `passwords`: where more than one is asked for, in that order."""
        environment = self.environment(password)
        if passwords:
            environment["SEALIFT_PASSWORD_FD"] = "0"
        source = {"input": "".join(f"{each}\n" for each in passwords)} if passwords else {"stdin": subprocess.DEVNULL}
        return subprocess.run([self.server.build / "sealift", *map(str, words)], env=environment, **source,
                              capture_output=True, text=True, timeout=300, start_new_session=True)

    def run(self, *words, **more):
        """What it says when it succeeds."""
        done = self.tried(*words, **more)
        if done.returncode != 0:
            raise Failed(done)
        return done.stdout

    def fails(self, *words, status=1, **more):
        """What it says when it fails, with this status."""
        done = self.tried(*words, **more)
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done.stderr

    def json(self, *words, **more):
        return json.loads(self.run(*words, "--json", **more))

    def enrol(self, link, *more):
        return self.json("login", self.url, "--enrol", link, *more)

    def token(self):
        """Of the login, as the profile keeps it."""
        for path in self.profile.rglob("*.json"):
            found = json.loads(path.read_text())
            if isinstance(found, dict) and "token" in found:
                return Login.of(found["token"], found["key"]) if "key" in found else found["token"]
        raise RuntimeError("nobody is logged in")

    def files(self):
        """All of the profile, by name."""
        return {str(path.relative_to(self.profile)): path.read_bytes() for path in self.profile.rglob("*") if path.is_file()}

    def owner(self):
        """Signs as this person does."""
        login = json.loads((self.profile / "login.json").read_text())
        key, generation = Owner.of_keys_file(self.home, self.identity().read_text())
        token = self.token()
        return Owner(lambda method, path: self.server.call(method, path, token=token)[2], login["account"], key, generation)

    def identity(self):
        return self.profile / "identity.txt"


def approval(officer, recovery, address):
    """The words with which an officer approves just that recovery."""
    told = next(each for each in officer.json("recovery", "list")["recoveries"] if each["recovery"] == recovery)
    return ["recovery", "approve", recovery, address, *(["--key", told["key"]] if "key" in told else [])]


class VisitorOf(Person):
    """Somebody whose every word goes through the proxy."""

    def __init__(self, server, proxy, address, officer=False):
        super().__init__(server, url=f"http://127.0.0.1:{proxy.port}")
        self.address = address
        # Through a proxy the server has another address than it knows itself by: the link's secret.
        link = invite(server, address, *(["--recovery-officer"] * officer))
        self.paper = self.enrol(link.split("#")[1])["paper_key"]


class SlowRoad:
    """Forwards plain connections to a port of this machine, whose name it puts into requests."""

    def __init__(self, port, bytes_per_second=None):
        self.target, self.rate = port, bytes_per_second
        self.sent = self.received = 0  # to the server, from it
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                if self.listener.fileno() < 0:
                    return
                near.close()
                continue
            self.pairs.append((near, far))
            threading.Thread(target=self.pump, args=(near, far, "sent"), daemon=True).start()
            threading.Thread(target=self.pump, args=(far, near, "received"), daemon=True).start()

    def pump(self, source, sink, count):
        try:
            while True:
                piece = source.recv(65536)
                if not piece:
                    break
                if count == "sent":
                    piece = piece.replace(b"Host: 127.0.0.1:%d" % self.port,
                                          b"Host: 127.0.0.1:%d" % self.target)
                if self.rate:
                    pace(len(piece) / self.rate)
                sink.sendall(piece)
                setattr(self, count, getattr(self, count) + len(piece))
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Ends every connection there is; new ones are taken."""
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs = []

    def wait(self, count, at_least, seconds=60):
        until(lambda: getattr(self, count) >= at_least, "the road is in use", seconds)

    def close(self):
        self.listener.close()
        self.cut()


def kill(process):
    """As `kill -9`; gives what it had said."""
    process.send_signal(signal.SIGKILL)
    return process.communicate()


def make_files(folder):
    """Files on both sides of every border, names of all kinds, an empty folder; gives the folder."""
    folder = pathlib.Path(folder)
    (folder / "sub" / "deeper").mkdir(parents=True)
    (folder / "empty").mkdir()
    for size in (0, 1, 511, 512, 513, 65536, 1048576, 1048577, 3_000_000):
        (folder / f"size {size}").write_bytes(os.urandom(size))
    for name in ("-rf", "$(id)", "été", "日本語", "🙂", "a'b\"c", " x "):
        (folder / "sub" / name).write_text("in " + name)
    (folder / "sub" / "deeper" / "script").write_text("#!/bin/sh\n")
    (folder / "sub" / "deeper" / "script").chmod(0o755)
    os.utime(folder / "sub" / "été", (86400, 86400))
    os.utime(folder / "empty", (86400, 86400))
    return folder


def snapshot(folder):
    """Everything below a folder: kind, permissions, time, content."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path.relative_to(folder))] = (oct(status.st_mode), int(status.st_mtime), content)
    return found
