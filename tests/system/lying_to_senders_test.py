"""A server that lies to senders: about receipts, keys and what became of an upload."""
import json
import os
import shutil
import unittest

from support import lies
from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf, invite
from support.server import Server, build_folder
from support.signing_key import SigningKey


class LyingToSenders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.alice = VisitorOf(cls.server, cls.proxy, "alice@example.org")
        cls.bob = Person(cls.server, "bob@example.org")
        cls.paper = cls.server.folder / "paper.txt"
        cls.paper.write_text("a paper")

    def tearDown(self):
        self.proxy.set_mutation(None)

    def lying(self, name, change):
        """Passes every JSON answer of requests whose path ends in `name` through `change`; counts the lies."""
        told_lies = []

        def mutate(exchange):
            if exchange.path.split("?")[0].endswith(name) and exchange.status < 300:
                told = json.loads(exchange.body)
                change(told)
                exchange.body = json.dumps(told).encode()
                told_lies.append(exchange.path)

        self.proxy.set_mutation(mutate)
        return told_lies

    def sent(self, *words):
        return self.alice.json("send", self.paper, *(words or ("--to", "bob@example.org")))

    def received(self):
        parcel = self.sent()["parcel"]
        self.bob.run("receive", parcel, "-o", self.server.folder / ("out-" + os.urandom(4).hex()))
        return parcel

    def openings(self, parcel):
        return self.alice.json("outbox", parcel)

    @lies.counted
    def names_the_lie(self, parcel, change, said):
        told_lies = self.lying("/openings", change)
        with self.assertRaises(Failed) as refusal:
            self.alice.run("outbox", parcel)
        self.assertEqual(refusal.exception.status, 1)
        self.assertIn(said, refusal.exception.errors)
        self.assertTrue(told_lies, "nothing was lied about")
        self.proxy.set_mutation(None)

    # ---- receipts

    def test_a_receipt_is_verified(self):
        parcel = self.received()
        self.assertEqual([each["receipt"] for each in self.openings(parcel)], ["verified"])
        self.assertIn("bob@example.org", self.alice.run("outbox", parcel))
        self.assertIn("verified receipt", self.alice.run("outbox", parcel))

    def test_a_receipt_of_a_link_is_verified(self):
        sent = self.sent("--link")
        Person(self.server).run("receive", sent["link"], "-o", self.server.folder / "by-link")
        self.assertEqual([each["receipt"] for each in self.openings(sent["parcel"])], ["verified"])
        key = SigningKey(self.server.folder)
        self.names_the_lie(sent["parcel"], lambda told: self.sign_again(told, key), "is not signed by whom")

    def test_without_what_was_remembered_of_the_parcel_a_receipt_is_not_called_verified(self):
        parcel = self.received()
        note = self.alice.home / "profile" / "sent" / parcel
        kept = note.read_bytes()
        note.unlink()
        self.assertEqual([each["receipt"] for each in self.openings(parcel)], ["signed"])
        note.write_bytes(kept)
        self.assertEqual([each["receipt"] for each in self.openings(parcel)], ["verified"])

    def test_received_without_a_receipt(self):
        parcel = self.sent()["parcel"]
        self.bob.run("receive", parcel, "--list")

        def invent(told):
            told["openings"][0]["received"] = told["openings"][0]["opened"] + 1

        self.assertEqual([each["receipt"] for each in self.openings(parcel)], ["none"])
        self.names_the_lie(parcel, invent, "has no receipt of it")

    @staticmethod
    def sign_again(told, key):
        for each in told["openings"]:
            each["receipt"] = key.receipt(each["parcel"], each["id"])

    def test_a_receipt_signed_with_another_key(self):
        key = SigningKey(self.server.folder)
        self.names_the_lie(self.received(), lambda told: self.sign_again(told, key), "is not signed by whom")

    def test_another_openings_receipt(self):
        parcel = self.received()
        shutil.rmtree(self.bob.profile / "openings")  # as on another machine: a second opening
        self.bob.run("receive", parcel, "-o", self.server.folder / "out-once-more")
        self.assertEqual([each["receipt"] for each in self.openings(parcel)], ["verified"] * 2)

        def swap(told):
            first, second = told["openings"]
            first["receipt"], second["receipt"] = second["receipt"], first["receipt"]

        self.names_the_lie(parcel, swap, "of another opening")

    def test_another_parcels_receipt(self):
        mine, other = self.received(), self.received()
        theirs = self.server.folder / "theirs"
        self.lying("/openings", lambda told: theirs.write_text(told["openings"][0]["receipt"]))
        self.openings(other)

        def give_theirs(told):
            told["openings"][0]["receipt"] = theirs.read_text()

        self.names_the_lie(mine, give_theirs, "of another parcel")

    # ---- keys

    @lies.counted
    def refuses_to_send(self, name, change, said, *words):
        """A lie that ends a sending before anything of it was sent."""
        sent = []
        told_lies = self.lying(name, change)
        mutate = self.proxy.server.mutate

        def watch(exchange):
            if exchange.path.startswith(("/api/v1/parcels", "/api/v1/uploads")):
                sent.append(exchange.path)
            mutate(exchange)

        self.proxy.set_mutation(watch)
        with self.assertRaises(Failed) as refusal:
            self.sent(*words)
        self.proxy.set_mutation(None)
        self.assertIn(said, refusal.exception.errors)
        self.assertTrue(told_lies, "nothing was lied about")
        self.assertEqual(sent, [])
        return refusal.exception.errors

    def test_another_key_for_a_recipient(self):
        """First contact, and a key that was seen before: in `send` itself."""
        carol = Person(self.server, "carol@example.org")
        mallory = Person(self.server, "mallory@example.org")
        other = mallory.json("whoami")["recipient"]

        def swap(told):
            told["key"]["recipient"] = other

        for words in (("--to", "carol@example.org"), ("--to", "bob@example.org")):
            self.refuses_to_send("/directory/find", swap, "error: ", *words)
        self.sent("--to", "carol@example.org")
        carol.json("inbox")

    def test_a_whole_other_account_for_an_address_that_was_seen(self):
        self.sent()
        answers = []
        self.proxy.set_mutation(lambda exchange: answers.append(exchange.body) if exchange.path.endswith("/find") else None)
        self.sent("--to", self.alice.address)
        mine = json.loads(answers[-1])

        def swap(told):
            told.clear()
            told.update(mine)

        self.refuses_to_send("/directory/find", swap, "belongs to another account")

    def test_no_account_for_an_address_that_was_seen(self):
        """"Nobody has this address: send it as a link"."""
        self.sent()

        def deny(exchange):
            if exchange.path.endswith("/directory/find"):
                exchange.status, exchange.body = 404, b'{"code":"not_found","sentence":""}'

        self.proxy.set_mutation(deny)
        with self.assertRaises(Failed) as refusal:
            self.sent()
        self.assertIn("suspended or closed", refusal.exception.errors)
        self.assertNotIn("--link", refusal.exception.errors)
        with self.assertRaises(Failed) as unknown:
            self.sent("--to", "nobody@example.org")
        self.assertIn("--link", unknown.exception.errors)

    # ---- uploads

    @lies.counted
    def failing(self, mutate):
        self.proxy.set_mutation(mutate)
        with self.assertRaises(Failed) as refusal:
            self.sent()
        self.proxy.set_mutation(None)
        return refusal.exception.errors

    def test_a_proof_of_another_event(self):
        first = self.sent()
        proofs = []
        self.proxy.set_mutation(lambda exchange: proofs.append(exchange.body) if "/log/proofs/" in exchange.path else None)
        second = self.sent()
        self.assertNotEqual(first["event"], second["event"])

        def swap(exchange):
            if "/log/proofs/" in exchange.path:
                exchange.status, exchange.body = 200, proofs[-1]

        self.assertIn("of another event", self.failing(swap))

    def test_a_proof_that_is_none(self):
        def change(exchange):
            if "/log/proofs/" in exchange.path and exchange.status == 200:
                told = json.loads(exchange.body)
                told["salt"] = "A" * 43 + "="
                exchange.body = json.dumps(told).encode()

        self.assertIn("not proved by the server's log", self.failing(change))

    def test_a_receipt_of_the_log_verifies_without_the_server(self):
        files = {}
        sent_file = self.server.folder / "sent.proof"
        parcel = self.sent("--to", "bob@example.org", "--receipt", sent_file)["parcel"]
        files[sent_file] = ("parcel_completed", parcel)
        received_file = self.server.folder / "received.proof"
        self.bob.run("receive", parcel, "-o", self.server.folder / "proved", "--receipt", received_file)
        files[received_file] = ("parcel_received", parcel)
        made = self.bob.json("request", "create", "--title", "Papers")
        handed_file = self.server.folder / "handed.proof"
        handed = Person(self.server).json("hand-in", made["link"], self.paper, "--receipt", handed_file)
        files[handed_file] = ("parcel_completed", handed["parcel"])
        key = self.server.call("GET", "/api/v1/server")[2]["log_key"]
        nowhere = Person(self.server)  # somebody who never saw the server
        for file, (kind, parcel) in files.items():
            told = nowhere.json("log", "verify", "--receipt", file, "--key", key)
            self.assertEqual((told["event"]["kind"], told["event"]["parcel"]), (kind, parcel))
            changed = file.with_suffix(".changed")
            changed.write_text(file.read_text().replace("index ", "index 1", 1))
            with self.assertRaises(Failed):
                nowhere.run("log", "verify", "--receipt", changed, "--key", key)
        with self.assertRaises(Failed) as refusal:
            nowhere.run("log", "verify", "--receipt", sent_file)
        self.assertIn("--key", refusal.exception.errors)
        self.assertEqual(self.alice.json("log", "verify", "--receipt", sent_file)["event"]["parcel"], files[sent_file][1])


