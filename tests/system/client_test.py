"""The command line on a machine with a proxy, with several accounts, with a wrong clock, and in front of servers that say nothing;
and what it says when it has changed something."""
import base64
import concurrent.futures
import http.client
import json
import os
import pty
import socket
import ssl
import struct
import subprocess
import threading
import time
import unittest

from support.people import PASSWORD, Person, invite
from support.server import Server, build_folder

NAME = "files.example.org"
HOUR_MS = 3_600_000


def make_authority(folder):
    """A private authority and a certificate of it for NAME; gives the authority's file."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=Private Authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", f"/CN={NAME}", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text(f"subjectAltName=DNS:{NAME},IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem")
    return folder / "ca.pem"


class ConnectProxy:
    """Takes CONNECT, and leads every name to one port of this machine. `answer`: said instead."""

    def __init__(self, port, login=None, answer=None):
        self.port, self.login, self.answer = port, login, answer
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        head = b""
        while b"\r\n\r\n" not in head:
            more = near.recv(4096)
            if not more:
                return near.close()
            head += more
        self.asked.append(head.decode().splitlines()[0])
        wanted = "Proxy-Authorization: Basic " + base64.b64encode((self.login or "").encode()).decode()
        if self.login and wanted not in head.decode():
            near.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return near.close()
        if self.answer:
            near.sendall(self.answer)
            return near.close()
        far = socket.create_connection(("127.0.0.1", self.port))
        near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self.pump, args=(near, far), daemon=True).start()
        self.pump(far, near)

    @staticmethod
    def pump(source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class Machine(Person):
    """A person whose machine has more in its environment."""
    more = {}

    def environment(self, password=PASSWORD):
        return {**super().environment(password), **self.more}


class ServerOfAuthority(Server):
    def connect(self):
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)


class WithAuthority(unittest.TestCase):
    """A server behind a private authority's certificate, under a name that only a proxy knows."""

    @classmethod
    def setUpClass(cls):
        cls.server = ServerOfAuthority(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.ca = make_authority(cls.server.folder)
        cls.server.config = (f"certificate = {cls.server.folder}/server.pem\nprivate_key = {cls.server.folder}/server.key\n"
                             f"host_name = {NAME}\n")
        cls.server.start()
        cls.url = f"https://{NAME}:{cls.server.port}"

    def person(self, **more):
        person = Machine(self.server)
        person.more = more
        return person

    def enrol(self, person, *options):
        address = f"p{os.urandom(4).hex()}@example.org"
        return person.tried("login", self.url, "--enrol", invite(self.server, address).split("#")[1], *options)

    def proxy(self, **how):
        proxy = ConnectProxy(self.server.port, **how)
        self.addCleanup(proxy.close)
        return proxy

    def test_through_a_proxy_with_a_password_and_a_private_authority(self):
        proxy = self.proxy(login="clerk:s3cret word")
        for name in ("https_proxy", "HTTPS_PROXY"):
            person = self.person(**{name: f"http://clerk:s3cret%20word@{proxy.address}"})
            done = self.enrol(person, "--authorities", self.ca)
            self.assertEqual(done.returncode, 0, done.stderr)
            person.run("whoami")  # the authority is in the profile
            person.run("log", "verify", self.url)
            person.run("doctor", self.url)
            person.run("log", "witness", self.url, "--state", person.home / "witness", "--key", person.home / "witness.key")
            address = person.json("whoami")["address"]
            person.run("login", self.url, "--account", address)
            person.run("logout")
            person.run("login", self.url, "--account", address)
            refused = person.tried("doctor", self.url, "--authorities", "system")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("no authority that this machine knows has signed it", refused.stdout)
        self.assertEqual(set(proxy.asked), {f"CONNECT {NAME}:{self.server.port} HTTP/1.1"})

    def test_a_proxys_refusals_are_its_own_and_no_password_is_shown(self):
        for how, says in (({"login": "clerk:other"}, "status 407"),
                          ({"answer": b"HTTP/1.1 502 Bad Gateway\r\n\r\n"}, "status 502"),
                          ({"answer": b"220 smtp ready\r\n\r\n"}, "isn't an HTTP proxy")):
            proxy = self.proxy(**how)
            done = self.enrol(self.person(HTTPS_PROXY=f"http://clerk:s3cret@{proxy.address}"), "--authorities", self.ca)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{proxy.address}, set in HTTPS_PROXY, ", done.stderr)
            self.assertIn(says, done.stderr)
            self.assertNotIn("s3cret", done.stdout + done.stderr)
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            closed = "127.0.0.1:%d" % nobody.getsockname()[1]
        done = self.enrol(self.person(https_proxy=closed))
        self.assertIn(f"The proxy {closed}, set in https_proxy, can't be reached.", done.stderr)
        self.assertIn("Check https_proxy", done.stderr)
        done = self.enrol(self.person(HTTPS_PROXY="http://[::1]:9"))
        self.assertIn("The proxy [::1]:9, set in HTTPS_PROXY, ", done.stderr)
        done = self.enrol(self.person(HTTPS_PROXY="socks5://clerk:s3cret@127.0.0.1:1"))
        self.assertIn("HTTPS_PROXY is not the address of a proxy", done.stderr)
        self.assertIn("no SOCKS", done.stderr)
        self.assertNotIn("s3cret", done.stderr)

    def test_no_proxy_exempts(self):
        proxy = self.proxy(answer=b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
        for exempt in ("example.org", f"other, {NAME}:{self.server.port}", "*"):
            done = self.enrol(self.person(HTTPS_PROXY=f"http://{proxy.address}", NO_PROXY=exempt), "--authorities", self.ca)
            self.assertIn(f"The name {NAME} isn't known", done.stderr, exempt)
        self.assertEqual(proxy.asked, [])

    def test_a_slow_clock_is_passed_over_for_a_day(self):
        """The authority's certificate is valid from now on."""
        proxy = self.proxy()
        clock = self.server.folder / "slow-clock"
        person = self.person(HTTPS_PROXY=proxy.address, SEALIFT_TEST_CLOCK=str(clock), LD_PRELOAD=str(build_folder() / "clock_shim.so"))
        clock.write_bytes(struct.pack("=q", -23 * HOUR_MS))
        done = self.enrol(person, "--authorities", self.ca)
        self.assertEqual(done.returncode, 0, done.stderr)
        clock.write_bytes(struct.pack("=q", -48 * HOUR_MS))
        self.assertIn("is not valid yet, by this machine's clock", person.fails("whoami"))
        clock.write_bytes(struct.pack("=q", 72 * HOUR_MS))
        self.assertIn("has expired, by this machine's clock", person.fails("log", "verify", self.url))

    def test_an_unknown_authority_says_what_helps(self):
        proxy = self.proxy()
        done = self.enrol(self.person(HTTPS_PROXY=proxy.address))
        self.assertIn("no authority that this machine knows has signed it", done.stderr)
        self.assertIn("--authorities FILE", done.stderr)
        empty = self.server.folder / "empty.pem"
        empty.write_text("nothing")
        done = self.enrol(self.person(HTTPS_PROXY=proxy.address), "--authorities", empty)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(empty), done.stderr)
        done = self.enrol(self.person(HTTPS_PROXY=proxy.address), "--authorities", self.server.folder / "none.pem")
        self.assertIn("none.pem", done.stderr)


class Mute:
    """A server that takes connections, says `text` to each request's head, and no more."""

    def __init__(self, text=b"", reads=True):
        self.text, self.reads, self.held = text, reads, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.held.append(near)
            if self.reads and self.text:
                near.recv(65536)
                near.sendall(self.text)

    def close(self):
        self.listener.close()
        for each in self.held:
            each.close()


class Silence(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Machine(cls.server, "alice@example.org", administrator=True)
        cls.alice.more = {"SEALIFT_TIMEOUT": "1"}
        cls.file = cls.server.folder / "file"
        cls.file.write_text("content")
        cls.link = cls.alice.json("send", cls.file, "--link")["link"]
        cls.request = cls.alice.json("request", "create", "--title", "t")["link"]
        # Its login leads to a server that says nothing, from now on.
        cls.parcel = "0" * 32

    def at(self, port):
        path = self.alice.profile / "login.json"
        login = json.loads(path.read_text())
        login["server"] = f"http://127.0.0.1:{port}"
        path.write_text(json.dumps(login))
        return [each.replace(self.server.url, login["server"]) for each in (self.link, self.request)]

    def test_every_verb_gives_a_silent_server_up(self):
        mute = Mute()
        self.addCleanup(mute.close)
        link, request = self.at(mute.port)
        self.addCleanup(self.at, self.server.port)
        url = f"http://127.0.0.1:{mute.port}"
        waits = (("whoami",), ("inbox",), ("outbox",), ("send", self.file, "--to", "bob@example.org"),
                 ("receive", self.parcel, "-o", self.server.folder / "out"), ("receive", link, "-o", self.server.folder / "out"),
                 ("hand-in", request, self.file), ("request", "list"), ("recall", self.parcel), ("people", "list"),
                 ("policy", "show"), ("lockdown", "status"), ("log", "verify", url), ("account", "sessions"),
                 ("login", url, "--account", "alice@example.org"))

        def wait(words):
            began = time.monotonic()
            said = self.alice.fails(*words)
            self.assertIn("127.0.0.1 accepted the request, and didn't answer it within 1\u00a0second.", said, words)
            self.assertIn("SEALIFT_TIMEOUT", said)
            self.assertLess(time.monotonic() - began, 30, words)
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            list(pool.map(wait, waits))

    def test_a_body_that_stalls(self):
        mute = Mute(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        self.addCleanup(mute.close)
        self.at(mute.port)
        self.addCleanup(self.at, self.server.port)
        self.assertIn("stopped in the middle of an answer; nothing came for 1\u00a0second", self.alice.fails("whoami"))

    def test_a_handshake_that_never_ends(self):
        mute = Mute()
        self.addCleanup(mute.close)
        said = self.alice.fails("log", "verify", f"https://127.0.0.1:{mute.port}")
        self.assertIn("no TLS handshake was done within 1\u00a0second", said)
        doctor = self.alice.tried("doctor", f"https://127.0.0.1:{mute.port}")
        self.assertEqual(doctor.returncode, 1)
        self.assertIn("no TLS handshake", doctor.stdout)

    def test_what_is_no_tls_server(self):
        other = Mute(b"SSH-2.0-OpenSSH_9.2\r\n")
        self.addCleanup(other.close)
        said = self.alice.fails("log", "verify", f"https://127.0.0.1:{other.port}")
        self.assertIn("came about: what answers there doesn't speak TLS as Sealift does", said)

    def test_a_wrong_limit_is_refused(self):
        bob = Machine(self.server)
        for wrong in ("soon", "0", "2d", "-1", "5 m"):
            bob.more = {"SEALIFT_TIMEOUT": wrong}
            self.assertIn(f"SEALIFT_TIMEOUT takes a number of seconds, or a duration like 5m, up to a day; not {wrong}", bob.fails("whoami", status=2))
        for right in ("90s", "5m", "300", "1d"):
            bob.more = {"SEALIFT_TIMEOUT": right}
            bob.fails("whoami", status=1)


class Profiles(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.alice = Machine(self.server, "alice@example.org", administrator=True)

    def login(self, name):
        link = invite(self.server, f"{name}@example.org")
        self.alice.run("login", self.server.url, "--enrol", link, "--profile", name)

    def who(self, *words, **more):
        self.alice.more = more
        return self.alice.run(*words).splitlines()[0]

    def test_one_profile_is_as_it_was(self):
        self.assertEqual(self.who("whoami"), "alice@example.org")
        self.assertNotIn("profile:", self.alice.fails("recall", "0" * 32))
        self.assertEqual(self.alice.run("profile", "list").split()[:3], ["*", "default", "alice@example.org"])

    def test_several_accounts_on_one_machine(self):
        self.login("work")
        self.login("home")
        self.assertEqual(self.who("whoami"), "alice@example.org")
        self.assertEqual(self.who("whoami", "--profile", "work"), "work@example.org")
        self.assertEqual(self.who("--profile", "work", "whoami"), "work@example.org")
        self.assertEqual(self.who("whoami", "--profile=home", SEALIFT_PROFILE="work"), "home@example.org")
        self.assertEqual(self.who("whoami", SEALIFT_PROFILE="work"), "work@example.org")
        self.assertEqual(self.who("profile", "use", "work"), "using the profile work")
        self.assertEqual(self.who("whoami"), "work@example.org")
        self.assertEqual(self.who("whoami", "--profile", "default"), "alice@example.org")
        listed = self.alice.json("profile", "list")
        self.assertEqual([(each["profile"], each["in_use"]) for each in listed], [("default", False), ("home", False), ("work", True)])
        self.assertIn("sealift: profile: work", self.alice.fails("recall", "0" * 32))
        for path in (self.alice.profile / "profiles").rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o77, 0, path)
        # A parcel from one to the other.
        (self.alice.home / "file").write_text("x")
        self.alice.run("send", self.alice.home / "file", "--to", "home@example.org")
        self.assertEqual(len(self.alice.json("inbox", "--profile", "home")), 1)

    def test_removing(self):
        self.login("work")
        self.alice.run("profile", "use", "work")
        self.assertIn("logout --profile work", self.alice.fails("profile", "remove", "work"))
        self.alice.run("logout", "--profile", "work")
        self.alice.run("profile", "remove", "work")
        self.assertEqual(self.who("whoami"), "alice@example.org")
        self.assertFalse((self.alice.profile / "profiles" / "work").exists())
        self.alice.fails("profile", "remove", "default", status=2)

    def test_a_name_that_is_not_there_makes_nothing(self):
        for words in (("whoami", "--profile", "wrok"), ("profile", "use", "wrok"), ("profile", "remove", "wrok")):
            self.assertIn("There is no profile of this name on this machine.", self.alice.fails(*words))
        for name in ("../work", "", "Work", "a/b", "-x", "a" * 41):
            self.assertIn("profile", self.alice.fails("whoami", "--profile", name, status=2) if name else "profile")
        self.assertFalse((self.alice.profile / "profiles").exists())


class Clock(unittest.TestCase):
    """A client's clock that is hours off: everything works, and it is said where it matters."""

    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.offset = self.server.folder / "client-clock"
        self.shift(0)

    def shift(self, milliseconds):
        self.offset.write_bytes(struct.pack("=q", milliseconds))

    def person(self, name):
        person = Machine.__new__(Machine)
        person.more = {"LD_PRELOAD": str(build_folder() / "clock_shim.so"), "SEALIFT_TEST_CLOCK": str(self.offset)}
        person.__init__(self.server, f"{name}@example.org")
        return person

    def go_through_a_day(self, name, offset_ms):
        self.shift(offset_ms)
        bob = Person(self.server, f"bob-{name}@example.org")
        alice = self.person(f"alice-{name}")
        alice.run("logout")
        alice.run("login", self.server.url, "--account", alice.address)
        alice.run("whoami")
        source = alice.home / "file"
        source.write_text("content")
        sending = alice.tried("send", source, "--to", bob.address, "--expires", "1h", "--json")
        self.assertEqual(sending.returncode, 0, sending.stderr)
        self.assertIn("warning: this machine's clock says", sending.stderr)
        sent = json.loads(sending.stdout)["parcel"]
        bob.run("receive", sent, "-o", bob.home / "out")
        back = bob.json("send", bob.home / "out" / "file", "--to", alice.address, "--expires", "1h")["parcel"]
        received = alice.tried("receive", back, "-o", alice.home / "out")
        self.assertEqual(received.returncode, 0, received.stderr)
        self.assertNotIn("only until", received.stderr)
        alice.run("log", "verify", self.server.url)
        doctor = alice.tried("doctor", self.server.url)
        self.assertIn("clock", doctor.stdout)
        self.assertEqual(doctor.returncode, 0, doctor.stdout)

    def test_23_hours_fast(self):
        self.go_through_a_day("fast", 23 * HOUR_MS)

    def test_23_hours_slow(self):
        self.go_through_a_day("slow", -23 * HOUR_MS)

    def test_more_than_a_day_is_a_problem_that_doctor_names(self):
        self.shift(25 * HOUR_MS)
        person = self.person("far")
        doctor = person.tried("doctor", self.server.url)
        self.assertEqual(doctor.returncode, 1)
        self.assertIn("set the clock", doctor.stdout)

    def test_a_login_that_is_over_by_a_wrong_clock_is_the_servers_to_judge(self):
        alice = self.person("alice")
        expires = json.loads((alice.profile / "login.json").read_text())["expires"]
        self.shift(expires - int(time.time() * 1000) + 12 * HOUR_MS)
        self.assertEqual(alice.run("whoami").splitlines()[0], "alice@example.org")


class Says(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")
        cls.folder = cls.server.folder / "pile"
        cls.folder.mkdir()
        (cls.folder / "one").write_text("1")

    def send(self, *words):
        return self.alice.json("send", self.folder, *words)

    def test_a_verb_that_changes_something_says_so_in_one_line(self):
        parcel = self.send("--to", "alice@example.org")["parcel"]
        linked = self.send("--link")["parcel"]
        link = self.alice.json("links", linked)[0]["link"]
        request = self.alice.json("request", "create", "--title", "t")["request"]
        invitation = self.alice.json("people", "invite", "carol@example.org")["invitation"]
        token = self.alice.json("account", "token", "--scope", "parcels_read")["session"]
        for words, says in ((("recipients", "add", parcel, "bob@example.org"), f"added bob@example.org to {parcel}"),
                            (("recipients", "remove", parcel, "bob@example.org"), f"removed bob@example.org from {parcel}"),
                            (("recall", parcel), f"recalled {parcel}"),
                            (("links", "revoke", linked, link), f"revoked the link {link}"),
                            (("request", "close", request), f"closed the request {request}"),
                            (("people", "withdraw", invitation), f"withdrew the invitation {invitation}"),
                            (("people", "suspend", "bob@example.org"), "suspended bob@example.org"),
                            (("people", "reinstate", "bob@example.org"), "reinstated bob@example.org"),
                            (("people", "roles", "bob@example.org", "--recovery-officer"), "proposed "),
                            (("people", "roles", "bob@example.org", "--none"), "bob@example.org has no role now"),
                            (("people", "quota", "bob@example.org", "1048576"), "quota of bob@example.org now: 1.0 MiB"),
                            (("people", "end-sessions", "bob@example.org"), "ended all logins and tokens of bob@example.org"),
                            (("account", "end-session", token), f"ended the login {token}")):
            said = self.alice.run(*words)
            self.assertTrue(said.startswith(says), (words, said))
            self.assertEqual(said.count("\n"), 1, said)
        self.assertIn("nobody@example.org has no account on this server", self.alice.fails("people", "suspend", "nobody@example.org"))
        self.assertTrue(self.bob.run("logout").startswith("logged out"))
        self.assertEqual(self.bob.run("logout"), "nobody was logged in\n")

    def test_one_is_singular(self):
        parcel = self.send("--to", "alice@example.org")["parcel"]
        out = self.server.folder / "singular"
        self.assertIn("received 2 entries\n", self.alice.run("receive", parcel, "-o", out))
        self.assertIn("received 0 entries; 2 were there already; this used no opening\n", self.alice.run("receive", parcel, "-o", out))
        (out / "pile" / "one").unlink()
        self.assertIn("received 1 entry; 1 was there already\n", self.alice.run("receive", parcel, "-o", out))

    def test_the_path_that_was_typed_is_in_the_error(self):
        missing = self.server.folder / "is not here"
        for words in (("send", missing, "--to", "bob@example.org"), ("open", missing), ("seal", "-R", missing, self.folder / "one"),
                      ("keygen", "-y", missing),
                      ("login", self.server.url, "--account", "a@example.org", "--authorities", missing),
                      ("receive", "0" * 32, "-o", missing / "below"), ("census", "scan", missing, "--case", self.server.folder / "case")):
            done = self.alice.tried(*words)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertIn("is not here", done.stderr, words)

    def test_the_progress_line_goes_before_anything_is_printed(self):
        """On a terminal; elsewhere there is none. It appears after half a second: the file grows until sending takes that long."""
        large = self.folder / "large"
        self.addCleanup(large.unlink)
        for mib in (64, 256, 1024):
            large.write_bytes(os.urandom(1 << 20) * mib)
            said = self.on_a_terminal("send", self.folder, "--to", "alice@example.org")
            if b"sending" in said:
                break
        self.assertIn(b"sending", said)
        line = next(each for each in said.split(b"\n") if b"sent " in each)
        self.assertTrue(line.split(b"\x1b[K")[-1].startswith(b"sent "), line)
        self.assertNotIn("\x1b", self.alice.tried("send", self.folder, "--to", "alice@example.org").stderr)

    def on_a_terminal(self, *words):
        master, slave = pty.openpty()
        process = subprocess.Popen([self.server.build / "sealift", *words], env=self.alice.environment(), stdin=subprocess.DEVNULL,
                                   stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        said = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        process.wait()
        os.close(master)
        return said

    def test_a_reader_that_has_enough_is_no_error(self):
        self.send("--to", "alice@example.org")  # an empty outbox is said, on standard error
        for words in ("help", "send --help", "outbox"):
            done = subprocess.run(f"{self.server.build}/sealift {words} | head -c 1", shell=True, capture_output=True, text=True,
                                  env=self.alice.environment())
            self.assertEqual(done.stderr, "", words)


if __name__ == "__main__":
    unittest.main()
