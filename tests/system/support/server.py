"""A real server for tests: started on a free port of this machine, in a folder of its own.

    with Server(build) as server:
        alice = server.account()
        status, headers, body = server.call("GET", "/api/v1/account", token=alice.token)

Accounts are put into the catalog directly, as an enrolment would: tests of enrolment itself are
elsewhere. Needs Python's library and what document.py needs.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import sqlite3
import ssl
import struct
import subprocess
import tempfile
import time

from support import document, session_proof, vault_wrap
from support.waiting import until

DAY_MS = 86_400_000


def token():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def hash_of(text):
    return hashlib.sha256(base64.urlsafe_b64decode(text + "=")).digest()


def split_sealed(sealed):
    """Header and payload of an age file."""
    end = sealed.index(b"\n", sealed.index(b"\n--- ") + 1) + 1
    return sealed[:end], sealed[end:]


def is_running(pid):
    """Also one whose first thread has ended and whose others have not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" or len(os.listdir(f"/proc/{pid}/task")) > 1
    except OSError:
        return False


class Account:
    def __init__(self, identity, token, key):
        self.id, self.token, self.key = identity, token, key


class Server:
    def __init__(self, build, arguments=(), config=None, folder=None):
        self.build = pathlib.Path(build)
        self.own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="sealift-system-"))
        self.data = self.folder / "data"
        self.arguments = list(arguments)
        self.config = config
        self.process = None
        self.port = 0
        self.is_tls = False
        self.environment = {}  # besides the test's own
        self.clock_offset_ms = 0  # how far the server's clock is ahead of this machine's (clock_shim.c)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.stop()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, wait=True):
        command = [self.build / "sealiftd", "--data", self.data]
        if not any(each == "--listen" for each in self.arguments):
            command += ["--listen", f"127.0.0.1:{self.port}"]
        command += self.arguments
        if self.config is not None:
            path = self.folder / "sealift.conf"
            path.write_text(self.config)
            command += ["--config", path]
        self.errors = open(self.folder / "errors.log", "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors,
                                        env={**os.environ, **self.environment})
        line = self.process.stdout.readline().decode()
        if not line:
            raise RuntimeError("the server did not start: " + self.log())
        url = line.split()[-1]
        self.is_tls = url.startswith("https")
        self.port = int(url.rsplit(":", 1)[1]) if "://" in url else 0
        self.url = url
        if wait:
            self.wait_ready()

    def log(self):
        return (self.folder / "errors.log").read_text(errors="replace")

    def wait_ready(self, seconds=30):
        def is_ready():
            if self.process.poll() is not None:
                raise RuntimeError("the server ended: " + self.log())
            try:
                return self.call("GET", "/health/ready")[0] == 200
            except (OSError, http.client.HTTPException):
                return False

        until(is_ready, "the server is ready", seconds)

    def stop(self):
        """Asks it to finish; gives its exit status."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        return status

    def kill(self):
        """As a power cut: everything at once."""
        roles = self.roles()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        until(lambda: not any(map(is_running, roles)), "the roles go with their parent")

    def roles(self):
        """Process ids of the roles, by their parent; the first one started is the vault."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in children.read_text().split()]

    def roles_named(self, name):
        """Those of them that are "vault", "front" or "mailer"."""
        named = []
        for pid in self.roles():
            try:
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "sealift-" + name:
                    named.append(pid)
            except OSError:
                pass  # ended meanwhile
        return named

    # ---- asking

    def connect(self):
        if self.is_tls:
            context = ssl.create_default_context(cafile=self.data / "tls" / "certificate.pem")
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def call(self, method, path, body=None, headers=None, token=None):
        """Status, headers and body, judged by the API's document; a dict goes and comes as JSON."""
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        if isinstance(body, dict):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if getattr(token, "key", None):
            headers |= session_proof.fields(token, method, path, body or b"")
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            document.judge(method, path, answer.status, answer.headers, content)
            if content and answer.getheader("Content-Type", "").startswith("application/json"):
                content = json.loads(content)
            return answer.status, answer.headers, content
        finally:
            connection.close()

    # ---- accounts, as an enrolment leaves them

    def catalog(self):
        connection = sqlite3.connect(self.data / "catalog" / "catalog.db", timeout=30)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def contents(self, without=()):
        """Digest of every row of every table; but for what counts failures and tells the time, and tables named."""
        passing = {("sessions", "last_seen")}
        until(self.has_settled)  # what was done before gets its leaf and its digest a moment later
        digest = hashlib.sha256()
        with self.catalog() as catalog:
            tables = [row[0] for row in catalog.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            for table in tables:
                digest.update(repr(catalog.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()).encode())
                if table in ("clock", "delays", *without):
                    continue
                columns = [row[1] for row in catalog.execute(f'PRAGMA table_info("{table}")') if (table, row[1]) not in passing]
                rows = catalog.execute(f'SELECT {", ".join(columns)} FROM "{table}"').fetchall()
                digest.update(repr((table, sorted(map(repr, rows)))).encode())
        return digest.hexdigest()

    def has_settled(self):
        with self.catalog() as catalog:
            undigested = catalog.execute("SELECT count(*) FROM blobs WHERE digest IS NULL AND id IN (SELECT blob FROM parts WHERE blob "
                                         "NOT IN (SELECT blob FROM uploads))").fetchone()[0]
            queued = catalog.execute("SELECT count(*) FROM directory_changes WHERE log_index IS NULL AND refused = 0").fetchone()[0]
        return self.has_logged_all() and undigested == 0 and queued == 0

    def has_logged_all(self):
        with self.catalog() as catalog:
            return catalog.execute("SELECT count(*) FROM custody WHERE log_index IS NULL").fetchone()[0] == 0

    def now_ms(self):
        return int(time.time() * 1000) + self.clock_offset_ms

    def step_clock(self, milliseconds):
        """Sets the server's wall clock so far forward; the server was started after the first call."""
        path = self.folder / "clock-offset"
        self.clock_offset_ms += milliseconds
        with open(path, "r+b" if path.exists() else "wb") as file:
            file.write(struct.pack("=q", self.clock_offset_ms))
        self.environment = {"LD_PRELOAD": self.build / "clock_shim.so", "SEALIFT_TEST_CLOCK": path}
        if milliseconds > DAY_MS:
            self.accept_clock()

    def accept_clock(self):
        """A jump beyond a day is held until the operator says that it is right."""
        def clock(word):
            done = subprocess.run([self.build / "sealift", "admin", "--data", self.data, "clock", word, "--json"],
                                  capture_output=True, text=True, env=os.environ | self.environment, check=True)
            return json.loads(done.stdout)["is_held"]
        until(lambda: clock("show"))
        clock("accept")
        until(lambda: not self.clock_marks())

    def clock_marks(self):
        with self.catalog() as catalog:
            return catalog.execute("SELECT value FROM marks WHERE mark = 4").fetchall()

    def is_log_whole(self):
        return subprocess.run([self.build / "sealift", "log", "verify", "--data", self.data],
                              capture_output=True, text=True).returncode == 0

    def account(self, administrator=False, officer=False, scopes=0x3F, signing_key=None):
        identity, bearer = secrets.token_bytes(16), token()
        key = self.folder / (identity.hex() + ".key")
        printed = subprocess.run([self.build / "sealift", "keygen", "-o", key], check=True,
                                 capture_output=True, text=True)
        recipient = (printed.stdout + printed.stderr).split("Public key: ")[1].split()[0]
        now = self.now_ms()
        address = f"{identity.hex()}@example.org".encode()
        sealed_address = vault_wrap.wrap(self.data / "vault.key", b"address", identity, address)
        with self.catalog() as catalog:
            catalog.execute(
                "INSERT INTO accounts(id, lookup, sealed_address, administrator, recovery_officer,"
                " state, language, created) VALUES(?, ?, ?, ?, ?, 1, 1, ?)",
                (identity, secrets.token_bytes(32), sealed_address, administrator, officer, now))
            catalog.execute(
                "INSERT INTO directory VALUES(?, 1, ?, ?, x'', ?, ?, ?, zeroblob(32), 1)",
                (identity, recipient, signing_key or secrets.token_bytes(32),
                 secrets.token_bytes(16), now, secrets.token_bytes(32)))
        account = Account(identity.hex(), bearer, key)
        account.recipient = recipient
        self.session(account, bearer, scopes)
        return account

    def session(self, account, bearer, scopes=0x3F):
        now = self.now_ms()
        with self.catalog() as catalog:
            catalog.execute(
                "INSERT INTO sessions VALUES(?, ?, ?, 1, ?, x'', ?, ?, ?, ?, 0)",
                (hash_of(bearer), secrets.token_bytes(16), bytes.fromhex(account.id), scopes, now,
                 now, now + DAY_MS, DAY_MS))

    def bound_login(self, account):
        """A login of the account as a person's is: its requests prove its key (docs/formats/data-folder.md)."""
        def hkdf(key, info):
            secret = hmac.digest(bytes(32), key, "sha256")
            return hmac.digest(secret, info + b"\1", "sha256")
        bearer = token()
        self.session(account, bearer)
        with self.catalog() as catalog:
            catalog.execute("UPDATE sessions SET is_bound = 1 WHERE token = ?", (hash_of(bearer),))
            identity = catalog.execute("SELECT id FROM sessions WHERE token = ?", (hash_of(bearer),)).fetchone()[0]
        root = hkdf((self.data / "vault.key").read_bytes()[-32:], b"sealift/v1/vault/hash")
        key = hmac.digest(hkdf(root, b"sealift/v1/session-key"), identity, "sha256")
        return session_proof.Login.of(bearer, base64.b64encode(key))

    # ---- a parcel's life

    def seal(self, content, *accounts):
        command = [self.build / "sealift", "seal"]
        for account in accounts:
            command += ["-r", account.recipient]
        return subprocess.run(command, input=content, check=True, capture_output=True).stdout

    def open_sealed(self, sealed, account):
        return subprocess.run([self.build / "sealift", "open", "-i", account.key], input=sealed,
                              check=True, capture_output=True).stdout

    def create_parcel(self, sender, *recipients, lifetime_ms=DAY_MS):
        parcel = secrets.token_hex(16)
        status, _, body = self.call("POST", "/api/v1/parcels", {
            "id": parcel, "lifetime_ms": lifetime_ms, "receipt": "none",
            "recipients": [{"account": each.id, "generation": 1} for each in recipients]},
            token=sender.token)
        assert status == 201, (status, body)
        return parcel

    def put_manifest(self, sender, parcel, sealed):
        status, _, body = self.call("PUT", f"/api/v1/parcels/{parcel}/parts/manifest", sealed,
                                    {"Content-Type": "application/octet-stream"},
                                    token=sender.token)
        assert status == 204, (status, body)

    def create_upload(self, sender, parcel, header, length, part="content"):
        status, headers, body = self.call(
            "POST", f"/api/v1/parcels/{parcel}/parts/{part}/uploads",
            {"header": base64.b64encode(header).decode(), "payload_bytes": length},
            {"Tus-Resumable": "1.0.0", "Upload-Length": str(length)}, token=sender.token)
        assert status == 201, (status, body)
        assert headers["Location"] == "/api/v1/uploads/" + body["id"]
        return Upload(self, body["id"], body["key"])

    def send(self, sender, content, *recipients):
        """A whole parcel of one sealed content; gives its id and payload."""
        parcel = self.create_parcel(sender, *recipients)
        self.put_manifest(sender, parcel, self.seal(b"manifest", *recipients))
        header, payload = split_sealed(self.seal(content, *recipients))
        upload = self.create_upload(sender, parcel, header, len(payload))
        assert upload.patch(0, payload)[0] == 204
        status, _, body = self.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                    token=sender.token)
        assert status == 200, (status, body)
        return parcel, payload

    def open_parcel(self, recipient, parcel):
        status, _, body = self.call("POST", f"/api/v1/parcels/{parcel}/openings",
                                    token=recipient.token)
        assert status == 201, (status, body)
        return Opening(self, body["opening"]["id"], body["ticket"])


class Upload:
    def __init__(self, server, identity, key):
        self.server, self.id, self.key = server, identity, key
        self.path = "/api/v1/uploads/" + identity

    def headers(self, **more):
        return {"Tus-Resumable": "1.0.0", "Sealift-Upload-Key": self.key, **more}

    def offset(self):
        status, headers, _ = self.server.call("HEAD", self.path, headers=self.headers())
        assert status == 200, status
        return int(headers["Upload-Offset"])

    def patch(self, offset, piece, **more):
        headers = self.headers(**{"Upload-Offset": str(offset),
                                  "Content-Type": "application/offset+octet-stream", **more})
        return self.server.call("PATCH", self.path, piece, headers)


class Opening:
    def __init__(self, server, identity, ticket):
        self.server, self.id, self.ticket = server, identity, ticket

    def get(self, what, **headers):
        return self.server.call("GET", f"/api/v1/openings/{self.id}{what}",
                                headers={"Sealift-Ticket": self.ticket, **headers})

    def header(self, part="content"):
        return self.get(f"/parts/{part}/header")[2]

    def payload(self, part="content", **headers):
        return self.get(f"/parts/{part}/payload", **headers)


def build_folder():
    return pathlib.Path(os.environ["SEALIFT_BUILD_DIR"])
