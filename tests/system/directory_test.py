"""The directory of a running server: one key for each address, to everybody; and a server that would have it otherwise."""
import base64
import functools
import http.server
import json
import os
import shutil
import threading
import unittest

from support import exposition
from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf, invite
from support.server import Server, build_folder


class Directory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.alice = VisitorOf(cls.server, cls.proxy, "alice@example.org")
        cls.bob = Person(cls.server, "bob@example.org")
        cls.eve = Person(cls.server, "eve@example.org")
        cls.paper = cls.server.folder / "paper.txt"
        cls.paper.write_text("a paper")

    def tearDown(self):
        self.proxy.set_mutation(None)

    def lying(self, change):
        """Passes each answer of the directory about an address through `change`; counts the lies."""
        lies = []

        def mutate(exchange):
            if exchange.path.endswith("/directory/find") and exchange.status < 300:
                told = json.loads(exchange.body)
                change(told)
                exchange.body = json.dumps(told).encode()
                lies.append(exchange.path)

        self.proxy.set_mutation(mutate)
        return lies

    def refuses(self, change, said="sealift: error: "):
        lies = self.lying(change)
        with self.assertRaises(Failed) as refusal:
            self.alice.run("send", self.paper, "--to", "bob@example.org")
        self.assertIn(said, refusal.exception.errors)
        self.assertTrue(lies, "nothing was lied about")
        self.proxy.set_mutation(None)
        self.alice.run("send", self.paper, "--to", "bob@example.org")

    def test_the_truth_is_sent_to_and_replayed(self):
        self.alice.run("send", self.paper, "--to", "bob@example.org")
        for _ in range(2):
            checked = self.alice.json("log", "verify", self.alice.url)
            self.assertGreaterEqual(checked["directory"]["addresses"], 3)
            self.assertEqual(checked["problems"], [])

    def test_a_lookup_without_proof(self):
        self.refuses(lambda told: told.pop("lookup"))

    def test_a_changed_lookup(self):
        for line in range(1, 4):
            def change(told, line=line):
                lines = told["lookup"].split("\n")
                name, value = lines[line].split(" ")
                changed = bytearray(base64.b64decode(value))
                changed[len(changed) // 2] ^= 1
                lines[line] = name + " " + base64.b64encode(changed).decode()
                told["lookup"] = "\n".join(lines)

            self.refuses(change)

    def test_an_opening_of_another_key(self):
        self.refuses(lambda told: told.update(opening=base64.b64encode(os.urandom(32) + b"\1" + bytes(32)).decode()))

    def test_another_persons_answer(self):
        """A stranger's account, well logged and in the directory, told as the address's."""
        eves = {}
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)
        proxy.set_mutation(lambda each: eves.update(json.loads(each.body)) if each.path.endswith("/directory/find") else None)
        self.eve.run("logout")
        self.eve.run("login", f"http://127.0.0.1:{proxy.port}", "--account", "eve@example.org")
        self.assertIn("lookup", eves)
        self.eve.run("logout")
        self.eve.run("login", self.server.url, "--account", "eve@example.org")
        newcomer = VisitorOf(self.server, self.proxy, f"new{os.urandom(3).hex()}@example.org")
        lies = self.lying(lambda told: (told.clear(), told.update(eves)))
        with self.assertRaises(Failed) as refusal:
            newcomer.run("send", self.paper, "--to", "bob@example.org")
        self.assertTrue(lies)
        self.assertIn("sealift: error: ", refusal.exception.errors)

    def test_accounts_swapped_in_the_database(self):
        """Somebody who can write to the catalog gives Bob's address to Eve's account."""
        def swap():
            with self.server.catalog() as catalog:
                rows = dict(catalog.execute("SELECT a.id, a.lookup FROM accounts a JOIN directory d ON d.account = a.id "
                                            "WHERE d.recipient IN (?, ?)", (recipients["bob"], recipients["eve"])).fetchall())
                (one, first), (two, second) = rows.items()
                catalog.execute("UPDATE accounts SET lookup = ? WHERE id = ?", (os.urandom(32), one))
                catalog.execute("UPDATE accounts SET lookup = ? WHERE id = ?", (first, two))
                catalog.execute("UPDATE accounts SET lookup = ? WHERE id = ?", (second, one))

        recipients = {name: self.identity_of(person) for name, person in (("bob", self.bob), ("eve", self.eve))}
        newcomer = Person(self.server, f"new{os.urandom(3).hex()}@example.org")
        swap()
        self.addCleanup(swap)
        with self.assertRaises(Failed) as refusal:
            newcomer.run("send", self.paper, "--to", "bob@example.org")
        self.assertIn("another key for this address", refusal.exception.errors)

    def identity_of(self, person):
        return person.json("whoami")["recipient"]

    def test_events_written_into_the_database_are_not_logged(self):
        def count():
            return self.alice.json("log", "verify", self.alice.url)["size"]

        with self.server.catalog() as catalog:
            salt, event, code = catalog.execute(
                "SELECT salt, event, authenticator FROM custody WHERE log_index IS NOT NULL LIMIT 1").fetchone()
            before = count()
            for forged in (b"", code, os.urandom(32)):
                catalog.execute("INSERT INTO custody(id, salt, event, happened, authenticator) VALUES(?, ?, ?, 1, ?)",
                                (os.urandom(16), salt, event, forged))
        self.alice.run("send", self.paper, "--to", "bob@example.org")  # true events are logged after them
        self.assertGreater(count(), before)
        with self.server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT count(*) FROM custody WHERE refused = 1").fetchone()[0], 3)
            self.assertEqual(catalog.execute("SELECT count(*) FROM custody WHERE refused = 1 AND log_index IS NOT NULL")
                             .fetchone()[0], 0)
        self.assertIn("custody_event_refused", self.server.log())

    def test_an_address_that_has_a_key_is_not_enrolled_for(self):
        """The link is for an address that somebody has: the server says otherwise, and proves nothing."""
        address = f"taken{os.urandom(3).hex()}@example.org"
        link = invite(self.server, address)
        bobs = {}
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)

        def watch(exchange):
            if exchange.path.endswith("/directory/find"):
                bobs.update(json.loads(exchange.body))

        proxy.set_mutation(watch)
        self.bob.run("logout")
        self.bob.run("login", f"http://127.0.0.1:{proxy.port}", "--account", "bob@example.org")
        self.bob.run("logout")
        self.bob.run("login", self.server.url, "--account", "bob@example.org")

        def refused(change):
            def mutate(exchange):
                if exchange.path.endswith("/enrolments/look"):
                    told = json.loads(exchange.body)
                    change(told)
                    exchange.body = json.dumps(told).encode()

            self.proxy.set_mutation(mutate)
            visitor = Person(self.server)
            with self.assertRaises(Failed) as refusal:
                visitor.run("login", f"http://127.0.0.1:{self.proxy.port}", "--enrol", link.split("#")[1])
            return refusal.exception.errors

        self.assertIn("no proof", refused(lambda told: told.pop("lookup")))
        self.assertIn("sealift: error", refused(lambda told: told.update(lookup=bobs["lookup"])))
        self.assertIn("a key was published", refused(lambda told: told.update(address="bob@example.org", lookup=bobs["lookup"])))


