"""What docs/operate tells an operator to type, typed: each page's fenced lines run in their order on a fresh server. A page
with a line that no test runs fails."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support.certificates import make_certificate, served_certificate
from support.people import Person
from support.server import Server, build_folder
from support.waiting import until

PAGES = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "docs" / "operate"


def commands(page):
    """The `sealift` lines of a page's fenced blocks, in order."""
    text = (PAGES / page).read_text()
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", text, re.S | re.M)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip().startswith("sealift ")]


class Docs(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.alice = Person(self.server, "alice@example.org", administrator=True)
        self.typed, self.key = [], None

    def type(self, page, number, typed_key=False):
        """Runs a page's line with this test's paths in place of the page's; gives what it printed."""
        line = commands(page)[number]
        self.typed.append(line)
        places = {"/var/lib/sealift": self.server.data, "/var/backups/sealift": self.server.folder / "backup",
                  "/backup/sealift": self.server.folder / "backup", "/root/sealift-keys": self.server.folder / "keys",
                  "/etc/sealift/backup-keys": self.server.folder / "keys", "https://files.example.org": self.server.url}
        for theirs, ours in places.items():
            line = line.replace(theirs, str(ours))
        words = line.split()
        if typed_key:
            words += ["--key-file", "-"]
        done = subprocess.run([build_folder() / words[0], *words[1:]], capture_output=True, text=True,
                              env=self.alice.environment(), input=self.key if typed_key else "")
        self.assertEqual(done.returncode, 0, (line, done.stderr))
        return done.stdout

    def all_typed(self, page):
        self.assertEqual(self.typed, commands(page), "every line of the page, in its order")

    def serve(self, page, number):
        """`sealift serve --data DIR`, which doesn't come back: started as every test's server is."""
        line = commands(page)[number]
        self.assertEqual(line, "sealift serve --data /var/lib/sealift")
        self.typed.append(line)
        self.server.start()

    def test_backup(self):
        self.type("backup.md", 0)
        self.server.stop()
        shutil.rmtree(self.server.data)
        self.assertIn("1 account,", self.type("backup.md", 1))
        self.serve("backup.md", 2)
        self.all_typed("backup.md")

    def test_lockdown_day(self):
        self.key = self.type("lockdown-day.md", 0).splitlines()[0]
        self.assertTrue(self.key.startswith("SEALIFT-REOPEN-1"))
        self.alice.run("lockdown", "on")
        self.assertIn("reopened", self.type("lockdown-day.md", 1, typed_key=True))
        self.all_typed("lockdown-day.md")

    def test_restore_day(self):
        def admin(*words):
            done = subprocess.run([build_folder() / "sealift", "admin", "--data", self.server.data, *words],
                                  capture_output=True, text=True, check=True)
            return done.stdout
        self.key = admin("reopen-keys").splitlines()[1]
        place = ("--keys", self.server.folder / "keys")
        self.alice.run("log", "verify", self.server.url)
        admin("backup", self.server.folder / "backup", *place)
        Person(self.server, "bob@example.org")
        until(self.server.has_logged_all)
        self.alice.run("log", "verify", self.server.url)
        self.server.stop()
        shutil.rmtree(self.server.data)
        admin("restore", self.server.folder / "backup", *place)
        self.server.start()
        self.assertIn("stated", self.type("restore-day.md", 0, typed_key=True))
        # The page's line asks on the terminal; here the yes is a word of the line.
        line = commands("restore-day.md")[1]
        self.typed.append(line)
        self.assertEqual(line, "sealift log accept-restore https://files.example.org")
        self.assertIn("accepted", self.alice.run("log", "accept-restore", self.server.url, "--yes"))
        self.all_typed("restore-day.md")

    def test_clock_day(self):
        self.assertIn("not held", self.type("clock-day.md", 0))
        self.assertIn("not held", self.type("clock-day.md", 1))
        self.all_typed("clock-day.md")

    def test_monitoring(self):
        said = self.type("monitoring.md", 0)
        self.assertIn("attention  backup", said)
        self.all_typed("monitoring.md")

    def test_upgrade(self):
        self.type("upgrade.md", 0)
        self.assertIn("whole", self.type("upgrade.md", 1))
        self.server.stop()
        self.server.data.rename(self.server.folder / "newer")
        self.assertIn("1 account,", self.type("upgrade.md", 2))
        self.server.start()
        self.all_typed("upgrade.md")

    def test_certificates(self):
        """Each hook of the page, run as certbot and lego run it: the renewed certificate is served, and nothing is cut off."""
        etc, renewed = self.server.folder / "etc", self.server.folder / "renewed"
        etc.mkdir()
        renewed.mkdir()
        make_certificate(etc, "first")
        (etc / "key.pem").rename(etc / "private_key.pem")
        self.server.stop()
        self.server.config = f"certificate = {etc}/certificate.pem\nprivate_key = {etc}/private_key.pem\n"
        self.server.start(wait=False)
        until(lambda: served_certificate(self.server), "no certificate")
        hooks = re.findall(r"^```sh\n(.*?)^```$", (PAGES / "certificates.md").read_text(), re.S | re.M)
        self.assertEqual(len(hooks), 2)
        for number, hook in enumerate(hooks):
            before = served_certificate(self.server)
            make_certificate(renewed, f"renewed-{number}")
            (renewed / "certificate.pem").rename(renewed / "fullchain.pem")
            (renewed / "key.pem").rename(renewed / "privkey.pem")
            script = hook
            for theirs, ours in (("/etc/sealift", str(etc)), (" -g sealift", ""), ("systemctl reload sealift", f"kill -HUP {self.server.process.pid}")):
                self.assertIn(theirs, script)
                script = script.replace(theirs, ours)
            given = {"RENEWED_LINEAGE": str(renewed), "LEGO_CERT_PATH": str(renewed / "fullchain.pem"),
                     "LEGO_CERT_KEY_PATH": str(renewed / "privkey.pem")}
            subprocess.run(["sh", "-c", script], check=True, env={**os.environ, **given})
            until(lambda: served_certificate(self.server) != before, f"hook {number}: the renewed certificate is not served")
            self.assertEqual((etc / "private_key.pem").stat().st_mode & 0o777, 0o640)

    def test_every_page_with_lines_to_type_is_here(self):
        with_lines = {page.name for page in PAGES.glob("*.md") if commands(page.name)}
        self.assertEqual(with_lines, {"backup.md", "lockdown-day.md", "restore-day.md", "clock-day.md", "monitoring.md",
                                      "upgrade.md"})


if __name__ == "__main__":
    unittest.main()
