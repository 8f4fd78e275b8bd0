"""Logins with and without a key, beside clients and servers of 0.1.0, which know none: an older client works as before, and
nobody gets a login that has a key to do without it."""
import base64
import json
import unittest

from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf
from support.server import DAY_MS, Server, build_folder, hash_of
from support.session_proof import Login, fields

ACTS, SLOTS = "/api/v1/account/acts", "/api/v1/account/slots"


class WithServer(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()

    def proxy(self, mutate):
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)
        proxy.set_mutation(mutate)
        return proxy

    def ask(self, method, path, token=None, body=None, headers=None):
        status, _, answer = self.server.call(method, path, body, headers or {}, token)
        return status, answer


class StolenTokens(WithServer):
    def setUp(self):
        super().setUp()
        self.alice, self.bob = (Person(self.server, f"{name}@example.org", administrator=True) for name in ("alice", "bob"))
        self.login = self.alice.token()

    def test_a_login_with_a_key_is_never_good_without_it(self):
        token = str(self.login)
        unsigned = {"a header that asks for no key": {}, "another algorithm": {"Sealift-Session-Key": "none"},
                    "an older client's words": {"User-Agent": "sealift/0.1.0"}, "an empty proof": {"Signature": "", "Signature-Input": ""}}
        for what, headers in unsigned.items():
            for path in ("/api/v1/account", "/api/v1/custody", SLOTS):
                with self.subTest(what, path=path):
                    self.assertIn(self.ask("GET", path, token, headers=headers)[0], (400, 401))
        self.assertEqual(self.ask("GET", "/api/v1/account", self.login)[0], 200, "else this test refuses everything")

    def test_another_logins_proof_is_none(self):
        bob = self.bob.token()
        bearer = {"Authorization": "Bearer " + self.login}
        crossed = Login.of(str(self.login), base64.b64encode(bob.key))
        for proof in (fields(bob, "GET", "/api/v1/account"), fields(crossed, "GET", "/api/v1/account")):
            self.assertEqual(self.ask("GET", "/api/v1/account", headers={**bearer, **proof})[0], 401)
        self.assertEqual(self.ask("GET", "/api/v1/account", bob)[0], 200)

    def test_the_catalog_holds_nothing_that_proves_a_login(self):
        """A thief of the whole catalog: the key is nowhere in it, and what is there is no key."""
        catalog = b"".join(path.read_bytes() for path in sorted((self.server.data / "catalog").glob("catalog.db*")))
        self.assertIn(hash_of(self.login), catalog)
        self.assertNotIn(self.login.key, catalog)
        with self.server.catalog() as opened:
            row = opened.execute("SELECT id, token FROM sessions WHERE is_bound = 1").fetchone()
        for stolen in row:
            key = (stolen * 2)[:32]
            guess = Login.of(str(self.login), base64.b64encode(key))
            self.assertEqual(self.ask("GET", "/api/v1/account", guess)[0], 401)

    def test_a_proof_of_reading_changes_nothing(self):
        """What a proxy's log shows of one request is good for that one alone."""
        seen = fields(self.login, "GET", "/api/v1/account")
        bearer = {"Authorization": "Bearer " + self.login}
        for method, path, body in (("PUT", "/api/v1/account/language", {"language": "fr"}), ("DELETE", "/api/v1/sessions/current", None),
                                   ("GET", SLOTS, None), ("POST", "/api/v1/lockdown", None)):
            self.assertEqual(self.ask(method, path, None, body, {**bearer, **seen})[0], 401, (method, path))


