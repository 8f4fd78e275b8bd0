"""New keys for an account (docs/decisions/0118): what a copied profile is worth before and after, what correspondents are told, and
that a rotation which is killed anywhere can be run again."""
import base64
import json
import os
import shutil
import subprocess
import unittest

from support import session_proof
from support.mutating_proxy import MutatingProxy
from support.people import PASSWORD, Failed, Person, invite
from support.server import Server, build_folder
from support.session_proof import encoded
from support.signing_key import SigningKey
from support.waiting import until

ALICE, BOB = "alice@example.org", "bob@example.org"


class WithPeople(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.alice, self.bob = self.enrolled(ALICE), self.enrolled(BOB)
        self.file = self.server.folder / "letter.txt"
        self.file.write_text("for Alice alone")

    def enrolled(self, address, url=None):
        person = Person(self.server, None, url=url, name=address.split("@")[0])
        person.address = address
        person.paper = person.enrol(invite(self.server, address).split("#")[1])["paper_key"]
        return person

    def send(self, sender=None, to=ALICE):
        return (sender or self.bob).json("send", self.file, "--to", to)["parcel"]

    def receive(self, parcel, person=None):
        folder = self.server.folder / ("out-" + os.urandom(4).hex())
        (person or self.alice).run("receive", parcel, "-o", folder)
        return (folder / "letter.txt").read_text()

    def rotate(self, *more, **keys):
        return self.alice.json("account", "rotate", *more, passwords=(self.alice.paper, PASSWORD), **keys)

    def thief(self):
        """With a copy of Alice's profile, as it is now."""
        thief = Person(self.server, None, name="thief-" + os.urandom(4).hex())
        shutil.copytree(self.alice.profile, thief.profile)
        return thief


class Thieves(WithPeople):
    def test_a_copied_profile_is_worth_nothing_after_the_rotation(self):
        before, opened = self.send(), self.send()
        self.receive(opened)
        thief = self.thief()
        login, owner = thief.token(), thief.owner()
        note = next(body.decode() for name, body in thief.files().items() if name.startswith("openings/"))
        opening, ticket = (next(line.split()[1] for line in note.splitlines() if line.startswith(word)) for word in ("opening ", "ticket "))
        opening = f"/api/v1/openings/{opening}"
        self.assertEqual(thief.json("whoami")["address"], ALICE, "else this test proves nothing")
        self.assertEqual(self.server.call("GET", opening, headers={"Sealift-Ticket": ticket})[0], 200, "the ticket is good")
        said = self.rotate()
        self.assertEqual((said["generation"], said["countersigned"]), (2, True))
        after = self.send()
        self.assertEqual(self.receive(after), "for Alice alone")
        self.assertEqual(self.receive(before), "for Alice alone", "what was sent before still opens")
        sealed = self.server.folder / "sealed.age"
        self.alice.run("receive", after, "--sealed", sealed)
        self.assertTrue(thief.tried("open", "-i", thief.identity(), sealed, "-o", self.server.folder / "stolen").returncode)
        self.alice.run("open", "-i", self.alice.identity(), sealed, "-o", self.server.folder / "mine.tar")
        # It reads, signs, publishes and ends nothing.
        for words in (("whoami",), ("inbox",), ("send", self.file, "--to", BOB), ("paper-key",), ("account", "sessions"),
                      ("receive", after, "-o", self.server.folder / "stolen")):
            self.assertTrue(thief.tried(*words).returncode, words)
        for method, path in (("GET", "/api/v1/account"), ("POST", f"/api/v1/parcels/{after}/recall"), ("DELETE", "/api/v1/sessions/current")):
            self.assertEqual(self.server.call(method, path, token=login)[0], 401, path)
        self.assertEqual(self.server.call("GET", opening, headers={"Sealift-Ticket": ticket})[0], 401, "a ticket")
        # Even with the password, which the profile doesn't have: the old key signs no act.
        fresh = Person(self.server, None, name="fresh")
        fresh.run("login", fresh.url, "--account", ALICE)
        mine = session_proof.Owner(lambda method, path: self.server.call(method, path, token=fresh.token())[2], owner.account, owner.key, 1)
        status, _, refusal = self.server.call("POST", "/api/v1/tokens", {"scopes": ["account"], "lifetime_ms": 1000},
                                              {"Sealift-Act": mine.act("token.issue", body=encoded({"scopes": ["account"], "lifetime_ms": 1000}))},
                                              fresh.token())
        self.assertEqual((status, refusal["reason"]), (403, "act_key_retired"))
        self.assertEqual(self.receive(self.send(), fresh), "for Alice alone")

    def test_on_the_day_of_a_new_paper_key_the_password_leads_to_the_rotation(self):
        self.send()
        old, fresh, password = self.alice.paper, "another good horse", "a third good horse"
        said = self.alice.tried("account", "password", passwords=(PASSWORD, fresh))
        paper = said.stdout.split()[-1]
        self.assertTrue(paper.startswith("SEALIFTPAPER1-"), said)
        other = Person(self.server, None, name="another-machine")
        lost = ("account", "rotate", "--lost-machine", other.url, "--account", ALICE)
        refused = other.tried(*lost, passwords=(paper, password))
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"less than 1\sday ago, and doesn't log in for another (1\sday|2[34]\shours)\.")
        self.assertIn("`sealift login URL --account ADDRESS`, then `sealift account rotate`", refused.stderr)
        # The way out that it names.
        other.run("login", other.url, "--account", ALICE, password=fresh)
        done = other.json("account", "rotate", passwords=(paper, fresh, old))
        self.assertEqual((done["generation"], done["countersigned"]), (2, True))
        self.assertEqual(self.receive(self.send(), other), "for Alice alone")
        self.assertTrue(self.alice.tried("whoami").returncode, "the lost machine's login has ended")

    def test_a_thief_publishes_no_keys_without_the_paper_key(self):
        self.send()  # Bob has seen Alice's keys
        thief = self.thief()
        owner, login = thief.owner(), thief.token()
        seed = os.urandom(32)
        theirs = SigningKey(self.server.folder, seed)
        first = self.server.call("GET", f"/api/v1/directory/{owner.account}", token=login)[2]["entries"][0]["key"]
        text = (f"sealift/v1/directory-key\naccount {owner.account}\ngeneration 2\nrecipient {first['recipient']}\n"
                f"signing-key {theirs.verifier}\n")
        key = {"generation": 2, "recipient": first["recipient"], "signing_key": theirs.verifier,
               "endorsement": base64.b64encode(owner.key.sign(text.encode())).decode()}
        succession = f"sealift/v1/directory-succession\n{text}endorsing-key {theirs.verifier}\n"
        countersigned = {**key, "endorsing_key": theirs.verifier,
                         "countersignature": base64.b64encode(theirs.sign(succession.encode())).decode()}
        for each in (key, countersigned):
            act = owner.act("account.publish_key", body=encoded(each))
            status, _, refusal = self.server.call("POST", "/api/v1/account/keys", each, {"Sealift-Act": act}, login)
            self.assertEqual((status, refusal["reason"]), (403, "key_not_countersigned"))
        for typed in ((self.bob.paper, PASSWORD), (self.alice.paper, "not the password")):
            self.assertTrue(thief.tried("account", "rotate", passwords=typed).returncode)
        self.assertEqual(self.alice.json("whoami")["address"], ALICE)
        self.assertEqual(self.rotate()["generation"], 2)

    def test_a_server_that_helps_the_thief_is_not_believed_either(self):
        """The server takes the thief's keys, its log has them, and its directory proves them: correspondents go by the paper key."""
        self.send()
        with self.server.catalog() as catalog:  # for a moment it forgets what has to countersign
            event, body = catalog.execute("SELECT c.id, c.event FROM custody c JOIN directory d ON d.event = c.id JOIN accounts a "
                                          "ON a.id = d.account ORDER BY a.created LIMIT 1").fetchone()
            stripped = json.loads(body)
            self.assertIn("endorsing_key", stripped)
            del stripped["endorsing_key"]
            catalog.execute("UPDATE custody SET event = ? WHERE id = ?", (json.dumps(stripped).encode(), event))
        thief = self.thief()
        owner, login = thief.owner(), thief.token()
        theirs = SigningKey(self.server.folder, os.urandom(32))
        first = self.server.call("GET", f"/api/v1/directory/{owner.account}", token=login)[2]["entries"][0]["key"]
        text = (f"sealift/v1/directory-key\naccount {owner.account}\ngeneration 2\nrecipient {first['recipient']}\n"
                f"signing-key {theirs.verifier}\n")
        key = {"generation": 2, "recipient": first["recipient"], "signing_key": theirs.verifier,
               "endorsement": base64.b64encode(owner.key.sign(text.encode())).decode()}
        act = owner.act("account.publish_key", body=encoded(key))
        self.assertEqual(self.server.call("POST", "/api/v1/account/keys", key, {"Sealift-Act": act}, login)[0], 201, "the server helps")
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE custody SET event = ? WHERE id = ?", (body, event))
        with self.assertRaises(Failed) as refusal:
            self.send()
        self.assertIn("not countersigned by its owner's paper key", refusal.exception.errors)
        with self.assertRaises(Failed) as alarm:
            self.alice.run("whoami")
        self.assertIn("not countersigned", alarm.exception.errors)


