"""The letters that a server writes, in English and French, as a real mail server takes them; none holds a secret, a file
name, a note, a title or an id. And the machine's own lock-down, which tells those in charge."""
import email
import email.policy
import subprocess
import threading
import unittest

from support.mail_server import MailServer
from support.people import PASSWORD, Person
from support.server import DAY_MS, Server, build_folder
from support.waiting import until

SUBJECTS = {
    "en": {"waiting": "A sealed parcel is waiting for you", "opened": "Your parcel was opened",
           "expiring": "A parcel expires soon", "handed in": "Files were handed in for you",
           "recovery": "Recovery of your account was requested"},
    "fr": {"waiting": "Un colis scellé vous attend", "opened": "Votre colis a été ouvert",
           "expiring": "Un colis expire bientôt", "handed in": "Des fichiers vous ont été remis",
           "recovery": "La récupération de votre compte a été demandée"},
}
# What each says, besides: the words around who and when.
SENTENCES = {
    "en": {"waiting": "luc@example.org", "opened": "was opened by luc@example.org", "expiring": "expires on",
           "handed in": "handed files in", "recovery": "requested by officer@example.org"},
    "fr": {"waiting": "lea@example.org", "opened": "a été ouvert par lea@example.org", "expiring": "expire le",
           "handed in": "ont été remis", "recovery": "demandée par officer@example.org"},
}


class Mailbox:
    """Every message that the mail server took."""

    def __init__(self):
        self.server, self.messages = MailServer(), []
        threading.Thread(target=self.collect, daemon=True).start()

    def collect(self):
        for line in self.server.process.stdout:
            self.messages.append(self.server.read(line))

    def to(self, address, subject):
        """Those of this subject: raw bytes and text."""
        found = []
        for to, raw in list(self.messages):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            if to == [address] and message["Subject"] == subject:
                found.append((raw, message))
        return found


class Letters(unittest.TestCase):
    def setUp(self):
        self.mail = Mailbox()
        self.addCleanup(self.mail.server.stop)
        self.server = Server(build_folder(), config=(
            f"mail_host = 127.0.0.1\nmail_port = {self.mail.server.port}\nmail_security = none\n"
            "mail_from = sealift@example.org\nserver_url = http://files.example.org\n"))
        self.addCleanup(self.server.__exit__)
        self.server.step_clock(0)
        self.server.start()

    def wait_for_letter(self, address, subject, count=1):
        until(lambda: len(self.mail.to(address, subject)) >= count)
        return self.mail.to(address, subject)

    def count_waiting(self):
        with self.server.catalog() as catalog:
            return catalog.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def test_five_kinds_of_letters_in_two_languages_tell_no_secret(self):
        server = self.server
        officer = Person(server, "officer@example.org", administrator=True, officer=True)
        Person(server, "other@example.org", officer=True)
        people = {language: Person(server, address, language=language)
                  for language, address in (("en", "lea@example.org"), ("fr", "luc@example.org"))}
        other = {"en": people["fr"], "fr": people["en"]}
        visitor = Person(server)
        files = server.folder / "canary-folder-name"
        files.mkdir()
        (files / "canary-file-name.txt").write_text("canary content")
        canaries = ["canary", PASSWORD]
        for language, person in people.items():
            sent = person.json("send", files, "--to", other[language].address, "--note", "canary note", "--expires", "7d")
            other[language].run("receive", sent["parcel"], "-o", server.folder / ("to-" + language))
            linked = person.json("send", files, "--link", "--passphrase", "--opens", "3", "--expires", "7d")
            visitor.run("receive", linked["link"], "-o", server.folder / ("linked-" + language),
                        password=linked["passphrase"])
            request = person.json("request", "create", "--title", "canary title")
            handed = visitor.json("hand-in", request["link"], files, "--note", "canary note of an outsider")
            asked = officer.run("recovery", "ask", person.address).strip()
            canaries += [sent["parcel"], linked["parcel"], handed["parcel"], request["request"], asked, linked["passphrase"],
                         linked["link"].rsplit("#")[-1], request["link"].rsplit("#")[-1], person.token()]
        for language, person in people.items():
            for kind in ("waiting", "handed in", "recovery"):
                self.wait_for_letter(person.address, SUBJECTS[language][kind])
            opened = self.wait_for_letter(person.address, SUBJECTS[language]["opened"], count=2)
            by_link = [text.get_content() for _, text in opened if "@" not in text.get_content().split("Sealift")[0]]
            self.assertEqual(len(by_link), 1, "one was opened by nobody with an account")
        # A day before they expire; the reaper looks every ten seconds.
        server.step_clock(6 * DAY_MS + 1000)
        for language, person in people.items():
            self.wait_for_letter(person.address, SUBJECTS[language]["expiring"], count=2)
        for language, person in people.items():
            for kind, subject in SUBJECTS[language].items():
                letters = self.mail.to(person.address, subject)
                texts = [text.get_content() for _, text in letters]
                self.assertTrue(any(SENTENCES[language][kind] in text.replace("\n", " ") for text in texts), (kind, texts))
                for raw, text in letters:
                    self.assertEqual(text["Content-Language"], language)
                    self.assertIn("http://files.example.org", text.get_content())
        self.assertGreaterEqual(len(self.mail.messages), 12)
        for _, raw in self.mail.messages:
            decoded = email.message_from_bytes(raw, policy=email.policy.default)
            whole = raw + str(decoded.items()).encode() + decoded.get_content().encode()
            for canary in canaries:
                self.assertNotIn(canary.encode(), whole)

    def test_who_is_in_charge_learns_of_a_lock_down_on_the_machine(self):
        Person(self.server, "admin@example.org", administrator=True)
        Person(self.server, "chef@example.org", officer=True, language="fr")
        Person(self.server, "lea@example.org")
        for _ in range(2):
            subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, "lock"], check=True,
                           capture_output=True)
        self.wait_for_letter("admin@example.org", "Sealift is locked down")
        self.wait_for_letter("chef@example.org", "Sealift est verrouillé")
        self.assertEqual(len(self.mail.to("lea@example.org", "Sealift is locked down")), 0)
        until(lambda: self.count_waiting() == 0)
        self.assertEqual(len(self.mail.to("admin@example.org", "Sealift is locked down")), 1)


if __name__ == "__main__":
    unittest.main()
