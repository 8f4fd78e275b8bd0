"""Who has a token has no account. Each test is an attack: with a stolen API token, with the token of a login, with a login whose
owner's keys are elsewhere, with the catalog itself; and what the owner's own commands do against it."""
import base64
import concurrent.futures
import json
import os
import unittest

from support import session_proof
from support.mutating_proxy import MutatingProxy
from support.people import PASSWORD, Failed, Person, VisitorOf, invite
from support.server import DAY_MS, Server, build_folder
from support.session_proof import bech32_text, encoded
from support.signing_key import SigningKey
from support.waiting import pace, until

SLOTS = "/api/v1/account/slots"


class WithServer(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.step_clock(0)
        self.server.start()
        self.alice = Person(self.server, "alice@example.org")

    def slot(self, kind="paper_key"):
        """A way in that a thief would plant: it logs in with a key of the thief's."""
        thief = self.server.account()
        return {"kind": kind, "generation": 1, "file": base64.b64encode(self.server.seal(b"of the thief", thief)).decode(),
                "authentication": {"kind": "authentication_key", "parameters": "", "key": base64.b64encode(b"k" * 32).decode()}}

    def ask(self, method, path, token, body=None, act=None):
        headers = {"Sealift-Act": act} if act else {}
        status, _, answer = self.server.call(method, path, body, headers, token)
        return status, answer

    def logs_in(self, key):
        return self.ask("POST", "/api/v1/sessions", None, {"address": "alice@example.org",
                                                           "authentication_key": base64.b64encode(key).decode()})[0]


class StolenTokens(WithServer):
    def test_an_api_token_reaches_neither_slots_nor_tokens(self):
        scopes = ("account", "parcels_read", "parcels_write", "requests", "administration", "metrics")
        token = self.alice.json("account", "token", *(word for each in scopes for word in ("--scope", each)))["token"]
        owner = self.alice.owner()
        slot = self.slot()
        act = owner.act("slot.add", body=encoded(slot))
        self.assertEqual(self.ask("GET", "/api/v1/account", token)[0], 200)
        for method, path, body in (("GET", SLOTS, None), ("POST", SLOTS, slot), ("GET", "/api/v1/account/acts", None),
                                   ("POST", "/api/v1/tokens", {"scopes": ["account"], "lifetime_ms": DAY_MS}),
                                   ("PUT", "/api/v1/account/password", {}), ("POST", "/api/v1/account/keys", {})):
            for each in (None, act):
                self.assertEqual(self.ask(method, path, token, body, each)[0], 403, (method, path))
        self.assertEqual(self.logs_in(b"k" * 32), 401)

    def test_the_token_of_a_login_alone_is_nothing(self):
        login = self.alice.token()
        self.assertEqual(self.ask("GET", "/api/v1/account", login)[0], 200)
        for method, path, body in (("GET", "/api/v1/account", None), ("GET", SLOTS, None), ("POST", SLOTS, self.slot()),
                                   ("DELETE", "/api/v1/sessions/current", None)):
            self.assertEqual(self.ask(method, path, str(login), body)[0], 401, (method, path))
        self.assertEqual(self.ask("GET", "/api/v1/account", login)[0], 200, "the session goes on")

    def test_a_proof_is_for_one_request_and_one_minute(self):
        login = self.alice.token()
        body = encoded({"language": "fr"})
        path = "/api/v1/account/language"
        good = session_proof.fields(login, "PUT", path, body)
        bearer = {"Authorization": "Bearer " + login, "Content-Type": "application/json"}

        def put(fields, body=body, path=path, method="PUT"):
            return self.server.call(method, path, body, {**bearer, **fields})[0]

        self.assertEqual(put(good), 204)
        self.assertEqual(put(good), 204, "a repetition within the minute does what the first did")
        self.assertEqual(put({}), 401)
        self.assertEqual(put(good, encoded({"language": "en"})), 401, "another body")
        self.assertEqual(put({**good, "Content-Digest": session_proof.fields(login, "PUT", path, b"{}")["Content-Digest"]}, b"{}"), 401)
        self.assertEqual(put(session_proof.fields(login, "PUT", "/api/v1/policy", body)), 401, "another path")
        self.assertEqual(put(session_proof.fields(login, "POST", path, body)), 401, "another method")
        self.assertEqual(put(session_proof.fields(login, "PUT", path)), 401, "a body that isn't covered")
        for seconds in (-120, 120):
            late = session_proof.fields(login, "PUT", path, body, created=self.server.now_ms() // 1000 + seconds)
            self.assertEqual(put(late), 401, "of another time")
        other = session_proof.Login.of(str(login), base64.b64encode(os.urandom(32)))
        self.assertEqual(put(session_proof.fields(other, "PUT", path, body)), 401, "another key")
        read = session_proof.fields(login, "GET", "/api/v1/custody")
        self.assertEqual(self.server.call("GET", "/api/v1/custody", None, {**bearer, **read})[0], 200)
        self.assertEqual(self.server.call("GET", "/api/v1/custody?before=9", None, {**bearer, **read})[0], 401, "another query")

    def test_a_clock_that_is_wrong_is_told_the_time(self):
        self.server.step_clock(10 * 60 * 1000)
        self.assertEqual(self.alice.json("whoami")["address"], "alice@example.org")


class StolenLogins(WithServer):
    """With token and key of a login, and without the account's keys: a script in a page, a copied login.json."""

    def setUp(self):
        super().setUp()
        self.login, self.owner = self.alice.token(), self.alice.owner()

    def test_nothing_that_the_owner_signs_is_done_without_the_signature(self):
        stranger = Person(self.server, "mallory@example.org").owner()
        slot, mine = self.slot(), self.owner
        after = [*self.ask("GET", SLOTS, self.login)[1]["slots"], slot]
        body = encoded(slot)

        def add(act, slot=slot):
            return self.ask("POST", SLOTS, self.login, slot, act)[0]

        self.assertEqual(add(None), 403)
        refused = {
            "nobody's": "A" * 235,
            "a stranger's key": session_proof.Owner(mine.ask, mine.account, stranger.key).act("slot.add", body=body, slots=after),
            "another account": mine.act("slot.add", body=body, slots=after, account=stranger.account),
            "another operation": mine.act("slot.replace", body=body, slots=after),
            "another target": mine.act("slot.add", target="0" * 32, body=body, slots=after),
            "another body": mine.act("slot.add", body=b"{}", slots=after),
            "another generation": mine.act("slot.add", body=body, slots=after, generation=2),
            "a challenge of its own making": mine.act("slot.add", body=body, slots=after, challenge="00" * 32),
        }
        for what, act in refused.items():
            self.assertEqual(add(act), 403, what)
        stale = {
            "a revision left out": mine.act("slot.add", body=body, slots=after, revision=3),
            "a revision again": mine.act("slot.add", body=body, slots=after, revision=1),
            "another act before": mine.act("slot.add", body=body, slots=after, previous="11" * 32),
            "other slots than there will be": mine.act("slot.add", body=body, slots=after[:-1]),
        }
        for what, act in stale.items():
            self.assertEqual(add(act), 409, what)
        self.assertEqual(len(self.ask("GET", SLOTS, self.login)[1]["slots"]), len(after) - 1)
        self.assertEqual(self.alice.json("whoami")["address"], "alice@example.org")
        self.assertEqual(add(mine.act("slot.add", body=body, slots=after)), 201, "else this test refuses everything")

    def test_every_operation_of_the_owner_needs_the_act(self):
        identity = "0" * 32
        for method, path, body in (("PUT", f"{SLOTS}/{identity}", {}), ("DELETE", f"{SLOTS}/{identity}", None),
                                   ("PUT", "/api/v1/account/password", {}), ("POST", "/api/v1/account/keys", {}),
                                   ("POST", "/api/v1/tokens", {"scopes": ["account"], "lifetime_ms": DAY_MS}),
                                   ("DELETE", f"/api/v1/recoveries/{identity}", None)):
            self.assertEqual(self.ask(method, path, self.login, body)[0], 403, (method, path))
        head = Person(self.server, "head@example.org", administrator=True, officer=True).token()
        for method, path, body in (("PUT", "/api/v1/policy", {}), ("POST", "/api/v1/admin/enrolments", {}),
                                   ("PUT", f"/api/v1/admin/accounts/{identity}/roles", {}), ("POST", "/api/v1/recoveries", {}),
                                   ("POST", f"/api/v1/recoveries/{identity}/approvals", None),
                                   ("POST", f"/api/v1/recoveries/{identity}/release", None)):
            self.assertEqual(self.ask(method, path, head, body)[0], 403, (method, path))

    def test_an_act_is_done_once(self):
        wish = {"scopes": ["parcels_read"], "lifetime_ms": DAY_MS}
        act = self.owner.act("token.issue", body=encoded(wish))
        self.assertEqual(self.ask("POST", "/api/v1/tokens", self.login, wish, act)[0], 201)
        self.alice.run("account", "token", "--scope", "parcels_read")
        self.assertEqual(self.ask("POST", "/api/v1/tokens", self.login, wish, act)[0], 409, "the chain has gone on")

    def test_a_new_way_in_is_inert_for_a_day(self):
        slot = self.slot()
        after = [*self.ask("GET", SLOTS, self.login)[1]["slots"], slot]
        self.assertEqual(self.ask("POST", SLOTS, self.login, slot, self.owner.act("slot.add", body=encoded(slot), slots=after))[0], 201)
        self.assertEqual(self.logs_in(b"k" * 32), 403)
        self.server.step_clock(DAY_MS - 60_000)
        self.assertEqual(self.logs_in(b"k" * 32), 403)
        self.server.step_clock(60_000 - 300)  # a clock that runs more than a day ahead is held
        until(lambda: self.logs_in(b"k" * 32) == 201, "it logs in after a day")

    def test_a_change_of_password_ends_every_other_way_in(self):
        slot = self.slot()
        after = [*self.ask("GET", SLOTS, self.login)[1]["slots"], slot]
        self.assertEqual(self.ask("POST", SLOTS, self.login, slot, self.owner.act("slot.add", body=encoded(slot), slots=after))[0], 201)
        token = self.alice.json("account", "token", "--scope", "account")["token"]
        self.server.step_clock(DAY_MS - 300)
        until(lambda: self.logs_in(b"k" * 32) == 201, "the thief is in")
        self.alice.run("login", self.alice.url, "--account", "alice@example.org")
        changed = self.alice.json("account", "password", passwords=(PASSWORD, "another long password"))
        self.assertEqual([each["kind"] for each in changed["ended"]], ["paper_key", "paper_key"])
        self.assertEqual(self.logs_in(b"k" * 32), 401)
        self.assertEqual(self.ask("GET", "/api/v1/account", token)[0], 401)
        self.assertEqual(self.ask("GET", "/api/v1/account", self.login)[0], 401)
        self.assertEqual(self.alice.json("whoami")["address"], "alice@example.org")


class OldPasswords(unittest.TestCase):
    def test_a_login_with_the_old_password_does_not_outlive_its_change(self):
        server = Server(build_folder())
        self.addCleanup(server.__exit__)
        server.start()
        keys = []
        proxy = MutatingProxy(server.port)
        self.addCleanup(proxy.__exit__)
        proxy.set_mutation(lambda each: keys.append(json.loads(each.asked)["authentication_key"])
                           if (each.method, each.path) == ("POST", "/api/v1/sessions") else None)
        alice = VisitorOf(server, proxy, "alice@example.org")
        alice.run("login", alice.url, "--account", "alice@example.org")
        login, owner = alice.token(), alice.owner()
        owner.ask = lambda method, path: server.call(method, path, token=login)[2]
        parameters = server.call("POST", "/api/v1/sessions/prepare", {"address": "alice@example.org"})[2]["parameters"]
        thief = server.account()

        def log_in(key, wait_s):
            pace(wait_s)
            body = {"address": "alice@example.org", "authentication_key": key}
            status, _, told = server.call("POST", "/api/v1/sessions", body)
            return told["token"] if status == 201 else None

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            for number in range(12):
                old, new = keys[-1], base64.b64encode(os.urandom(32)).decode()
                slots = server.call("GET", SLOTS, token=login)[2]["slots"]
                password = next(each for each in slots if each["kind"] == "password")
                slot = {"kind": "password", "generation": 1, "file": base64.b64encode(server.seal(b"slot", thief)).decode(),
                        "authentication": {"kind": "authentication_key", "parameters": parameters, "key": new}}
                body = {"authentication_key": old, "slot": password["id"], "expected_revision": password["revision"],
                        "replacement": slot}
                after = [slot, *(each for each in slots if each != password)]
                act = owner.act("account.change_password", body=encoded(body), slots=after)
                logins = [pool.submit(log_in, old, 0.0004 * each) for each in range(11)]
                pace(0.0003 * number)
                self.assertEqual(server.call("PUT", "/api/v1/account/password", body, {"Sealift-Act": act}, login)[0], 204)
                for each in filter(None, (each.result() for each in logins)):
                    self.assertEqual(server.call("GET", "/api/v1/account", token=each)[0], 401, "it ended with the password")
                keys.append(new)
                with server.catalog() as catalog:
                    catalog.execute("DELETE FROM delays")


class LyingServers(WithServer):
    """With the catalog, or in the server's place: the owner's device finds out."""

    def test_a_slot_written_into_the_catalog_is_found_by_the_owner(self):
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE slots SET generation = 2 WHERE kind = 2")
        for words in (("whoami",), ("login", self.alice.url, "--account", "alice@example.org"), ("paper-key",)):
            with self.assertRaises(Failed) as refusal:
                self.alice.run(*words)
            self.assertIn("a way in that its owner never listed", refusal.exception.errors)

    def test_a_replaced_key_signs_no_act_that_a_device_believes(self):
        ann = Person(self.server, None, name="ann")
        paper = SigningKey(self.server.folder, session_proof.endorsing_seed(
            ann.enrol(invite(self.server, "ann@example.org"))["paper_key"], "ann@example.org"))
        owner, login = ann.owner(), ann.token()
        seed = os.urandom(32)
        second = SigningKey(self.server.folder, seed)
        first_key = self.server.call("GET", f"/api/v1/directory/{owner.account}", token=login)[2]["entries"][0]["key"]
        text = (f"sealift/v1/directory-key\naccount {owner.account}\ngeneration 2\nrecipient {first_key['recipient']}\n"
                f"signing-key {second.verifier}\n")
        key = {"generation": 2, "recipient": first_key["recipient"], "signing_key": second.verifier,
               "endorsement": base64.b64encode(owner.key.sign(text.encode())).decode(), "endorsing_key": paper.verifier}
        succession = f"sealift/v1/directory-succession\n{text}endorsing-key {paper.verifier}\n"
        key["countersignature"] = base64.b64encode(paper.sign(succession.encode())).decode()
        act = owner.act("account.publish_key", body=encoded(key))
        self.assertEqual(self.ask("POST", "/api/v1/account/keys", login, key, act)[0], 201)
        keys_file = self.server.folder / "recovered"
        keys_file.write_text("".join(
            "# generation 2\n" if line.startswith("# generation") else
            f"# signing-key {bech32_text('SEALIFT-SIGNING-KEY-', seed)}\n" if line.startswith("# signing-key") else line
            for line in ann.identity().read_text().splitlines(keepends=True)))
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)
        device = Person(self.server, None, url=f"http://127.0.0.1:{proxy.port}")
        device.run("login", device.url, "--enrol", invite(self.server, "ann@example.org").split("#")[1], "--recovered", keys_file)
        device.run("whoami")
        acts, slots = (self.ask("GET", path, device.token())[1] for path in ("/api/v1/account/acts", SLOTS))
        planted = {**slots["slots"][0], **self.slot(), "id": "ab" * 16}
        del planted["authentication"]
        forged = owner.told("slot.add", acts["acts"][0], [*slots["slots"], planted], owner.key)

        def mutate(exchange):
            if exchange.method == "GET" and exchange.path in ("/api/v1/account/acts", SLOTS):
                body = json.loads(exchange.body)
                body.get("acts", []).insert(0, forged)
                body.get("slots", []).append(planted)
                exchange.body = json.dumps(body).encode()
        proxy.set_mutation(mutate)
        with self.assertRaises(Failed) as refusal:
            device.run("whoami")
        self.assertIn("signed with a key that was replaced before", refusal.exception.errors)

    def test_acts_that_went_back_or_were_changed_are_found(self):
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)
        self.alice.run("account", "token", "--scope", "parcels_read")
        elsewhere = Person(self.server, None, url=f"http://127.0.0.1:{proxy.port}")
        elsewhere.run("login", elsewhere.url, "--account", "alice@example.org")

        def lie(change):
            def mutate(exchange):
                if exchange.path.startswith("/api/v1/account/acts"):
                    body = json.loads(exchange.body)
                    change(body["acts"])
                    exchange.body = json.dumps(body).encode()
            proxy.set_mutation(mutate)
            with self.assertRaises(Failed) as refusal:
                elsewhere.run("whoami")
            proxy.set_mutation(None)
            return refusal.exception.errors

        self.assertIn("went back", lie(lambda acts: acts.clear()))
        self.assertIn("went back", lie(lambda acts: acts.pop(0)))
        self.assertIn("no signature", lie(lambda acts: acts[0].update(operation="slot.add")))
        self.assertIn("no signature", lie(lambda acts: acts[0].update(slots=acts[0]["body"])))
        self.assertEqual(elsewhere.json("whoami")["address"], "alice@example.org")


if __name__ == "__main__":
    unittest.main()
