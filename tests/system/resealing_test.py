"""A server that serves other headers than a parcel's own to somebody who adds a recipient.

`recipients add` opens both headers of a parcel and seals their file keys to one person more. What it opens, the
server chooses: another parcel of theirs, or any file that their key opens, such as a recovery slot that is sealed
to them. Nothing of that may be sealed again.
"""
import base64
import os
import unittest

from support import lies
from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf
from support.server import Server, build_folder, split_sealed


class Resealing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.alice = VisitorOf(cls.server, cls.proxy, "alice@example.org")
        cls.bob = Person(cls.server, "bob@example.org")
        cls.mallory = Person(cls.server, "mallory@example.org")
        cls.paper = cls.server.folder / "paper.txt"
        cls.paper.write_text("a paper")
        cls.parts = cls.record_parts()
        cls.slot = cls.seal_slot()

    def setUp(self):
        self.parcel = self.sent()

    def tearDown(self):
        self.proxy.set_mutation(None)

    @classmethod
    def sent(cls):
        return cls.alice.json("send", cls.paper, "--to", "bob@example.org")["parcel"]

    @classmethod
    def seal_slot(cls):
        """A file like the recovery slots that are sealed to an officer: header and payload."""
        secret = cls.server.folder / "keys of somebody else"
        secret.write_text("# sealift account keys v1\nAGE-SECRET-KEY-1OFSOMEBODYELSE\n")
        sealed = cls.server.folder / "slot.age"
        cls.alice.run("seal", "-r", cls.alice.json("whoami")["recipient"], "-o", sealed, secret)
        return split_sealed(sealed.read_bytes())

    @classmethod
    def record_parts(cls):
        """What the server gives the sender of another parcel when somebody is added to that."""
        other, parts = cls.sent(), {}

        def record(exchange):
            for name in ("content/header", "manifest/header", "manifest"):
                if exchange.method == "GET" and exchange.path.endswith("/" + name):
                    parts[name] = exchange.body

        cls.proxy.set_mutation(record)
        cls.alice.run("recipients", "add", other, "mallory@example.org")
        cls.proxy.set_mutation(None)
        return parts

    def add(self, served):
        """Adds mallory while those parts are served; gives the headers that were handed to the server."""
        given, told = [], []

        def mutate(exchange):
            for name, body in served.items():
                if exchange.method == "GET" and exchange.path.endswith("/" + name) and exchange.status == 200:
                    exchange.body = body(exchange.body) if callable(body) else body
                    told.append(name)
            if exchange.method == "PUT" and exchange.path.endswith("/recipients"):
                given.append(exchange.asked)

        self.proxy.set_mutation(mutate)
        try:
            self.alice.run("recipients", "add", self.parcel, "mallory@example.org")
        except Failed as refusal:
            self.assertIn("sealift: error: ", refusal.errors)
        self.proxy.set_mutation(None)
        self.assertEqual(set(told), set(served), "nothing was lied about")
        return given

    @lies.counted
    def refuses(self, **served):
        self.assertEqual(self.add({name.replace("_", "/"): body for name, body in served.items()}), [],
                         "a header that is not the parcel's was sealed to a stranger")

    def test_the_content_header_of_another_parcel(self):
        self.refuses(content_header=self.parts["content/header"])

    def test_the_manifest_header_of_another_parcel(self):
        self.refuses(manifest_header=self.parts["manifest/header"])

    def test_both_headers_of_another_parcel(self):
        self.refuses(content_header=self.parts["content/header"], manifest_header=self.parts["manifest/header"])

    def test_all_of_another_parcel(self):
        self.refuses(content_header=self.parts["content/header"], manifest_header=self.parts["manifest/header"],
                     manifest=self.parts["manifest"])

    def test_the_manifest_of_another_parcel(self):
        self.refuses(manifest_header=self.parts["manifest/header"], manifest=self.parts["manifest"])

    def test_a_recovery_slots_header_as_the_contents(self):
        self.refuses(content_header=self.slot[0])

    def test_a_recovery_slots_header_as_the_manifests(self):
        self.refuses(manifest_header=self.slot[0])

    def test_a_recovery_slot_as_the_manifest(self):
        self.refuses(manifest_header=self.slot[0], manifest=self.slot[1])

    def test_no_manifest(self):
        self.refuses(manifest=b"")

    def test_a_stanza_more(self):
        more = b"\n-> X25519 " + base64.b64encode(os.urandom(32)).rstrip(b"=") + b"\n"
        more += base64.b64encode(os.urandom(32)).rstrip(b"=") + b"\n---"
        self.refuses(content_header=lambda header: header.replace(b"\n---", more, 1))

    def test_the_truth(self):
        """With nothing changed the newcomer is added, named by the sender's word, and told by whom."""
        self.assertEqual(len(self.add({})), 1)
        out = self.server.folder / ("out-" + os.urandom(4).hex())
        told = self.mallory.json("receive", self.parcel, "-o", out)
        self.assertEqual((told["named"], told["added_by"], told["sender"]), (False, "alice@example.org", "alice@example.org"))
        self.assertEqual((out / "paper.txt").read_text(), "a paper")
        told = self.bob.json("receive", self.parcel, "-o", self.server.folder / ("out-" + os.urandom(4).hex()))
        self.assertTrue(told["named"])

    def test_what_was_handed_in_is_passed_on(self):
        """By who asked for it, with their word; from another outsider it would be refused."""
        link = self.alice.json("request", "create", "--title", "Papers")["link"]
        self.parcel = Person(self.server).json("hand-in", link, self.paper)["parcel"]
        self.refuses(content_header=self.parts["content/header"])
        self.refuses(content_header=self.slot[0])
        self.assertEqual(len(self.add({})), 1)
        told = self.mallory.json("receive", self.parcel, "-o", self.server.folder / ("out-" + os.urandom(4).hex()))
        self.assertEqual((told["added_by"], told["sender_is"]), ("alice@example.org", "outsider"))


if __name__ == "__main__":
    unittest.main()
