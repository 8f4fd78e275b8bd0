"""Behind the proxies of docs/operate/proxies.md, run with the page's own lines; and behind nginx as Debian installs it,
which takes bodies of 1 MiB."""
import json
import os
import pathlib
import re
import shutil
import socket
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
                             f"host_name = 127.0.0.1:{self.port}\nserver_url = https://127.0.0.1:{self.port}\n")
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
            f"http {{ access_log {self.folder}/access.log; client_body_temp_path {self.bodies};\n"
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

    def uploads(self):
        """(status, bytes) of each PATCH that nginx answered."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [int(line.split('" ')[1].split()[0]) for line in lines if '"PATCH ' in line]

    def test_nginx_as_the_page_says(self):
        self.start_nginx(block("nginx"))
        self.sent_and_received()
        self.assertEqual(set(self.uploads()), {204}, "no request was refused for its size")
        self.assertFalse(any(self.bodies.rglob("*")) and any(each.is_file() for each in self.bodies.rglob("*")))

    def test_nginx_as_it_is_installed(self):
        kept = ("listen", "server_name", "ssl_certificate", "proxy_set_header Host", "proxy_pass", "location", "server", "}")
        lines = "\n".join(line for line in block("nginx").splitlines() if line.strip().startswith(kept))
        self.start_nginx(lines)
        self.sent_and_received()
        statuses = self.uploads()
        self.assertIn(413, statuses, "or the proxy had no limit, and this shows nothing")
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

    def test_a_proxy_that_cannot_reach_the_server_is_told_apart_from_it(self):
        self.start_nginx(block("nginx"))
        alice = self.person("alice@example.org")
        self.server.stop()
        said = alice.fails("inbox")
        self.assertIn("status 502, is not Sealift's", said)
        self.assertIn("/usr/share/doc/sealift/operate/proxies.md", said)


if __name__ == "__main__":
    unittest.main()