class Correspondents(WithPeople):
    def test_they_are_told_of_new_keys_and_follow_them(self):
        self.send()
        fingerprint = self.rotate()["fingerprint"]
        told = self.bob.tried("send", self.file, "--to", ALICE)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("has new keys, endorsed by the old ones and by a paper key", told.stderr)
        self.assertIn(fingerprint, told.stderr)
        self.assertNotIn("has new keys", self.bob.tried("send", self.file, "--to", ALICE).stderr, "once")

    def test_what_was_sent_before_can_still_be_shared_and_read(self):
        sent = self.alice.json("send", self.file, "--to", BOB)["parcel"]
        carol = self.enrolled("carol@example.org")
        self.rotate()
        self.alice.run("recipients", "add", sent, "carol@example.org")
        self.assertEqual(self.receive(sent, self.bob), "for Alice alone")
        self.assertEqual(self.receive(sent, carol), "for Alice alone")

    def test_requests_of_the_old_keys_are_closed(self):
        link = self.alice.json("request", "create", "--title", "documents")["link"]
        visitor = Person(self.server)
        visitor.run("hand-in", link, self.file)
        handed = self.alice.json("inbox")[0]["parcel"]
        self.assertEqual(self.rotate()["closed_requests"], 1)
        self.assertTrue(visitor.tried("hand-in", link, self.file).returncode)
        self.assertEqual(self.alice.json("request", "list")[0]["title"], "documents")
        self.assertEqual(self.receive(handed), "for Alice alone")

    def test_other_machines_of_ones_own_log_in_again(self):
        other = Person(self.server, None, name="laptop")
        other.run("login", other.url, "--account", ALICE)
        parcel = self.send()
        self.rotate()
        self.assertIn("Log in with", other.tried("whoami").stderr)
        other.run("login", other.url, "--account", ALICE)
        self.assertEqual(self.receive(parcel, other), "for Alice alone")
        other.run("whoami")
        self.alice.run("whoami")
        self.rotate()
        self.assertEqual(self.receive(self.send()), "for Alice alone")


