"""The command line under LANG=fr_CA.UTF-8: every line that people see is one of the French table, and what programs read
is the same as ever."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support.people import Person
from support.server import Server, build_folder

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tools"))
import messages  # noqa: E402

FRENCH = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "fr_CA.UTF-8"}
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# What is nobody's language: ids, links, addresses, keys, paths, times, sizes, settings, words of a paper key.
VALUE = re.compile(rf"[0-9a-f]{{32}}|\S*[#/@]\S*|[A-Z0-9-]{{20,}}|slt_\S+|age1\S+|[a-z_]+=\S*|([a-z]{{4}} ?){{10,}}|"
                   rf"\d+(er)? ({MONTHS}) \d{{4}} à \d+\u00a0h\u00a0\d\d UTC|[\d,]+\u00a0[KMGT]?i?o|\d+|->|"
                   rf"sealift VERBE \[ARGUMENT...\]")
PREFIX = re.compile(r"utilisation\u00a0: |sealift: ((erreur|conseil|avertissement)\u00a0: )?|-> ")
# Values that are sentences or words themselves.
SPOKEN = {"error", "hint", "why", "problem", "finding", "state", "kind", "how", "role", "what", "doing"}


def pattern_of(french):
    """A line of the table, with anything for its values and either form of the words that go with them."""
    parts, at, spoken = [], 0, set()
    for found in messages.PLACEHOLDER.finditer(french):
        parts.append(re.escape(french[at:found.start()]))
        if found[2]:
            parts.append(f"(?:{'|'.join(map(re.escape, found[2].split('|')))})")
        elif found[1] in SPOKEN and found[1] not in spoken:
            parts.append(f"(?P<{found[1]}>.+?)")
            spoken.add(found[1])
        else:
            parts.append("(?:.+?)")
        at = found.end()
    return re.compile("".join(parts) + re.escape(french[at:]))


class Table:
    """Which lines are French: made of whole messages, one after the other, and what sets them apart."""

    def __init__(self):
        refusals = json.loads((SOURCE / "data/errors/refusals.json").read_text(encoding="utf-8"))
        texts = [row[key] for row in refusals for key in ("fr", "hint_fr") if row.get(key)]
        known = messages.read_po(SOURCE / "data/messages/fr.po")
        lines = {line for message in known for line in message.french.split("\n") if line.strip()}
        # Names in capitals and values alone say nothing.
        speaking = {line for line in {line.strip(" ") for line in lines | set(texts)} if re.search("[a-zà-ÿ]", messages.PLACEHOLDER.sub(lambda one: one[2] or "", line))}
        plain = sorted((line for line in speaking if "{" not in line or '{"' in line), key=len, reverse=True)
        self.plain = re.compile("|".join(map(re.escape, plain)))
        self.patterns = [pattern_of(line) for line in speaking if messages.PLACEHOLDER.search(line)]

    def is_french(self, line):
        """Whether messages and values make up the line; what sets them apart may belong to either."""
        line = line.strip(" ")
        if not line or VALUE.fullmatch(line) or self.plain.fullmatch(line) or any(self.fits(one, line) for one in self.patterns):
            return True
        prefix = PREFIX.match(line)
        if prefix and prefix.end() < len(line) and self.is_french(line[prefix.end():]):
            return True
        for found in re.finditer(r"  +|\u00a0: |; |, | (?=\S+@\S+$)|(?<=eurs) (?=\d)|(?<=réouverture) ", line):
            for end, begin in ((found.start(), found.end()), (found.end(), found.end()), (found.start(), found.start())):
                left, right = line[:end].strip(" "), line[begin:].strip(" ")
                if len(right) < len(line) and left != line and self.is_french(left) and self.is_french(right):
                    return True
        return False

    def fits(self, pattern, line):
        found = pattern.fullmatch(line)
        return found is not None and all(value != line and self.is_french(value) for value in found.groupdict().values())


def english_of(table_english, line):
    """English sentences of the table that a line has word for word, as a second look: a value may swallow anything."""
    return [english for english in table_english if english in line]


class French(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = Table()
        known = messages.read_po(SOURCE / "data/messages/fr.po")
        cls.english = [message.english for message in known
                       if len(message.english.split()) > 2 and not messages.PLACEHOLDER.search(message.english)
                       and message.english not in message.french and "print {" not in message.english]
        cls.program = build_folder() / "sealift"

    def said(self, *words, environment=None, **more):
        return subprocess.run([self.program, *map(str, words)], env={**(environment or os.environ), **FRENCH},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True, **more)

    def judge(self, text, words):
        for line in text.splitlines():
            self.assertTrue(self.table.is_french(line), f"{words}: {line!r}")
            self.assertEqual(english_of(self.english, line), [], f"{words}: {line!r}")

    def speaks(self, *words, status=0, environment=None):
        done = self.said(*words, environment=environment)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        self.judge(done.stdout, words)
        self.judge(done.stderr, words)
        return done.stdout + done.stderr

    def verbs(self):
        found = re.findall(r"^  (\S+) ", self.said("help").stdout, re.M)
        self.assertGreater(len(found), 20)
        return found

    def test_an_english_line_is_found(self):
        self.assertFalse(self.table.is_french("sealift: error: send needs something to send"))
        self.assertFalse(self.table.is_french("the log is not whole"))
        self.assertTrue(self.table.is_french("sealift: erreur\u00a0: send exige quelque chose à envoyer"))
        self.assertFalse(self.table.is_french("sealift: erreur\u00a0: fichier de clés\u00a0: no such thing"))
        self.assertTrue(english_of(self.english, "sealift: erreur\u00a0: send needs something to send"))

    def test_help_of_everything_is_french(self):
        for words in (["help"], []):
            for line in self.said(*words).stdout.splitlines():
                verb = re.fullmatch(r"  ([a-z-]+) +(.+)", line)
                self.judge(verb[2] if verb else line, words)
        for verb in self.verbs():
            for words in ((verb, "--help"), ("help", verb)):
                self.judge_help(self.said(*words).stdout, words)
        for part in ("scan", "people", "find", "files", "report", "export"):
            self.judge_help(self.said("census", part, "--help").stdout, ("census", part))

    def judge_help(self, text, words):
        """Wrapped text, unwrapped again, has nothing but messages, terms and a synopsis."""
        head, *paragraphs = text.split("\n\n")
        self.assertTrue(head.startswith("utilisation\u00a0: sealift "), (words, head))
        one_line = re.sub("[ \n]+", " ", " ".join(paragraphs))
        left = self.table.plain.sub("", one_line)
        terms = re.compile(r"(-\w,? |--[\w-]+|[A-ZÀ-Ÿ][A-ZÀ-Ÿ0-9-]+(:[A-Z]+)?|\d+[a-z]|en\|fr|\b(on|off|status|ask|approve|release|cancel|confirm|withdraw|init|sign)\b|"
                           r"\b[A-Z]\b|\W)+")
        self.assertEqual(terms.sub("", left).strip(), "", (words, left))
        self.assertEqual(english_of(self.english, one_line), [], words)

    def test_wrong_usage_is_french(self):
        for words in (["sned"], ["send"], ["send", "--frob", "x"], ["send", "x", "--to"], ["send", "x", "--link=1"], ["seal"],
                      ["open", "-"], ["keygen", "x"], ["receive"], ["login"], ["admin"], ["admin", "--data", "x", "lokc"],
                      ["census"], ["census", "scan"], ["log"], ["log", "verify"], ["policy"], ["people"], ["lockdown", "maybe"],
                      ["request", "make"], ["recovery"], ["account", "everything"], ["links"], ["recall"], ["doctor"],
                      ["drill", "x"], ["serve", "x"], ["version", "x"], ["hand-in"], ["recipients"], ["-x"]):
            done = self.said(*words)
            self.assertNotEqual(done.returncode, 0, words)
            self.assertIn("sealift: erreur\u00a0: ", done.stderr)
            self.judge(done.stdout + done.stderr, words)

    def test_files_are_sealed_and_opened_in_french(self):
        with tempfile.TemporaryDirectory(prefix="sealift-french-") as folder:
            folder = pathlib.Path(folder)
            self.speaks("keygen", "-o", folder / "key")
            (folder / "letter").write_text("bonjour")
            recipient = self.said("keygen", "-y", folder / "key").stdout.strip()
            self.speaks("seal", "-r", recipient, "-o", folder / "letter.age", folder / "letter")
            self.assertEqual(self.said("open", "-i", folder / "key", folder / "letter.age").stdout, "bonjour")
            self.speaks("keygen", "-o", folder / "key", status=1)  # it is there
            self.speaks("open", "-i", folder / "none", folder / "letter.age", status=1)
            self.speaks("open", "-i", folder / "letter", folder / "letter.age", status=1)
            self.speaks("open", "-i", folder / "key", folder / "letter", status=1)
            self.speaks("seal", "-r", "age1x", folder / "letter", status=1)
            (folder / "cut.age").write_bytes((folder / "letter.age").read_bytes()[:-3])
            self.speaks("open", "-i", folder / "key", "-o", folder / "out", folder / "cut.age", status=1)

    def test_the_census_speaks_french_and_its_json_doesnt(self):
        with tempfile.TemporaryDirectory(prefix="sealift-french-") as folder:
            folder = pathlib.Path(folder)
            (folder / "pile").mkdir()
            (folder / "pile/people.csv").write_text("nom,prénom,courriel,naissance\nTremblay,Zoé,zoe@example.org,1990-02-03\n"
                                                    "Gagnon,Luc,luc@example.org,1985-04-05\n")
            case = folder / "case"
            self.assertRegex(self.said("census", "scan", folder / "pile", "--case", case).stdout, r"^\d personnes?\n$")
            english = subprocess.run([self.program, "census", "people", "--case", case, "--json"], capture_output=True, text=True,
                                     env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True).stdout
            self.assertEqual(self.said("census", "people", "--case", case, "--json").stdout, english)
            listed = self.said("census", "people", "--case", case).stdout
            self.assertIn("Date de naissance, Courriel", listed)
            self.assertEqual(english_of(self.english, listed), [], listed)
            (folder / "pile/unknown").write_bytes(bytes(range(256)) * 8)
            self.said("census", "scan", folder / "pile", "--case", case, "--resume")
            self.assertRegex(self.said("census", "files", "--case", case).stdout,
                             "\tunknown\t(ni du texte ni un type de fichier connu|aucun lecteur pour ce type de fichier)\n")
            self.said("census", "report", "--case", case, "-o", folder / "report.html")
            page = (folder / "report.html").read_text(encoding="utf-8")
            self.assertIn('<html lang="fr-CA">', page)
            body = re.sub("<[^>]*>", "\n", page[page.index("<body>"):])
            self.assertEqual(english_of(self.english, body), [], body)
            for english in ("People", "Children", "Folder", "Read:", "known kind"):
                self.assertNotIn(english, body)
            self.assertRegex(self.said("census", "files", "--case", case).stdout, r"(?m)^lus\u00a0: 1, partiels\u00a0: 0, ")
            self.speaks("census", "find", "personne", "--case", case, status=1)
            self.speaks("census", "people", "--case", folder / "none", status=1)
            self.speaks("census", "people", "--case", case, "--why", "p9", status=1)
            self.speaks("census", "report", "--case", case, "--letters-on", "hier", status=2)

    def test_a_parcel_goes_round_in_french(self):
        with Server(build_folder()) as server:
            alice = Person(server, "alice@example.org", administrator=True)
            bob = Person(server, "bob@example.org")
            self.round_trip(server, alice.environment(), bob.environment())
            self.administer(server, alice.environment())

    def round_trip(self, server, alice, bob):
        (server.folder / "lettre.txt").write_text("bonjour")
        self.speaks("whoami", environment=alice)
        sent = self.speaks("send", server.folder / "lettre.txt", "--to", "bob@example.org", "--note", "voici", environment=alice)
        parcel = re.search("[0-9a-f]{32}", sent)[0]
        self.assertIn("1 entrée, 7\u00a0o", sent)
        self.assertIn("complet jusqu’au ", self.speaks("inbox", environment=bob))
        received = self.speaks("receive", parcel, "-o", server.folder / "out", environment=bob)
        self.assertIn("de alice@example.org", received)
        self.assertIn("reçu 1 entrée", received)
        (server.folder / "out/lettre.txt").write_text("bonsoir")
        kept = self.speaks("receive", parcel, "-o", server.folder / "out", "--conflict", "fail", status=1, environment=bob)
        self.assertIn("non reçu\u00a0: lettre.txt est déjà là", kept)
        self.assertIn("renommé\u00a0: lettre.txt est devenu ",
                      self.speaks("receive", parcel, "-o", server.folder / "out", "--conflict", "rename", environment=bob))
        self.speaks("outbox", environment=alice)
        self.assertIn("accusé de réception vérifié", self.speaks("outbox", parcel, environment=alice))
        self.assertIn("retiré\u00a0: le serveur", self.speaks("recall", parcel, environment=alice))
        self.assertIn("retiré", self.speaks("outbox", environment=alice))
        self.speaks("receive", parcel, "-o", server.folder / "again", status=1, environment=bob)
        self.speaks("send", server.folder / "lettre.txt", "--to", "nobody@example.org", status=1, environment=alice)
        self.speaks("send", server.folder / "nothing", "--link", status=1, environment=alice)
        link = self.speaks("send", server.folder / "lettre.txt", "--link", environment=alice)
        self.speaks("receive", re.search(r"\S+#\S+", link)[0][:-3], "-o", server.folder / "cut", status=1, environment=bob)
        parcel = re.search("[0-9a-f]{32}", link)[0]
        self.assertIn("ouvert 0 fois", self.speaks("links", parcel, environment=alice))
        self.assertIn(f"le colis {parcel} expire le ", self.speaks("expiry", parcel, "2d", environment=alice))
        asked = self.speaks("request", "create", "--title", "papiers", environment=alice)
        self.speaks("request", "list", environment=alice)
        handed = self.speaks("hand-in", re.search(r"\S+#\S+", asked)[0], server.folder / "lettre.txt",
                             environment=Person(server).environment())
        self.assertIn("demandé\u00a0: papiers", handed)
        english = subprocess.run([self.program, "inbox", "--json"], env={**bob, "LC_ALL": "C.UTF-8"}, capture_output=True, check=True)
        self.assertEqual(self.said("inbox", "--json", environment=bob).stdout, english.stdout.decode())

    def administer(self, server, alice):
        self.speaks("account", "sessions", environment=alice)
        self.speaks("people", "list", environment=alice)
        self.speaks("people", "invite", "carol@example.org", environment=alice)
        self.speaks("people", "invitations", environment=alice)
        for words in (("suspend", "bob@example.org"), ("reinstate", "bob@example.org"), ("quota", "bob@example.org", "10M"),
                      ("quota", "bob@example.org", "default"), ("end-sessions", "bob@example.org")):
            self.speaks("people", *words, environment=alice)
        english = subprocess.run([self.program, "people", "quota", "bob@example.org", "10M", "--json"], env={**alice, "LC_ALL": "C.UTF-8"},
                                 capture_output=True, check=True)
        self.assertEqual(self.said("people", "quota", "bob@example.org", "10M", "--json", environment=alice).stdout,
                         english.stdout.decode())
        self.speaks("profile", "use", "nothing", status=1, environment=alice)
        token = self.said("account", "token", "--scope", "account", "--days", "400", environment=alice)
        self.assertRegex(token.stdout, r"^\S+\n$")
        self.judge(token.stderr, "account token")
        self.assertIn("valide pendant 400 jours", token.stderr)
        self.speaks("people", "suspend", "nobody@example.org", status=1, environment=alice)
        self.speaks("policy", "set", "x", status=2, environment=alice)
        self.speaks("log", "verify", server.url, environment=alice)
        self.speaks("log", "watch", "bob@example.org", environment=alice)
        self.speaks("lockdown", "status", environment=alice)
        self.speaks("doctor", server.url)
        self.speaks("doctor", "http://127.0.0.1:9", status=1)
        data = ["admin", "--data", server.data]
        self.speaks(*data, "status")
        self.speaks(*data, "clock", "show")
        self.speaks(*data, "doctor")
        self.speaks(*data, "reopen-keys")
        self.speaks(*data, "reopen-keys", status=1)
        self.speaks(*data, "backup", server.folder / "backup", "--keys", server.folder / "keys")
        self.speaks(*data, "backup", server.folder / "backup", "--keys", server.folder / "keys", "--verify")
        self.speaks(*data, "fsck")
        self.speaks("admin", "--data", server.folder / "other", "restore", server.folder / "backup", "--keys", server.folder / "keys")
        findings = [check["finding"] for check in json.loads(self.said(*data, "doctor", "--json").stdout)["checks"]]
        self.assertLessEqual(set(findings), {"good", "attention", "problem"})


if __name__ == "__main__":
    unittest.main()
