"""Recovery against a server that lies, and against one officer who has all that the server has.

A recovery slot used to be sealed to each officer's key: "two officers and a delay" was the server's word, and one officer
with the catalog and vault.key had every colleague's keys. Now each has one share, and the server a half.
"""
import base64
import hmac
import json
import os
import pathlib
import secrets
import subprocess
import unittest

from support import changes, lies, vault_wrap
from support.mutating_proxy import WithLyingServer
from support.people import PASSWORD, Person, VisitorOf, approval, invite
from support.server import Server, build_folder
from support.session_proof import bech32_text
from support.signing_key import SigningKey

KEYS = "AGE-SECRET-KEY-1"
ORDER = 2**252 + 27742317777372353535851937790883648493  # of ristretto255, RFC 9496
ALICE = "alice@example.org"


class WithOfficers(WithLyingServer):
    def setUp(self):
        super().setUp()
        Person(self.server, "root@example.org", administrator=True)
        self.mallory = VisitorOf(self.server, self.proxy, "mallory@example.org", officer=True)
        self.olga = VisitorOf(self.server, self.proxy, "olga@example.org", officer=True)
        self.alice = VisitorOf(self.server, self.proxy, ALICE)
        self.out = self.server.folder / "out.txt"

    def account(self, person):
        return json.loads((person.profile / "login.json").read_text())["account"]

    def admin(self, *words, typed=None):
        return subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, *words], input=typed, text=True,
                              check=True, capture_output=True).stdout

    def write(self, statement, *values):
        with self.server.catalog() as catalog:
            catalog.execute(statement, values)

    def ask(self, *more):
        return self.mallory.run("recovery", "ask", ALICE, *more).strip()

    def written(self):
        return self.out.read_text(errors="replace") if self.out.exists() else ""