class OlderFolder(unittest.TestCase):
    def test_an_older_data_folder_is_refused(self):
        with Server(build_folder()) as server:
            alice, bob = Person(server, "alice@example.org"), Person(server, "bob@example.org")
            paper = server.folder / "paper.txt"
            paper.write_text("a paper")
            server.stop()
            shutil.copytree(server.data, server.folder / "kept")
            server.start()
            Person(server, "carol@example.org")
            alice.run("send", paper, "--to", "bob@example.org")
            server.stop()
            shutil.rmtree(server.data)
            shutil.move(server.folder / "kept", server.data)
            server.start()
            with self.assertRaises(Failed) as refusal:
                alice.run("send", paper, "--to", "bob@example.org")
            self.assertIn("the server contradicts what it said before", refusal.exception.errors)


class Served:
    """A witness's folder, given out by Python's web server."""

    def __init__(self, folder):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        handler = functools.partial(Quiet, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class TwoHistories(unittest.TestCase):
    """One server, two data folders that were one once: what it shows to Alice it doesn't show to Carol."""

    @classmethod
    def setUpClass(cls):
        cls.server = server = Server(build_folder())
        cls.addClassCleanup(server.__exit__)
        server.start()
        cls.alice, cls.bob, cls.carol = (Person(server, name + "@example.org") for name in ("alice", "bob", "carol"))
        cls.watcher = Person(server)
        cls.paper = server.folder / "paper.txt"
        cls.paper.write_text("a paper")
        for person in (cls.alice, cls.carol):
            person.run("send", cls.paper, "--to", "bob@example.org")
        cls.witness()
        server.stop()
        shutil.copytree(server.data, server.folder / "other")
        cls.enrol("of-one@example.org")  # what Carol and the witness are shown
        signed = cls.witness()
        cls.key, cls.signed = signed["key"], signed["logs"]
        cls.carols_note = server.folder / "carol.note"
        cls.seen = cls.carol.json("log", "watch", "bob@example.org", "--note", cls.carols_note)
        server.stop()
        shutil.rmtree(server.data)
        shutil.move(server.folder / "other", server.data)
        cls.enrol("of-other@example.org")  # what Alice is
        cls.enrol("one-more@example.org")

    @classmethod
    def enrol(cls, address):
        if cls.server.process is None:
            cls.server.start()
        Person(cls.server, address).run("whoami")  # which waits until the directory has the key

    @classmethod
    def witness(cls):
        return cls.watcher.json("log", "witness", cls.server.url, "--state", cls.server.folder / "state",
                                "--key", cls.server.folder / "witness.key")

    def test_the_witness_says_how_far_it_came(self):
        sizes = [each["size"] for each in self.signed]
        figures = exposition.read((self.server.folder / "state" / "figures.prom").read_text())
        self.assertEqual(set(figures), {"sealift_witness_leaves", "sealift_witness_time_seconds"})
        self.assertEqual([figures["sealift_witness_leaves"].samples[(("log", log),)] for log in ("events", "directory")], sizes)
        for seconds in figures["sealift_witness_time_seconds"].samples.values():
            self.assertLess(abs(seconds - self.server.now_ms() / 1000), 600)

    def policy(self, url):
        path = self.server.folder / "policy"
        path.write_text(f"witness w {self.key} {url}\nquorum w\n")
        return path

    def refused(self, *words):
        with self.assertRaises(Failed) as refusal:
            self.alice.run(*words)
        return refusal.exception.errors

    def test_changes_are_named(self):
        self.assertEqual([(each["address"], each["how"], each["generation"]) for each in self.seen["changes"]],
                         [("bob@example.org", "enrolled", 1)])

    def test_alone_alice_is_content(self):
        self.alice.run("send", self.paper, "--to", "bob@example.org")
        self.alice.run("log", "watch", "bob@example.org")

    def test_a_note_of_the_other_history_is_found_out(self):
        own = self.server.folder / "alice.note"
        self.alice.run("log", "watch", "bob@example.org", "--note", own)
        self.alice.run("log", "watch", "bob@example.org", "--compare", own)
        errors = self.refused("log", "watch", "bob@example.org", "--compare", self.carols_note)
        self.assertIn("comparing with ", errors)

    def test_the_witness_refuses_the_other_history(self):
        with self.assertRaises(Failed) as refusal:
            self.witness()
        self.assertIn("sealift: error: ", refusal.exception.errors)

    def test_the_witness_is_asked_before_anything_is_sealed(self):
        with Served(self.server.folder / "state") as served:
            policy = self.alice.home / "profile" / "trust-policy"
            shutil.copy(self.policy(served.url), policy)
            self.addCleanup(policy.unlink)
            errors = self.refused("send", self.paper, "--to", "bob@example.org")
            self.assertIn("what a witness saw", errors)

    def test_a_witness_that_is_away_counts_for_nothing(self):
        with Served(self.server.folder / "state") as served:
            policy = self.policy(served.url)
        errors = self.refused("log", "watch", "bob@example.org", "--policy", policy)
        self.assertIn("too few of the witnesses", errors)


class Witnessed(unittest.TestCase):
    def test_an_honest_server_is_witnessed_and_sent_through(self):
        with Server(build_folder()) as server:
            alice, _ = Person(server, "alice@example.org"), Person(server, "bob@example.org")
            watcher = Person(server)
            paper = server.folder / "paper.txt"
            paper.write_text("a paper")
            words = ("log", "witness", server.url, "--state", server.folder / "state", "--key", server.folder / "witness.key")
            key = watcher.json(*words)["key"]
            with Served(server.folder / "state") as served:
                (alice.home / "profile" / "trust-policy").write_text(f"witness w {key} {served.url}\nquorum w\n")
                alice.run("send", paper, "--to", "bob@example.org")
                Person(server, "carol@example.org")
                self.assertEqual(watcher.json(*words)["key"], key)
                alice.run("send", paper, "--to", "carol@example.org")


if __name__ == "__main__":
    unittest.main()