class OlderClients(WithServer):
    """As the clients of 0.1.0 ask: without a key and without acts."""

    def setUp(self):
        super().setUp()
        self.admin = Person(self.server, "admin@example.org", administrator=True, officer=True)
        self.login = None
        proxy = self.proxy(self.keep)
        Person(self.server, None, url=f"http://127.0.0.1:{proxy.port}", name="elsewhere").run(
            "login", f"http://127.0.0.1:{proxy.port}", "--account", "admin@example.org")
        status, begun = self.ask("POST", "/api/v1/sessions", None, self.login)
        self.assertEqual((status, "key" in begun), (201, False))
        self.token = begun["token"]

    def keep(self, exchange):
        if exchange.path == "/api/v1/sessions" and exchange.method == "POST":
            self.login = json.loads(exchange.asked)

    def test_what_changes_no_way_in_is_done_as_before(self):
        for path in ("/api/v1/account", SLOTS, "/api/v1/sessions", "/api/v1/custody", "/api/v1/admin/accounts"):
            self.assertEqual(self.ask("GET", path, self.token)[0], 200, path)
        policy = self.ask("GET", "/api/v1/policy", self.token)[1]
        self.assertEqual(self.ask("PUT", "/api/v1/policy", self.token, policy)[0], 200)
        invited = {"address": "dan@example.org", "lifetime_ms": DAY_MS, "roles": {"administrator": False, "recovery_officer": False}}
        self.assertEqual(self.ask("POST", "/api/v1/admin/enrolments", self.token, invited)[0], 201)

    def test_ways_in_keys_and_tokens_want_a_client_that_signs(self):
        identity = "0" * 32
        for method, path, body in (("POST", SLOTS, {}), ("PUT", f"{SLOTS}/{identity}", {}), ("DELETE", f"{SLOTS}/{identity}", None),
                                   ("PUT", "/api/v1/account/password", {}), ("POST", "/api/v1/account/keys", {}),
                                   ("POST", "/api/v1/tokens", {"scopes": ["account"], "lifetime_ms": DAY_MS})):
            status, said = self.ask(method, path, self.token, body)
            self.assertEqual((status, said["reason"]), (403, "act_missing"), (method, path))

    def test_a_forged_act_is_refused_where_none_is_needed(self):
        policy = self.ask("GET", "/api/v1/policy", self.token)[1]
        self.assertEqual(self.ask("PUT", "/api/v1/policy", self.token, policy, {"Sealift-Act": "A" * 235})[0], 403)

    def test_an_account_that_enrolled_unsigned_is_followed_from_its_first_act_on(self):
        """As one that was made by 0.1.0, and upgraded with its server."""
        with self.server.catalog() as catalog:
            catalog.execute("DELETE FROM account_acts")
        fresh = Person(self.server, None, name="fresh")
        fresh.run("login", self.server.url, "--account", "admin@example.org")
        fresh.run("whoami")
        fresh.run("account", "token", "--scope", "parcels_read")
        with self.server.catalog() as catalog:
            catalog.execute("DELETE FROM account_acts")
        self.assertIn("went back", fresh.fails("whoami"))
        self.assertIn("went back", self.admin.fails("whoami"))


class OlderServers(WithServer):
    """As a server of 0.1.0 answers: no acts, no keys of sessions."""

    def older(self, exchange):
        if exchange.path.startswith(ACTS):
            exchange.status, _, body = self.server.call("GET", "/api/v1/operation-of-a-later-version")
            exchange.fields, exchange.body = {"Content-Type": "application/json"}, json.dumps(body).encode()
            return
        if exchange.path not in ("/api/v1/sessions", "/api/v1/enrolments/take", "/api/v1/enrolments/look") or exchange.status >= 300:
            return
        said = json.loads(exchange.body)
        if exchange.method == "POST" and {"key", "act"} & set(said):
            said.pop("key", None)
            said.pop("act", None)
            exchange.body = json.dumps(said).encode()
            with self.server.catalog() as catalog:
                catalog.execute("UPDATE sessions SET is_bound = 0")

    def test_a_client_of_this_version_sends_and_receives_there(self):
        proxy = self.proxy(self.older)
        alice, bob = (VisitorOf(self.server, proxy, f"{name}@example.org") for name in ("alice", "bob"))
        note = self.server.folder / "note.txt"
        note.write_text("across versions")
        sent = alice.json("send", note, "--to", "bob@example.org")
        bob.run("receive", sent["parcel"], "-o", self.server.folder / "in")
        self.assertEqual((self.server.folder / "in/note.txt").read_text(), "across versions")
        alice.run("logout")
        alice.run("login", alice.url, "--account", "alice@example.org")
        self.assertEqual(alice.json("whoami")["address"], "alice@example.org")

    def test_a_server_that_took_acts_is_not_believed_to_be_older(self):
        proxy = self.proxy(None)
        alice = VisitorOf(self.server, proxy, "alice@example.org")
        proxy.set_mutation(self.older)
        with self.assertRaises(Failed) as refusal:
            alice.run("whoami")
        self.assertIn("acts went back", refusal.exception.errors)


if __name__ == "__main__":
    unittest.main()
