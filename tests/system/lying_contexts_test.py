"""A server that shows true parcels in a false context: another request's, to other people, or not at all."""
import json
import os
import unittest

from support import lies
from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf
from support.server import Server, build_folder


class Contexts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.alice = Person(cls.server, "alice@example.org")
        cls.bob = VisitorOf(cls.server, cls.proxy, "bob@example.org")
        cls.paper = cls.server.folder / "paper.txt"
        cls.paper.write_text("a paper")

    def tearDown(self):
        self.proxy.set_mutation(None)

    def out(self):
        return self.server.folder / ("out-" + os.urandom(4).hex())

    def send(self, *words):
        return self.alice.json("send", self.paper, *(words or ("--to", "bob@example.org")))

    def receive(self, *words):
        """What is printed, and what is said beside it."""
        process = self.bob.start("receive", *words)
        told, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, errors)
        return told, errors

    def lying_about(self, parcel, change):
        """Changes what the server says of a parcel; the list counts."""
        told_lies = []

        def mutate(exchange):
            if exchange.method == "GET" and exchange.path.endswith("/parcels/" + parcel):
                change(exchange)
                told_lies.append(exchange.path)

        self.proxy.set_mutation(mutate)
        return told_lies

    # ---- requests

    def hand_in(self):
        made = self.bob.json("request", "create", "--title", "Papers")
        return made, Person(self.server).json("hand-in", made["link"], self.paper)["parcel"]

    @lies.counted
    def refuses(self, parcel, change, said):
        told_lies, out = self.lying_about(parcel, change), self.out()
        with self.assertRaises(Failed) as refusal:
            self.bob.run("receive", parcel, "-o", out)
        self.assertTrue(told_lies, "nothing was lied about")
        self.assertIn(said, refusal.exception.errors)
        self.assertFalse((out / "paper.txt").exists())

    @staticmethod
    def putting(name, value):
        def change(exchange):
            told = json.loads(exchange.body)
            told.pop(name, None)
            if value is not None:
                told[name] = value
            exchange.body = json.dumps(told).encode()

        return change

    def test_what_was_handed_in_for_another_request(self):
        (first, mine), (_, other) = self.hand_in(), self.hand_in()
        self.refuses(other, self.putting("request", first["request"]), "not handed in for the request")
        self.proxy.set_mutation(None)
        for parcel in (mine, other):
            self.assertEqual(json.loads(self.receive(parcel, "-o", self.out(), "--json")[0])["sender_is"], "outsider")

    def test_what_was_handed_in_for_no_request(self):
        _, parcel = self.hand_in()
        self.refuses(parcel, self.putting("request", None), "does not say who sent it")

    def test_what_was_handed_in_to_somebody_else(self):
        _, parcel = self.hand_in()
        alice = self.alice.json("whoami")["account"]
        self.refuses(parcel, self.putting("sender", alice), "does not say who passed it on")

    # ---- the parcel before

    def test_a_parcel_that_is_held_back(self):
        first, hidden, last = (self.send()["parcel"] for _ in range(3))
        said = "sent you before this one"
        self.assertNotIn(said, self.receive(first, "-o", self.out())[1])
        # It waits in the inbox: nothing is missing.
        self.assertNotIn(said, self.receive(last, "--list")[1])

        def deny(exchange):
            exchange.status, exchange.body = 404, b'{"code":"not_found","sentence":""}'

        told_lies = self.lying_about(hidden, deny)
        errors = self.receive(last, "-o", self.out())[1]
        self.assertIn(said, errors)
        self.assertIn(hidden, errors)
        self.assertTrue(told_lies, "nothing was lied about")
        told_lies = self.lying_about(hidden, self.putting("state", "recalled"))
        self.assertIn("is recalled", self.receive(last, "-o", self.out())[1])
        self.proxy.set_mutation(None)
        self.receive(hidden, "-o", self.out())
        self.lying_about(hidden, deny)
        self.assertNotIn(said, self.receive(last, "-o", self.out())[1], "it was received")

    def test_a_parcel_that_the_sender_recalled_is_told_of(self):
        before = self.send()["parcel"]
        self.alice.run("recall", before)
        errors = self.receive(self.send()["parcel"], "-o", self.out())[1]
        self.assertIn(before, errors)
        self.assertIn("is recalled", errors)

    # ---- links

    def test_a_link_says_whom_it_is_from(self):
        sent = self.send("--link")
        visitor = Person(self.server)
        told = visitor.run("receive", sent["link"], "-o", self.out())
        self.assertIn("says it is from alice@example.org", told)
        told = visitor.json("receive", sent["link"], "-o", self.out())
        self.assertEqual((told["sender_is"], told["sender"]), ("said", "alice@example.org"))
        parcel = self.send()["parcel"]
        told = self.receive(parcel, "-o", self.out())[0]
        self.assertIn("from alice@example.org", told)
        self.assertNotIn("says it", told)


if __name__ == "__main__":
    unittest.main()
