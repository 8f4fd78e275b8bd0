"""A server that lies to a receiver: each lie ends in a refusal, and no file under its final name."""
import base64
import json
import os
import unittest

from support import lies
from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, VisitorOf
from support.server import Server, build_folder

CHUNK = 65536 + 16
CHANGED = "the sealed data was changed or cut short"


def flip(body, at):
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]


def exchanged(text, at):
    """Base64 with another letter: of the same form."""
    return text[:at] + (b"A" if text[at:at + 1] != b"A" else b"B") + text[at + 1:]


class LyingServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.alice = VisitorOf(cls.server, cls.proxy, "alice@example.org")
        cls.bob = VisitorOf(cls.server, cls.proxy, "bob@example.org")
        cls.parcels, cls.seen = [], []
        for number in (1, 2):
            folder = cls.server.folder / f"papers{number}"
            folder.mkdir()
            (folder / "large.bin").write_bytes(os.urandom(400_000))
            (folder / "small.txt").write_text(f"paper {number}")
            sent = cls.alice.json("send", folder, "--to", "bob@example.org")
            cls.parcels.append(sent["parcel"])
        for parcel in cls.parcels:  # what the true answers are, one parcel after the other
            answers = {}
            cls.proxy.set_mutation(lambda exchange, answers=answers: answers.setdefault(cls.kind(exchange), exchange.body))
            cls.bob.run("receive", parcel, "-o", cls.server.folder / f"true-{parcel}")
            cls.seen.append(answers)

    @staticmethod
    def kind(exchange):
        """"content/payload", "manifest/header", ... or the last word of the path."""
        path = exchange.path.split("?")[0]
        return path.split("/parts/")[1] if "/parts/" in path else path.rsplit("/", 1)[1]

    @lies.counted
    def lie(self, kind, says, change, parcel=None):
        """Receives a parcel while `change` is made to answers of a kind, and is refused with what the client says; gives where to."""
        told_lies = []

        def mutate(exchange):
            if self.kind(exchange) == kind and exchange.status < 300:
                before = (exchange.status, exchange.body)
                change(exchange)
                if (exchange.status, exchange.body) != before:
                    told_lies.append(kind)

        out = self.server.folder / ("out-" + os.urandom(4).hex())
        self.proxy.set_mutation(mutate)
        with self.assertRaises(Failed) as refusal:
            self.bob.run("receive", parcel or self.parcels[0], "-o", out)
        self.proxy.set_mutation(None)
        self.assertGreater(len(told_lies), 0, "nothing was lied about")
        self.assertIn(says, refusal.exception.errors)
        return out

    def refuses(self, kind, says, change, parcel=None):
        out = self.lie(kind, says, change, parcel)
        for path in out.rglob("*"):
            if path.name in ("large.bin", "small.txt"):
                # of damaged content, what was whole and verified may stand
                self.assertEqual(kind, "content/payload")
                self.assertEqual(path.read_bytes(), (self.server.folder / "papers1" / path.name).read_bytes())

    def test_the_truth_is_received(self):
        true = self.server.folder / f"true-{self.parcels[0]}" / "papers1"
        self.assertEqual((true / "large.bin").read_bytes(), (self.server.folder / "papers1" / "large.bin").read_bytes())

    def test_a_changed_manifest(self):
        self.refuses("manifest/payload", CHANGED, lambda each: setattr(each, "body", flip(each.body, len(each.body) // 2)))

    def test_a_changed_manifest_header(self):
        self.refuses("manifest/header", "none of the identities opens the file", lambda each: setattr(each, "body", exchanged(each.body, 60)))

    def test_another_parcels_manifest(self):
        other = self.seen[1]

        def change(exchange):
            exchange.body = other[self.kind(exchange)][:len(exchange.body)].ljust(len(exchange.body), b"\0")

        self.refuses("manifest/payload", CHANGED, change)

    def test_a_stanza_more(self):
        def change(exchange):
            exchange.body = exchange.body.replace(b"\n---", b"\n-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n---", 1)

        self.refuses("content/header", "header stanza with a malformed body", change)

    def test_another_parcels_header(self):
        self.refuses("content/header", "the server gave the header of another parcel", lambda each: setattr(each, "body", self.seen[1]["content/header"]))

    def test_a_bit_of_the_first_chunk(self):
        self.refuses("content/payload", CHANGED, lambda each: setattr(each, "body", flip(each.body, 100)))

    def test_chunks_in_another_order(self):
        def change(exchange):
            body = exchange.body
            if len(body) > 3 * CHUNK:
                exchange.body = body[:16] + body[16 + CHUNK:16 + 2 * CHUNK] + body[16:16 + CHUNK] + body[16 + 2 * CHUNK:]

        self.refuses("content/payload", CHANGED, change)

    def test_a_chunk_twice(self):
        def change(exchange):
            body = exchange.body
            if len(body) > 3 * CHUNK:
                exchange.body = body[:16 + CHUNK] + body[16:16 + CHUNK] + body[16 + 2 * CHUNK:]

        self.refuses("content/payload", CHANGED, change)

    def test_another_parcels_content(self):
        def change(exchange):
            exchange.body = self.seen[1]["content/payload"][:len(exchange.body)].ljust(len(exchange.body), b"\0")

        self.refuses("content/payload", CHANGED, change)

    def test_a_page_instead_of_bytes(self):
        def change(exchange):
            exchange.body = b"<html>please log in</html>".ljust(len(exchange.body), b" ")
            exchange.fields["Content-Type"] = "text/html"

        self.refuses("content/payload", CHANGED, change)
        self.refuses("manifest/payload", CHANGED, change)

    def test_content_that_ends_at_or_inside_of_a_chunk(self):
        for size in (16, 16 + CHUNK, 16 + CHUNK + 1000):
            self.refuses("content/payload", "the server's answer is not the range asked for", lambda each, size=size: setattr(each, "body", each.body[:size]))

    def test_nothing_instead_of_an_answer(self):
        """A failure at each step: no file, and the next try gets everything."""
        def fail(exchange):
            exchange.status, exchange.body = 500, b'{"code":"internal","sentence":""}'

        for kind in ("manifest/header", "manifest/payload", "content/header", "content/payload"):
            out = self.lie(kind, "Something went wrong inside Sealift.", fail)
            self.assertEqual([path for path in out.rglob("*") if path.name in ("large.bin", "small.txt")], [], kind)
        out = self.lie("openings", "Something went wrong inside Sealift.", fail, self.another_parcel())
        self.assertFalse(out.exists() and any(out.rglob("*.txt")))
        self.bob.run("receive", self.parcels[0], "-o", self.server.folder / "after-failures")

    def test_another_sender(self):
        bob = self.bob.json("whoami")["account"]

        def change(exchange):
            told = json.loads(exchange.body)
            told["sender"] = bob
            exchange.body = json.dumps(told).encode()

        self.refuses(self.parcels[0], "the parcel is not signed by the sender it names", change)

    def test_an_opening_of_another_parcel(self):
        def change(exchange):
            told = json.loads(exchange.body)
            told["opening"]["parcel"] = self.parcels[1]
            exchange.body = json.dumps(told).encode()

        self.refuses("openings", "the server opened another parcel", change, self.another_parcel())

    def test_another_key_for_a_file_request(self):
        made = self.bob.json("request", "create", "--title", "Papers")
        keys = []
        self.proxy.set_mutation(lambda exchange: keys.append(exchange.body) if exchange.path.endswith("/find") else None)
        self.bob.json("send", self.server.folder / "papers1", "--to", "alice@example.org")
        self.assertTrue(keys, "alice's key was not asked for")
        alices = json.loads(keys[-1])["key"]["recipient"]
        sent = []

        def change(exchange):
            if exchange.method == "GET" and "/requests/" in exchange.path:
                told = json.loads(exchange.body)
                told["key"]["recipient"] = alices
                exchange.body = json.dumps(told).encode()
            elif exchange.method in ("PUT", "PATCH", "POST"):
                sent.append(exchange.path)

        self.proxy.set_mutation(change)
        outsider = Person(self.server)
        with self.assertRaises(Failed) as refusal:
            outsider.run("hand-in", made["link"], self.server.folder / "papers1")
        self.proxy.set_mutation(None)
        self.assertIn("a different key from the link's", refusal.exception.errors)
        self.assertEqual(sent, [], "something was sent")

    def test_a_later_end_than_the_sender_signed(self):
        """Nothing to refuse: the receiver is told the signed one."""
        parcel = self.alice.json("send", self.server.folder / "papers2", "--to", "bob@example.org", "--expires", "2h")["parcel"]

        def receive(said):
            out = self.server.folder / ("out-" + os.urandom(4).hex())
            process = self.bob.start("receive", parcel, "-o", out, "--json")
            told, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, errors)
            self.assertEqual("the sender signed" in errors, said, errors)
            return json.loads(told)["expires"]

        signed = receive(False)

        def extend(exchange):
            if self.kind(exchange) == parcel:
                told = json.loads(exchange.body)
                told["expires"] += 30 * 86_400_000
                exchange.body = json.dumps(told).encode()

        self.proxy.set_mutation(extend)
        self.assertEqual(receive(True), signed)
        self.proxy.set_mutation(None)

    # ---- by link

    @lies.counted
    def by_link(self, says, change, *words, password="none needed"):
        """A visitor opens a link while answers are changed, and is refused with this."""
        sent = self.alice.json("send", self.server.folder / "papers1", "--link", *words)
        out = self.server.folder / ("link-" + os.urandom(4).hex())
        told_lies = []

        def mutate(exchange):
            before = exchange.body
            if exchange.status < 300 and exchange.body:
                change(exchange)
            if exchange.body != before:
                told_lies.append(exchange.path)

        self.proxy.set_mutation(mutate)
        visitor = Person(self.server)
        with self.assertRaises(Failed) as refusal:
            visitor.run("receive", sent["link"], "-o", out, password=password or sent["passphrase"])
        self.proxy.set_mutation(None)
        self.assertTrue(told_lies, "nothing was lied about")
        self.assertEqual([path for path in out.rglob("*") if path.name in ("large.bin", "small.txt")], [])
        self.assertIn(says, refusal.exception.errors)

    def changing(self, method, name, value):
        """Puts `value` for a field of what a link answers: of looking (GET) or of redeeming (POST)."""
        def change(exchange):
            if exchange.method == method and "/links/" in exchange.path:
                told = json.loads(exchange.body)
                told[name] = value(told[name]) if callable(value) else value
                exchange.body = json.dumps(told).encode()

        return change

    def test_a_link_whose_half_is_another(self):
        other = base64.b64encode(b"x" * 32).decode()
        self.by_link("none of the identities opens the file", self.changing("POST", "server_half", other))
        self.by_link("the server's ticket lacks something", self.changing("POST", "server_half", other[:20]))

    def test_a_link_that_is_said_to_have_a_passphrase_or_none(self):
        self.by_link("the link or the passphrase is wrong; no opening was used", self.changing("GET", "passphrase", "needed"))
        self.by_link("This link cannot be opened: ", self.changing("GET", "passphrase", "none"), "--passphrase", password=None)

    def test_a_link_with_another_challenge(self):
        other = base64.b64encode(os.urandom(32)).decode()
        self.by_link("the server says that the link is a wrong one; no opening was used", self.changing("GET", "challenge", other))
        self.by_link("the server's challenge is malformed", self.changing("GET", "challenge", "AAAA"))

    def test_a_link_that_opens_another_parcel(self):
        def other(opening):
            return {**opening, "parcel": self.parcels[0]}

        self.by_link("the server opened another parcel", self.changing("POST", "opening", other))

    def test_sizes_in_a_links_ticket_that_are_not_the_parcels(self):
        other_size, nothing = "the content's size is not what the manifest says", "the server's ticket lacks something"
        for part, size, says in (("manifest", 1 << 60, "bytes, and may have 268435456"), ("manifest", 0, nothing),
                                 ("manifest", 17, "the server's answer is not the range asked for"),
                                 ("content", 1 << 60, other_size), ("content", 0, nothing), ("content", 17, other_size)):
            def change(parts, part=part, size=size):
                return [{**each, "payload_bytes": size} if each["part"] == part else each for each in parts]

            self.by_link(says, self.changing("POST", "parts", change))

    def test_a_changed_manifest_behind_a_link(self):
        def change(exchange):
            if self.kind(exchange) == "manifest/payload":
                exchange.body = flip(exchange.body, len(exchange.body) // 2)

        self.by_link(CHANGED, change)

    def another_parcel(self):
        return self.alice.json("send", self.server.folder / "papers2", "--to", "bob@example.org")["parcel"]

    def test_a_page_instead_of_a_message(self):
        self.refuses("openings", "the server's answer: not JSON", lambda each: setattr(each, "body", b"<html></html>"), self.another_parcel())

    def test_somewhere_else(self):
        def change(exchange):
            exchange.status, exchange.body = 302, b""
            exchange.fields["Location"] = self.server.url + exchange.path

        self.refuses("openings", "the server sends us elsewhere; that is refused", change, self.another_parcel())


if __name__ == "__main__":
    unittest.main()
