"""Answers that are lost on the wire: the request was done, its client never heard of it and asks again. Each command
still ends as if nothing had happened, and what was done was done once."""
import os
import unittest

from support.mutating_proxy import MutatingProxy
from support.people import Failed, Person, invite
from support.server import Server, build_folder

ADMIN, BOB, TOM = "admin@example.org", "bob@example.org", "tom@example.org"


class LostAnswers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.url = f"http://127.0.0.1:{cls.proxy.port}"
        cls.lost = []
        cls.proxy.set_mutation(cls.lose)
        cls.admin = cls.enrol(ADMIN, administrator=True)
        cls.bob = cls.enrol(BOB)
        cls.files = cls.server.folder / "papers"
        cls.files.mkdir()
        (cls.files / "one.txt").write_text("paper")

    @classmethod
    def lose(cls, exchange):
        """The answer to every request that changes something, the first time."""
        if exchange.method in ("GET", "HEAD", "OPTIONS") or exchange.status >= 300:
            return
        at = (exchange.method, exchange.path)
        if at not in cls.lost:
            cls.lost.append(at)
            exchange.status = None

    @classmethod
    def enrol(cls, address, administrator=False):
        person = Person(cls.server, None, url=cls.url)
        person.address = address
        link = invite(cls.server, address, *["--admin"] * administrator)
        person.run("login", cls.url, "--enrol", link.split("#")[1])
        return person

    def loses(self, *ends):
        """Runs what is under it with every answer lost once, and says whether those were among them."""
        test = self

        class Losing:
            def __enter__(self):
                test.lost.clear()

            def __exit__(self, kind, *_):
                if kind is None:
                    for method, end in ends:
                        test.assertTrue(any(each[0] == method and each[1].endswith(end) for each in test.lost),
                                        (method, end, test.lost))

        return Losing()

    def received(self, person, what, **more):
        out = self.server.folder / ("out-" + os.urandom(4).hex())
        person.run("receive", what, "-o", out, **more)
        self.assertEqual((out / "papers" / "one.txt").read_text(), "paper")

    def test_a_parcel_is_sent_received_changed_and_recalled(self):
        before = len(self.admin.json("outbox"))
        with self.loses(("POST", "/api/v1/parcels"), ("POST", "/uploads"), ("PUT", "/parts/manifest"), ("POST", "/complete")):
            sent = self.admin.json("send", self.files, "--to", BOB, "--opens", "1")
        self.assertEqual([each["parcel"] for each in self.bob.json("inbox")], [sent["parcel"]])
        self.assertEqual(len(self.admin.json("outbox")), before + 1)
        with self.loses(("POST", "/openings"), ("POST", "/receipt")):
            self.received(self.bob, sent["parcel"])  # its only opening
        who = self.admin.json("outbox", sent["parcel"])
        self.assertEqual(len(who), 1, who)
        tom = self.enrol(TOM)
        with self.loses(("PUT", "/recipients")):
            self.admin.run("recipients", "add", sent["parcel"], TOM)
        self.received(tom, sent["parcel"])
        with self.loses(("DELETE", "")):
            self.admin.run("recipients", "remove", sent["parcel"], TOM)
        with self.loses(("POST", "/recall")):
            self.admin.run("recall", sent["parcel"])
        self.assertEqual(tom.json("inbox"), [])

    def test_a_link_of_one_opening_is_redeemed_once(self):
        with self.loses(("POST", "/links"), ("POST", "/complete")):
            sent = self.admin.json("send", self.files, "--link", "--opens", "1")
        self.assertEqual(len(self.admin.json("links", sent["parcel"])), 1)
        visitor = Person(self.server)
        link = sent["link"].replace(self.server.url, self.url)
        with self.loses(("POST", "/openings")):
            self.received(visitor, link)
        with self.assertRaises(Failed):
            self.received(Person(self.server), link)

    def test_files_are_handed_in_once(self):
        with self.loses(("POST", "/api/v1/requests")):
            made = self.bob.json("request", "create", "--title", "Papers", "--parcels", "1")
        link = made["link"].replace(self.server.url, self.url)
        before = len(self.bob.json("inbox"))
        with self.loses(("POST", "/parcels"), ("POST", "/complete")):
            Person(self.server).run("hand-in", link, self.files)
        self.assertEqual(len(self.bob.json("inbox")), before + 1)
        self.assertEqual(len(self.bob.json("request", "list")), 1)
        with self.loses(("POST", "/close")):
            self.bob.run("request", "close", made["request"])

    def test_an_account_changes_once(self):
        eve = self.enrol("eve@example.org")
        sessions = len(eve.json("account", "sessions")["sessions"])
        with self.loses(("POST", "/tokens")):
            eve.run("account", "token", "--scope", "parcels_read")
        self.assertEqual(len(eve.json("account", "sessions")["sessions"]), sessions + 1)
        with self.loses(("POST", "/slots"), ("DELETE", "")):
            eve.run("paper-key")
        with self.loses(("DELETE", "/current")):
            eve.run("logout")

    def test_administration_is_done_once(self):
        with self.loses(("POST", "/enrolments")):
            self.admin.run("people", "invite", "new@example.org")
        invited = self.admin.json("people", "invitations")["invitations"]
        self.assertEqual([each["address"] for each in invited], ["new@example.org"])
        with self.loses(("DELETE", "")):
            self.admin.run("people", "withdraw", invited[0]["invitation"])
        with self.loses(("PUT", "/policy")):
            self.admin.run("policy", "set", "link_opens_max=7")
        self.assertEqual(self.admin.json("policy", "show")["link_opens_max"], 7)
        self.admin.run("policy", "set", "link_opens_max=none")


if __name__ == "__main__":
    unittest.main()
