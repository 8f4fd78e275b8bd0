"""What an operator types and configures: links that work wherever the server is, sockets, folders, sizes and times."""
import grp
import json
import os
import pwd
import signal
import stat
import subprocess
import unittest

from support.certificates import make_chain
from support.people import Person
from support.server import DAY_MS, Server, build_folder


class Operating(unittest.TestCase):
    def serve(self, config=None, arguments=(), start=True):
        server = Server(build_folder(), arguments=arguments, config=config)
        self.addCleanup(server.__exit__)
        if start:
            server.start()
        return server

    def admin(self, server, *words, status=0):
        done = subprocess.run([server.build / "sealift", "admin", "--data", server.data, *map(str, words)], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def link(self, server, address):
        return self.admin(server, "invite", address).stdout.strip()

    def enrol(self, server, link, url=None, *more):
        """Somebody who has nothing but the link logs in with it."""
        person = Person(server)
        person.run("login", url or link.split("/e#")[0], "--enrol", link, *more)
        return person.json("whoami")["address"]


class Links(Operating):
    def test_by_the_address_it_listens_on(self):
        server = self.serve()
        link = self.link(server, "alice@example.org")
        self.assertTrue(link.startswith(f"http://127.0.0.1:{server.port}/e#"), link)
        self.assertEqual(self.enrol(server, link), "alice@example.org")

    def test_by_its_name(self):
        server = self.serve("host_name = localhost\n")
        link = self.link(server, "alice@example.org")
        self.assertTrue(link.startswith(f"http://localhost:{server.port}/e#"), link)
        self.assertEqual(self.enrol(server, link), "alice@example.org")

    def test_listening_everywhere_under_a_name(self):
        server = self.serve("tls = self-made\nhost_name = localhost\n", arguments=["--listen", "0.0.0.0:0"], start=False)
        server.start(wait=False)
        link = self.link(server, "alice@example.org")
        self.assertTrue(link.startswith(f"https://localhost:{server.port}/e#"), link)
        trust = ["--authorities", server.data / "tls/certificate.pem"]
        self.assertEqual(self.enrol(server, link, None, *trust), "alice@example.org")

    def test_listening_everywhere_without_a_name_it_is_said_that_the_address_is_missing(self):
        server = self.serve("tls = self-made\n", arguments=["--listen", "0.0.0.0:0"], start=False)
        server.start(wait=False)
        done = self.admin(server, "invite", "alice@example.org")
        self.assertRegex(done.stdout.strip(), r"^[\w-]{43}$")
        self.assertIn("server_url", done.stderr)

    def test_behind_a_proxy_on_an_odd_port(self):
        server = self.serve("behind_proxy = yes\nhost_name = files.example.org:8443\n", start=False)
        server.start(wait=False)
        link = self.link(server, "alice@example.org")
        self.assertTrue(link.startswith("https://files.example.org:8443/e#"), link)
        status, _, body = server.call("POST", "/api/v1/enrolments/look", {"token": link.split("#")[1]}, headers={"Host": "files.example.org:8443"})
        self.assertEqual((status, body["address"]), (200, "alice@example.org"))

    def test_by_the_url_that_was_configured(self):
        server = self.serve("server_url = https://elsewhere.example.org:4443\n")
        self.assertTrue(self.link(server, "alice@example.org").startswith("https://elsewhere.example.org:4443/e#"))

    def test_at_a_unix_socket(self):
        server = self.serve(start=False)
        path = server.folder / "socket"
        server.arguments = ["--listen", f"unix:{path}"]
        server.start(wait=False)
        link = self.link(server, "alice@example.org")
        self.assertTrue(link.startswith(f"http+unix://{path}/e#"), link)
        self.assertEqual(self.enrol(server, link), "alice@example.org")

    def test_of_a_restored_server(self):
        server = self.serve()
        Person(server, "admin@example.org", administrator=True)
        self.admin(server, "backup", server.folder / "backup", "--keys", server.folder / "keys")
        server.stop()
        os.rename(server.data, server.folder / "lost")
        self.admin(server, "restore", server.folder / "backup", "--keys", server.folder / "keys")
        before = self.admin(server, "invite", "early@example.org")
        server.start()
        for link, address in ((before.stdout.strip(), "early@example.org"), (self.link(server, "late@example.org"), "late@example.org")):
            self.assertEqual(self.enrol(server, link, server.url), address)


class Sockets(Operating):
    def socket_server(self, config):
        server = self.serve(config, start=False)
        server.arguments = ["--listen", f"unix:{server.folder}/socket"]
        return server

    def test_by_default_it_is_the_servers_alone(self):
        server = self.socket_server("")
        server.start(wait=False)
        self.assertEqual(stat.S_IMODE((server.folder / "socket").stat().st_mode), 0o700)

    def test_mode_and_group_as_configured(self):
        group = max(os.getgroups() + [os.getgid()])
        server = self.socket_server(f"socket_mode = 0660\nsocket_owner = :{grp.getgrgid(group).gr_name}\n")
        server.start(wait=False)
        found = (server.folder / "socket").stat()
        self.assertEqual((stat.S_IMODE(found.st_mode), found.st_gid), (0o660, group))

    @unittest.skipIf(os.geteuid() != 0, "only root gives files away")
    def test_owner_as_configured(self):
        server = self.socket_server("socket_owner = nobody\n")
        server.start(wait=False)
        self.assertEqual((server.folder / "socket").stat().st_uid, pwd.getpwnam("nobody").pw_uid)

    def test_an_owner_that_there_is_not(self):
        server = self.socket_server("socket_owner = nobody-of-this-name\n")
        with self.assertRaises(RuntimeError):
            server.start(wait=False)
        self.assertIn("no user nobody-of-this-name", server.log())
        server.process.wait()
        server.process = None


class Folders(Operating):
    def test_folders_above_are_made(self):
        server = self.serve(start=False)
        server.data = server.folder / "a" / "b" / "data"
        server.start()
        self.assertEqual(stat.S_IMODE(server.data.stat().st_mode), 0o700)

    def test_a_file_in_the_way_is_said(self):
        server = self.serve(start=False)
        (server.folder / "file").write_text("")
        server.data = server.folder / "file" / "data"
        with self.assertRaises(RuntimeError):
            server.start()
        self.assertIn("no folder", server.log())
        server.process.wait()
        server.process = None

    def test_what_others_can_read_is_refused(self):
        server = self.serve()
        server.stop()
        for path, mode in ((server.data, 0o777), (server.data / "vault.key", 0o644), (server.data / "log.key", 0o640)):
            kept = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode)
            with self.assertRaises(RuntimeError):
                server.start()
            self.assertIn("can be read by other accounts", server.log())
            server.process.wait()
            server.process.stdout.close()
            server.process = None
            path.chmod(kept)
        server.start()


