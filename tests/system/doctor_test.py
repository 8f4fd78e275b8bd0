"""`sealift admin doctor` and `sealift doctor`: they say what an operator should know, and what to do next."""
import json
import os
import socket
import ssl
import subprocess
import threading
import unittest

from support.certificates import make_certificate, make_chain, served_certificate
from support.mail_server import MailServer
from support.people import Person
from support.server import DAY_MS, Server, build_folder
from support.waiting import until


class SecuredMail:
    """Speaks TLS with the certificate in a folder, and takes nobody's login."""

    def __init__(self, folder):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                plain = self.listening.accept()[0]
            except OSError:
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as one:
                    self.talk(one)
            except OSError:
                plain.close()

    @staticmethod
    def talk(one):
        one.sendall(b"220 mail ready\r\n")
        for line in one.makefile("rb"):
            answer = {b"EHLO": b"250-mail\r\n250 AUTH PLAIN LOGIN\r\n", b"AUTH": b"535 5.7.8 no\r\n", b"QUIT": b"221 bye\r\n"}
            one.sendall(answer.get(line[:4].upper(), b"502 no\r\n"))

    def stop(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


class Doctor(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()

    def asked(self, *words, status=0, environment=None):
        done = subprocess.run([self.server.build / "sealift", *map(str, words), "--json"], capture_output=True, text=True,
                              env={**os.environ, **(environment or {})})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return {check["name"]: check for check in json.loads(done.stdout)["checks"]}

    def examined(self, *words, **how):
        return self.asked("admin", "--data", self.server.data, "doctor", *words, **how)

    def test_a_fresh_server_is_told_what_it_lacks(self):
        checks = self.examined(status=1)
        self.assertEqual({name for name, check in checks.items() if check["finding"] == "good"},
                         {"server", "permissions", "disk", "lockdown", "clock", "name"})
        for name in ("administrators", "officers", "reopen keys", "backup", "mail", "incident key"):
            self.assertEqual(checks[name]["finding"], "attention" if name != "administrators" else "problem", checks[name])
            self.assertTrue(checks[name]["next"], name)
        self.assertIn("sealift keygen -o FILE", checks["incident key"]["next"])

    def test_a_stopped_server_is_said_to_be(self):
        Person(self.server, "alice@example.org", administrator=True)
        self.server.stop()
        checks = self.examined()
        self.assertEqual(checks["server"]["finding"], "attention")
        self.assertIn("isn't running", checks["server"]["says"])
        self.assertNotIn("is open", checks["lockdown"]["says"])
        self.assertNotIn("steadily", checks["clock"]["says"])

    def examined_with_people(self, **how):
        Person(self.server, "alice@example.org", administrator=True, officer=True)
        Person(self.server, "bob@example.org", administrator=True, officer=True)
        return self.examined(**how)

    def test_what_was_done_is_good(self):
        self.examined_with_people()
        subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "reopen-keys"], check=True,
                       capture_output=True)
        subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "backup",
                        self.server.folder / "backup", "--keys", self.server.folder / "keys"], check=True, capture_output=True)
        checks = self.examined()
        for name in ("administrators", "officers", "reopen keys", "backup"):
            self.assertEqual(checks[name]["finding"], "good", checks[name])

    def test_a_folder_that_others_read_is_a_problem(self):
        os.chmod(self.server.data / "vault.key", 0o644)
        Person(self.server, "alice@example.org", administrator=True)
        check = self.examined(status=1)["permissions"]
        self.assertEqual(check["finding"], "problem")
        self.assertIn("vault.key", check["says"])
        self.assertIn("fsck", check["next"])

    def test_backup_folders_that_others_can_read_or_change(self):
        Person(self.server, "alice@example.org", administrator=True)
        backup, keys = self.server.folder / "backup", self.server.folder / "keys"
        subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "backup", backup, "--keys", keys],
                       check=True, capture_output=True)
        self.assertNotIn("backup folders", self.examined())
        self.assertEqual(self.examined("--backup", backup, "--keys", keys)["backup folders"]["finding"], "good")
        for asked in (("--backup", backup / "nope", "--keys", keys), ("--backup", backup, "--keys", keys / "nope")):
            check = self.examined(*asked, status=1)["backup folders"]
            self.assertEqual(check["finding"], "problem")
            self.assertIn("nope", check["says"])
        for path, open_mode, mode, name in ((keys / "vault.key", 0o644, 0o600, "vault.key in the keys' folder"),
                                            (backup, 0o777, 0o700, f"{backup} can be written to")):
            path.chmod(open_mode)
            check = self.examined("--backup", backup, "--keys", keys, status=1)["backup folders"]
            self.assertEqual(check["finding"], "problem")
            self.assertIn(name, check["says"])
            self.assertIn("chmod", check["says"])
            refused = subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "backup", backup, "--keys", keys],
                                     capture_output=True, text=True)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(name, refused.stderr)
            self.assertIn(str(keys), refused.stderr)
            path.chmod(mode)

    def test_a_certificate_that_ends_soon_is_noticed(self):
        Person(self.server, "alice@example.org", administrator=True)
        make_certificate(self.server.folder, "127.0.0.1")  # good for two days
        config = self.server.folder / "other.conf"
        config.write_text(f"certificate = {self.server.folder}/certificate.pem\n"
                          f"private_key = {self.server.folder}/key.pem\n")
        checks = self.examined("--config", config)
        self.assertEqual(checks["certificate"]["finding"], "attention")
        self.assertIn("SIGHUP", checks["certificate"]["next"])
        self.assertEqual(checks["incident key"]["finding"], "attention")
        self.assertNotIn("certificate", self.examined(), "the server that runs has none")

    def serve_with(self, certificate, key, more=""):
        self.server.stop()
        self.server.config = f"certificate = {certificate}\nprivate_key = {key}\n{more}"
        self.server.start(wait=False)
        until(lambda: served_certificate(self.server), "no certificate")

    def test_the_configuration_is_found_without_being_named(self):
        Person(self.server, "alice@example.org", administrator=True)
        place = self.server.folder
        config = place / "sealift.conf"
        make_certificate(place, "127.0.0.1")
        self.serve_with(place / "certificate.pem", place / "key.pem")
        checks = self.examined()
        self.assertEqual((checks["certificate"]["finding"], checks["certificate name"]["finding"]), ("attention", "good"))
        self.assertEqual(checks["configuration"]["says"], str(config))
        shown = subprocess.run(["openssl", "x509", "-fingerprint", "-sha256", "-noout", "-in", place / "certificate.pem"],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(checks["fingerprint"]["says"], "SHA-256 " + shown.strip().partition("=")[2])
        config.write_text("no key of it\n")
        broken = self.examined(status=1)
        self.assertEqual(broken["configuration"]["finding"], "problem")
        self.assertIn(f"{config}: configuration, line 1", broken["configuration"]["says"])
        self.assertEqual(broken["certificate"]["says"], "it was not examined")

    def test_a_certificate_for_another_name_and_a_chain_cut_short(self):
        Person(self.server, "alice@example.org", administrator=True)
        place = self.server.folder
        authority = make_chain(place, "files.example.org")
        for url, name in (("https://files.example.org", "good"), ("https://other.example.org:8443", "problem")):
            self.serve_with(place / "chain.pem", place / "leaf.key", f"server_url = {url}\n")
            checks = self.examined(status=int(name == "problem"), environment={"SSL_CERT_FILE": str(authority)})
            self.assertEqual((checks["certificate name"]["finding"], checks["certificate chain"]["finding"]), (name, "good"))
        self.assertIn("it isn't for other.example.org", checks["certificate name"]["says"])
        self.serve_with(place / "leaf.pem", place / "leaf.key", "server_url = https://files.example.org\n")
        for trusted in (authority, os.devnull):
            chain = self.examined(environment={"SSL_CERT_FILE": str(trusted)})["certificate chain"]
            self.assertEqual(chain["finding"], "attention", "the one between is missing")
            self.assertIn(f"{place}/leaf.pem", chain["next"])

    def test_a_private_key_of_another_certificate(self):
        Person(self.server, "alice@example.org", administrator=True)
        make_certificate(self.server.folder, "127.0.0.1")
        (self.server.folder / "other").mkdir()
        make_certificate(self.server.folder / "other", "127.0.0.1")
        config = self.server.folder / "other.conf"
        for key, says in (("other/key.pem", "is not the private key of"), ("no.pem", "can't be read")):
            config.write_text(f"certificate = {self.server.folder}/certificate.pem\nprivate_key = {self.server.folder}/{key}\n")
            check = self.examined("--config", config, status=1)["certificate"]
            self.assertEqual(check["finding"], "problem")
            self.assertIn(says, check["says"])

    def test_a_backup_that_is_old(self):
        Person(self.server, "alice@example.org", administrator=True)
        for days, finding in ((1, "good"), (3, "attention")):
            with self.server.catalog() as catalog:
                made = str(self.server.now_ms() - days * DAY_MS).encode()
                catalog.execute("INSERT OR REPLACE INTO marks(mark, value) VALUES(7, ?)", (made,))
            self.assertEqual(self.examined()["backup"]["finding"], finding)

    def test_the_configuration_of_the_last_start_counts(self):
        self.server.stop()
        key = subprocess.run([self.server.build / "sealift", "keygen"], capture_output=True, text=True, check=True)
        recipient = (key.stdout + key.stderr).split("ublic key: ")[1].split()[0]
        self.server.config = f"incident_recipient = {recipient}\n"
        self.server.start()
        Person(self.server, "alice@example.org", administrator=True)
        self.assertEqual(self.examined()["incident key"]["finding"], "good")

    def test_a_mail_server_that_takes_no_letters(self):
        Person(self.server, "alice@example.org", administrator=True)
        config = self.server.folder / "other.conf"
        mail = MailServer()
        self.addCleanup(mail.stop)
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = closed.getsockname()[1]
        more = "mail_from = s@example.org\nserver_url = https://files.example.org\n"
        for host, port, security, says, following in (
                ("nowhere.invalid", 587, "start-tls", "nowhere.invalid has no address here", "correct mail_host, or add it to the DNS"),
                ("127.0.0.1", nobody, "none", f"no mail server answers at 127.0.0.1, port {nobody}",
                 "correct mail_host and mail_port, or let this machine through to it"),
                ("127.0.0.1", mail.port, "start-tls", "offers no TLS", "correct mail_port and mail_security"),
                ("127.0.0.1", mail.port, "none", f"127.0.0.1, port {mail.port} takes letters", "")):
            config.write_text(f"mail_host = {host}\nmail_port = {port}\nmail_security = {security}\n{more}")
            check = self.examined("--config", config, status=1 if following else 0)["mail server"]
            self.assertEqual(check["finding"], "problem" if following else "good", check)
            self.assertIn(says, check["says"])
            self.assertEqual(check["next"], following)

    def test_a_mail_server_with_a_certificate_and_a_login(self):
        Person(self.server, "alice@example.org", administrator=True)
        make_certificate(self.server.folder, "127.0.0.1")
        folder = self.server.folder
        for name, text in (("password", "a password\n"), ("nothing.pem", "nothing\n")):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)
        mail = SecuredMail(folder)
        self.addCleanup(mail.stop)
        for login, says, following in (
                ("", f"127.0.0.1, port {mail.port} doesn't prove its name",
                 "correct mail_host and mail_security, or name its authority in mail_certificates"),
                (f"mail_certificates = {folder}/certificate.pem\nmail_user = alice\nmail_password_file = {folder}/password\n",
                 f"127.0.0.1, port {mail.port} refuses the login", "correct mail_user and mail_password_file"),
                (f"mail_user = alice\nmail_password_file = {folder}/none\n", "its settings can't be used: ",
                 "correct mail_host, mail_password_file or mail_certificates")):
            (folder / "other.conf").write_text(f"mail_host = 127.0.0.1\nmail_port = {mail.port}\nmail_security = tls\n"
                                               f"mail_from = s@example.org\nserver_url = https://files.example.org\n{login}")
            check = self.examined("--config", folder / "other.conf", status=1)["mail server"]
            self.assertEqual(check["finding"], "problem", check)
            self.assertTrue(check["says"].startswith(says), check)
            self.assertEqual(check["next"], following)

    def test_one_of_each_is_not_enough(self):
        Person(self.server, "alice@example.org", administrator=True, officer=True)
        checks = self.examined()
        for name, says in (("administrators", "1 active administrator"), ("officers", "1 recovery officer")):
            self.assertEqual((checks[name]["finding"], checks[name]["says"]), ("attention", says))

    def test_a_letter_that_was_given_up(self):
        mail = MailServer()
        self.addCleanup(mail.stop)
        self.server.stop()
        self.server.config = (f"mail_host = 127.0.0.1\nmail_port = {mail.port}\nmail_security = none\nmail_from = s@example.org\n"
                              "server_url = http://files.example.org\n")
        self.server.start()
        alice, refused = Person(self.server, "alice@example.org", administrator=True), Person(self.server, "refused@example.org")
        self.assertEqual(self.examined()["mail"]["finding"], "good")
        (self.server.folder / "paper").write_text("a paper")
        alice.run("send", self.server.folder / "paper", "--to", refused.address)
        until(lambda: self.examined()["mail"]["finding"] == "attention", "the mail server refused it for good")
        self.assertEqual(self.examined()["mail"]["says"], "1 letter was given up")

    def test_a_name_without_an_address(self):
        self.server.stop()
        self.server.config = "server_url = https://nowhere.invalid\n"
        self.server.start()
        self.server.account(administrator=True)
        check = self.examined()["name"]
        self.assertEqual((check["finding"], check["next"]), ("attention", "add it to the DNS"))

    def test_a_locked_server_is_said_to_be(self):
        Person(self.server, "alice@example.org", administrator=True)
        subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "lock"], check=True, capture_output=True)
        self.assertEqual(self.examined()["lockdown"]["finding"], "attention")
        self.assertEqual(self.asked("doctor", self.server.url)["lockdown"]["finding"], "attention")

    def test_the_way_to_a_server(self):
        checks = self.asked("doctor", self.server.url)
        self.assertEqual({check["finding"] for check in checks.values()}, {"good"}, checks)
        self.assertEqual(set(checks), {"server", "clock", "lockdown", "bodies"})

    def test_no_server_is_a_problem(self):
        self.server.stop()
        check = self.asked("doctor", self.server.url, status=1)["server"]
        self.assertEqual(check["finding"], "problem")
        self.assertTrue(check["next"])

    def test_clocks_that_disagree(self):
        for days, finding in ((0.5, "attention"), (3, "problem")):
            with self.subTest(days=days):
                server = Server(build_folder())
                self.addCleanup(server.__exit__)
                server.step_clock(0)
                server.start()
                server.step_clock(int(days * DAY_MS))
                check = self.asked("doctor", server.url, status=1 if finding == "problem" else 0)["clock"]
                self.assertEqual(check["finding"], finding, check)


if __name__ == "__main__":
    unittest.main()