class OneOfficer(WithOfficers):
    """Who has the catalog, vault.key and the server in hand."""

    @lies.counted
    def test_approvals_written_into_the_catalog_bring_no_keys(self):
        recovery = self.ask()
        self.mallory.run("recovery", "approve", recovery, ALICE)
        with self.server.catalog() as catalog:
            names = [row[1] for row in catalog.execute("PRAGMA table_info(recovery_approvals)")]
            columns = ", ".join(names)
            copied = ", ".join("?" if name == "officer" else name for name in names)
            catalog.execute(f"INSERT INTO recovery_approvals({columns}) SELECT {copied} FROM recovery_approvals",
                            (bytes.fromhex(self.account(self.olga)),))
            catalog.execute("UPDATE recoveries SET not_before = 0")
        self.mallory.tried("recovery", "release", recovery, ALICE, "-o", self.out)
        self.assertTrue(self.out.exists(), "the server's own rule was got round, or this test shows nothing")
        self.assertNotIn(KEYS, self.written())

    @lies.counted
    def test_nothing_in_the_catalog_opens_to_somebody_elses_keys(self):
        opened = 0
        for name, sealed in self.unwrapped():
            path = self.server.folder / f"found-{opened}-{os.urandom(4).hex()}.age"
            path.write_bytes(sealed)
            done = self.mallory.tried("open", "-i", self.mallory.identity(), "-o", f"{path}.txt", path)
            if done.returncode != 0:
                continue
            opened += 1
            text = pathlib.Path(f"{path}.txt").read_text()
            self.assertNotIn(KEYS, text, name)
        self.assertGreater(opened, 0, "a share of each: else this test opens nothing at all")

    def unwrapped(self):
        """Every age file that the catalog has under the vault's key."""
        found = []
        with self.server.catalog() as catalog:
            tables = {row[0] for row in catalog.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            found += [(b"slot", *row) for row in catalog.execute("SELECT id, wrapped FROM slots")]
            if "recovery_shares" in tables:
                found += [(b"recovery-share", *row) for row in catalog.execute("SELECT slot, wrapped FROM recovery_shares")]
        return [(name, vault_wrap.unwrap(self.server.data / "vault.key", name, subject, wrapped)) for name, subject, wrapped in found]


class LyingServers(WithOfficers):
    @lies.counted
    def test_a_recovery_for_another_key_than_was_asked_for_is_seen(self):
        stranger = self.server.folder / "stranger.txt"
        self.mallory.run("keygen", "-o", stranger)
        evil = next(line.split()[-1] for line in stranger.read_text().splitlines() if "public key" in line)
        recovery = self.ask()
        wanted = self.mallory.json("recovery", "list")["recoveries"][0]["key"]
        self.proxy.set_mutation(self.change_recoveries(lambda each: each.update(recipient=evil)))
        said = self.olga.fails("recovery", "approve", recovery, ALICE, "--key", wanted)
        self.assertIn("the recovery is for another key", said)
        self.proxy.set_mutation(None)
        self.olga.run("recovery", "approve", recovery, ALICE, "--key", wanted)
        self.assertEqual(self.mallory.json("recovery", "list")["recoveries"][0]["approvals"], 1)

    @lies.counted
    def test_a_share_of_another_account_is_given_to_nobody(self):
        bob = Person(self.server, "bob@example.org")
        self.olga.run("recovery", "ask", "bob@example.org")
        recovery = self.ask()
        shares = {each["account"]: each for each in self.recoveries(self.olga)}
        of_alice = shares[self.account(self.alice)]["share"]
        self.proxy.set_mutation(self.change_recoveries(lambda each: each.update(share=of_alice)))
        other = shares[self.account(bob)]["id"]
        self.assertIn("another account", self.olga.fails("recovery", "approve", other, "bob@example.org"))
        self.proxy.set_mutation(None)
        self.olga.run(*approval(self.olga, recovery, ALICE))

    def recoveries(self, person):
        return self.server.call("GET", "/api/v1/recoveries", token=person.token())[2]["recoveries"]

    def change_recoveries(self, change):
        def mutate(exchange):
            if exchange.method == "GET" and exchange.path.startswith("/api/v1/recoveries"):
                told = json.loads(exchange.body)
                for each in told["recoveries"]:
                    change(each)
                exchange.body = json.dumps(told).encode()
        return mutate

    @lies.counted
    def test_a_colleagues_recovery_is_not_approved_as_that_of_the_person_who_asked(self):
        bob = Person(self.server, "bob@example.org")
        recovery = self.olga.run("recovery", "ask", "bob@example.org").strip()
        self.ask()
        of_alice = next(each for each in self.recoveries(self.mallory) if each["account"] == self.account(self.alice))
        self.proxy.set_mutation(self.change_recoveries(
            lambda each: each["id"] == recovery and each.update(account=of_alice["account"], share=of_alice["share"])))
        words = ("recovery", "approve", recovery, "--key", self.olga.json("whoami")["fingerprint"])
        self.assertIn("nobody can confirm whose keys go to whom", self.mallory.fails(*words, status=2))
        self.assertIn("the recovery is of the keys of " + ALICE, self.mallory.fails(*words[:3], "bob@example.org", *words[3:]))
        self.proxy.set_mutation(None)
        self.mallory.run(*words[:3], "bob@example.org", *words[3:])
        self.assertEqual(bob.json("whoami")["address"], "bob@example.org")

    @lies.counted
    def test_keys_that_the_server_made_are_not_taken_for_the_owners(self):
        recovery = self.ask()
        self.proxy.set_mutation(self.give_out(self.made_by_the_server()))
        said = self.mallory.fails("recovery", "release", recovery, ALICE, "-o", self.out)
        self.assertIn("holds keys that the directory doesn't have for " + ALICE, said)
        self.assertFalse(self.out.exists())

    def made_by_the_server(self):
        """Slot, half and two shares that fit together (docs/formats/account.md), of keys that aren't Alice's."""
        sign = SigningKey(self.server.folder, seed := os.urandom(32))
        account = self.account(self.alice)
        secret, slope, half = secrets.randbelow(ORDER), secrets.randbelow(ORDER), os.urandom(32)
        label = b"sealift/v1/recovery-identity\n1\n" + ALICE.encode()
        extracted = hmac.digest(bytes.fromhex(account), secret.to_bytes(32, "little") + half, "sha256")
        slot_key = bech32_text("AGE-SECRET-KEY-", hmac.digest(extracted, label + b"\1", "sha256"))
        slot_to = self.mallory.tried("keygen", "-y", self.kept("slot.txt", slot_key)).stdout.split()[-1]
        common = (f"sealift/v1/recovery-share\naddress {ALICE}\naccount {account}\ngeneration 1\nthreshold 2\nslot {slot_to}\n"
                  f"signing-key {sign.verifier}\n")
        shares = []
        for x in (1, 2):
            text = f"{common}share {x} {((secret + slope * x) % ORDER).to_bytes(32, 'little').hex()}\n"
            signature = base64.b64encode(sign.sign(text.encode())).decode()
            shares.append(self.sealed(f"{text}signature {signature}\n", self.mallory.json("whoami")["recipient"]))
        self.mallory.run("keygen", "-o", self.server.folder / "made.txt")
        identity = next(line for line in (self.server.folder / "made.txt").read_text().splitlines() if line.startswith(KEYS))
        keys = (f"# sealift account keys v1\n# address {ALICE}\n# generation 1\n"
                f"# signing-key {bech32_text('SEALIFT-SIGNING-KEY-', seed)}\n{identity}\n")
        slot = {"id": "0" * 32, "kind": "recovery", "generation": 1, "revision": 1, "file": self.sealed(keys, slot_to), "created": 1}
        return {"slot": slot, "half": base64.b64encode(half).decode(), "shares": shares}

    def kept(self, name, text):
        path = self.server.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    def sealed(self, text, recipient):
        done = subprocess.run([build_folder() / "sealift", "seal", "-r", recipient], input=text.encode(), check=True, capture_output=True)
        return base64.b64encode(done.stdout).decode()

    def give_out(self, answer):
        def mutate(exchange):
            if exchange.path.endswith("/release"):
                exchange.status, exchange.body = 200, json.dumps(answer).encode()
                exchange.fields["Content-Type"] = "application/json"
        return mutate

    @lies.counted
    def test_an_officer_named_twice_gets_no_two_shares(self):
        before = self.shared_with()

        def twice(exchange):
            if exchange.path == "/api/v1/account/recovery" and exchange.status == 200:
                told = json.loads(exchange.body)
                told.pop("shares_needed", None)
                told["shared_with"] = []
                told["officers"] = [each for each in told["officers"] if each["account"] == self.account(self.mallory)] * 2
                exchange.body = json.dumps(told).encode()
        self.proxy.set_mutation(twice)
        done = self.alice.tried("login", self.alice.url, "--account", ALICE)
        self.assertIn("names a recovery officer twice", done.stderr)
        self.proxy.set_mutation(None)
        self.assertEqual(self.shared_with(), before)

    @lies.counted
    def test_a_recovery_said_to_be_weak_is_not_dealt_to_officers_whom_nobody_saw(self):
        eve = Person(self.server, "eve@example.org", officer=True)

        def weak(exchange):
            if exchange.path == "/api/v1/account/recovery" and exchange.status == 200:
                told = json.loads(exchange.body)
                told.pop("shares_needed", None)
                told["shared_with"] = []
                exchange.body = json.dumps(told).encode()
        before = self.shared_with()
        self.proxy.set_mutation(weak)
        done = self.alice.tried("login", self.alice.url, "--account", ALICE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("nobody has confirmed these recovery officers' keys", done.stderr)
        self.proxy.set_mutation(None)
        self.assertEqual(self.shared_with(), before)
        self.assertNotIn(self.account(eve), before)

    def shared_with(self):
        return self.server.call("GET", "/api/v1/account/recovery", token=self.alice.token())[2]["shared_with"]


class Owners(WithOfficers):
    def own(self, person=None):
        return self.server.call("GET", "/api/v1/account/recovery", token=(person or self.alice).token())[2]

    def log_in(self, *more):
        return self.alice.tried("login", self.alice.url, "--account", ALICE, *more).stderr

    def weaken(self):
        """As a client of 0.1.0 left it: sealed to each officer."""
        self.write("DELETE FROM recovery_halves")
        self.write("DELETE FROM recovery_shares")
        self.assertNotIn("shares_needed", self.own())

    def test_a_recovery_that_waits_is_shown_at_every_login_and_can_be_stopped(self):
        self.assertEqual(self.log_in(), "")
        self.ask()
        for said in (self.log_in(), self.log_in(), self.alice.tried("whoami").stderr):
            self.assertIn("sealift: warning: a recovery officer asked for this account's keys", said)
            self.assertIn("`sealift recovery cancel`", said)
        self.assertIn("recovery_waits", self.alice.json("whoami"))
        self.alice.run("recovery", "cancel")
        self.assertEqual(self.log_in(), "")

    def test_an_administrator_cancels_their_own_recovery_whatever_was_asked_for_since(self):
        root = Person(self.server, "second@example.org", administrator=True)
        own = self.mallory.run("recovery", "ask", "second@example.org").strip()
        other = self.ask()
        self.assertIn(own, root.run("recovery", "cancel"))
        self.assertEqual([each["recovery"] for each in self.mallory.json("recovery", "list")["recoveries"]], [other])

    def test_an_old_slot_is_dealt_in_shares_at_the_next_login(self):
        self.weaken()
        self.assertIn("dealing it in shares", self.log_in())
        self.assertEqual((self.own()["shares_needed"], len(self.own()["shared_with"])), (2, 2))
        self.assertEqual(self.log_in(), "")

    def test_officers_who_left_or_came_are_followed_once_confirmed(self):
        root = Person(self.server, "second@example.org", administrator=True)
        otto = Person(self.server, "otto@example.org", officer=True)
        root.run("people", "roles", "olga@example.org", "--none")
        changes.let_take_effect(self.server)
        self.assertIn("nobody has confirmed", self.log_in())
        named = [word for person in (otto, self.mallory)
                 for word in ("--recovery-officer-key", person.json("whoami")["fingerprint"])]
        self.assertEqual(self.alice.json("account", "recovery", *named), {"officers": 2, "needed": 2})
        self.assertEqual(set(self.own()["shared_with"]), {self.account(otto), self.account(self.mallory)})
        self.assertEqual(self.log_in(), "")
        wrong = ("--recovery-officer-key", self.alice.json("whoami")["fingerprint"])
        self.assertIn("are not those of the command", self.alice.fails("account", "recovery", *wrong))

    def test_who_was_an_officer_before_is_dealt_to_no_more(self):
        otto = Person(self.server, "otto@example.org", officer=True)
        named = [word for person in (otto, self.mallory)
                 for word in ("--recovery-officer-key", person.json("whoami")["fingerprint"])]
        officers_of_before = self.own()["officers"][:2]
        self.assertEqual({each["account"] for each in officers_of_before}, {self.account(self.mallory), self.account(self.olga)})
        Person(self.server, "second@example.org", administrator=True).run("people", "roles", "olga@example.org", "--none")
        changes.let_take_effect(self.server)
        self.alice.run("account", "recovery", *named)

        def former(exchange):
            if exchange.path == "/api/v1/account/recovery" and exchange.status == 200:
                told = json.loads(exchange.body)
                told["shared_with"] = []
                told.pop("shares_needed", None)
                told["officers"] = officers_of_before
                exchange.body = json.dumps(told).encode()
        self.proxy.set_mutation(former)
        self.assertIn("nobody has confirmed these recovery officers' keys", self.log_in())

    def test_what_was_released_is_given_again_and_what_is_dealt_afterwards_is_not(self):
        recovery = self.ask()
        for officer in (self.mallory, self.olga):
            officer.run(*approval(officer, recovery, ALICE))
        self.write("UPDATE recoveries SET not_before = 0")
        self.mallory.run("recovery", "release", recovery, ALICE, "-o", self.out)
        self.mallory.run("recovery", "release", recovery, ALICE, "-o", self.server.folder / "again.txt")
        self.alice.run("account", "rotate", passwords=(self.alice.paper, PASSWORD))
        said = self.mallory.fails("recovery", "release", recovery, ALICE, "-o", self.server.folder / "later.txt")
        self.assertNotIn(KEYS, said)
        self.assertFalse((self.server.folder / "later.txt").exists())

    def test_the_delay_goes_on_where_it_stood_when_a_locked_server_is_reopened(self):
        root = Person(self.server, "second@example.org", administrator=True)
        self.ask()

        def due():
            with self.server.catalog() as catalog:
                return catalog.execute("SELECT not_before FROM recoveries WHERE state = 1").fetchone()[0]
        before = due()
        key = json.loads(self.admin("reopen-keys", "--json"))["reopen_keys"][0]
        root.run("lockdown", "on")
        self.write("UPDATE lockdowns SET locked = locked - 86400000")
        self.admin("reopen", "--key-file", "-", typed=key)
        self.assertGreaterEqual(due() - before, 86400000)

    def test_shares_for_the_persons_own_new_key_open_with_that_alone(self):
        new = self.server.folder / "new.txt"
        self.mallory.run("keygen", "-o", new)
        public = next(line.split()[-1] for line in new.read_text().splitlines() if "public key" in line)
        recovery = self.ask("--to", public)
        for officer in (self.mallory, self.olga):
            officer.run(*approval(officer, recovery, ALICE))
        self.write("UPDATE recoveries SET not_before = 0")
        self.assertIn("sealed", self.mallory.run("recovery", "release", recovery, ALICE, "-o", self.out))
        self.assertNotIn(KEYS, self.written())
        back = Person(self.server)
        link = invite(self.server, ALICE)
        self.assertIn("--recovered-with", back.fails("login", self.server.url, "--enrol", link, "--recovered", self.out, status=2))
        back.enrol(link, "--recovered", self.out, "--recovered-with", new)
        self.assertEqual(back.json("whoami")["address"], ALICE)

    def test_an_officer_with_new_keys_still_gives_the_share_of_before(self):
        self.olga.run("account", "rotate", passwords=(self.olga.paper, PASSWORD))
        recovery = self.ask()
        for officer in (self.mallory, self.olga):
            officer.run(*approval(officer, recovery, ALICE))
        self.assertEqual(self.mallory.json("recovery", "list")["recoveries"][0]["approvals"], 2)

    def test_new_keys_are_dealt_at_once_and_who_recovered_them_can_make_new_ones(self):
        self.alice.run("account", "rotate", passwords=(self.alice.paper, PASSWORD))
        self.assertEqual(self.own()["generation"], 2)
        self.assertEqual(self.log_in(), "", "nothing is left to be dealt")
        recovery = self.ask()
        for officer in (self.mallory, self.olga):
            officer.run(*approval(officer, recovery, ALICE))
        self.write("UPDATE recoveries SET not_before = 0")
        self.mallory.run("recovery", "release", recovery, ALICE, "-o", self.out)
        back = Person(self.server)
        paper = back.enrol(invite(self.server, ALICE), "--recovered", self.out)["paper_key"]
        back.run("account", "rotate", "--recovered", self.out, passwords=(paper, PASSWORD))
        self.assertEqual(self.own(back)["generation"], 3)

    def test_shares_dealt_with_another_paper_key_are_refused(self):
        said = self.alice.fails("account", "recovery", "--paper-key", passwords=(self.olga.paper, PASSWORD))
        self.assertIn("this paper key doesn't endorse the account's keys", said)

    def test_with_one_officer_nobody_has_a_share(self):
        with Server(build_folder()) as server:
            Person(server, "only@example.org", officer=True)
            lea = Person(server)
            done = lea.tried("login", server.url, "--enrol", invite(server, "lea@example.org"))
            self.assertIn("too few recovery officers, 1 of 2", done.stderr)
            self.assertIn("nobody can help", done.stderr)
            with server.catalog() as catalog:
                self.assertEqual(catalog.execute("SELECT count(*) FROM slots WHERE kind = 5").fetchone(), (0,))


if __name__ == "__main__":
    unittest.main()
