"""HTTP/1.1 by hand: requests that no well-behaved client would send, and answers read as they come."""
import json
import socket

TIMEOUT_S = 20


class Answer:
    def __init__(self, status, fields, body, closed):
        self.status, self.fields, self.body, self.closed = status, fields, body, closed

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"Answer({self.status}, {self.body[:200]!r})"


class Connection:
    """One connection; any number of requests, one after the other."""

    def __init__(self, port, source="127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S, source_address=(source, 0))
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        data = self.socket.recv(1 << 16)
        self.rest += data
        return bool(data)

    def answer(self, is_head=False):
        """The next answer; None when the server closed the connection without one."""
        while b"\r\n\r\n" not in self.rest:
            try:
                if not self._more():
                    return None
            except ConnectionResetError:
                return None
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
        size = 0 if is_head or status in (204, 304) else int(fields.get("content-length", "0"))
        while len(self.rest) < size:
            if not self._more():
                break
        body, self.rest = self.rest[:size], self.rest[size:]
        closed = fields.get("connection", "").lower() == "close"
        return Answer(status, fields, body, closed)


def request_bytes(method, target, host, fields=(), body=b""):
    def octets(text):
        return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")

    lines = [octets(method) + b" " + octets(target) + b" HTTP/1.1", b"Host: " + octets(host)]
    lines += [octets(name) + b": " + octets(value) for name, value in fields]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Client:
    """A client that keeps its connection, and opens another when the server closed it.

    `source`: the loopback address that it asks from; what is slowed down by address goes by it.
    """

    def __init__(self, port, source="127.0.0.1"):
        self.port, self.source, self.connection = port, source, None

    def ask(self, method, target, fields=(), body=b"", host=None):
        host = f"127.0.0.1:{self.port}" if host is None else host
        data = request_bytes(method, target, host, fields, body)
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = Connection(self.port, self.source)
            try:
                self.connection.send(data)
                answer = self.connection.answer(is_head=method == "HEAD")
            except (BrokenPipeError, ConnectionResetError):
                answer = None
            if answer is None or answer.closed:
                self.close()
            if answer is not None or attempt == 2:
                return answer
        return None

    def ask_json(self, method, target, value=None, token=None, fields=()):
        fields = list(fields)
        if token:
            fields.append(("Authorization", f"Bearer {token}"))
        body = b""
        if value is not None:
            fields.append(("Content-Type", "application/json"))
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask(method, target, fields, body)

    def close(self):
        if self.connection:
            self.connection.socket.close()
        self.connection = None
