"""Many transfers at once: half of them uploads, half downloads, every connection open before the first byte moves.

SEALIFT_PARALLEL transfers (500) of SEALIFT_PARALLEL_MIB each (1); `make parallel` sets them. Prints the memory of each role.
"""
import hashlib
import os
import pathlib
import selectors
import socket
import ssl
import threading
import time
import unittest

from support.server import Server, build_folder, split_sealed

TRANSFERS = int(os.environ.get("SEALIFT_PARALLEL", "500"))
SIZE = int(os.environ.get("SEALIFT_PARALLEL_MIB", "1")) << 20
KIB_MAX, KIB_TLS_MAX = 64, 200  # of a role, for each
UPLOADS_OF_ONE = 50  # at once; the server takes 64 of an account


class Transfer:
    """One connection that says its request and hears the answer, a piece at a time."""

    def __init__(self, port, method, path, headers, body=b"", tls=None):
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method == "PATCH":
            lines.append(f"Content-Length: {len(body)}")
        self.parts = [memoryview("\r\n".join([*lines, "", ""]).encode()), memoryview(body)]
        self.head, self.status, self.digest, self.size = b"", 0, hashlib.sha256(), 0
        self.socket = socket.create_connection(("127.0.0.1", port))
        if tls:
            self.socket = tls.wrap_socket(self.socket)
        self.socket.setblocking(False)

    def step(self, events):
        """True when it is over."""
        try:
            if events & selectors.EVENT_WRITE and self.parts:
                self.parts[0] = self.parts[0][self.socket.send(self.parts[0][:262144]):]
                if not self.parts[0]:
                    self.parts.pop(0)
            while events & selectors.EVENT_READ:
                piece = self.socket.recv(262144)
                if not piece:
                    self.socket.close()
                    return True
                self.take(piece)
                if not isinstance(self.socket, ssl.SSLSocket):
                    break  # what is left is told of again; a whole TLS record is not
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        return False

    def take(self, piece):
        if not self.status:
            self.head += piece
            if b"\r\n\r\n" not in self.head:
                return
            head, piece = self.head.split(b"\r\n\r\n", 1)
            self.status = int(head.split()[1])
        self.digest.update(piece)
        self.size += len(piece)


class Memory(threading.Thread):
    """The most that each role had, in KiB, with what it shares counted by half or third (PSS)."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.stop, self.most = server, threading.Event(), {}

    def look(self):
        for name in ("vault", "front", "mailer"):
            kib = []
            for pid in self.server.roles_named(name):
                rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
                kib.append(int(rollup.split("Pss:")[1].split()[0]))
            if kib:
                self.most[name] = max(self.most.get(name, 0), *kib)

    def run(self):
        while not self.stop.wait(0.2):
            self.look()


class Parallel(unittest.TestCase):
    def run_all(self, transfers):
        selector = selectors.DefaultSelector()
        for each in transfers:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if each.parts else 0)
            selector.register(each.socket, events, each)
        left, begun = len(transfers), time.monotonic()
        while left:
            self.assertLess(time.monotonic() - begun, 600)
            for key, events in selector.select(5):
                transfer, was_sending = key.data, bool(key.data.parts)
                if transfer.step(events):
                    selector.unregister(key.fileobj)
                    left -= 1
                elif was_sending and not transfer.parts:
                    selector.modify(key.fileobj, selectors.EVENT_READ, transfer)
        return time.monotonic() - begun

    def test_many_transfers_at_once_arrive_whole_in_flat_memory(self):
        self.exchange(TRANSFERS, KIB_MAX)

    def test_over_tls_too(self):
        self.exchange(TRANSFERS // 5, KIB_TLS_MAX, config="tls = self-made\n")

    def exchange(self, transfers, kib_max, config=None):
        with Server(build_folder(), config=config) as server:
            tls = ssl.create_default_context(cafile=server.data / "tls" / "certificate.pem") if server.is_tls else None
            if tls:
                tls.check_hostname = False
            recipient = server.account()
            sealed = server.seal(os.urandom(SIZE), recipient)
            header, payload = split_sealed(sealed)
            digest = hashlib.sha256(payload).hexdigest()
            manifest = server.seal(b"manifest", recipient)
            senders, uploads, downloads = [], [], []
            for number in range(transfers // 2):
                if number % UPLOADS_OF_ONE == 0:
                    senders.append(server.account())
                    sent, sent_payload = server.send(senders[-1], os.urandom(SIZE), recipient)
                parcel = server.create_parcel(senders[-1], recipient)
                server.put_manifest(senders[-1], parcel, manifest)
                uploads.append((senders[-1], parcel, server.create_upload(senders[-1], parcel, header, len(payload))))
                downloads.append((server.open_parcel(recipient, sent), hashlib.sha256(sent_payload).hexdigest()))
            memory = Memory(server)
            memory.look()
            before = dict(memory.most)
            memory.start()
            up = [Transfer(server.port, "PATCH", upload.path, upload.headers(
                **{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}), payload, tls)
                for _, _, upload in uploads]
            down = [Transfer(server.port, "GET", f"/api/v1/openings/{opening.id}/parts/content/payload",
                             {"Sealift-Ticket": opening.ticket}, tls=tls) for opening, _ in downloads]
            seconds = self.run_all([*up, *down])
            memory.stop.set()
            memory.join()
            self.assertEqual({each.status for each in up}, {204})
            self.assertEqual({each.status for each in down}, {200})
            for each, (_, expected) in zip(down, downloads):
                self.assertEqual(each.digest.hexdigest(), expected)
            for sender, parcel, _ in uploads:
                status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=sender.token)
                self.assertEqual(status, 200, body)
            for _, parcel, _ in uploads:
                got = server.open_parcel(recipient, parcel).payload()[2]
                self.assertEqual(hashlib.sha256(got).hexdigest(), digest)
            moved = sum(len(payload) for _ in up) + sum(each.size for each in down)
            print(f"{len(up)} uploads and {len(down)} downloads at once: {moved / seconds / 2**20:.0f} MiB/s;"
                  f" memory in KiB before {before}, most {memory.most}")
            for name, most in memory.most.items():
                each = (most - before.get(name, 0)) / (transfers / max(1, len(server.roles_named(name))))
                self.assertLess(each, kib_max, f"KiB of {name} for each transfer")


if __name__ == "__main__":
    unittest.main()