class PaperKeys(WithPeople):
    def test_an_earlier_paper_key_endorses_until_the_next_rotation(self):
        first = self.alice.paper
        self.alice.paper = self.alice.json("account", "password", passwords=(PASSWORD, PASSWORD + " too"))["paper_key"]
        typed = (self.alice.paper, PASSWORD + " too")
        self.assertTrue(self.alice.tried("account", "rotate", passwords=(typed[0], typed[1], self.bob.paper)).returncode)
        self.assertEqual(self.alice.json("account", "rotate", passwords=(*typed, first))["generation"], 2)
        self.assertEqual(self.alice.json("account", "rotate", passwords=typed)["generation"], 3, "the new paper key endorses now")


class LostMachines(WithPeople):
    def test_one_step_from_another_machine_ends_all_that_the_lost_one_had(self):
        self.send()
        thief, token = self.thief(), self.alice.json("account", "token", "--scope", "parcels_read")["token"]
        new = Person(self.server, None, name="new-machine")
        done = new.tried("account", "rotate", "--lost-machine", new.url, "--account", ALICE,
                         passwords=(self.alice.paper, "another good password"))
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("may still have", "no longer have", "fetched with its keys"):
            self.assertIn(part, done.stderr)
        self.assertTrue(thief.tried("whoami").returncode)
        self.assertEqual(self.server.call("GET", "/api/v1/parcels/received", token=token)[0], 401)
        self.assertEqual(self.receive(self.send(), new), "for Alice alone")
        again = Person(self.server, None, name="another")
        self.assertTrue(again.tried("login", again.url, "--account", ALICE).returncode, "the old password")
        again.run("login", again.url, "--account", ALICE, password="another good password")
        again.run("login", again.url, "--account", ALICE, "--paper-key", password=self.alice.paper)


class Kills(WithPeople):
    def test_killed_at_any_step_it_can_be_run_again_and_nothing_is_lost(self):
        """The client is killed when its n-th request is answered, for every n: the answer never arrives."""
        proxy = MutatingProxy(self.server.port)
        self.addCleanup(proxy.__exit__)
        dora = self.enrolled("dora@example.org", f"http://127.0.0.1:{proxy.port}")
        sent = [self.send(to="dora@example.org")]
        step, whole = 0, False
        while not whole:
            step += 1
            seen, running = [], []

            def mutate(exchange, step=step, seen=seen, running=running):
                seen.append((exchange.method, exchange.path))
                if len(seen) == step:
                    until(lambda: running)
                    running[0].kill()
                    exchange.status = None

            environment = {**dora.environment(), "SEALIFT_PASSWORD_FD": "0"}
            proxy.set_mutation(mutate)
            running.append(subprocess.Popen([self.server.build / "sealift", "account", "rotate"], env=environment, text=True,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True))
            running[0].communicate(f"{dora.paper}\n{PASSWORD}\n", timeout=60)
            proxy.set_mutation(None)
            whole = running[0].returncode == 0
            if not any(path.endswith("/rotation") for _, path in seen):
                continue  # nothing but reading and logging in was done
            with self.subTest(step=step, seen=seen[-1]):
                again = Person(self.server, None, url=dora.url, name=f"again-{step}")
                again.run("login", again.url, "--account", "dora@example.org")
                self.assertEqual(self.receive(sent[-1], again), "for Alice alone")
                sent.append(self.send(to="dora@example.org"))
        self.assertGreater(len(sent), 3, "it was killed before, at and after the one step that changes anything")
        dora.run("account", "rotate", passwords=(dora.paper, PASSWORD))
        for parcel in sent:
            self.assertEqual(self.receive(parcel, dora), "for Alice alone")
        dora.run("whoami")


if __name__ == "__main__":
    unittest.main()
