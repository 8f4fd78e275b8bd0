"""Accounts through the command line and a running server: enrolling, getting in and out, tokens,
administration, lock-down, the log; and a server between that lies."""
import base64
import hashlib
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from support import changes
from support.people import Person
from support.server import DAY_MS, Server, build_folder
from support.waiting import pace, until

class WithPeople(unittest.TestCase):
    """A server of a test's own, and people who enrol at it."""

    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.step_clock(0)
        self.server.start()

    def invite_on_the_machine(self, address, *options):
        done = subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data,
                               "invite", address, *options, "--json"], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["link"]

    def enrol(self, name, *options, url=None):
        person = Person(self.server, name=name)
        person.address = f"{name}@example.org"
        link = self.invite_on_the_machine(f"{name}@example.org", *options)
        # Through a proxy the server has another address than it knows itself by: the link's secret.
        person.paper_key = person.json("login", url or self.server.url, "--enrol",
                                       link.split("#")[-1] if url else link)["paper_key"]
        return person

    def refused(self, person, *words, status=1, text="", **how):
        done = person.tried(*words, **how)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        self.assertIn(text, done.stderr)


class Accounts(WithPeople):
    def test_enrolling_and_getting_in_and_out(self):
        alice = self.enrol("alice")
        who = alice.json("whoami")
        self.assertEqual(who["address"], "alice@example.org")
        self.assertEqual(who["roles"], [])
        alice.run("logout")
        self.refused(alice, "whoami", text="You are not logged in")
        self.assertNotIn("identity.txt", alice.files())

        login = ("login", self.server.url, "--account", "Alice@Example.org")
        self.refused(alice, *login, password="wrong horse battery")
        alice.run(*login)
        self.assertEqual(alice.json("whoami")["recipient"], who["recipient"])
        alice.run("logout")
        alice.run(*login, "--paper-key", password=alice.paper_key)
        self.assertEqual(alice.json("whoami")["recipient"], who["recipient"])

        # A new machine, and stock age's view of the keys.
        elsewhere = Person(self.server, name="alice-elsewhere")
        elsewhere.run(*login)
        self.assertEqual(elsewhere.json("whoami")["recipient"], who["recipient"])
        if shutil.which("age-keygen"):
            shown = subprocess.run(["age-keygen", "-y", elsewhere.profile / "identity.txt"],
                                   capture_output=True, text=True)
            self.assertEqual(shown.stdout.strip(), who["recipient"], shown.stderr)

    def test_an_enrolment_link_works_once(self):
        link = self.invite_on_the_machine("bob@example.org")
        bob = Person(self.server, name="bob")
        bob.run("login", self.server.url, "--enrol", link)
        again = Person(self.server, name="again")
        self.refused(again, "login", self.server.url, "--enrol", link)
        short = Person(self.server, name="short")
        link = self.invite_on_the_machine("short@example.org")
        self.refused(short, "login", self.server.url, "--enrol", link, status=2, password="short",
                     text="at least")
        short.run("login", self.server.url, "--enrol", link)

    def test_a_link_of_another_server_and_a_login_that_nobody_can_be_asked_for(self):
        person = Person(self.server, name="nina")
        secret = self.enrol("admin", "--admin").json("people", "invite", "nina@example.org")["link"].partition("#")[2]
        link = f"https://other.example.org:8443/e#{secret}"
        self.refused(person, "login", self.server.url, "--enrol", link,
                     text=f"the enrolment link is of https://other.example.org:8443, not of {self.server.url}")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SEALIFT_PASSWORD")}
        asked = subprocess.run([build_folder() / "sealift", "login", self.server.url, "--account", "nina@example.org"], text=True,
                               capture_output=True, stdin=subprocess.DEVNULL, start_new_session=True,
                               env={**environment, "SEALIFT_HOME": str(person.profile), "LC_ALL": "C.UTF-8"})
        self.assertEqual(asked.returncode, 1)
        self.assertIn("there is no terminal on which to ask for the password or passphrase, and neither SEALIFT_PASSWORD_FD nor SEALIFT_PASSWORD is set", asked.stderr)

    def test_unknown_accounts_look_like_known_ones(self):
        self.enrol("alice")
        stranger = Person(self.server, name="stranger")
        known = stranger.tried("login", self.server.url, "--account", "alice@example.org",
                             password="wrong horse battery")
        unknown = stranger.tried("login", self.server.url, "--account", "nobody@example.org",
                               password="wrong horse battery")
        self.assertEqual((known.returncode, known.stdout), (unknown.returncode, unknown.stdout))
        same = [re.sub(r"in \d+ s", "in N s", each.stderr) for each in (known, unknown)]
        self.assertEqual(*same)

    def test_a_lost_password_is_replaced_with_the_paper_key(self):
        alice = self.enrol("alice")
        recipient = alice.json("whoami")["recipient"]
        self.refused(alice, "account", "password", status=2, text="the new password is the present one")
        environment = {**os.environ, "SEALIFT_HOME": str(alice.profile), "SEALIFT_PASSWORD_FD": "0"}
        changed = subprocess.run([build_folder() / "sealift", "account", "password",
                                  "--paper-key"], env=environment, capture_output=True, text=True,
                                 input=alice.paper_key + "\nanother long password\n")
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.assertIn("changed the password; all other logins and all tokens of the account have ended", changed.stderr)
        self.assertIn("ended: paper key of ", changed.stderr)
        self.assertIn("new paper key:", changed.stdout)
        alice.run("logout")
        login = ("login", self.server.url, "--account", "alice@example.org")
        self.refused(alice, *login)
        alice.run(*login, password="another long password")
        self.assertEqual(alice.json("whoami")["recipient"], recipient)

        new = alice.json("paper-key")["paper_key"]
        alice.run("logout")
        self.refused(alice, *login, "--paper-key", password=alice.paper_key)
        self.refused(alice, *login, "--paper-key", password=new, text="was added to the account less than 1\u00a0day ago, and doesn't log in for another 24\u00a0hours")
        self.server.step_clock(DAY_MS - 300)  # a clock that runs more than a day ahead is held
        pace(0.4)
        alice.run(*login, "--paper-key", password=new)
        self.assertEqual(alice.json("whoami")["recipient"], recipient)

    def test_sessions_and_tokens(self):
        alice = self.enrol("alice")
        token = alice.json("account", "token", "--scope", "parcels_read", "--days", "1")
        sessions = alice.json("account", "sessions")["sessions"]
        self.assertEqual(sorted(each["kind"] for each in sessions), ["api_token", "login"])
        status, _, _ = self.server.call("GET", "/api/v1/parcels/sent", token=token["token"])
        self.assertEqual(status, 200)
        status, _, _ = self.server.call("GET", "/api/v1/account", token=token["token"])
        self.assertEqual(status, 403)
        alice.run("account", "end-session", token["session"])
        status, _, _ = self.server.call("GET", "/api/v1/parcels/sent", token=token["token"])
        self.assertEqual(status, 401)

    def test_a_program_uses_a_token_in_the_place_of_a_login(self):
        alice, bob = self.enrol("alice"), self.enrol("bob")
        made = alice.json("account", "token", "--scope", "parcels_read", "--scope", "parcels_write", "--days", "1")
        login = ("login", self.server.url, "--account", "alice@example.org", "--token")
        self.refused(alice, *login, status=2, password="not a token")
        self.refused(alice, *login, password="A" * 43)
        self.assertEqual(alice.json("inbox"), [], "a refused token changes nothing")
        alice.run(*login, password=made["token"])
        paper = self.server.folder / "paper"
        paper.write_text("by a program")
        sent = alice.json("send", str(paper), "--to", "bob@example.org")
        bob.run("receive", sent["parcel"], "-o", str(self.server.folder / "out"))
        self.refused(alice, "account", "sessions")  # not what the token is for
        self.refused(self.enrol("carol"), *login, password=made["token"], text="another account")
        stranger = Person(self.server, name="stranger")
        self.refused(stranger, *login, password=made["token"], text="no keys")

    def test_administrators_manage_people_and_policy(self):
        admin = self.enrol("admin", "--admin")
        self.assertEqual(admin.json("whoami")["roles"], ["administrator"])
        invited = admin.json("people", "invite", "carol@example.org")
        carol = Person(self.server, name="carol")
        carol.run("login", self.server.url, "--enrol", invited["link"])
        everybody = admin.json("people", "list")["accounts"]
        self.assertEqual(sorted(each["address"] for each in everybody),
                         ["admin@example.org", "carol@example.org"])
        self.refused(carol, "people", "list")
        admin.run("people", "suspend", "carol@example.org")
        self.refused(carol, "whoami")
        admin.run("people", "reinstate", "carol@example.org")
        carol.run("login", self.server.url, "--account", "carol@example.org")
        admin.run("people", "roles", "carol@example.org", "--admin")
        changes.let_take_effect(self.server)
        carol.run("people", "list")
        admin.run("people", "quota", "carol@example.org", "1000000")
        admin.run("people", "quota", "carol@example.org", "default")
        withdrawn = admin.json("people", "invite", "dave@example.org")
        admin.run("people", "withdraw", withdrawn["invitation"])
        dave = Person(self.server, name="dave")
        self.refused(dave, "login", self.server.url, "--enrol", withdrawn["link"])

        before = admin.json("policy", "show")
        admin.run("policy", "set", "link_opens_max=5", "links=forbidden",
                 "recipient_domains=example.org,example.net")
        after = admin.json("policy", "show")
        self.assertEqual(after["link_opens_max"], 5)
        self.assertEqual(after["links"], "forbidden")
        self.assertEqual(after["recipient_domains"], ["example.net", "example.org"])
        self.assertEqual(after["revision"], before["revision"] + 1)
        self.refused(admin, "policy", "set", "links=sometimes", status=2, text="the policy links takes one of allowed, forbidden; not sometimes")
        self.refused(admin, "policy", "set", "no_such=1", status=2)
        self.refused(admin, "policy", "set", "revision=77", status=2, text="the policy's revision can't be set: it counts the changes")
        self.refused(admin, "people", "roles", "nobody@example.org", text="nobody@example.org has no account on this server")
        self.refused(admin, "people", "suspend", "0" * 32, text="has no account on this server")
        token = admin.json("account", "token", "--scope", "administration", "--days", "1")["token"]
        admin.run("login", self.server.url, "--account", admin.address, "--token", password=token)
        for words in (("people", "invite", "eve@example.org"), ("people", "roles", "carol@example.org", "--admin"),
                      ("policy", "set", "links=allowed")):
            self.refused(admin, *words, text="A token for programs cannot do this.")

    def test_one_locks_down_and_two_reopen(self):
        one, two = self.enrol("one", "--admin"), self.enrol("two", "--admin")
        alice = self.enrol("alice")
        self.refused(alice, "lockdown", "on")
        self.assertTrue(one.json("lockdown", "on")["locked"])
        self.refused(alice, "account", "sessions")
        # Locking ends logins; administrators get back in.
        for each in (one, two):
            each.run("login", self.server.url, "--account", each.address)
        self.assertTrue(one.json("lockdown", "off")["locked"])
        self.assertTrue(one.json("lockdown", "off")["locked"], "one person counts once")
        self.assertFalse(two.json("lockdown", "off")["locked"])
        self.assertFalse(one.json("lockdown", "status")["locked"])
        alice.run("login", self.server.url, "--account", "alice@example.org")

    def test_the_log_is_verified_over_the_network(self):
        alice = self.enrol("alice")
        first = alice.json("log", "verify", self.server.url)
        self.assertTrue(first["whole"])
        self.enrol("bob")
        until(self.server.has_logged_all)
        second = alice.json("log", "verify", self.server.url)
        self.assertGreater(second["size"], first["size"])
        self.assertEqual(second["seen_before"], first["size"])
        stranger = Person(self.server, name="stranger")
        self.assertNotIn("seen_before", stranger.json("log", "verify", self.server.url))


