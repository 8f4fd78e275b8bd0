"""What README and docs/guide tell people to type, typed by people at a fresh server (docs/operate: docs_test.py)."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import pages
from support.pages import Reader
from support.people import PASSWORD, Person, invite
from support.server import Server, build_folder

LOREM = b"%PDF-1.4\n" + b"a page\n" * 100


class Guide(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.folder = self.server.folder

    def reader(self, page, **places):
        return Reader(page, self.folder, build_folder(), {"https://files.example.org": self.server.url, **places})

    def people(self):
        return Person(self.server, "alice@example.org", administrator=True), Person(self.server, "bob@example.org")

    # ---- docs/guide

    def test_accounts(self):
        self.server.stop()
        self.server = Server(build_folder(), config="tls = self-made\n")
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.folder = self.server.folder
        ann = Person(self.server, name="ann")
        reader = self.reader("docs/guide/accounts.md", ADDRESS="ann@example.org", DIR=self.server.data)
        first = reader.next("sealift login https://files.example.org --enrol LINK")
        # The page says it further down: such a server's certificate is compared, and named.
        said = reader.type("openssl x509", ann).strip()
        digest = said.split("=")[1].replace(":", "").lower()
        words = first.replace("LINK", invite(self.server, "ann@example.org")).replace("https://files.example.org", self.server.url).split()
        paper = re.search("SEALIFTPAPER1-[A-Z0-9-]+", ann.run(*words[1:], "--certificate", digest)).group(0)
        reader.left[0] += " --certificate " + digest
        reader.type("sealift login", ann)
        self.assertIn("ann@example.org", reader.type("sealift whoami", ann))
        self.assertIn("login", reader.type("sealift account sessions", ann))
        reader.type("sealift account token", ann)
        reader.type("sealift logout", ann)
        self.assertFalse(ann.identity().exists())
        ann.run("login", self.server.url, "--account", "ann@example.org", "--certificate", digest)
        before = ann.run("whoami")
        reader.type("sealift account rotate", ann, {"SEALIFT_PASSWORD_FD": "0"}, typed=f"{paper}\n{PASSWORD}\n")
        self.assertNotEqual(ann.run("whoami"), before)
        token = ann.run("account", "token", "--scope", "parcels_read").strip()
        reader.places["https://send.example.org"] = self.server.url
        for _ in list(reader.left):  # programs go on with their tokens
            reader.type("curl", ann, {"TOKEN": token, "CURL_CA_BUNDLE": str(self.server.data / "tls" / "certificate.pem")})

    @unittest.skipUnless((pages.ROOT / "docs/guide/command-line.md").exists(), "there is no such page")
    def test_command_line(self):
        me = Person(self.server, "me@example.org")
        reader = self.reader("docs/guide/command-line.md")
        reader.type("sealift login", me)
        reader.type("sealift inbox", me)
        self.assertIn("work", reader.type("sealift profile list", me))
        reader.type("sealift profile use", me)
        reader.done()

    def test_transfers(self):
        alice, bob = self.people()
        reader = self.reader("docs/guide/transfers.md")
        (self.folder / "report").mkdir()
        (self.folder / "report" / "page.pdf").write_bytes(LOREM)
        (self.folder / "photo.jpg").write_bytes(os.urandom(50_000))
        reader.type("sealift send report/ photo.jpg", alice)
        link = next(word for word in reader.type("sealift send report/ --link", alice).split() if "#" in word)
        parcel = reader.type("sealift inbox", bob).split()[0]
        reader.places["0123..."] = parcel
        reader.type("sealift receive", bob)
        self.assertEqual((self.folder / "here" / "report" / "page.pdf").read_bytes(), LOREM)
        self.assertIn("page.pdf", reader.type("sealift receive", bob))
        reader.type("sealift receive", bob)
        self.assertIn("SEALIFT_PASSWORD_FD", self.by_link(reader, link))
        reader.places["~/.config/sealift"] = bob.profile
        reader.type("sealift receive", bob)
        (self.folder / "report" / "page.pdf").unlink()
        reader.type("age -d", bob)
        self.assertEqual((self.folder / "report" / "page.pdf").read_bytes(), LOREM, "by stock tools alone")
        link = reader.type("sealift request create", bob).split()[-1]
        (self.folder / "slips").mkdir()
        (self.folder / "slips" / "one").write_text("slip")
        reader.places["https://files.example.org/r/" + parcel + "#..."] = link
        self.hand_in(reader, link)
        reader.done()

    def by_link(self, reader, link):
        """The passphrase went another way, and the page's line asks for it."""
        line = reader.next("sealift receive 'https://files.example.org/l/0123...#...' -o here")
        self.assertIn("#...", line)
        return Person(self.server).fails("receive", link, "-o", self.folder / "by-link", status=1, password="")

    def hand_in(self, reader, link):
        self.assertEqual(reader.left[0], "sealift hand-in 'https://files.example.org/r/0123...#...' slips/")
        reader.left[0] = f"sealift hand-in '{link}' slips/"
        reader.type("sealift hand-in", Person(self.server))

    def test_census(self):
        clerk = Person(self.server)
        pile = self.folder / "pile"
        pile.mkdir()
        (pile / "class.csv").write_text("first name,last name,date of birth,phone\nErin,Lloyd,2012-03-04,613-555-0142\n"
                                        "Jean-Marc,Roy,2012-05-06,613-555-0117\n")
        (pile / "letter.txt").write_text("Dear Erin Lloyd,\n\nborn 2012-03-04, telephone 613-555-0142.\n")
        reader = self.reader("docs/guide/census.md")
        self.assertRegex(reader.type("sealift census scan", clerk), r"\d+ people|1 person")
        person = reader.type("sealift census people", clerk).split()[0]
        self.assertIn("2 read", reader.type("sealift census files", clerk))
        self.assertIn("record", reader.type("sealift census people", clerk, p54ee1347aea5=person))
        reader.type("sealift census report", clerk)
        reader.type("sealift census export", clerk)
        self.assertIn("<html", (self.folder / "report.html").read_text().lower())
        self.assertTrue((self.folder / "people.jsonl").read_text())
        reader.done()

    def test_curl(self):
        alice, bob = self.people()
        who = bob.json("whoami")
        tokens = {name: person.json("account", "token", "--scope", scope)["token"]
                  for name, person, scope in (("write", alice, "parcels_write"), ("read", bob, "parcels_read"))}
        content = os.urandom(300_000)
        (self.folder / "report.pdf").write_bytes(content)
        reader = self.reader("docs/guide/curl.md", **{"~/.config/sealift": bob.profile})
        script = reader.left
        self.assertGreater(len(script), 6)
        reader.left = ["\n".join(script)]  # one shell: its variables are used further down
        reader.type("age", bob, {"server": self.server.url, "account": who["account"], "recipient": who["recipient"], **tokens})
        self.assertEqual((self.folder / "received.pdf").read_bytes(), content)

    # ---- README

    def test_readme_sealing(self):
        someone = Person(self.server)
        reader = self.reader("README.md")
        (self.folder / "list.txt").write_text("Patient 17, health number 9876-543-217\n")
        shown = re.search(r"age1\w{58}", reader.left[1]).group(0)
        key = re.search(r"age1\w+", self.keygen(reader, someone)).group(0)
        reader.type("sealift seal -r", someone, **{shown: key})
        self.assertEqual(reader.type("grep -c Patient", someone, status=1), "0\n")
        for program in ("sealift open", "age -d"):
            self.assertIn("Patient 17", reader.type(program, someone))
        sealed = self.folder / "list.age"
        sealed.write_bytes(sealed.read_bytes()[:-1])
        reader.type("sealift open -i clinic.key -o opened.txt", someone, status=1)
        self.assertFalse((self.folder / "opened.txt").exists())
        key = re.search(r"age1\w+", self.keygen(reader, someone)).group(0)
        (self.folder / "report.pdf").write_bytes(LOREM)
        (self.folder / "colleagues.txt").write_text(key + "\n")
        (self.folder / "folder").mkdir()
        (self.folder / "letter.txt").write_text("letter")
        reader.type("sealift seal -r", someone, **{"age1...": key})
        reader.type("tar c folder", someone)
        (self.folder / "report.pdf").unlink()
        reader.type("sealift open", someone)
        self.assertEqual((self.folder / "report.pdf").read_bytes(), LOREM)
        self.on_a_terminal(someone, reader.next("sealift seal -p letter.txt > letter.age"), "Passphrase", "\n")
        self.assertTrue((self.folder / "letter.age").read_bytes().startswith(b"age-encryption.org/v1"))
        self.readme_server(reader)
        self.readme_census(reader, someone)
        reader.done()

    def on_a_terminal(self, person, line, asked, answer):
        environment = {**person.environment(), "PATH": f"{build_folder()}:{os.environ['PATH']}"}
        running = subprocess.Popen(["script", "-qec", line, "/dev/null"], cwd=self.folder, env=environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said = b""
        while asked.encode() not in said:
            said += running.stdout.read1()
            self.assertIsNone(running.poll(), said)
        rest, _ = running.communicate(answer.encode(), timeout=60)
        self.assertEqual(running.returncode, 0, said + rest)

    def keygen(self, reader, someone):
        line = reader.left[0]
        reader.type("sealift keygen", someone)
        return (self.folder / line.split()[-1]).read_text()

    def readme_server(self, reader):
        reader.next("sealift serve --data /srv/sealift --config sealift.conf")
        reader.places.update({"/srv/sealift": self.server.data})
        ann, bob = Person(self.server, name="ann"), Person(self.server, "bob@example.org")
        said = reader.type("sealift admin", ann)
        reader.type("sealift login", ann, LINK=next(word for word in said.split() if "#" in word))
        (self.folder / "contract.pdf").write_bytes(LOREM)
        (self.folder / "scans").mkdir()
        reader.type("sealift send", ann)
        reader.type("sealift receive", bob, PARCEL=reader.type("sealift inbox", bob).split()[0])
        self.assertEqual((self.folder / "inbox" / "contract.pdf").read_bytes(), LOREM)

    def readme_census(self, reader, someone):
        """What the page shows of its two files is what is printed; columns are wider there than a tab."""
        shutil.copytree(pages.ROOT / "docs/census/example", self.folder / "docs/census/example")
        text = (pages.ROOT / "README.md").read_text()
        for begins in ("sealift census scan", "sealift census people", "sealift census files"):
            shown = re.search(rf"^    \$ {begins}.*\n((?:    [^$\n].*\n)+)", text, re.M).group(1)
            said = reader.type(begins, someone)
            self.assertEqual([re.split("\t| {2,}", line.strip()) for line in said.splitlines()],
                             [re.split("\t| {2,}", line.strip()) for line in shown.splitlines()])

    # ---- all of them

    def test_commands_within_sentences_are_as_help_has_them(self):
        """Verb, word after it and options of each `sealift ...` in a sentence or a table."""
        # What the help of all says once, of every verb that uses a server.
        common = subprocess.run([build_folder() / "sealift", "help"], capture_output=True, text=True, check=True).stdout
        help_of, judged = {}, 0
        for page, command in pages.commands_in_sentences():
            words = re.sub(r" --data \S+", "", command).split()
            verb = words[1] if len(words) > 1 else "help"
            if verb == "VERB":  # any of them
                continue
            if verb not in help_of:
                help_of[verb] = subprocess.run([build_folder() / "sealift", *([verb, "--help"] if verb != "help" else ["help"])],
                                               capture_output=True, text=True, check=True).stdout
            for word in words[2:]:
                if re.fullmatch(r"--[a-z-]+", word):
                    self.assertIn(word, help_of[verb] + common, f"{page}: {command}")
            if f"sealift {verb} " in help_of[verb] and len(words) > 2 and re.fullmatch(r"[a-z][a-z-]{2,}", words[2]):
                self.assertRegex(help_of[verb], rf"\b{words[2]}\b", f"{page}: {command}")
            judged += 1
        self.assertGreater(judged, 40)

    def test_every_page_with_lines_to_type_is_here(self):
        for page in sorted(pages.pages_with_commands("docs/guide")):
            stem = pathlib.PurePath(page).stem.replace("-", "_")
            self.assertTrue(hasattr(self, "test_" + stem), page + " has lines to type, and no test")


if __name__ == "__main__":
    unittest.main()
