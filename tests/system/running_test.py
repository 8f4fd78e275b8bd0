"""How a server runs: stopping while something comes in, TLS versions, certificates that are broken, what it logs, how much
memory files of different size take of everyone."""
import hashlib
import json
import os
import pathlib
import random
import secrets
import signal
import socket
import ssl
import time
import unittest

from support.certificates import make_certificate, served_certificate
from support.people import Person
from support.server import Server, Upload, build_folder, split_sealed
from support.waiting import until

MIB = 1 << 20


class Stopping(unittest.TestCase):
    """SIGTERM in the midst of a PATCH: whoever goes on is heard to the end, and what was acknowledged is there afterwards."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.sender, cls.recipient = cls.server.account(), cls.server.account()

    def begin(self):
        content = secrets.token_bytes(12 * MIB)
        parcel = self.server.create_parcel(self.sender, self.recipient)
        self.server.put_manifest(self.sender, parcel, self.server.seal(b"manifest", self.recipient))
        header, payload = split_sealed(self.server.seal(content, self.recipient))
        upload = self.server.create_upload(self.sender, parcel, header, len(payload))
        self.assertEqual(upload.patch(0, payload[:5 * MIB])[0], 204)
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        self.addCleanup(connection.close)
        head = [f"PATCH {upload.path} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", f"Content-Length: {len(payload) - 5 * MIB}"]
        fields = upload.headers(**{"Upload-Offset": str(5 * MIB), "Content-Type": "application/offset+octet-stream"})
        connection.sendall("\r\n".join([*head, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode())
        connection.sendall(payload[5 * MIB:9 * MIB])
        return content, parcel, payload, upload, connection

    def stop_and_start(self, meanwhile):
        process, begun = self.server.process, time.monotonic()
        process.send_signal(signal.SIGTERM)
        meanwhile()
        self.assertEqual(process.wait(60), 0)
        self.assertLess(time.monotonic() - begun, 30)
        process.stdout.close()
        self.server.start()

    def finish(self, content, parcel, payload, upload):
        offset = upload.offset() if isinstance(upload, Upload) else 0
        self.assertGreaterEqual(offset, 5 * MIB, "what was acknowledged is lost")
        if offset < len(payload):
            self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)
        self.assertEqual(self.server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=self.sender.token)[0], 200)
        opening = self.server.open_parcel(self.recipient, parcel)
        self.assertEqual(self.server.open_sealed(opening.header() + opening.payload()[2], self.recipient), content)
        return offset

    def test_a_body_that_goes_on_is_taken_to_its_end(self):
        content, parcel, payload, upload, connection = self.begin()

        idle = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        self.addCleanup(idle.close)
        idle.sendall(f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n\r\n".encode())
        self.assertTrue(idle.recv(4096).startswith(b"HTTP/1.1 200 "))

        def go_on():
            self.assertEqual(idle.recv(4096), b"", "who asks nothing is sent away: the server is stopping")
            connection.sendall(payload[9 * MIB:])
            self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 204 "))
        self.stop_and_start(go_on)
        self.assertEqual(self.finish(content, parcel, payload, upload), len(payload))

    def test_a_body_that_breaks_off_leaves_what_was_acknowledged(self):
        content, parcel, payload, upload, connection = self.begin()
        self.stop_and_start(connection.close)
        self.finish(content, parcel, payload, upload)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = server = Server(build_folder())
        cls.addClassCleanup(server.__exit__)
        make_certificate(server.folder, "one")
        server.config = f"certificate = {server.folder}/certificate.pem\nprivate_key = {server.folder}/key.pem\n"
        server.start(wait=False)
        until(lambda: served_certificate(server), "no certificate")

    def context(self, version):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        return context

    def connect(self, version):
        plain = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        try:
            return self.context(version).wrap_socket(plain)
        except BaseException:
            plain.close()
            raise

    def ask(self, connection):
        connection.sendall(f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n\r\n".encode())
        return connection.recv(65536)

    def serves(self, pid, connection):
        """Whether it is this process that has the server's end of the connection."""
        ends = f"0100007F:{self.server.port:04X}", f"0100007F:{connection.getsockname()[1]:04X}"
        rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()]
        inode = next(row[9] for row in rows if (row[1], row[2]) == ends)
        return any(os.readlink(each) == f"socket:[{inode}]" for each in pathlib.Path(f"/proc/{pid}/fd").iterdir())

    def test_versions(self):
        for version, name in ((ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")):
            with self.connect(version) as connection:
                self.assertEqual(connection.version(), name)
                self.assertTrue(self.ask(connection).startswith(b"HTTP/1.1 200 "))
        for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1):
            with self.assertRaises(ssl.SSLError) as refusal:
                self.connect(version).close()
            self.assertIn("ALERT_PROTOCOL_VERSION", refusal.exception.reason or "", "it is the server who refuses")

    def test_a_broken_certificate_is_not_taken_and_nothing_is_cut_off(self):
        server = self.server
        first = served_certificate(server)
        kept = {name: (server.folder / name).read_bytes() for name in ("certificate.pem", "key.pem")}
        make_certificate(server.folder, "other")
        other = {name: (server.folder / name).read_bytes() for name in kept}
        with self.connect(ssl.TLSVersion.TLSv1_3) as running:
            self.ask(running)
            for number, (certificate, key) in enumerate((
                    (b"", kept["key.pem"]), (b"no certificate", kept["key.pem"]), (kept["certificate.pem"][:-60], kept["key.pem"]),
                    (kept["certificate.pem"], other["key.pem"]), (other["certificate.pem"], kept["key.pem"]),
                    (kept["certificate.pem"], None))):
                (server.folder / "certificate.pem").write_bytes(certificate)
                (server.folder / "key.pem").write_bytes(key or b"")
                if key is None:
                    (server.folder / "key.pem").unlink()
                server.process.send_signal(signal.SIGHUP)
                until(lambda: server.log().count('"certificate_not_read"') > number, f"nothing was said of pair {number}")
                self.assertEqual(served_certificate(server), first)
                self.assertTrue(self.ask(running).startswith(b"HTTP/1.1 200 "))
            fronts = server.roles_named("front")
            os.kill(next(pid for pid in fronts if not self.serves(pid, running)), signal.SIGKILL)
            until(lambda: len(set(server.roles_named("front")) - set(fronts)) == 1, "no new front")
            for _ in range(20):
                self.assertEqual(served_certificate(server), first, "with the files as they were")
            for name, content in other.items():
                (server.folder / name).write_bytes(content)
            server.process.send_signal(signal.SIGHUP)
            until(lambda: served_certificate(server) != first, "the good pair was not taken")
            self.assertTrue(self.ask(running).startswith(b"HTTP/1.1 200 "))


class Logs(unittest.TestCase):
    def test_every_line_is_json_and_says_nothing_of_anybody(self):
        mark = "k" + secrets.token_hex(8)
        server = Server(build_folder())
        make_certificate(server.folder, "one")
        with socket.create_server(("127.0.0.1", 0)) as closed:
            mail_port = closed.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as free:
            server.port = free.getsockname()[1]
        server.config = (f"certificate = {server.folder}/certificate.pem\nprivate_key = {server.folder}/key.pem\n"
                         f"mail_host = 127.0.0.1\nmail_port = {mail_port}\nmail_security = none\n"
                         f"mail_from = sealift@{mark}.example\nserver_url = https://127.0.0.1:{server.port}\n")
        self.addCleanup(server.__exit__)
        server.start(wait=False)
        server.data.joinpath("tls").mkdir(exist_ok=True)
        (server.data / "tls/certificate.pem").write_bytes((server.folder / "certificate.pem").read_bytes())
        server.wait_ready()
        alice = Person(server, f"alice-{mark}@example.org", administrator=True)
        bob = Person(server, f"bob-{mark}@example.org")
        paper = server.folder / f"name {mark}.txt"
        paper.write_text(f"content {mark}")
        sent = alice.json("send", paper, "--to", bob.address, "--note", f"note {mark}")
        bob.run("receive", sent["parcel"], "-o", server.folder / "out")
        linked = alice.json("send", paper, "--link")
        asked = bob.json("request", "create", "--title", f"title {mark}")
        visitor = Person(server)
        visitor.run("hand-in", asked["link"], paper, *visitor.trust())
        # A row that makes no sense, so that a list of accounts fails inside; a certificate that is none; mail that nobody takes.
        broken = server.account(administrator=True)
        with server.catalog() as catalog:
            catalog.execute("UPDATE accounts SET sealed_address = zeroblob(64) WHERE id = ?", (bytes.fromhex(broken.id),))
        self.assertGreaterEqual(server.call("GET", "/api/v1/admin/accounts", token=broken.token)[0], 400)
        (server.folder / "certificate.pem").write_bytes(b"none")
        server.process.send_signal(signal.SIGHUP)
        server.call("GET", f"/{mark}?{mark}", headers={"User-Agent": mark, "Referer": mark, "Host": f"{mark}.example"})
        server.call("POST", "/api/v1/sessions/prepare", {"address": f"nobody-{mark}@example.org"})
        until(lambda: '"certificate_not_read"' in server.log(), "the certificate")
        until(lambda: '"custody"' in server.log(), "custody")
        self.assertEqual(server.stop(), 0)
        lines = server.log().splitlines()
        self.assertGreater(len(lines), 5)
        events = set()
        for line in lines:
            said = json.loads(line)
            self.assertIsInstance(said, dict)
            self.assertLessEqual({"time", "role", "event"}, set(said), line)
            events.add(said["event"])
        self.assertLessEqual({"serving", "certificate_not_read", "custody", "failed"}, events)
        secret_of = [linked["link"].rsplit("#")[-1], asked["link"].rsplit("#")[-1].split(".")[0], broken.token]
        for canary in (mark, "example.org", "127.0.0.1", *secret_of):
            self.assertNotIn(canary, server.log())


class Memory(unittest.TestCase):
    """A file twelve times as large takes no more memory of anybody."""
    SMALL, LARGE, MORE_MIB_MAX = 32 * MIB, 384 * MIB, 24

    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org")
        cls.bob = Person(cls.server, "bob@example.org")

    def run_measured(self, person, *words):
        """What it said, and the most memory it had, in MiB."""
        process = person.start(*words, "--json")
        out = process.stdout.read()
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.returncode, 0, errors)
        return json.loads(out), usage.ru_maxrss / 1024

    def roles_most(self):
        most = {}
        for name in ("vault", "front"):
            for pid in self.server.roles_named(name):
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                most[name] = max(most.get(name, 0), int(status.split("VmHWM:")[1].split()[0]) / 1024)
        return most

    def exchange(self, size):
        """A sparse file with some blocks of random bytes."""
        path = self.server.folder / f"file {size}"
        dice = random.Random(size)
        with open(path, "wb") as file:
            file.truncate(size)
            for _ in range(8):
                file.seek(dice.randrange(size - MIB))
                file.write(dice.randbytes(MIB))
        sent, sender = self.run_measured(self.alice, "send", path, "--to", "bob@example.org")
        out = self.server.folder / f"out {size}"
        _, receiver = self.run_measured(self.bob, "receive", sent["parcel"], "-o", out)

        def digest(of):
            hashed = hashlib.sha256()
            with open(of, "rb") as file:
                while piece := file.read(4 * MIB):
                    hashed.update(piece)
            return hashed.digest()
        self.assertEqual(digest(out / path.name), digest(path))
        self.alice.run("recall", sent["parcel"])
        (out / path.name).unlink()
        return {"sender": sender, "receiver": receiver, **self.roles_most()}

    def test_memory_does_not_grow_with_the_file(self):
        small, large = self.exchange(self.SMALL), self.exchange(self.LARGE)
        print(f"most memory in MiB for 32 MiB {small}, for 384 MiB {large}")
        self.assertEqual(set(small), {"sender", "receiver", "vault", "front"})
        for name, most in large.items():
            self.assertLess(most - small[name], self.MORE_MIB_MAX, name)


if __name__ == "__main__":
    unittest.main()
