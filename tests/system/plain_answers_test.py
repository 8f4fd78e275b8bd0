"""What the command line answers when somebody asks in passing: roles, durations, the policy's borders, empty lists, a second
receiving, and the help of one part of a verb."""
import json
import os
import re
import subprocess
import unittest

from support import changes
from support.people import Person, approval
from support.server import Server, build_folder


class PlainAnswers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.omar = Person(cls.server, "omar@example.org", officer=True)
        cls.otto = Person(cls.server, "otto@example.org", officer=True)
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")

    def send(self, *options):
        folder = self.server.folder / ("papers-" + os.urandom(4).hex())
        folder.mkdir()
        (folder / "one.txt").write_text("one")
        (folder / "two.txt").write_text("two")
        return self.alice.json("send", folder, "--to", "bob@example.org", *options)["parcel"]

    def test_roles_are_printed_and_change_by_an_option_alone(self):
        who = "omar@example.org"
        self.assertEqual(self.alice.run("people", "roles", who), f"roles of {who}: recovery_officer\n")
        self.assertEqual(self.alice.run("people", "roles", who), f"roles of {who}: recovery_officer\n")
        self.assertTrue(self.alice.json("people", "roles", who)["recovery_officer"])
        self.assertRegex(self.alice.run("people", "roles", who, "--none"), f"^proposed [0-9a-f]{{32}}: no role for {who}; takes effect on .*\n$")
        changes.let_take_effect(self.server)
        self.assertEqual(self.alice.run("people", "roles", who, "--none"), f"{who} has no role now\n")
        self.assertEqual(self.alice.run("people", "roles", who), f"{who} has no role\n")
        self.assertIn("--none", self.alice.fails("people", "roles", who, "--none", "--admin", status=2))
        self.assertIn(f"roles of {who}: recovery_officer; takes effect on", self.alice.run("people", "roles", who, "--recovery-officer"))
        changes.let_take_effect(self.server)
        self.assertEqual(self.alice.run("people", "roles", who, "--recovery-officer"), f"roles of {who} now: recovery_officer\n")

    def test_a_duration_that_is_none_is_named_with_the_units(self):
        for words in (("send", self.server.folder, "--link", "--expires", "7x"), ("request", "create", "--title", "t", "--expires", "7x"),
                      ("people", "invite", "x@example.org", "--days", "7x"), ("account", "token", "--scope", "metrics", "--days", "7x")):
            said = self.alice.fails(*words, status=2)
            self.assertIn("m, h, d, w or y", said)
            self.assertIn("not 7x", said)
            self.assertIn("m, h, d, w or y", " ".join(self.alice.run(*words[:1 if words[0] == "send" else 2], "--help").split()))

    def test_a_value_that_the_policy_refuses_is_named_with_its_border(self):
        for setting, status, says in (
                ("links=sometimes", 2, "the policy links takes one of allowed, forbidden; not sometimes"),
                ("link_opens_max=0", 2, "the policy link_opens_max takes a number from 1 to 1000000, or none; not 0"),
                ("parcel_lifetime_ms_max=7x", 2, "the policy parcel_lifetime_ms_max takes a duration of at most ten years, like 12h or 7d, "
                                                 "or milliseconds; not 7x"),
                ("parcel_size_bytes_max=lots", 2, "the policy parcel_size_bytes_max takes a size like 500M or 10G, or bytes; not lots"),
                ("recipient_domains=a..b", 2, "joined by commas; not a..b"),
                ("frob=1", 2, "frob=1: policy set takes NAME=VALUE"),
                ("session_idle_ms_max=1m", 1, "The policy session_idle_ms_max is 5\u00a0minutes at least; you asked for 1\u00a0minute."),
                ("parcel_lifetime_ms_max=1d", 1, "The policy parcel_lifetime_ms_default may be parcel_lifetime_ms_max at most: 7\u00a0days is more than 1\u00a0day."),
                ("session_lifetime_ms_max=3", 1, "The policy session_lifetime_ms_max is 5\u00a0minutes at least; you asked for 3\u00a0ms.")):
            self.assertIn(says, self.alice.fails("policy", "set", setting, status=status), setting)

    def test_an_empty_list_says_so_beside_the_output(self):
        carol = Person(self.server, "carol@example.org")
        parcel = self.send()
        for person, words, says in ((carol, ["inbox"], "sealift: no parcel waits for you\n"), (carol, ["outbox"], "sealift: you have sent no parcel\n"),
                                    (self.alice, ["outbox", parcel], "sealift: nobody has opened it\n"),
                                    (self.alice, ["links", parcel], "sealift: the parcel has no link\n"),
                                    (carol, ["request", "list"], "sealift: you have made no request\n"),
                                    (self.alice, ["people", "invitations"], "sealift: no invitation is open\n"),
                                    (self.omar, ["recovery", "list"], "sealift: no recovery is under way\n")):
            done = person.tried(*words)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", says), words)
            self.assertEqual(person.tried(*words, "--json").stderr, "")

    def test_sessions_show_what_they_may_do_and_until_when(self):
        token = self.bob.json("account", "token", "--scope", "parcels_read", "--scope", "metrics", "--days", "2")
        line = next(line for line in self.bob.run("account", "sessions").splitlines() if token["session"] in line)
        self.assertIn(f"until {token['expires']}", line)
        self.assertRegex(line, "parcels_read,metrics$|metrics,parcels_read$")

    def test_approvals_of_a_recovery_are_counted(self):
        recovery = self.omar.json("recovery", "ask", "bob@example.org")["recovery"]
        self.assertEqual(self.omar.run(*approval(self.omar, recovery, "bob@example.org")), f"approved the recovery {recovery}: 1 of 2 approvals\n")
        self.assertEqual(self.otto.json(*approval(self.otto, recovery, "bob@example.org")), {"approved": recovery, "approvals": 2, "needed": 2})
        self.omar.run("recovery", "cancel", recovery)

    def test_receiving_again_says_what_is_there_and_counts_no_opening(self):
        parcel = self.send("--opens", "1")
        out = self.server.folder / "received"
        self.bob.run("receive", parcel, "-o", out)
        again = self.bob.run("receive", parcel, "-o", out)
        self.assertIn("received 0 entries; 3 were there already; this used no opening\n", again)
        self.assertFalse(self.bob.json("receive", parcel, "-o", out)["new_opening"])
        self.assertEqual(len(self.alice.json("outbox", parcel)), 1)

    def test_another_opening_of_what_was_received_is_announced(self):
        """A day later, when the first opening's ticket is over."""
        parcel = self.send()
        self.bob.run("receive", parcel, "-o", self.server.folder / "before")
        (self.bob.profile / "openings" / parcel).unlink()
        done = self.bob.tried("receive", parcel, "-o", self.server.folder / "before")
        self.assertIn("sealift: this parcel was received here before; receiving it again counts as another opening\n", done.stderr)
        self.assertEqual(len(self.alice.json("outbox", parcel)), 2)

    def test_a_login_during_a_lockdown_says_so_and_what_to_do(self):
        with Server(build_folder()) as server:
            alice, bob = Person(server, "alice@example.org", administrator=True), Person(server, "bob@example.org")
            alice.run("lockdown", "on")
            for person, hint in ((bob, "ask them"), (alice, "`sealift lockdown off` approves reopening")):
                done = person.tried("login", server.url, "--account", person.address)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("sealift: warning: the server is locked down: nothing is sent, received or changed until it is reopened", done.stderr)
                self.assertIn(hint, done.stderr)
            alice.run("lockdown", "off")
            self.assertEqual(bob.tried("login", server.url, "--account", bob.address).stderr, "")

    def test_the_doctors_columns_are_aligned(self):
        for language in ("C.UTF-8", "fr_CA.UTF-8"):
            said = subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, "doctor"], capture_output=True, text=True,
                                  env={**os.environ, "LC_ALL": language}).stdout
            lines = [line for line in said.splitlines() if not line.lstrip().startswith("->")]
            starts = {tuple(found.start() for found in re.finditer(r"(?<=  )\S", line))[:2] for line in lines}
            self.assertEqual(len(starts), 1, said)
            self.assertEqual(len(next(iter(starts))), 2, said)

    def test_what_a_number_of_the_census_is_like_in_french(self):
        pile, case = self.server.folder / "pile", self.server.folder / "case"
        pile.mkdir()
        (pile / "a.csv").write_text("Name,Date of birth,Phone\nErin Lloyd,1979-03-04,418-555-0143\n")
        (pile / "b.csv").write_text("First name,Last name,Date of birth,E-mail,Phone\nErin,Lloyd,1979-03-04,erin@example.org,418-555-0143\n")

        def said(language, *words):
            return subprocess.run([build_folder() / "sealift", "census", *words], capture_output=True, text=True, check=True,
                                  env={**os.environ, "LC_ALL": language}).stdout

        said("C.UTF-8", "scan", pile, "--case", case, "--no-ocr")
        person = json.loads(said("C.UTF-8", "people", "--case", case, "--json"))["person"]
        self.assertRegex(said("C.UTF-8", "people", "--case", case, "--why", person), r"\t\d+\.\d bits\t")
        self.assertRegex(said("fr_CA.UTF-8", "people", "--case", case, "--why", person), r"\t\d+,\d bits\t")

    def parts(self):
        """(what is typed before it, part) of every verb that has parts, from the verbs' own help."""
        program = build_folder() / "sealift"

        def said(*words):
            return subprocess.run([program, *words], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

        found = []
        for verb in re.findall(r"^  ([a-z-]+) ", said("help"), re.M):
            for line in said(verb, "--help").split("\n\n")[0].splitlines():
                begins = re.search(rf"sealift ({verb}(?: --data DIR)?) (.*)", line)
                for way in begins[2].split(" | ") if begins else []:
                    for part in way.split(" ")[0].split("|"):
                        if re.fullmatch("[a-z][a-z-]+", part):
                            found.append((begins[1].replace("DIR", str(self.server.data)).split(), part))
        return found

    def test_a_mistyped_part_of_any_verb_is_guessed(self):
        program, found = build_folder() / "sealift", self.parts()
        self.assertGreater(len(found), 45)
        for before, part in found + [(["admin", "--data", str(self.server.data), "clock"], "accept")]:
            typed = part[:-2] + part[-1] if len(part) > 3 else part + part[-1]
            done = subprocess.run([program, *before, typed], capture_output=True, text=True, env=self.alice.environment())
            self.assertEqual(done.returncode, 2, (before, typed, done.stderr))
            self.assertIn(f"did you mean {part}?", done.stderr, (before, typed))
        self.assertNotIn("did you mean", self.alice.fails("request", "close", status=2), "it was that word")

    def test_every_part_has_help_of_its_own(self):
        program = build_folder() / "sealift"
        for before, part in self.parts():
            asked = [[program, *before, part, "--help"], [program, "help", before[0], part]]
            texts = [subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
                     for words in asked]
            self.assertEqual(texts[0], texts[1], (before, part))
            self.assertRegex(texts[0], rf"\Ausage: sealift {before[0]} (--data DIR )?([a-z-]+( \| |\|))*([a-z]+ \[--json\] \| )?{part}\b")

    def test_a_login_with_a_token_is_not_the_login_before_it(self):
        carl = Person(self.server, "carl@example.org")
        token = carl.json("account", "token", "--scope", "account", "--scope", "parcels_read")
        self.assertEqual(carl.run("account", "sessions").count("(this one)"), 1)
        carl.run("login", self.server.url, "--account", carl.address, "--token", password=token["token"])
        self.assertNotIn("(this one)", carl.run("account", "sessions"))

    def test_a_parcel_that_was_opened_as_often_as_allowed_says_so_elsewhere(self):
        parcel = self.send("--opens", "1")
        self.bob.run("receive", parcel, "-o", self.server.folder / "here")
        elsewhere = Person(self.server, name="bob-elsewhere", url=self.server.url)
        elsewhere.run("login", self.server.url, "--account", "bob@example.org")
        said = elsewhere.fails("receive", parcel, "-o", self.server.folder / "there")
        self.assertIn("as often as its sender allowed (limit: 1)", said)
        self.assertIn("On the machine where you opened it", said)

    def test_a_login_that_a_lock_down_ended_says_why(self):
        with Server(build_folder()) as server:
            alice, bob = Person(server, "alice@example.org", administrator=True), Person(server, "bob@example.org")
            alice.run("lockdown", "on")
            said = bob.fails("inbox")
            self.assertIn("The server is locked down, which has ended every login and token.", said)
            self.assertIn("administrators can log in now", said)
            self.assertEqual(server.call("GET", "/api/v1/account", token="A" * 43)[2]["reason"], "login_ended_by_lockdown")
            alice.run("login", server.url, "--account", alice.address)
            alice.run("lockdown", "off")
            self.assertIn("your login has ended", bob.fails("inbox"))

    def test_the_help_of_a_part_is_of_that_part(self):
        program = build_folder() / "sealift"

        def said(*words):
            return subprocess.run([program, *words], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

        for verb, part, has, has_not in (
                ("people", "invite", ["people invite ADDRESS", "one-time enrolment link", "--days N"], ["people quota", "--none", "ACCOUNT"]),
                ("people", "quota", ["ACCOUNT is an address"], ["--days"]),
                ("people", "withdraw", ["withdraw ID"], ["--days", "people list"]),
                ("account", "token", ["--scope SCOPE", "It is printed once"], ["--paper-key", "end-session", "ends all other"]),
                ("recovery", "approve", ["two officers have to"], ["--output", "after the delay"]),
                ("lockdown", "status", ["how many have approved"], ["serving stops"]),
                ("log", "witness", ["--state DIR", "signs the newest state"], ["--receipt FILE", "accept-restore URL", "log's tree", "replays"]),
                ("log", "verify", ["log's tree", "DIR is a server's data folder"], ["replays", "signs the newest state"]),
                ("log", "watch", ["replays the directory"], ["signs the newest state", "log's tree"]),
                ("policy", "set", ["policy set NAME=VALUE", "has every setting", "Nothing is\nchanged"], ["policy show"]),
                ("policy", "show", ["policy show", "has every setting"], ["Nothing is", "`set`"]),
                ("admin", "fsck", ["--repair-what-is-safe"], ["prints a link with which", "admin --data DIR invite", "--keep N", "new generation", "empty data folder"]),
                ("admin", "backup", ["new generation"], ["empty data folder", "--end-what-is-lost"]),
                ("admin", "restore", ["empty data folder"], ["new generation"]),
                ("login", "--account", ["--certificate HEX | --authorities FILE"], []),
                ("census", "scan", ["--no-ocr"], ["--letters-on"])):
            text = said(verb, part, "--help")
            if not part.startswith("--"):
                self.assertEqual(said("help", verb, part), text)
                self.assertNotEqual(text, said(verb, "--help"))
            for each in has:
                self.assertIn(each, text)
            for each in has_not:
                self.assertNotIn(each, text)
        self.assertEqual(said("admin", "--data", "x", "backup", "--help"), said("help", "admin", "backup"))


if __name__ == "__main__":
    unittest.main()