class Fingerprints(Operating):
    def shown_by_openssl(self, path):
        said = subprocess.run(["openssl", "x509", "-fingerprint", "-sha256", "-noout", "-in", path], capture_output=True, text=True, check=True)
        return said.stdout.strip().partition("=")[2]

    def test_of_a_self_made_certificate_is_told_where_people_compare_it(self):
        server = self.serve("tls = self-made\n", start=False)
        server.start(wait=False)
        fingerprint = self.shown_by_openssl(server.data / "tls/certificate.pem")
        self.assertIn(f"sealift: its certificate's SHA-256 fingerprint is {fingerprint}\n", server.process.stdout.readline().decode())
        made = self.admin(server, "invite", "alice@example.org")
        self.assertIn(f"--certificate {fingerprint}\n", made.stderr)
        self.assertEqual(self.enrol(server, made.stdout.strip(), None, "--certificate", fingerprint), "alice@example.org")
        said = json.loads(self.admin(server, "invite", "bob@example.org", "--json").stdout)
        self.assertEqual(said["certificate_sha256"], fingerprint)
        wrong = Person(server)
        refused = wrong.tried("login", server.url, "--enrol", said["link"], "--certificate", fingerprint[:-2] + "00")
        self.assertEqual(refused.returncode, 1)

    def test_of_a_certificate_with_an_authority_is_not(self):
        server = self.serve(start=False)
        make_chain(server.folder, "127.0.0.1")
        server.config = f"certificate = {server.folder}/chain.pem\nprivate_key = {server.folder}/leaf.key\n"
        server.start(wait=False)
        self.assertNotIn("certificate", self.admin(server, "invite", "alice@example.org").stderr)


