"""How a server is reached: TLS, Host names, sockets, one server a folder, stopping and starting."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from support.certificates import make_certificate, served_certificate
from support.server import Server, build_folder
from support.waiting import until


class Serving(unittest.TestCase):
    def test_a_self_made_certificate_serves_and_stays(self):
        with Server(build_folder(), config="tls = self-made\n") as server:
            self.assertTrue(server.is_tls)
            first = served_certificate(server)
            sender = server.account()
            self.assertEqual(server.call("GET", "/api/v1/parcels/sent", token=sender.token)[0], 200)
            self.assertEqual(server.stop(), 0)
            server.start()
            self.assertEqual(served_certificate(server), first)

    def test_a_renewed_certificate_is_taken_without_a_restart(self):
        server = Server(build_folder())
        make_certificate(server.folder, "one")
        server.config = (f"certificate = {server.folder}/certificate.pem\n"
                         f"private_key = {server.folder}/key.pem\n")
        try:
            server.start(wait=False)
            first = served_certificate(server)
            make_certificate(server.folder, "two")
            server.process.send_signal(signal.SIGHUP)
            until(lambda: served_certificate(server) != first, "the renewed one is shown")
        finally:
            server.__exit__()

    def test_plain_http_is_refused_to_other_machines(self):
        done = subprocess.run([build_folder() / "sealiftd", "--data", "/nonexistent/x", "--listen",
                               "0.0.0.0:0"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        server = Server(build_folder(), arguments=["--listen", "0.0.0.0:0"])
        with self.assertRaises(RuntimeError):
            server.start()
        self.assertIn("TLS", server.log())
        server.process.wait()
        server.__exit__()

    def test_other_hosts_are_misdirected(self):
        with Server(build_folder()) as server:
            for host, status in ((f"127.0.0.1:{server.port}", 200), ("evil.example", 421),
                                 ("127.0.0.1.evil.example", 421), (f"localhost:{server.port}", 200)):
                self.assertEqual(server.call("GET", "/health/live", headers={"Host": host})[0],
                                 status, host)

    def test_behind_a_proxy_clients_are_whom_it_names(self):
        with Server(build_folder(), config="behind_proxy = yes\nhost_name = transfer.example\n") as server:
            sender = server.account()

            def answer(client, token=sender.token):
                return server.call("GET", "/api/v1/parcels/sent", headers={"Host": "transfer.example", "X-Forwarded-For": client}, token=token)

            status, headers, _ = answer("192.0.2.7")
            self.assertEqual(status, 200)
            self.assertIn("Strict-Transport-Security", headers, "the proxy's clients see https")
            self.assertNotIn("Set-Cookie", headers)

            def prepare(client):
                return server.call("POST", "/api/v1/sessions/prepare", {"address": "x@y.test"},
                                   {"Host": "transfer.example", "X-Forwarded-For": client})[0]

            self.assertIn(429, [prepare("192.0.2.8") for _ in range(200)])
            self.assertEqual(prepare("198.51.100.1, 192.0.2.9"), 200, "somebody else is not slowed down")
            self.assertIn(429, [prepare(f"198.51.100.{i}, 192.0.2.8") for i in range(200)], "the proxy's own word counts alone")

    def test_a_unix_socket_serves(self):
        server = Server(build_folder())
        path = server.folder / "socket"
        server.arguments = ["--listen", f"unix:{path}"]
        try:
            server.start(wait=False)
            def answer():
                return subprocess.run(["curl", "--silent", "--unix-socket", path, "http://localhost/health/live"],
                                      capture_output=True).stdout

            self.assertEqual(until(answer), b'{"status":"live"}')
        finally:
            server.__exit__()

    def refused(self, *words, status=1):
        """What a server that doesn't start says."""
        done = subprocess.run([build_folder() / "sealiftd", *map(str, words)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        said = [line for line in done.stderr.split("\n") if line.startswith("sealiftd: error: ")]
        self.assertEqual(len(said), 1, done.stderr)
        return said[0]

    def test_a_wrong_command_line_names_the_option_and_the_value(self):
        self.assertIn("the option --data needs a value", self.refused("--data", status=2))
        self.assertIn("unknown option --dat", self.refused("--dat", "x", status=2))
        self.assertIn("--data DIR is missing", self.refused("--listen", "127.0.0.1:0", status=2))
        self.assertIn("--announce takes json, and not xml", self.refused("--announce", "xml", status=2))
        said = self.refused("--data", "x", "--listen", "8080", status=2)
        for part in ("--listen", '"8080"', "no colon", "127.0.0.1:PORT"):
            self.assertIn(part, said)

    def test_a_wrong_configuration_names_its_file_line_and_value(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "sealift.conf")
            self.assertIn(f"{config}: configuration: No such file", self.refused("--data", "x", "--config", config, status=2))
            config.write_text("name = Clinic\ntls = off\n")
            said = self.refused("--data", "x", "--config", config, status=2)
            for part in (str(config), "line 2", 'tls can\'t be "off"', "files or self-made"):
                self.assertIn(part, said)

    def test_a_certificate_that_cannot_be_used_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            make_certificate(pathlib.Path(folder), "one")
            certificate, key, config = (pathlib.Path(folder, name) for name in ("certificate.pem", "key.pem", "sealift.conf"))
            data = ("--data", pathlib.Path(folder, "data"), "--listen", "127.0.0.1:0", "--config", config)
            for one, other, said in ((certificate, key.with_name("no.pem"), f"private_key = {key.with_name('no.pem')}: No such file"),
                                     (key.with_name("no.pem"), key, f"certificate = {key.with_name('no.pem')}: No such file"),
                                     (config, key, f"certificate = {config} is no chain"),
                                     (certificate, config, f"private_key = {config} is no PEM key")):
                config.write_text(f"certificate = {one}\nprivate_key = {other}\n")
                self.assertIn(said, self.refused(*data))

    def test_a_pipe_in_a_files_place_is_named_and_holds_no_start_up(self):
        with tempfile.TemporaryDirectory() as folder:
            make_certificate(pathlib.Path(folder), "one")
            pipe, key, config = (pathlib.Path(folder, name) for name in ("pipe", "key.pem", "sealift.conf"))
            os.mkfifo(pipe)
            data = ("--data", pathlib.Path(folder, "data"), "--listen", "127.0.0.1:0", "--config")
            self.assertIn(f"{pipe}: configuration: it is a pipe, not a regular file", self.refused(*data, pipe, status=2))
            for keys in (f"certificate = {pipe}\nprivate_key = {key}\n",
                         f"syslog = tls:localhost\nsyslog_certificates = {pipe}\n"):
                config.write_text(keys)
                said = self.refused(*data, config)
                self.assertIn(str(pipe), said)
                self.assertIn("it is a pipe, not a regular file", said)

    def test_a_pipe_in_the_certificates_place_holds_no_reload_up(self):
        server = Server(build_folder())
        make_certificate(server.folder, "one")
        certificate = server.folder / "certificate.pem"
        server.config = f"certificate = {certificate}\nprivate_key = {server.folder}/key.pem\n"
        try:
            server.start(wait=False)
            first = served_certificate(server)
            certificate.unlink()
            os.mkfifo(certificate)
            server.process.send_signal(signal.SIGHUP)
            until(lambda: "it is a pipe, not a regular file" in server.log(), "the log says so")
            self.assertEqual(served_certificate(server), first)
            certificate.unlink()
            make_certificate(server.folder, "two")
            server.process.send_signal(signal.SIGHUP)
            until(lambda: served_certificate(server) != first, "the supervisor still listens")
        finally:
            server.__exit__()

    def test_a_second_server_on_a_data_folder_names_it(self):
        with Server(build_folder()) as server:
            said = self.refused("--data", server.data, "--listen", "127.0.0.1:0")
            self.assertRegex(said, f"{server.data}: another server has this data folder: process {server.process.pid}$")

    def test_an_address_that_cannot_be_listened_at_is_named_with_what_to_do(self):
        with Server(build_folder()) as server, tempfile.TemporaryDirectory() as folder:
            for address, why in ((f"127.0.0.1:{server.port}", "another program listens there"),
                                 ("192.0.2.1:80", "this machine doesn't have that address"),
                                 (f"unix:{folder}/none/socket", "the socket's folder doesn't exist")):
                config = ("tls = self-made\n" if address.startswith("192") else "")
                path = pathlib.Path(folder, "sealift.conf")
                path.write_text(config)
                said = self.refused("--data", f"{folder}/data", "--listen", address, "--config", path)
                self.assertIn(f"can't listen at {address}: {why}", said)

    def test_a_data_folder_that_cannot_be_made_is_named(self):
        self.assertIn("/proc/nothing/data: ", self.refused("--data", "/proc/nothing/data"))

    def test_the_service_manager_hears_of_it_when_requests_are_answered(self):
        server = Server(build_folder())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(server.folder / "notify"))
            manager.settimeout(30)
            server.environment = {"NOTIFY_SOCKET": str(server.folder / "notify")}
            try:
                server.start(wait=False)
                self.assertEqual(manager.recv(100), b"READY=1")
                self.assertEqual(server.call("GET", "/health/ready")[0], 200, "the first request is answered")
                server.account()
                until(server.has_logged_all)
                server.stop()
                shutil.rmtree(server.data / "log")
                server.start(wait=False)
                self.assertEqual(server.process.wait(60), 1, "the catalog is of a longer log: its vault answers nothing")
                manager.setblocking(False)
                with self.assertRaises(BlockingIOError):
                    manager.recv(100)
            finally:
                server.__exit__()

    def test_a_file_in_the_place_of_a_socket_stays(self):
        server = Server(build_folder())
        self.addCleanup(server.__exit__)
        path = server.folder / "papers"
        path.write_text("not a socket")
        server.arguments = ["--listen", f"unix:{path}"]
        with self.assertRaises(RuntimeError):
            server.start()
        server.process.wait()
        self.assertEqual(path.read_text(), "not a socket")

    def test_one_server_has_a_data_folder(self):
        with Server(build_folder()) as server:
            second = subprocess.run([server.build / "sealiftd", "--data", server.data, "--listen",
                                     "127.0.0.1:0"], capture_output=True, text=True, timeout=30)
            self.assertEqual(second.returncode, 1)
            self.assertIn("another server", second.stderr)

    def test_keys_that_are_lost_are_not_made_anew(self):
        with Server(build_folder()) as server:
            self.assertEqual(server.stop(), 0)
            os.remove(server.data / "vault.key")
            with self.assertRaises(RuntimeError):
                server.start()
            server.process.wait()

    def test_roles_are_confined(self):
        with Server(build_folder()) as server:
            roles = server.roles()
            self.assertGreaterEqual(len(roles), 2)
            for role in roles:
                with open(f"/proc/{role}/status") as status:
                    fields = dict(line.split(":\t", 1) for line in status.read().splitlines()
                                  if ":\t" in line)
                self.assertEqual((fields["NoNewPrivs"].strip(), fields["Seccomp"].strip()),
                                 ("1", "2"))

    def test_invitations_are_links_to_the_running_server(self):
        with Server(build_folder()) as server:
            made = subprocess.run([server.build / "sealift", "admin", "--data", server.data,
                                   "invite", "First@Clinic.example", "--admin"],
                                  capture_output=True, text=True, check=True).stdout.strip()
            self.assertTrue(made.startswith(server.url + "/e#"), made)
            with server.catalog() as catalog:
                rows = catalog.execute("SELECT administrator FROM enrolments").fetchall()
            self.assertEqual(rows, [(1,)])
            for path in server.data.rglob("*"):
                if path.is_file():
                    self.assertNotIn(b"clinic.example", path.read_bytes().lower(), path.name)


if __name__ == "__main__":
    unittest.main()