class OverTls(WithPeople):
    def setUp(self):
        super().setUp()
        self.server.stop()
        self.server.config = "tls = self-made\n"
        self.server.start()

    def test_a_self_made_certificate_is_trusted_by_its_fingerprint_alone(self):
        pem = (self.server.data / "tls" / "certificate.pem").read_text()
        pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
        alice = Person(self.server, name="alice")
        link = self.invite_on_the_machine("alice@example.org")
        enrol = ("login", self.server.url, "--enrol", link)
        self.refused(alice, *enrol, text="is not one that is trusted")
        self.refused(alice, *enrol, "--certificate", "00" * 32,
                     text=f"showed another certificate than the pinned one. Shown: {pin}. Pinned: {'00' * 32}.")
        self.refused(alice, *enrol, "--certificate", "certificate.pem", status=2,
                     text="--certificate takes a SHA-256 in hexadecimal, not certificate.pem")
        spelled = ":".join(re.findall("..", pin.upper()))
        alice.run(*enrol, "--certificate", spelled)
        alice.run("whoami")
        alice.run("log", "verify", self.server.url)
        stranger = Person(self.server, name="stranger")
        self.refused(stranger, "log", "verify", self.server.url)
        stranger.run("log", "verify", self.server.url, "--certificate", pin)