class MistypedFolders(Operating):
    def test_nothing_is_made_in_one_that_was_not_asked_for(self):
        server = self.serve()
        mistyped = server.folder / "dta"
        for words in (("invite", "alice@example.org"), ("reopen-keys",), ("status",), ("lock",), ("doctor",), ("metrics-token",),
                      ("backup", server.folder / "b", "--keys", server.folder / "k"), ("fsck",)):
            done = subprocess.run([server.build / "sealift", "admin", "--data", mistyped, *words], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, (words, done.stdout, done.stderr))
            self.assertIn(str(mistyped), done.stderr)
            self.assertFalse(mistyped.exists(), words)
        self.assertFalse((server.folder / "b").exists() or (server.folder / "k").exists())

    @unittest.skipIf(os.geteuid() != 0, "only root runs a command as another account")
    def test_one_that_another_account_may_not_look_into_is_not_called_missing(self):
        server = self.serve()
        server.folder.chmod(0o755)
        done = subprocess.run([server.build / "sealift", "admin", "--data", server.data, "status"], capture_output=True, text=True, user=65534,
                              env={"HOME": "/"})
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{server.data}: this account may not look into it: run this as the account that owns it", done.stderr)

    def test_a_new_one_is_made_when_it_is_asked_for_and_said(self):
        server = self.serve(start=False)
        made = self.admin(server, "invite", "alice@example.org", "--admin", "--new")
        self.assertIn(f"{server.data} held no server's data", made.stderr)
        self.assertNotIn("made the", self.admin(server, "reopen-keys", "--new").stderr, "it is there now")
        server.start()
        self.assertEqual(self.enrol(server, made.stdout.strip(), server.url), "alice@example.org")

    def test_a_server_says_that_it_is_a_new_one(self):
        server = self.serve()
        self.assertEqual(server.process.stdout.readline().decode(), f"sealift: made the data folder of a new server: {server.data}\n")
        server.stop()
        server.start()
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(server.process.stdout.read(), b"", "the second time it is not new")
        server.process.wait()


class Units(Operating):
    def test_sizes_and_times_as_people_write_them(self):
        server = self.serve()
        alice = Person(server, "alice@example.org", administrator=True)
        bob = Person(server, "bob@example.org")
        alice.run("people", "quota", "bob@example.org", "10G")
        with server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT quota_bytes_max FROM accounts WHERE quota_bytes_max IS NOT NULL").fetchall(), [(10 << 30,)])
        self.assertIn("10G", alice.fails("people", "quota", "bob@example.org", "10 gigs", status=2))
        alice.run("policy", "set", "parcel_lifetime_ms_max=60d", "account_quota_bytes_max=50G")
        policy = server.call("GET", "/api/v1/policy", token=server.account(administrator=True).token)[2]
        self.assertEqual((policy["parcel_lifetime_ms_max"], policy["account_quota_bytes_max"]), (60 * DAY_MS, 50 << 30))
        self.assertIn("7d", alice.fails("policy", "set", "parcel_lifetime_ms_max=soon", status=2))
        bob.run("request", "create", "--title", "papers", "--size", "2M")
        with server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT size_bytes_max FROM requests").fetchall(), [(2 << 20,)])

    def test_days_of_any_length_with_a_warning(self):
        server = self.serve()
        alice = Person(server, "alice@example.org", administrator=True)
        for days, lifetime, warned in (("1", DAY_MS, False), ("12h", DAY_MS // 2, False), ("365", 365 * DAY_MS, False), ("400", 400 * DAY_MS, True),
                                       ("5y", 1825 * DAY_MS, True), ("3650", 3650 * DAY_MS, True)):
            with self.subTest(days=days):
                done = subprocess.run([server.build / "sealift", "account", "token", "--scope", "metrics", "--days", days],
                                      capture_output=True, text=True, env=alice.environment())
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual("warning" in done.stderr, warned, done.stderr)
                with server.catalog() as catalog:
                    found = catalog.execute("SELECT expires - created FROM sessions WHERE kind = 2 ORDER BY created DESC LIMIT 1").fetchone()[0]
                self.assertEqual(found, lifetime)
        alice.fails("account", "token", "--scope", "metrics", "--days", "3651", status=2)
        done = subprocess.run([server.build / "sealift", "people", "invite", "bob@example.org", "--days", "90d"],
                              capture_output=True, text=True, env=alice.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("90 days", done.stderr)
        for days, warned in (("12h", False), ("90d", True)):
            done = self.admin(server, "invite", "carol@example.org", "--days", days)
            self.assertEqual("sealift: warning: this link will be good for 90 days" in done.stderr, warned, done.stderr)
            with server.catalog() as catalog:
                found = catalog.execute("SELECT expires - created FROM enrolments ORDER BY created DESC LIMIT 1").fetchone()[0]
            self.assertEqual(found, DAY_MS // 2 if days == "12h" else 90 * DAY_MS)
        self.assertIn("not soon", self.admin(server, "invite", "carol@example.org", "--days", "soon", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
