"""What the documents say of a running server, held against one: facts that were wrong once."""
import os
import pathlib
import re
import shutil
import socket
import ssl
import stat
import subprocess
import unittest

from support import changes
from support.people import Person
from support.server import Server, build_folder

DOCS = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "docs"


def milliseconds(text):
    units = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 365 * 86_400_000}
    return int(text[:-1]) * units[text[-1]]


class Facts(unittest.TestCase):
    def serve(self, **how):
        server = Server(build_folder(), **how)
        self.addCleanup(server.__exit__)
        server.start()
        return server

    def test_a_name_behind_a_proxy_has_its_port(self):
        """docs/operate/proxies.md: a port that isn't the scheme's own belongs to the name."""
        page = (DOCS / "operate" / "proxies.md").read_text()
        odd = re.search(r"`host_name = (\S+:\d+)`", page).group(1)
        url = re.search(r"`server_url = (\S+:\d+)`", page).group(1)
        server = self.serve(config=f"behind_proxy = yes\nhost_name = {odd}\nserver_url = {url}\n")
        for host, status in ((odd, 200), (odd.split(":")[0], 421)):
            self.assertEqual(server.call("GET", "/api/v1/server", headers={"Host": host})[0], status, host)

    def test_the_policy(self):
        """docs/operate/policy.md: every setting, its default, and what is just inside and just outside its limits."""
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", (DOCS / "operate" / "policy.md").read_text(), re.M)
        server = self.serve()
        admin = Person(server, "admin@example.org", administrator=True)
        shown = dict(line.split("=", 1) for line in admin.run("policy", "show").splitlines())
        del shown["revision"]
        self.assertEqual({name: "" if default == "empty" else re.match("`([^`]+)`", default)[1] for name, _, default in rows}, shown)
        for name, values, default in rows:
            if given := re.search(r"\((\d+[a-z])\)", default):
                self.assertEqual(milliseconds(given[1]), int(shown[name]), name)
            self.judge_values(admin, name, values, shown)

    def judge_values(self, admin, name, values, shown):
        """Leaves the default behind."""
        def takes(value):
            for wanted in (value, shown[name]):
                admin.run("policy", "set", f"{name}={wanted}")
                changes.let_take_effect(admin.server)

        def refuses(value, status):
            self.assertIn(name, admin.fails("policy", "set", f"{name}={value}", status=status))

        if words := re.fullmatch(r"`(\w+)`, `(\w+)`", values):
            takes(words[1])
            takes(words[2])
            refuses("maybe", 2)
        elif border := re.fullmatch(r"(\S+) to (\S+)", values):
            least, most = (int(shown[each.strip("`")]) if each.startswith("`") else milliseconds(each) for each in border.groups())
            takes(least)
            refuses(least - 1, 1)
            if border[2].startswith("`"):
                takes(most)
                refuses(most + 1, 1)
            else:
                refuses("11y", 2)
        elif values.startswith("1 to 1000000"):
            takes(1)
            takes(1000000)
            takes("none")
            refuses(0, 2)
            refuses(1000001, 2)
        elif values == "a size":
            takes("10G")
            refuses("10X", 2)
        else:
            self.assertTrue(values.startswith("up to 1000 domains"), values)
            takes("example.org,region.example")
            refuses("Example.org", 2)

    def test_a_token_for_the_monitoring(self):
        """docs/operate/monitoring.md: the server's own reads the figures and nothing else, also in a lock-down, until the next is made."""
        server = self.serve()
        admin = Person(server, "admin@example.org", administrator=True)

        def at_the_machine(*words):
            return subprocess.run([build_folder() / "sealift", "admin", "--data", server.data, *words], check=True, capture_output=True, text=True).stdout

        def status(token, path="/metrics"):
            return server.call("GET", path, token=token)[0]

        token = at_the_machine("metrics-token").strip()
        for path in ("/api/v1/admin/accounts", "/api/v1/account", "/api/v1/parcels/received", "/api/v1/policy", "/api/v1/sessions"):
            self.assertEqual(status(token, path), 401, path)
        admins = admin.run("account", "token", "--scope", "metrics").strip()
        admin.run("lockdown", "on")
        self.assertEqual((status(token), status(admins)), (200, 401))
        self.assertIn("sealift_locked_down 1\n", server.call("GET", "/metrics", token=token)[2].decode())
        self.assertEqual(status(token, "/api/v1/admin/accounts"), 401)
        following = at_the_machine("metrics-token").strip()
        self.assertEqual((status(token), status(following)), (401, 200))
        self.assertIn("ended", at_the_machine("metrics-token", "--end"))
        self.assertEqual(status(following), 401)

    def test_an_administrators_token_for_the_monitoring(self):
        """The same page: it reads the figures and nothing else, as long as its account is an administrator's."""
        words = re.search(r"`sealift (account token --scope metrics [^`]+)`", (DOCS / "operate" / "monitoring.md").read_text())[1]
        server = self.serve()
        admin, other = Person(server, "admin@example.org", administrator=True), Person(server, "other@example.org", administrator=True)
        clerk = Person(server, "clerk@example.org")
        token = admin.run(*words.split()).strip()
        self.assertEqual(server.call("GET", "/metrics", token=token)[0], 200)
        for path in ("/api/v1/admin/accounts", "/api/v1/account", "/api/v1/parcels/received", "/api/v1/policy"):
            self.assertEqual(server.call("GET", path, token=token)[0], 403, path)
        self.assertEqual(server.call("GET", "/metrics", token=clerk.run(*words.split()).strip())[0], 403)
        other.run("people", "roles", "admin@example.org", "--none")
        changes.let_take_effect(server)
        self.assertEqual(server.call("GET", "/metrics", token=token)[0], 403)
        other.run("people", "roles", "admin@example.org", "--admin")
        changes.let_take_effect(server)
        self.assertEqual(server.call("GET", "/metrics", token=token)[0], 200)
        other.run("people", "suspend", "admin@example.org")
        self.assertIn(server.call("GET", "/metrics", token=token)[0], (401, 403))

    def test_pages_that_hints_name_are_installed(self):
        """Nobody who installed a package has the sources' folders, nor a client's machine the server's package."""
        literal = re.compile(r'"(?:[^"\\\n]|\\.)*"')
        named, source = set(), DOCS.parent
        for path in (*sorted((source / "src").rglob("*.cc")), *sorted((source / "src").rglob("*.h")), source / "data/errors/refusals.json"):
            if path.name.endswith(("_test.cc", "_for_test.h")):
                continue
            code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
            for text in literal.findall(code):
                self.assertNotRegex(text, r"(?<!share/)docs?/(operate|guide|formats|security)/", path)
                found = re.findall(r"/usr/share/doc/(sealift(?:-server)?)/([\w/-]+\.md)", text)
                named.update(found)
                if "src/server" not in str(path) and "src/admin" not in str(path):
                    self.assertNotIn("sealift-server", [package for package, _ in found], path)
        self.assertGreater(len(named), 5)
        installed = (source / "cmake/install.cmake").read_text()
        for package, page in named:
            folder = page.split("/")[0]
            self.assertRegex(installed, rf"DIRECTORY docs/{folder} DESTINATION \$\{{doc\}}/{package} |"
                                        rf"FILES .*docs/{page} .*DESTINATION \$\{{doc\}}/{package}/{folder} ")
            self.assertTrue((DOCS / page).exists(), page)

    def test_ranges(self):
        """docs/formats/http.md, of ranges."""
        row = re.search(r"^\| several ranges, other units, malformed ranges \| (\d+) \((\d+) when the range lies outside", (DOCS / "formats" / "http.md").read_text(), re.M)
        refused, outside = map(int, row.groups())
        server = self.serve()
        sender, recipient = server.account(), server.account()
        parcel, payload = server.send(sender, os.urandom(1000), recipient)
        opening = server.open_parcel(recipient, parcel)
        for asked, status in {"bytes=0-9": 206, "bytes=-5": 206, "bytes=5-": 206, "bytes=0-9,20-29": refused, "items=0-4": refused,
                              "bytes=a-b": refused, "bytes=9-3": refused, f"bytes={len(payload)}-": outside}.items():
            self.assertEqual(opening.payload(Range=asked)[0], status, asked)

    def test_the_data_folder(self):
        """docs/formats/data-folder.md: every name in it, and the modes of everything in it."""
        page = (DOCS / "formats" / "data-folder.md").read_text()
        named = set(re.findall(r"^      ([\w.]+)/? ", page, re.M))
        folders, files = (int(each, 8) for each in re.search(r"The folder and those in it are (\d{4}), files (\d{4})", page).groups())
        server = self.serve(config="tls = self-made\n")
        server.send(server.account(), os.urandom(1000), server.account())
        self.assertLessEqual({path.name for path in server.data.iterdir()}, named)
        self.assertGreaterEqual({path.name for path in server.data.iterdir()}, named - {"restore"})
        seen = 0
        for path in (server.data, *server.data.rglob("*")):
            try:
                mode = path.lstat().st_mode
            except FileNotFoundError:  # the log's writer and the database make files for a moment
                continue
            self.assertEqual(oct(mode & 0o7777), oct(folders if stat.S_ISDIR(mode) else files), path)
            seen += 1
        self.assertGreater(seen, 20)

    def test_figures_of_sizing(self):
        """docs/operate/sizing.md has the figures of docs/benchmarks.md and of README's drill, and no others."""
        page = (DOCS / "operate" / "sizing.md").read_text()
        sections, readme = (DOCS / "benchmarks.md").read_text().split("\n## "), (DOCS.parent / "README.md").read_text()
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (?:`make ([a-z-]+)|the same)", page, re.M)
        self.assertGreater(len(rows), 6)
        target = None
        for what, figures, named in rows:
            target = named or target
            measured = "".join(each for each in sections if f"make {target}" in each)
            for figure in re.findall(r"\d+(?:\.\d+)?", figures):
                self.assertRegex(measured, rf"(?<![\d.]){re.escape(figure)}(?!\.?\d)", f"{what}: make {target}")
        drill = re.search(r"([\d.]+) MiB of data folder", page).group(1)
        self.assertRegex(readme, rf"data folder +{re.escape(drill)} MiB")

    def test_versions_of_tls(self):
        """docs/security/threat-model.md, of the network."""
        said = re.search(r"TLS outside \((1\.\d), or (1\.\d) with forward secrecy and AEAD\)", (DOCS / "security" / "threat-model.md").read_text())
        server = self.serve(config="tls = self-made\n")
        taken = set()
        for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.create_default_context(cafile=server.data / "tls" / "certificate.pem")
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            taken |= self.greeted(server, context)
        self.assertEqual({name for name, _ in taken}, {f"TLSv{each}" for each in said.groups()})
        for name, cipher in taken:
            self.assertRegex(cipher, r"GCM|CHACHA20", name)

    def test_a_self_made_certificate_that_was_removed_is_made_again(self):
        """docs/operate/key-rotation.md, of `tls = self-made`."""
        server = self.serve(config="tls = self-made\n")
        person = Person(server, "ann@example.org")
        old = server.data / "tls" / "certificate.pem"
        old.rename(server.folder / "old.pem")
        server.stop()
        shutil.rmtree(server.data / "tls")
        server.start()
        person.fails("login", server.url, "--account", person.address, "--authorities", server.folder / "old.pem")
        shown = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", old], check=True, capture_output=True, text=True)
        fingerprint = shown.stdout.strip().split("=")[1].replace(":", "").lower()
        person.run("login", server.url, "--account", person.address, "--certificate", fingerprint)
        person.run("whoami")

    def greeted(self, server, context):
        try:
            with socket.create_connection(("127.0.0.1", server.port)) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
                return {(line.version(), line.cipher()[0])}
        except (ssl.SSLError, ConnectionError):
            return set()


if __name__ == "__main__":
    unittest.main()
