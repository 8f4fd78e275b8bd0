"""People at a running server, with our own command line: enrolling, logging in, administration,
lock-down, letters through a real mail server, figures that promtool reads, and the backup drill."""
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import exposition
from support.mail_server import MailServer
from support.people import Person, approval, invite
from support.server import Server, build_folder
from support.waiting import until

def backup_command(server, verb, folder, keys):
    return subprocess.run([build_folder() / "sealift", "admin", "--data", server.data, verb, folder,
                           "--keys", keys], capture_output=True, text=True)


class People(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mail = MailServer()
        cls.server = Server(build_folder(), config=(
            f"mail_host = 127.0.0.1\nmail_port = {cls.mail.port}\nmail_security = none\n"
            "mail_from = sealift@region.example\nserver_url = http://files.region.example\n"))
        cls.server.start()
        cls.admin = Person(cls.server)
        cls.admin.enrol(invite(cls.server, "admin@region.example", "--admin"))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.mail.stop()

    def test_1_an_invited_person_gets_a_letter_without_the_link_and_enrols_with_it(self):
        made = self.admin.json("people", "invite", "lea@region.example")
        to, head, body = self.mail.message()
        self.assertEqual(to, ["lea@region.example"])
        self.assertIn("From: Sealift <sealift@region.example>", head)
        self.assertIn("http://files.region.example", body)
        secret = made["link"].split("#")[-1]
        self.assertNotIn(secret, body)
        lea = Person(self.server)
        lea.enrol(made["link"], "--language", "fr")
        self.assertEqual(lea.json("whoami")["address"], "lea@region.example")
        again = Person(self.server)
        again.fails("login", self.server.url, "--enrol", made["link"])
        again.run("login", self.server.url, "--account", "lea@region.example")
        self.assertEqual(again.json("whoami")["address"], "lea@region.example")
        lea.run("paper-key")
        to, head, body = self.mail.message()
        self.assertEqual(to, ["lea@region.example"])
        self.assertIn("Content-Language: fr", head)
        self.assertIn("Les clés de votre compte", body)

    def test_2_letters_wait_for_a_mail_server_that_is_away(self):
        with Server(build_folder(), config=(
                "mail_host = 127.0.0.1\nmail_port = 1\nmail_security = none\n"
                "mail_from = sealift@region.example\nserver_url = http://files.example\n")) as other:
            admin = Person(other)
            admin.enrol(invite(other, "admin@region.example", "--admin"))
            admin.run("people", "invite", "tom@region.example")

            def is_waiting():
                with other.catalog() as catalog:
                    attempts, due = catalog.execute("SELECT attempts, due FROM outbox").fetchone()
                return attempts > 0 and due > other.now_ms() + 30_000

            until(is_waiting, "it was tried, and waits for the next try")

    def test_3_figures_are_as_prometheus_reads_them(self):
        status, headers, text = self.server.call("GET", "/metrics", token=self.admin.token())
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        families = exposition.read(text.decode())
        self.assertEqual(families["sealift_locked_down"].samples, {(): 0.0})
        self.assertGreaterEqual(families["sealift_accounts"].samples[(("state", "active"),)], 1)
        self.assertEqual(set(families["sealift_parcels"].samples),
                         {(("state", state),) for state in ("uploading", "whole", "ended")})
        for broken in (text[:-1], text + text, text.replace(b"# TYPE sealift_parcels gauge\n", b""),
                       text.replace(b'"whole"', b'"ended"'), text + b"other 1\n", text.replace(b" 0\n", b" zero\n")):
            with self.assertRaises(exposition.Malformed):
                exposition.read(broken.decode())
        page = (pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "docs" / "operate" / "monitoring.md").read_text()
        # Of the witness's machine: system_directory_test has them.
        elsewhere = {"sealift_witness_leaves", "sealift_witness_time_seconds"}
        series = {name + part for name, family in families.items() if family.type == "histogram" for part in exposition.PARTS}
        self.assertEqual(set(re.findall(r"^\| `(sealift_\w+)` \|", page, re.M)), set(families) | elsewhere,
                         "the page's tables have every figure and no other")
        known = set(families) | series | elsewhere
        self.assertLessEqual(set(re.findall(r"\bsealift_\w+", page)), known, "a figure that the page names and the server doesn't have")
        rules = re.search(r"^```yaml\n(.*?)^```$", page, re.S | re.M).group(1)
        alerts = re.findall(r"- alert: (\w+)", rules)
        self.assertEqual(len(alerts), len(set(alerts)))
        told = set(re.findall(r"\bSealift[A-Z]\w+", page[page.index("| alert | what to do |"):]))
        self.assertLessEqual(told, set(alerts))
        self.judge_dashboard(known)
        promtool = shutil.which("promtool")
        if promtool or os.environ.get("SEALIFT_NEEDS_PROMTOOL"):
            subprocess.run([promtool, "check", "metrics"], input=text, check=True,
                           capture_output=True)
            path = self.server.folder / "rules.yml"
            path.write_text(rules)
            subprocess.run([promtool, "check", "rules", path], check=True, capture_output=True)
        else:
            print(f"not tested: {self.id().split('.', 1)[1]}: what promtool says of figures and rules, which isn't here: make metrics", flush=True)
        self.assertEqual(self.server.call("GET", "/metrics")[0], 401)

    def judge_dashboard(self, known):
        """Every expression names figures that there are, every figure of the server is shown, and promtool reads all of it."""
        page = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "docs" / "operate" / "grafana.json"
        board = json.loads(page.read_text())
        shown = [each for each in board["panels"] if each["type"] != "row"]
        self.assertEqual(len({each["id"] for each in board["panels"]}), len(board["panels"]))
        expressions = [target["expr"] for each in shown for target in each["targets"]]
        self.assertTrue(all(expressions))
        named = set(re.findall(r"\bsealift_\w+", " ".join(expressions)))
        self.assertLessEqual(named, known)
        self.assertLessEqual({name for name in known if not name.endswith(("_bucket", "_sum", "_count"))} - {"sealift_request_seconds"}, named)
        promtool = shutil.which("promtool")
        if promtool or os.environ.get("SEALIFT_NEEDS_PROMTOOL"):
            rules = self.server.folder / "dashboard.yml"
            rules.write_text("groups:\n  - name: dashboard\n    rules:\n" + "".join(
                f"      - record: dashboard:{number}\n        expr: >-\n          {each.replace('$__rate_interval', '5m')}\n"
                for number, each in enumerate(expressions)))
            subprocess.run([promtool, "check", "rules", rules], check=True, capture_output=True)

    def test_4_unknown_addresses_get_the_answers_of_known_ones(self):
        def ask(path, body):
            status, headers, answer = self.server.call("POST", path, body)
            return status, sorted(headers.keys()), answer
        key = base64.b64encode(bytes(32)).decode()
        known, unknown = ("admin@region.example", "nobody@region.example")
        for address in (known, unknown):
            status, _, answer = ask("/api/v1/sessions/prepare", {"address": address})
            self.assertEqual(status, 200)
            self.assertEqual(len(base64.b64decode(answer["parameters"])), 25)
        wrong = [ask("/api/v1/sessions", {"address": each, "authentication_key": key})
                 for each in (known, unknown)]
        self.assertEqual(wrong[0], wrong[1])
        self.assertEqual(wrong[0][0], 401)

    def test_5_the_drill_a_lost_server_comes_back_from_its_backup(self):
        backup, keys = self.server.folder / "backup", self.server.folder / "keys"
        paul = Person(self.server)
        paul.enrol(invite(self.server, "paul@region.example"))
        folder = self.server.folder / "papers"
        folder.mkdir()
        (folder / "large").write_bytes(os.urandom(3_000_000))
        (folder / "small").write_text("a small one")
        sent = self.admin.json("send", folder, "--to", "paul@region.example")
        linked = self.admin.json("send", folder, "--link", "--opens", "1")
        done = backup_command(self.server, "backup", backup, keys)
        self.assertEqual(done.returncode, 0, done.stderr)
        checkpoint = self.server.call("GET", "/log/checkpoint")[2]
        self.assertTrue(checkpoint)
        done = backup_command(self.server, "restore", backup, keys)
        self.assertEqual(done.returncode, 1, "the data folder holds something")
        self.assertEqual(self.server.stop(), 0)
        shutil.rmtree(self.server.data)
        done = backup_command(self.server, "restore", backup, keys)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.server.start()
        self.admin.fails("whoami")  # logins of the backup are ended
        self.admin.run("login", self.server.url, "--account", "admin@region.example")
        self.assertEqual(self.admin.json("whoami")["address"], "admin@region.example")
        paul.run("login", self.server.url, "--account", "paul@region.example")
        self.assertEqual([each["parcel"] for each in paul.json("inbox")], [sent["parcel"]])
        for name, what in (("by-account", sent["parcel"]), ("by-link", linked["link"])):
            paul.run("receive", what, "-o", self.server.folder / name)
            for file in ("large", "small"):
                self.assertEqual((self.server.folder / name / "papers" / file).read_bytes(), (folder / file).read_bytes())
        paul.fails("receive", linked["link"], "-o", self.server.folder / "again")
        verified = subprocess.run([build_folder() / "sealift", "log", "verify", "--data", self.server.data],
                                  capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_6_one_locks_and_two_reopen(self):
        second = Person(self.server)
        second.enrol(invite(self.server, "second@region.example", "--admin"))
        self.admin.run("lockdown", "on")
        second.fails("whoami")
        for person, address in ((self.admin, "admin@region.example"),
                                (second, "second@region.example")):
            person.run("login", self.server.url, "--account", address)
        self.admin.run("lockdown", "off")
        self.assertTrue(self.admin.json("lockdown", "status")["locked"])
        second.run("lockdown", "off")
        self.assertFalse(second.json("lockdown", "status")["locked"])

    def test_7_two_officers_bring_back_lost_keys_after_the_delay_and_their_owner_can_stop_them(self):
        officers = []
        for name in ("first", "other"):
            person = Person(self.server)
            person.enrol(invite(self.server, f"{name}@region.example", "--recovery-officer"))
            officers.append(person)
        tom = Person(self.server)
        tom.enrol(invite(self.server, "tom@region.example"))
        for _ in range(2):
            recovery = officers[0].run("recovery", "ask", "tom@region.example").strip()
            for officer in officers:
                officer.run(*approval(officer, recovery, "tom@region.example"))
            out = self.server.folder / "recovered.txt"
            refused = officers[0].fails("recovery", "release", recovery, "tom@region.example", "-o",
                                      out)
            self.assertIn("error", refused)
            self.assertFalse(out.exists())
            tom.run("recovery", "cancel")
        recovery = officers[0].run("recovery", "ask", "tom@region.example").strip()
        for officer in officers:
            officer.run(*approval(officer, recovery, "tom@region.example"))
        with self.server.catalog() as catalog:  # two days go by
            catalog.execute("UPDATE recoveries SET not_before = 0")
        officers[0].run("recovery", "release", recovery, "tom@region.example", "-o", out)
        self.assertIn("AGE-SECRET-KEY-1", out.read_text())
        self.assertIn("# address tom@region.example", out.read_text())
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)
        link = invite(self.server, "tom@region.example")
        anew = Person(self.server)
        anew.fails("login", self.server.url, "--enrol", link, status=2)
        anew.enrol(link, "--recovered", out)
        self.assertEqual(anew.json("whoami")["address"], "tom@region.example")
        tom.fails("whoami")

    def test_8_where_the_policy_asks_for_one_a_link_gets_a_passphrase_by_itself(self):
        file = self.server.folder / "letter.txt"
        file.write_text("for whoever has both")
        self.assertNotIn("passphrase", self.admin.json("send", file, "--link"))
        self.admin.run("policy", "set", "link_passphrase=required", "link_opens_max=2")
        sent = self.admin.json("send", file, "--link")
        self.assertGreater(len(sent["passphrase"]), 20)
        visitor = Person(self.server)
        out = self.server.folder / "for-visitor"
        visitor.fails("receive", sent["link"], "-o", out)
        self.assertFalse(out.exists() and list(out.iterdir()))
        done = subprocess.run([build_folder() / "sealift", "receive", sent["link"], "-o", out], capture_output=True,
                              env={**os.environ, "SEALIFT_HOME": visitor.profile, "SEALIFT_PASSWORD": sent["passphrase"]},
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((out / "letter.txt").read_text(), file.read_text())
        with self.server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT opens_max FROM links WHERE parcel = ?",
                                             (bytes.fromhex(sent["parcel"]),)).fetchall(), [(2,)])
        self.admin.fails("send", file, "--link", "--opens", "3")
        self.admin.run("policy", "set", "links=forbidden")
        self.admin.fails("send", file, "--link")


if __name__ == "__main__":
    unittest.main()
