"""What docs/operate tells an operator to type, typed: each page's lines run in their order on a fresh server. A page with a
line that no test runs fails (support/pages.py says what a line is, and lists the few that no test can run). The other pages:
docs_guide_test.py."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import changes, pages
from support.certificates import make_certificate, served_certificate
from support.pages import Reader
from support.people import PASSWORD, Failed, Person
from support.server import Server, build_folder
from support.waiting import until

PAGES = pages.ROOT / "docs" / "operate"


def commands(page):
    return pages.commands("docs/operate/" + page)


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
        self.assertIn("good", self.type("monitoring.md", 1))
        token = self.type("monitoring.md", 2).strip()
        self.assertEqual(self.server.call("GET", "/metrics", token=token)[0], 200)
        self.all_typed("monitoring.md")

    def test_policy(self):
        self.type("policy.md", 0)
        policy = self.alice.json("policy", "show")
        self.assertEqual((policy["parcel_lifetime_ms_default"], policy["link_passphrase"]), (7 * 86_400_000, "required"))
        self.all_typed("policy.md")

    def test_officers(self):
        olga, omar = (Person(self.server, f"{name}@example.org", officer=True) for name in ("olga", "omar"))
        member = Person(self.server, "member@example.org")
        reader = Reader("docs/operate/officers.md", self.server.folder, build_folder(), {"/var/lib/sealift": self.server.data})
        told = reader.type("sealift organisation init", self.alice)
        reader.type("sealift admin", self.alice, KEY=re.search(r"\S+-organisation\+\S+", told)[0])
        fingerprint = re.search(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}", told)[0]
        # The page's line asks on the terminal; here the officers' keys are words of the line.
        keys = " ".join("--recovery-officer-key " + each.json("whoami")["fingerprint"].replace(" ", "") for each in (olga, omar))
        reader.type("sealift organisation sign", self.alice, **{"organisation.key": f"organisation.key {keys}"})
        self.assertIn("omar@example.org", reader.type("sealift organisation", self.alice))
        self.assertRegex(self.alice.json("people", "invite", "new@example.org")["link"], r"/e#.{43}\.[0-9a-f]{32}$")
        reader.type("sealift account recovery", member, FINGERPRINT=fingerprint.replace(" ", ""))
        self.assertTrue(member.json("organisation")["is_known"])
        reader.done()

    def test_server(self):
        line = commands("server.md")[0]
        self.assertEqual(line.split(" [")[0], "sealift serve --data DIR", "what may be left out is in brackets")
        reader = Reader("docs/operate/server.md", self.server.folder, build_folder(), {"DIR": self.server.data})
        reader.next("sealift serve --data DIR [--listen HOST:PORT]... [--config FILE]")
        self.server.stop()
        self.server.start()
        self.assertIn("/e#", reader.type("sealift admin --data DIR invite", self.alice))
        reader.done()

    def test_key_rotation(self):
        people = {name: Person(self.server, name + "@example.org", officer=name == "omar") for name in ("ben", "omar")}
        self.server.folder.joinpath("identity").mkdir()
        reader = Reader("docs/operate/key-rotation.md", self.server.folder, build_folder(), {"/var/lib/sealift": self.server.data})
        reader.type("sealift people end-sessions", self.alice)
        people["ben"].fails("whoami")
        reader.type("sealift account rotate", self.alice, {"SEALIFT_PASSWORD_FD": "0"}, typed=f"{self.alice.paper}\n{PASSWORD}\n")
        other = Person(self.server, None, name="another-machine")
        reader.type("sealift account rotate", other, {"SEALIFT_PASSWORD_FD": "0"}, typed=f"{people['ben'].paper}\nyet another good password\n",
                    **{"https://files.example.org": self.server.url})
        self.assertIn("ben@example.org", other.run("whoami"))
        self.change_password(reader)
        fresh = "another horse battery"
        paper = reader.type("sealift paper-key", self.alice, {"SEALIFT_PASSWORD": fresh}).strip()
        self.assertTrue(paper.startswith("SEALIFTPAPER1-"))
        old = self.alice.json("account", "token", "--scope", "metrics")
        token = reader.type("sealift account token", self.alice).strip().split()[-1]
        self.assertIn(old["session"], reader.type("sealift account sessions", self.alice))
        reader.type("sealift account end-session", self.alice, ID=old["session"])
        self.assertEqual([self.server.call("GET", "/metrics", token=each)[0] for each in (old["token"], token)], [401, 200])
        of_monitoring = reader.type("sealift admin --data /var/lib/sealift metrics-token", self.alice).strip()
        self.assertEqual(self.server.call("GET", "/metrics", token=of_monitoring)[0], 200)
        self.assertIn("/e#", reader.type("sealift people invite otto@example.org --recovery-officer", self.alice))
        reader.type("sealift people roles omar@example.org --none", self.alice)
        changes.let_take_effect(self.server)
        listed = {each["address"]: each for each in self.alice.json("people", "list")["accounts"]}
        self.assertFalse(listed["omar@example.org"]["recovery_officer"])
        self.assertIn("no recovery officer has a share", reader.type("sealift account recovery", self.alice))
        reader.type("sealift keygen -o incident-2.key", self.alice)
        reader.done()

    def change_password(self, reader):
        """The page's line asks on the terminal; here both lines come from a descriptor."""
        (self.server.folder / "two-lines").write_text(f"{PASSWORD}\nanother horse battery\n")
        self.assertEqual(reader.left[0], "sealift account password")
        reader.left[0] += " 3<two-lines"
        reader.type("sealift account password", self.alice, {"SEALIFT_PASSWORD_FD": "3"})
        with self.assertRaises(Failed):
            self.alice.run("login", self.server.url, "--account", self.alice.address)

    def test_upgrade(self):
        self.type("upgrade.md", 0)
        self.assertIn("whole", self.type("upgrade.md", 1))
        self.server.stop()
        folder = self.server.folder
        # The package's file, for this test's folders and account.
        lines = (pages.ROOT / "packaging/sealift.tmpfiles").read_text().replace(" sealift sealift ", f" {os.getuid()} {os.getgid()} ")
        for theirs, ours in (("/var/lib/sealift", self.server.data), ("/var/backups/sealift", folder / "backup"), ("/etc/sealift", folder)):
            lines = lines.replace(theirs, str(ours))
        (folder / "sealift.conf").write_text(lines)
        reader = Reader("docs/operate/upgrade.md", folder, build_folder(),
                        {"/var/lib/sealift": self.server.data, "create sealift.conf": f"create {folder}/sealift.conf"})
        reader.left = reader.left[2:]
        before = {path.name for path in self.server.data.iterdir()}
        reader.type("mv ", self.alice)
        self.assertEqual({path.name for path in pathlib.Path(f"{self.server.data}.newer").iterdir()}, before)
        reader.type("systemd-tmpfiles", self.alice)
        self.assertEqual((list(self.server.data.iterdir()), self.server.data.stat().st_mode & 0o777), ([], 0o700))
        self.typed += commands("upgrade.md")[2:4]
        self.assertIn("1 account,", self.type("upgrade.md", 4))
        self.server.start()
        self.all_typed("upgrade.md")

    def test_packages(self):
        """Of a release that is made here: a file and its signed digest."""
        folder = self.server.folder / "release"
        folder.mkdir()
        (folder / "sealift_0_amd64.deb").write_text("a package")
        sums = subprocess.run(["sha256sum", "sealift_0_amd64.deb"], cwd=folder, capture_output=True, check=True).stdout
        (folder / "SHA256SUMS").write_bytes(sums)
        subprocess.run(["minisign", "-G", "-W", "-p", "public", "-s", "secret"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["minisign", "-S", "-s", "secret", "-m", "SHA256SUMS"], cwd=folder, check=True, capture_output=True)
        key = (folder / "public").read_text().splitlines()[1]
        self.install_as_the_page_says(folder)
        for content, status in (("a package", 0), ("another", 1)):
            (folder / "sealift_0_amd64.deb").write_text(content)
            self.checks_a_release(folder, key).type("minisign -V", self.alice, status=status)
        (folder / "SHA256SUMS").write_text("")
        reader = self.checks_a_release(folder, key)
        reader.type("minisign -V", self.alice, status=1)
        reader.left[0] += " -W -p own.pub -s own.key"  # asks for a passphrase, and writes into the home folder
        reader.type("minisign -G", self.alice)
        reader.done()

    def install_as_the_page_says(self, folder):
        """Up to where a release is checked."""
        build, root = build_folder(), folder / "root"
        places = {"sudo -u sealift ": "", "/var/lib/sealift": self.server.data, "--install build/release": f"--install {build}",
                  "/usr/local": root / "usr/local", "systemd-sysusers": f"systemd-sysusers --root={root}",
                  "systemd-tmpfiles": f"systemd-tmpfiles --root={root}", "python3 packaging": f"python3 {pages.ROOT}/packaging",
                  "build/release/sealift": build / "sealift", "~/.local": folder / "local"}
        (root / "etc").mkdir(parents=True)
        reader = Reader("docs/operate/packages.md", folder, build, places)
        self.assertIn("SEALIFT-REOPEN-1", reader.type("sudo -u sealift sealift admin --data /var/lib/sealift reopen-keys", self.alice))
        self.assertIn("/e#", reader.type("sudo -u sealift sealift admin --data /var/lib/sealift invite", self.alice))
        reader.type("cmake --install", self.alice)
        self.assertTrue((root / "usr/local/bin/sealiftd").is_file())
        reader.type("systemd-sysusers", self.alice)
        self.assertIn("sealift:x:", (root / "etc/passwd").read_text())
        lines = root / "usr/local/lib/tmpfiles.d/sealift.conf"
        lines.write_text(lines.read_text().replace(" sealift sealift ", f" {os.getuid()} {os.getgid()} "))
        reader.type("systemd-tmpfiles", self.alice)
        self.assertEqual((root / "var/lib/sealift").stat().st_mode & 0o777, 0o700)
        reader.type("python3 packaging/describe_verbs.py", self.alice)
        self.assertTrue((folder / "local/share/sealift/completions/zsh").is_file())

    def checks_a_release(self, folder, key):
        reader = Reader("docs/operate/packages.md", folder, build_folder(), {"KEY": key})
        reader.left = reader.left[[line.split()[0] for line in reader.left].index("minisign"):]
        return reader

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
        reader = Reader("docs/operate/certificates.md", self.server.folder, build_folder(), {"/var/lib/sealift": self.server.data})
        self.assertEqual(reader.left[:2], [hook.rstrip("\n") for hook in hooks])
        reader.left = reader.left[2:]
        looked_at = reader.type("sealift admin --data /var/lib/sealift doctor", self.alice)
        self.assertIn(served_certificate(self.server), looked_at.replace(":", "").lower(), "its fingerprint")
        self.server.stop()
        self.server.config = "tls = self-made\n"
        self.server.start(wait=False)
        shown = reader.type("openssl x509 -noout -fingerprint", self.alice)
        self.assertEqual(shown.strip().partition("=")[2].replace(":", "").lower(), served_certificate(self.server))
        reader.done()

    def test_every_page_with_lines_to_type_is_here(self):
        for page in sorted(pages.pages_with_commands("docs/operate")):
            stem = pathlib.PurePath(page).stem.replace("-", "_")
            self.assertTrue(any(hasattr(each, "test_" + stem) for each in (Docs, FirstDay)), page + " has lines to type, and no test")
        self.assertLessEqual(len(pages.NOT_TYPED), 10, "few are left out")
        for page, line in pages.NOT_TYPED:
            self.assertIn(line, (pages.ROOT / page).read_text(), "an exemption of nothing")


class FirstDay(unittest.TestCase):
    """On a machine where nothing is yet."""

    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)

    def test_first_day(self):
        folder = self.server.folder
        reader = Reader("docs/operate/first-day.md", folder, build_folder(),
                        {"/var/lib/sealift": self.server.data, "/backup/sealift": folder / "backup", "/root/sealift-keys": folder / "keys"})
        machine = Person(self.server, name="machine", url="none")
        key = reader.type("sealift keygen -o incident.key", machine)
        reader.next("sealift serve --data /var/lib/sealift")
        self.server.config = "incident_recipient = " + key.split()[-1] + "\n" if key else None
        self.server.start()
        reader.places["https://files.example.org"] = self.server.url
        self.assertEqual(reader.type("sealift admin --data /var/lib/sealift reopen-keys", machine).count("SEALIFT-REOPEN-1"), 2)
        links = [self.link(reader.type("sealift admin --data /var/lib/sealift invite", machine)) for _ in range(2)]
        olga, omar = (Person(self.server, name=name, url=self.server.url) for name in ("olga", "omar"))
        reader.type("sealift login", olga, LINK=links[0])
        omar.enrol(links[1])
        self.assertIn("recovery_officer", reader.type("sealift whoami", olga))
        ann, ben = (Person(self.server, name=name, url=self.server.url) for name in ("ann", "ben"))
        links = [self.link(reader.type("sealift admin --data /var/lib/sealift invite", machine)) for _ in range(2)]
        reader.type("sealift login", ann, LINK=links[0])
        ben.enrol(links[1])
        self.everyday(reader, machine, ann, ben)

    @staticmethod
    def link(said):
        return next(word for word in said.split() if "#" in word)

    def everyday(self, reader, machine, ann, ben):
        folder = self.server.folder
        reader.type("sealift policy show", ann)
        self.assertIn("link_passphrase=required", reader.type("sealift policy set", ann))
        reader.type("sealift admin --data /var/lib/sealift backup", machine)
        reader.type("sealift admin --data /var/lib/sealift backup", machine)
        token = reader.type("sealift admin --data /var/lib/sealift metrics-token", machine).strip()
        self.assertIn("sealift_free_bytes", reader.type("curl", machine, TOKEN=token))
        self.assertNotIn("problem ", reader.type("sealift admin --data /var/lib/sealift doctor", machine))
        reader.type("sealift doctor", ann)
        (folder / "contract.pdf").write_text("a contract")
        reader.type("sealift send", ann)
        parcel = reader.type("sealift inbox", ben).split()[0]
        reader.type("sealift receive", ben, PARCEL=parcel)
        self.assertEqual((folder / "inbox" / "contract.pdf").read_text(), "a contract")
        self.assertIn("ben@example.org", reader.type("sealift outbox", ann, PARCEL=parcel))
        reader.type("sealift log verify", ann)
        reader.done()


if __name__ == "__main__":
    unittest.main()