class Liar(http.server.BaseHTTPRequestHandler):
    """Passes requests on, and changes answers as the test says."""
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in ("host", "content-length")}
        request = urllib.request.Request(self.server.true_url + self.path, body, headers,
                                         method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        status, content = answer.status, answer.read()
        kind = answer.headers.get("Content-Type", "text/plain")
        extra = {}
        lie = self.server.lies.get((self.command, self.path))
        if lie:
            status, content, extra = lie(status, content)
        self.server.seen.append((self.command, self.path))
        self.send_response(status)
        for name, value in {"Content-Type": kind, **extra}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:  # who is asked for more than they want hangs up
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on

    def log_message(self, *unused):
        pass


def changed_json(change):
    def lie(status, content):
        body = json.loads(content)
        change(body)
        return status, json.dumps(body).encode(), {}
    return lie


class LyingServer(WithPeople):
    """Our own server behind a proxy that lies: each lie is refused, and nothing remembered changes."""

    def setUp(self):
        super().setUp()
        self.proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
        self.proxy.true_url, self.proxy.lies, self.proxy.seen = self.server.url, {}, []
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        self.addCleanup(self.proxy.server_close)
        self.addCleanup(self.proxy.shutdown)
        self.url = f"http://127.0.0.1:{self.proxy.server_port}"
        self.alice = self.enrol("alice", url=self.url)
        self.alice.run("whoami")

    def refuse_lie(self, path, lie, *words, method="GET", text="", **how):
        before = self.alice.files()
        self.proxy.lies = {(method, path): lie}
        self.refused(self.alice, *words, text=text, **how)
        self.proxy.lies = {}
        self.assertEqual(self.alice.files(), before)

    def test_old_and_foreign_checkpoints(self):
        old = urllib.request.urlopen(self.server.url + "/log/checkpoint").read()
        self.enrol("bob")
        until(self.server.has_logged_all)
        self.alice.run("log", "verify", self.url)
        self.refuse_lie("/log/checkpoint", lambda status, _: (status, old, {}), "log", "verify",
                        self.url, text="went back")
        other = Server(build_folder())
        self.addCleanup(other.__exit__)
        other.start()
        foreign = urllib.request.urlopen(other.url + "/log/checkpoint").read()
        self.refuse_lie("/log/checkpoint", lambda status, _: (status, foreign, {}), "log",
                        "verify", self.url)
        # Another server in this one's place, as after a seizure.
        self.proxy.true_url = other.url
        self.refused(self.alice, "log", "verify", self.url)
        self.refused(self.alice, "whoami")

    def test_damaged_entries_of_the_log(self):
        def flip(status, content):
            return status, content[:-1] + bytes([content[-1] ^ 1]), {}
        size = self.alice.json("log", "verify", self.url)["size"]
        bundle = f"/log/tile/entries/000.p/{size}"
        self.assertIn(("GET", bundle), self.proxy.seen)
        self.refuse_lie(bundle, flip, "log", "verify", self.url, text="log")

    def test_another_key_in_the_directory(self):
        def swap(body):
            body["key"]["recipient"] = self.other_recipient()
        self.refuse_lie("/api/v1/directory/find", changed_json(swap), "whoami", method="POST",
                        text="another key")

    def other_recipient(self):
        made = subprocess.run([build_folder() / "sealift", "keygen"], capture_output=True,
                              text=True)
        return made.stderr.split()[-1]

    def test_a_directory_without_the_logs_proof(self):
        self.refuse_lie("/api/v1/directory/find", changed_json(lambda body: body.pop("proof")),
                        "whoami", method="POST", text="log")

    def test_another_salt_or_cost_at_login(self):
        self.alice.run("logout")
        login = ("login", self.url, "--account", "alice@example.org")

        def salted(change):
            def lie(body):
                parameters = bytearray(base64.b64decode(body["parameters"]))
                change(parameters)
                body["parameters"] = base64.b64encode(bytes(parameters)).decode()
            return changed_json(lie)

        def flip_salt(parameters):
            parameters[-1] ^= 1

        def cheap(parameters):
            parameters[1:9] = (1).to_bytes(4, "little") + (8).to_bytes(4, "little")

        for change in (flip_salt, cheap):
            self.proxy.seen = []
            self.refuse_lie("/api/v1/sessions/prepare", salted(change), *login, method="POST")
            self.assertNotIn(("POST", "/api/v1/sessions"), self.proxy.seen)
        self.alice.run(*login)

    def test_answers_that_are_none(self):
        lies = {
            "elsewhere": lambda s, c: (302, b"", {"Location": "http://127.0.0.1:1/"}),
            "html": lambda s, c: (200, b"<html>please log in</html>", {}),
            "nothing": lambda s, c: (200, b"", {}),
            "trouble": lambda s, c: (500, b"{}", {}),
            "huge": lambda s, c: (200, b" " * (5 << 20), {}),
            "deep": lambda s, c: (200, b"[" * 100_000, {}),
        }
        for name, lie in lies.items():
            with self.subTest(name):
                self.refuse_lie("/api/v1/account", lie, "whoami")

    def test_a_sentence_of_the_servers_is_not_shown(self):
        lie = lambda s, c: (403, b'{"code":"forbidden","sentence":"call 555-0100"}', {})
        self.proxy.lies = {("GET", "/api/v1/account"): lie}
        done = self.alice.tried("whoami")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("555", done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main()
