"""Transfers that take their time, so that something can happen meanwhile: each a thread that goes on until it is over or cut."""
import http.client
import socket
import threading
import time
from support.waiting import pace

PACE_BYTES_PER_SECOND = 4_000_000


class SlowTransfer(threading.Thread):
    """Goes on until it is over or cut; says when that was and how far it came."""

    def __init__(self):
        super().__init__(daemon=True)
        self.moved, self.ended, self.is_under_way = 0, None, threading.Event()

    def run(self):
        try:
            for size in self.pieces():
                if size == 0:
                    break
                self.moved += size
                if self.moved > 500_000:
                    self.is_under_way.set()
                pace(size / PACE_BYTES_PER_SECOND)
        except (OSError, http.client.HTTPException):
            pass
        self.ended = time.monotonic()


class SlowDownload(SlowTransfer):
    def __init__(self, server, path, ticket):
        super().__init__()
        # A small buffer: what was sent before the cut is soon read.
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                            f"Sealift-Ticket: {ticket}\r\n\r\n").encode())
        self.connection = connection

    def pieces(self):
        while True:
            yield len(self.connection.recv(65536))


class SlowUpload(SlowTransfer):
    def __init__(self, server, upload, payload):
        super().__init__()
        self.payload = payload
        self.connection = socket.create_connection(("127.0.0.1", server.port))
        fields = upload.headers(**{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
        self.connection.sendall((f"PATCH {upload.path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                                 f"Content-Length: {len(payload)}\r\n" +
                                 "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n").encode())

    def pieces(self):
        for at in range(0, len(self.payload), 65536):
            piece = self.payload[at:at + 65536]
            self.connection.sendall(piece)
            yield len(piece)
