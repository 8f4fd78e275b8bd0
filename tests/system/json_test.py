"""--json on every verb: each line of standard output is JSON, for every verb in `sealift help`; the others print what they were asked
for (a sealed file, an opened one)."""
import json
import subprocess
import unittest

from support.people import Person
from support.server import Server, build_folder

GIVE_BYTES = {"seal", "open"}  # their output is the file


class Json(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = server = Server(build_folder())
        cls.addClassCleanup(server.__exit__)
        server.start()
        cls.alice = Person(server, "alice@example.org", administrator=True)
        cls.work = server.folder
        cls.paper = cls.work / "paper.txt"
        cls.paper.write_text("Jo Doe, jo@example.org\n")
        cls.seen = set()

    def say(self, *words, person=None):
        """The last object printed."""
        self.seen.add(words[0])
        lines = (person or self.alice).run(*words, "--json").splitlines()
        self.assertGreater(len(lines), 0, words)
        return [json.loads(line) for line in lines][-1]

    def verbs(self):
        said = self.alice.run("help").split("\n\n")[1]
        return {line.split()[0] for line in said.splitlines()}

    def say_accounts(self):
        data = self.server.data
        link = self.say("admin", "--data", data, "invite", "bob@example.org", "--recovery-officer")["link"]
        bob = Person(self.server)
        self.say("login", self.server.url, "--enrol", link, person=bob)
        self.say("admin", "--data", data, "status")
        self.say("whoami")
        self.say("paper-key")
        self.say("account", "sessions")
        self.say("account", "token", "--scope", "parcels_read")
        self.say("people", "list")
        olga = Person(self.server, "olga@example.org", officer=True)
        named = [word for each in (bob, olga) for word in ("--recovery-officer-key", each.json("whoami")["fingerprint"])]
        self.assertEqual(self.say("account", "recovery", *named)["officers"], 2)
        link = self.say("people", "invite", "carol@example.org")["link"]
        self.say("people", "invitations")
        Person(self.server).run("login", self.server.url, "--enrol", link)
        self.say("policy", "show")
        self.say("lockdown", "status")
        self.say("proposals")
        self.say("organisation", "init", "--output", self.work / "organisation.key")
        self.say("people", "quota", "bob@example.org", "default")
        self.say("profile", "list")
        self.assertIn("recovery", self.say("recovery", "ask", "carol@example.org", person=bob))
        self.say("recovery", "list", person=bob)
        return bob

    def say_parcels(self, bob):
        sent = self.say("send", self.paper, "--to", "bob@example.org")
        linked = self.say("send", self.paper, "--link")
        self.say("inbox", person=bob)
        self.say("receive", sent["parcel"], "--list", person=bob)
        self.say("receive", sent["parcel"], "-o", self.work / "out", person=bob)
        self.say("outbox")
        self.say("outbox", sent["parcel"])
        self.say("links", linked["parcel"])
        self.assertIn("expires", self.say("expiry", linked["parcel"], "2d"))
        self.say("recipients", "remove", sent["parcel"], "bob@example.org")
        self.say("recall", linked["parcel"])
        asked = self.say("request", "create", "--title", "papers")
        self.say("request", "list")
        self.say("hand-in", asked["link"], self.paper, person=Person(self.server))
        self.say("log", "verify", self.server.url)
        self.say("log", "verify", "--data", self.server.data)

    def say_rest(self):
        key = self.work / "new.key"
        self.assertIn("recipient", self.say("keygen", "-o", key))
        shown = self.say("keygen")
        self.assertTrue(shown["identity"].startswith("AGE-SECRET-KEY-1"))
        self.assertEqual(len(self.say("keygen", "-y", key)["recipients"]), 1)
        self.say("version")
        self.say("doctor", self.server.url)
        case = self.work / "case"
        (self.work / "dump").mkdir()
        (self.work / "dump" / "paper.txt").write_bytes(self.paper.read_bytes())
        self.say("census", "scan", self.work / "dump", "--case", case)
        for part in ("people", "files"):
            self.say("census", part, "--case", case)
        self.say("drill", "--parcels", "2")

    def say_where_it_serves(self):
        self.seen.add("serve")
        server = subprocess.Popen([self.server.build / "sealift", "serve", "--data", self.work / "second", "--listen", "127.0.0.1:0", "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.assertRegex(json.loads(server.stdout.readline())["url"], r"^http://127\.0\.0\.1:\d+$")
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()

    def test_every_verb_that_prints_prints_json(self):
        bob = self.say_accounts()
        self.say_parcels(bob)
        self.say_rest()
        self.say_where_it_serves()
        self.say("logout", person=bob)
        self.assertEqual(self.verbs() - self.seen - GIVE_BYTES, set())


if __name__ == "__main__":
    unittest.main()
