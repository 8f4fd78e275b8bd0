"""What strangers can use up: a front's connections and memory, and the room of a person who asked for files.

Each attack is one that once worked: the fronts ended, memory grew without a credential, a link's holder kept its owner from
sending. What is asserted is that it costs the attacker alone.
"""
import base64
import os
import pathlib
import select
import signal
import socket
import unittest

from support import raw_http
from support.server import Server, build_folder, split_sealed
from support.signing_key import SigningKey
from support.waiting import until

ATTACKERS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no such role")


class Flood(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder(), config="fronts = 1\nrequests_per_second = 100000\n")
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.fronts = self.server.roles_named("front")

    def connect(self, number):
        connection = socket.create_connection(("127.0.0.1", self.server.port), 20, (ATTACKERS[number % len(ATTACKERS)], 0))
        self.addCleanup(connection.close)
        return connection

    def head(self, line, **fields):
        lines = [f"{line} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    def is_serving(self):
        client = raw_http.Client(self.server.port)
        self.assertEqual(client.ask("GET", "/api/v1/server").status, 200)
        client.close()
        self.assertEqual(self.server.roles_named("front"), self.fronts, "a front has ended")

    def test_seven_thousand_requests_at_once_end_no_front(self):
        """While the vault is busy with something else: its queue is full, and that is no end of it."""
        request = self.head("GET /api/v1/server")
        connections = {}
        vault = self.server.roles_named("vault")[0]
        os.kill(vault, signal.SIGSTOP)
        try:
            for number in range(7000):
                connection = self.connect(number)
                connection.sendall(request)
                connections[connection.fileno()] = connection
            ready = select.poll()
            for descriptor in connections:
                ready.register(descriptor, select.POLLIN)
            answered = set()
            while len(answered) < 7000 - 4096:  # more than the vault is asked at once: those are answered by the front
                seen = ready.poll(20_000)
                self.assertTrue(seen, "the front answers nobody")
                for descriptor, _ in seen:
                    ready.unregister(descriptor)
                    answered.add(descriptor)
        finally:
            os.kill(vault, signal.SIGCONT)
        statuses = {}
        for connection in connections.values():
            connection.settimeout(30)
            status = connection.recv(4096)[9:12]
            statuses[status] = statuses.get(status, 0) + 1
        self.assertEqual(set(statuses), {b"200", b"503"}, statuses)
        self.assertEqual(sum(statuses.values()), 7000)
        self.is_serving()

    def test_bodies_of_strangers_have_a_bound_in_memory(self):
        before = resident_kib(self.fronts[0])
        body = b"x" * 370_000
        head = self.head("POST /api/v1/parcels", Authorization="Bearer " + "k" * 43, Content_Type="application/json",
                         Content_Length=380_000)
        for number in range(1200):  # 440 MB, if all of it were taken
            connection = self.connect(number)
            try:
                connection.sendall(head + body)
            except OSError:
                pass  # refused while it was sent
        grown = resident_kib(self.fronts[0]) - before
        self.assertLess(grown, 200 << 10, "KiB")
        self.is_serving()

    def test_who_has_proved_nothing_sends_little(self):
        client = raw_http.Client(self.server.port)
        for path in ("/api/v1/sessions", "/api/v1/sessions/prepare", "/api/v1/enrolments/look", f"/api/v1/links/{'0' * 32}/openings",
                     f"/api/v1/requests/{'0' * 32}/parcels"):
            answer = client.ask_json("POST", path, b"{" + b" " * 5000 + b"}")
            self.assertEqual(answer.status, 413, path)
        client.close()


class RequestHolder(unittest.TestCase):
    """Whoever has a request's link may hand in, and nothing more."""

    def setUp(self):
        self.server = Server(build_folder(), config="requests_per_second = 100000\n")
        self.addCleanup(self.server.__exit__)
        self.server.step_clock(0)
        self.server.start()
        self.owner, self.friend = self.server.account(), self.server.account()
        self.key = SigningKey(self.server.folder)
        self.request = os.urandom(16).hex()
        status, _, body = self.server.call("POST", "/api/v1/requests", {
            "id": self.request, "verifier": self.key.verifier, "generation": 1, "sealed_title": "", "size_bytes_max": 10 << 30,
            "lifetime_ms": 0}, token=self.owner.token)
        self.assertEqual(status, 201, body)

    def in_time(self, *words):
        """The answer once the rate allows one."""
        def answer():
            got = self.server.call(*words)
            return got if got[0] != 429 else None

        return until(answer)

    def begin(self):
        """Status, parcel and hand-in key."""
        challenge = self.in_time("GET", f"/api/v1/requests/{self.request}")[2]["challenge"]
        parcel = os.urandom(16).hex()
        status, _, body = self.in_time("POST", f"/api/v1/requests/{self.request}/parcels", {**self.key.prove(challenge), "parcel": parcel})
        return status, parcel, body.get("key")

    def announce(self, parcel, key, size):
        """An upload that has its size and no byte."""
        header, _ = split_sealed(self.server.seal(b"x", self.owner))
        return self.server.call("POST", f"/api/v1/parcels/{parcel}/parts/content/uploads",
                                {"header": base64.b64encode(header).decode(), "payload_bytes": size},
                                {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Sealift-Hand-In-Key": key})

    def used(self):
        with self.server.catalog() as catalog:
            return catalog.execute("SELECT used_bytes FROM accounts WHERE id = ?", (bytes.fromhex(self.owner.id),)).fetchone()[0]

    def test_announcements_keep_the_owner_from_nothing(self):
        size = (9 << 30) // 65552 * 65552 + 16
        taken = 0
        for _ in range(70):
            status, parcel, key = self.begin()
            if status != 201:
                break
            if self.announce(parcel, key, size)[0] == 201:
                taken += 1
        self.assertLess(taken, 64, "a request has a limit of its own")
        self.assertEqual(self.used(), 0, "an announcement costs the owner nothing")
        self.server.send(self.owner, b"the owner's own", self.friend)
        # Others can hand in again when nothing came for an hour.
        self.server.step_clock(3_700_000)

        def is_free():
            status, parcel, key = self.begin()
            return status == 201 and self.announce(parcel, key, size)[0] == 201

        until(is_free)

    def test_what_is_handed_in_is_charged_as_it_comes(self):
        status, parcel, key = self.begin()
        self.assertEqual(status, 201)
        _, payload = split_sealed(self.server.seal(b"p" * 200_000, self.owner))
        status, _, upload = self.announce(parcel, key, len(payload))
        self.assertEqual(status, 201)

        def patch(offset, piece):
            return self.server.call("PATCH", "/api/v1/uploads/" + upload["id"], piece, {
                "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
                "Sealift-Upload-Key": upload["key"]})[0]

        self.assertEqual(patch(0, payload[:100_000]), 204)
        self.assertEqual(self.used(), 100_000)
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE accounts SET quota_bytes_max = 150000 WHERE id = ?", (bytes.fromhex(self.owner.id),))
        self.assertIn(patch(100_000, payload[100_000:]), (413, 507))
        self.assertLessEqual(self.used(), 150_000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