class LyingToNewcomers(unittest.TestCase):
    """Enrolment: whose keys an account's recovery is sealed to."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.root = Person(cls.server, "root@example.org", administrator=True)
        cls.officers = []
        for name in ("officer", "other"):
            link = invite(cls.server, f"{name}@example.org", "--recovery-officer")
            cls.officers.append(Person(cls.server))
            cls.officers[-1].run("login", cls.server.url, "--enrol", link)
        cls.mallory = Person(cls.server, "mallory@example.org").json("whoami")

    def setUp(self):
        self.newcomer = Person(self.server, url=f"http://127.0.0.1:{self.proxy.port}")
        self.taken = []

    def tearDown(self):
        self.proxy.set_mutation(None)

    def enrol(self, *words):
        link = invite(self.server, f"{os.urandom(4).hex()}@example.org")
        return self.newcomer.run("login", self.newcomer.url, "--enrol", link.split("#")[1], *words)

    def lie(self, change):
        def mutate(exchange):
            if exchange.path.endswith("/enrolments/take"):
                self.taken.append(exchange.status)
            if exchange.path.endswith("/enrolments/look") and exchange.status == 200:
                told = json.loads(exchange.body)
                change(told["recovery_officers"])
                exchange.body = json.dumps(told).encode()

        self.proxy.set_mutation(mutate)

    @lies.counted
    def refuses(self, change, *words):
        self.lie(change)
        with self.assertRaises(Failed) as refusal:
            self.enrol(*words)
        self.assertEqual(self.taken, [], "something was sent")
        self.assertFalse((self.newcomer.home / "profile" / "login.json").exists())
        return refusal.exception.errors

    def test_a_key_of_the_servers_own(self):
        own = self.mallory["recipient"]

        def add(officers):
            officers.append(json.loads(json.dumps(officers[0])))
            officers[-1]["key"]["recipient"] = own

        self.assertIn("of another key", self.refuses(add))

    def test_a_key_without_proof(self):
        def strip(officers):
            for each in officers:
                each.pop("proof")

        self.assertIn("doesn't have the key", self.refuses(strip))

    def test_just_the_named_officers_or_nobody(self):
        right, other = (each.json("whoami")["fingerprint"] for each in self.officers)
        wrong = self.mallory["fingerprint"]
        said = "recovery officers are not those of the command"
        self.assertIn(said, self.refuses(lambda officers: None, "--recovery-officer-key", wrong))
        self.assertIn(said, self.refuses(lambda officers: officers.clear(), "--recovery-officer-key", right))
        self.assertIn(said, self.refuses(lambda officers: None, "--recovery-officer-key", right))
        self.assertIn(said, self.refuses(lambda officers: None, "--recovery-officer-key", right,
                                         "--recovery-officer-key", other, "--recovery-officer-key", wrong))
        self.proxy.set_mutation(None)
        self.enrol("--recovery-officer-key", right.replace(" ", "").upper(), "--recovery-officer-key", other)
        self.assertEqual(self.recovery_slots(), 1)

    def recovery_slots(self):
        """The server shows them to nobody: its catalog has them."""
        login = json.loads((self.newcomer.home / "profile" / "login.json").read_text())
        with self.server.catalog() as catalog:
            return catalog.execute("SELECT COUNT(*) FROM slots WHERE account = ? AND kind = 5",
                                   (bytes.fromhex(login["account"]),)).fetchone()[0]


if __name__ == "__main__":
    unittest.main()
