"""Behind the proxies of docs/operate/proxies.md, run with the page's own lines; and behind nginx as Debian installs it,
which takes bodies of 1 MiB."""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import unittest

from support.certificates import make_certificate
from support.people import Person
from support.server import Server, build_folder
from support.waiting import until

PAGE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "docs" / "operate" / "proxies.md"
PILE_BYTES = 5_000_000


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.S | re.M).group(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxies(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        self.server = Server(build_folder(), config="behind_proxy = yes\nhost_name = 127.0.0.1\n"
                             f"host_name = 127.0.0.1:{self.port}\nserver_url = https://127.0.0.1:{self.port}\nlog_logins = names\n")
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.folder = self.server.folder
        make_certificate(self.folder, "127.0.0.1")
        both = (self.folder / "certificate.pem").read_text() + (self.folder / "key.pem").read_text()
        (self.folder / "both.pem").write_text(both)

    def start(self, *command):
        log = open(self.folder / "proxy.log", "wb")
        self.addCleanup(log.close)
        proxy = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log)
        self.addCleanup(proxy.wait, 30)
        self.addCleanup(proxy.terminate)

        def answers():
            self.assertIsNone(proxy.poll(), (self.folder / "proxy.log").read_text())
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        until(answers, "the proxy listens")

    def start_nginx(self, lines):
        for theirs, ours in {"listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
                             "/etc/ssl/files.example.org.pem": str(self.folder / "certificate.pem"),
                             "/etc/ssl/files.example.org.key": str(self.folder / "key.pem"),
                             "files.example.org": "127.0.0.1",
                             "127.0.0.1:8080": f"127.0.0.1:{self.server.port}"}.items():
            lines = lines.replace(theirs, ours)
        self.bodies = self.folder / "bodies"
        (self.folder / "nginx.conf").write_text(
            ("user root;\n" if os.geteuid() == 0 else "") +  # whose folder of bodies is this test's
            f"daemon off; pid {self.folder}/nginx.pid; error_log stderr; events {{}}\n"
            # A body that was written to the disk stays there, to be seen.
            f"http {{ access_log {self.folder}/access.log; client_body_temp_path {self.bodies}; client_body_in_file_only on;\n"
            f"proxy_temp_path {self.folder}/proxied;\n{lines}\n}}\n")
        self.start(shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.folder / "nginx.conf", "-e", "stderr")

    def person(self, address):
        class Through(Person):
            def trust(inner):
                return ["--authorities", self.folder / "certificate.pem"]

        return Through(self.server, address, url=f"https://127.0.0.1:{self.port}")

    def sent_and_received(self):
        alice, bob = self.person("alice@example.org"), self.person("bob@example.org")
        pile = self.folder / "pile"
        pile.write_bytes(os.urandom(PILE_BYTES))
        sent = alice.json("send", pile, "--to", "bob@example.org")
        bob.run("receive", sent["parcel"], "-o", self.folder / "got")
        self.assertEqual((self.folder / "got" / "pile").read_bytes(), pile.read_bytes())

    def clients_are_told_apart(self):
        """Sealift sees the address that the proxy sees, whatever the client says of itself."""
        context = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        body = json.dumps({"address": "who@example.org", "authentication_key": "A" * 43 + "="})
        with socket.create_connection(("127.0.0.1", self.port), source_address=("127.0.0.2", 0)) as plain, \
                context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
            line.sendall(("POST /api/v1/sessions HTTP/1.1\r\n" f"Host: 127.0.0.1:{self.port}\r\nX-Forwarded-For: 192.0.2.66\r\n"
                          f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}").encode())
            self.assertIn(b" 401 ", line.recv(4096).split(b"\r\n")[0])

        def said():
            lines = (self.server.data / "journal" / "sealift.log").read_text().splitlines()
            return [each for each in map(json.loads, lines) if each["event"] == "login_failed"]

        self.assertEqual(until(said, "the login is in the log")[0]["client_address"], "127.0.0.2")

    def uploads(self):
        """(status, bytes) of each PATCH that nginx answered."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [int(line.split('" ')[1].split()[0]) for line in lines if '"PATCH ' in line]

    def test_nginx_as_the_page_says(self):
        self.start_nginx(block("nginx"))
        self.sent_and_received()
        self.assertEqual(set(self.uploads()), {204}, "no request was refused for its size")
        self.assertEqual([each for each in self.bodies.rglob("*") if each.is_file()], [], "no body waited on the disk")
        self.clients_are_told_apart()

    def test_nginx_as_it_is_installed(self):
        kept = ("listen", "server_name", "ssl_certificate", "proxy_set_header Host", "proxy_pass", "location", "server", "}")
        lines = "\n".join(line for line in block("nginx").splitlines() if line.strip().startswith(kept))
        self.start_nginx(lines)
        self.sent_and_received()
        statuses = self.uploads()
        self.assertIn(413, statuses, "or the proxy had no limit, and this shows nothing")
        self.assertTrue(any(each.is_file() for each in self.bodies.rglob("*")), "or what was buffered would not be seen")
        done = subprocess.run([self.server.build / "sealift", "doctor", f"https://127.0.0.1:{self.port}", "--authorities",
                               self.folder / "certificate.pem", "--json"], capture_output=True, text=True)
        bodies = next(each for each in json.loads(done.stdout)["checks"] if each["name"] == "bodies")
        self.assertEqual(bodies["finding"], "attention", bodies)
        self.assertIn("/usr/share/doc/sealift/operate/proxies.md", bodies["next"])
        self.assertGreater(statuses.count(204), PILE_BYTES // 2**20, "the rest went in pieces that pass")

    def test_haproxy_as_the_page_says(self):
        lines = block("haproxy")
        for theirs, ours in {"bind :443": f"bind 127.0.0.1:{self.port}",
                             "/etc/ssl/files.example.org.both.pem": str(self.folder / "both.pem"),
                             "127.0.0.1:8080": f"127.0.0.1:{self.server.port}"}.items():
            self.assertIn(theirs, lines)
            lines = lines.replace(theirs, ours)
        (self.folder / "haproxy.cfg").write_text(lines)
        self.start(shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", self.folder / "haproxy.cfg")
        self.sent_and_received()
        self.clients_are_told_apart()

    def test_apache_as_the_page_says(self):
        lines = block("apache")
        for theirs, ours in {"<VirtualHost *:443>": f"<VirtualHost 127.0.0.1:{self.port}>",
                             "/etc/ssl/files.example.org.pem": str(self.folder / "certificate.pem"),
                             "/etc/ssl/files.example.org.key": str(self.folder / "key.pem"),
                             "files.example.org": "127.0.0.1",
                             "127.0.0.1:8080": f"127.0.0.1:{self.server.port}"}.items():
            self.assertIn(theirs, lines)
            lines = lines.replace(theirs, ours)
        modules = re.search(r"`a2enmod ([a-z_ ]+)`", PAGE.read_text()).group(1).split()
        loaded = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
                         for name in ("mpm_event", "authz_core", "reqtimeout", *modules))
        (self.folder / "apache.conf").write_text(
            f"ServerRoot {self.folder}\nServerName 127.0.0.1\nPidFile {self.folder}/apache.pid\nErrorLog {self.folder}/apache.log\n"
            f"DefaultRuntimeDir {self.folder}\nListen 127.0.0.1:{self.port}\n" + loaded +
            "RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500\n" +  # as Debian has it
            ("User www-data\nGroup www-data\n" if os.geteuid() == 0 else "") + lines)
        self.start(shutil.which("apache2") or "/usr/sbin/apache2", "-DFOREGROUND", "-f", self.folder / "apache.conf")
        self.sent_and_received()
        self.clients_are_told_apart()

    def test_a_proxy_that_cannot_reach_the_server_is_told_apart_from_it(self):
        self.start_nginx(block("nginx"))
        alice = self.person("alice@example.org")
        self.server.stop()
        said = alice.fails("inbox")
        self.assertIn("status 502, is not Sealift's", said)
        self.assertIn("/usr/share/doc/sealift/operate/proxies.md", said)


if __name__ == "__main__":
    unittest.main()
