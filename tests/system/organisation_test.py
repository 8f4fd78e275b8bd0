"""The organisation's key, off the server: who gets shares of an account's recovery (docs/decisions/0220).

An intruder on the server, or its administrator, names recovery officers of their own: puppets whose shares open what
newcomers are sent. A client that knows the organisation's key gives shares to nobody whom it didn't sign.
"""
import base64
import hashlib
import json
import subprocess
import unittest

from support import lies
from support.mutating_proxy import WithLyingServer
from support.people import Failed, Person, invite
from support.server import build_folder

SERVER = "/api/v1/server"
LOOK = "/api/v1/enrolments/look"
OWN = "/api/v1/account/recovery"


class Organisation(WithLyingServer):
    def setUp(self):
        super().setUp()
        self.root = Person(self.server, "root@example.org", administrator=True)
        self.olga, self.otto, self.rita = (
            Person(self.server, f"{name}@example.org", officer=True) for name in ("olga", "otto", "rita"))
        self.key = self.server.folder / "organisation.key"
        made = self.root.json("organisation", "init", "--output", self.key)
        self.fingerprint, self.public = made["fingerprint"], made["key"]
        self.assertIn("The server knows no organisation key yet", self.root.fails(
            "organisation", "sign", "--key-file", self.key, *self.named(self.olga, self.otto), "olga@example.org", "otto@example.org"))
        self.assertEqual(self.machine("organisation-key", self.public, "--json"), json.dumps({"fingerprint": self.fingerprint}, separators=(",", ":")) + "\n")

    def machine(self, *words):
        return subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, *words], check=True, capture_output=True,
                              text=True).stdout

    def elsewhere(self):
        """The same key under another server's name."""
        name, key = "sealift-0-organisation", self.public.split("+", 2)[2]
        id_of = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(key)).hexdigest()[:8]
        return f"{name}+{id_of}+{key}"

    def named(self, *officers):
        return [word for each in officers for word in ("--recovery-officer-key", each.json("whoami")["fingerprint"])]

    def sign(self, *officers, by=None, key=None, **more):
        return (by or self.root).json("organisation", "sign", "--key-file", key or self.key, *self.named(*officers),
                                      *(each.address for each in officers), **more)

    def account(self, person):
        return json.loads((person.profile / "login.json").read_text())["account"]

    def shared_with(self, person):
        own = self.server.call("GET", OWN, token=person.token())[2]
        return set(own["shared_with"]) if own["has_slot"] else set()

    def ids(self, *people):
        return {self.account(each) for each in people}

    def puppets(self):
        """Officers whom somebody with the machine made, and who hide the true ones."""
        made = [Person(self.server, f"puppet-{each}@example.org", officer=True) for each in range(2)]
        with self.server.catalog() as catalog:
            for each in (self.olga, self.otto, self.rita):
                catalog.execute("UPDATE accounts SET recovery_officer = 0 WHERE id = ?", (bytes.fromhex(self.account(each)),))
        return made

    def newcomer(self, name, link, *more):
        """Enrols through the proxy; what was said on the way, and the person."""
        person = Person(self.server, url=f"http://127.0.0.1:{self.proxy.port}", name=name)
        done = person.tried("login", person.url, "--enrol", link.split("#")[1], *more)
        if done.returncode != 0:
            raise Failed(done)
        return person, done.stderr

    def change(self, path, change):
        def mutate(exchange):
            if exchange.path == path and exchange.status == 200:
                told = json.loads(exchange.body)
                change(told)
                exchange.body = json.dumps(told).encode()
        self.proxy.set_mutation(mutate)

    def link(self, address):
        return self.root.json("people", "invite", address)["link"]

    def refused(self, name, *more):
        link = self.link(f"{name}@example.org")
        with self.assertRaises(Failed) as refusal:
            self.newcomer(name, link, *more)
        self.proxy.set_mutation(None)
        return refusal.exception.errors

    @lies.counted
    def test_a_puppet_gets_no_share_of_a_newcomer(self):
        self.sign(self.olga, self.otto)
        link = self.link("alice@example.org")
        self.assertTrue(link.endswith("." + self.fingerprint.replace(" ", "")), link)
        alice, said = self.newcomer("alice", link)
        self.assertIn("signed with the organisation's key", said)
        self.assertEqual(self.shared_with(alice), self.ids(self.olga, self.otto), "rita isn't signed")
        puppets = self.puppets()
        bob, said = self.newcomer("bob", self.link("bob@example.org"))
        self.assertEqual(self.shared_with(bob), set(), "nobody was told who is signed")
        self.assertIn("didn't sign get no share: 2", said)
        without = invite(self.server, "carol@example.org")
        self.assertEqual(self.shared_with(self.newcomer("carol", "#" + without.split("#")[-1])[0]) & self.ids(*puppets), set())

    @lies.counted
    def test_a_key_of_the_servers_own_is_seen(self):
        self.sign(self.olga, self.otto)
        thief_key = self.server.folder / "thief.key"
        told = self.root.json("organisation", "init", "--output", thief_key)["key"]
        self.change(SERVER, lambda server: server.update(organisation_key=told))
        self.assertIn("organisation key is not the one that was given", self.refused("alice"))
        self.change(SERVER, lambda server: server.pop("organisation_key"))
        self.assertIn("hides the organisation's key", self.refused("bob"))

    @lies.counted
    def test_a_set_that_was_replaced_does_not_come_back(self):
        self.sign(self.olga, self.otto)
        alice, _ = self.newcomer("alice", self.link("alice@example.org"))
        before = self.server.call("GET", OWN, token=alice.token())[2]["officer_set"]
        self.assertEqual(self.sign(self.otto, self.rita)["number"], 2)
        again = alice.tried("login", alice.url, "--account", "alice@example.org")
        self.assertIn("dealing it again", again.stderr)
        self.assertEqual(self.shared_with(alice), self.ids(self.otto, self.rita), "without a question: the key says so")
        self.change(OWN, lambda own: own.update(officer_set=before))
        self.assertIn("older set of recovery officers", alice.fails("account", "recovery"))
        self.change(OWN, lambda own: own.pop("officer_set"))
        self.assertIn("hides the set of recovery officers", alice.fails("account", "recovery"))
        self.proxy.set_mutation(None)
        self.assertEqual(alice.json("account", "recovery"), {"officers": 2, "needed": 2})

    @lies.counted
    def test_an_administrator_cannot_replace_the_key_or_forge_a_set(self):
        self.sign(self.olga, self.otto)
        thief_key = self.server.folder / "thief.key"
        self.root.run("organisation", "init", "--output", thief_key)
        with self.assertRaises(Failed) as refusal:
            self.sign(self.olga, self.rita, key=thief_key)
        self.assertIn("this is not the organisation key that the server has: its fingerprint is " + self.fingerprint, refusal.exception.errors)
        self.assertIn("sign with that one: clients that know it refuse any other", refusal.exception.errors)
        with self.assertRaises(Failed) as refusal:
            self.sign(self.olga, self.rita, by=self.olga)
        self.assertIn("needs the role administrator", refusal.exception.errors)
        forged = self.server.call("GET", OWN, token=self.root.token())[2]["officer_set"].replace("number 1", "number 9")
        body = json.dumps({"organisation_key": self.root.json("organisation")["key"], "officer_set": forged}).encode()
        status, _, answer = self.server.call(
            "PUT", "/api/v1/officer-set", body, token=self.root.token(),
            headers={"Content-Type": "application/json", "Sealift-Act": self.root.owner().act("officers.sign", body=body)})
        self.assertEqual((status, answer.get("reason")), (400, "wrong_field"))
        self.assertEqual(self.root.json("organisation")["number"], 1)

    def test_who_has_an_account_already_names_the_key_once(self):
        dan = Person(self.server, "dan@example.org")
        self.sign(self.olga, self.otto)
        self.assertFalse(dan.json("organisation")["is_known"])
        self.assertIn("not known here", dan.run("organisation"))
        wrong = "0" * 32
        said = dan.fails("account", "recovery", "--organisation-key", wrong)
        self.assertIn("is not the one that was given", said)
        self.assertIn("nothing was sent; ask the holder of the organisation's key, by telephone", said)
        self.assertIn("--organisation-key takes a fingerprint", dan.fails("account", "recovery", "--organisation-key", "x", status=2))
        self.assertEqual(dan.json("account", "recovery", "--organisation-key", self.fingerprint), {"officers": 2, "needed": 2})
        self.assertTrue(dan.json("organisation")["is_known"])
        self.assertEqual(self.shared_with(dan), self.ids(self.olga, self.otto))
        self.sign(self.olga, self.otto, self.rita)
        self.assertEqual(dan.json("account", "recovery"), {"officers": 3, "needed": 2})
        mine = self.root.tried("organisation", "sign", "--key-file", self.key, *self.named(self.olga, self.otto, dan), "--needed", "3",
                               "olga@example.org", "otto@example.org", "dan@example.org")
        self.assertIn("dan@example.org isn't a recovery officer of this server", mine.stderr)

    def test_what_was_seen_at_a_login_is_not_taken_back(self):
        """Also where there was nothing to deal; and a server that went back to an older set gets a newer one."""
        self.sign(self.olga, self.otto)
        alice, _ = self.newcomer("alice", self.link("alice@example.org"))
        first = self.server.call("GET", OWN, token=alice.token())[2]["officer_set"]
        self.sign(self.olga, self.otto, self.rita)
        alice.run("login", alice.url, "--account", "alice@example.org")
        self.change(OWN, lambda own: own.update(officer_set=first))
        self.assertIn("older set of recovery officers", alice.tried("login", alice.url, "--account", "alice@example.org").stderr)
        self.proxy.set_mutation(None)
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE marks SET value = ? WHERE mark = 10", (first.encode(),))
        self.assertEqual(self.sign(self.olga, self.otto)["number"], 3)

    def test_more_that_have_to_agree_are_dealt_again(self):
        self.sign(self.olga, self.otto, self.rita)
        alice, _ = self.newcomer("alice", self.link("alice@example.org"))
        self.root.run("organisation", "sign", "--key-file", self.key, "--needed", "3", *self.named(self.olga, self.otto, self.rita),
                      "olga@example.org", "otto@example.org", "rita@example.org")
        self.assertIn("dealing it again", alice.tried("login", alice.url, "--account", "alice@example.org").stderr)
        self.assertEqual(self.server.call("GET", OWN, token=alice.token())[2]["shares_needed"], 3)

    def test_what_is_wrong_is_said(self):
        self.assertNotIn("number", self.root.json("organisation"))
        self.assertIn("already", self.root.fails("organisation", "init", "--output", self.key))
        self.assertIn("did you mean sign", self.root.fails("organisation", "sing", "a", "b", status=2))
        self.assertIn("two recovery officers at least", self.root.fails("organisation", "sign", "olga@example.org", status=2))
        both = ("olga@example.org", "otto@example.org")
        sign = ("organisation", "sign", "--key-file", self.key)
        self.assertIn("organisation init needs --output FILE", self.root.fails("organisation", "init", status=2))
        self.assertIn("name them with --recovery-officer-key, or sign on a terminal", self.root.fails(*sign, *both, status=2))
        self.assertIn("--needed takes a number, 2 at least", self.root.fails(*sign, "--needed", "1", *both, status=2))
        self.assertIn("as many as have to agree", self.root.fails(*sign, "--needed", "3", *both, status=2))
        wrong = ("--recovery-officer-key", "0" * 32)
        said = self.root.fails(*sign, *wrong, *both)
        self.assertIn("the directory's keys are not those of the command", said)
        self.assertIn("nothing was signed; compare the keys with the officers, by telephone", said)
        cut = self.server.folder / "cut.key"
        cut.write_text(self.key.read_text()[:-3] + "\n")
        self.assertIn("a letter of it is wrong or missing", self.root.fails("organisation", "sign", "--key-file", cut, *wrong, *both))
        for key, said in (("x", "this is not an organisation's public key: `sealift organisation init` prints it"),
                          (self.public.replace("sealift-", "sealift-0"), "not an organisation's public key"),
                          (self.elsewhere(), "this organisation key was made for another server")):
            done = subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, "organisation-key", key],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(said, done.stderr)
        said = self.root.fails(*sign, *wrong, "olga@example.org", "nobody@example.org")
        self.assertIn("no account for nobody@example.org", said)
        self.assertIn("see who there is with `sealift people list`", said)


if __name__ == "__main__":
    unittest.main()
