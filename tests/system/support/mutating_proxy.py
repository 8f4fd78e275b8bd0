"""The malicious server: a proxy on loopback that passes everything on to a real Sealift, and changes its answers.

    with MutatingProxy(server.port) as proxy:
        proxy.set_mutation(lambda exchange: ...)     # changes exchange.status (None: no answer), .fields, .body

Tests of WithLyingServer have both, as self.server and self.proxy.
"""
import http.client
import socketserver
import threading
import unittest
from http.server import BaseHTTPRequestHandler

from support.server import Server, build_folder


class Exchange:
    def __init__(self, method, path, asked, status, fields, body):
        self.method, self.path, self.asked = method, path, asked
        self.status, self.fields, self.body = status, fields, body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _pass_on(self):
        size = int(self.headers.get("Content-Length", "0"))
        asked = self.rfile.read(size) if size else b""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream_port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        headers["Host"] = f"127.0.0.1:{self.server.upstream_port}"
        upstream.request(self.command, self.path, asked or None, headers)
        answer = upstream.getresponse()
        exchange = Exchange(self.command, self.path, asked, answer.status, dict(answer.getheaders()), answer.read())
        upstream.close()
        if self.server.mutate:
            self.server.mutate(exchange)
        if exchange.status is None:  # lost on the wire
            self.close_connection = True
            return
        self.send_response_only(exchange.status)
        kept = {"transfer-encoding", "content-length", "connection"}
        for name, value in exchange.fields.items():
            if name.lower() not in kept:
                self.send_header(name, value)
        is_bodiless = self.command == "HEAD" or exchange.status in (204, 304)
        if self.command == "HEAD" and "content-length" in {name.lower() for name in exchange.fields}:
            self.send_header("Content-Length", exchange.fields.get("Content-Length") or exchange.fields.get("content-length"))
        elif exchange.status not in (204, 304):
            self.send_header("Content-Length", str(len(exchange.body)))
        self.end_headers()
        if not is_bodiless:
            self.wfile.write(exchange.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _pass_on


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    upstream_port = 0
    mutate = None

    def handle_error(self, request, client_address):
        pass  # a client that was lied to goes away as it likes


class MutatingProxy:
    def __init__(self, upstream_port):
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.upstream_port = upstream_port
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def set_mutation(self, mutate):
        self.server.mutate = mutate

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class WithLyingServer(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.proxy = MutatingProxy(self.server.port)
        self.addCleanup(self.proxy.__exit__)
