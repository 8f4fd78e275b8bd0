"""The classes of break-in that felled file transfer servers, tried on a running Sealift, a test each.

The names say the class: SqlInjection, CommandInjection, ... What a test asserts is that the attack changes
nothing, learns nothing and ends in a plain refusal, and that the server goes on serving.
"""
import base64
import hashlib
import os
import pathlib
import socket
import subprocess
import threading
import unittest

from support import corpora
from support import raw_http
from support.server import DAY_MS, Server, build_folder, split_sealed, token
from support.signing_key import SigningKey
from support.waiting import until

UNKNOWN_ID = "0123456789abcdef" * 2
UNKNOWN_TOKEN = "A" * 43


def b64(data):
    return base64.b64encode(data).decode()


def base64_url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def folder_listing(root):
    """All files but the log's own, which grows by itself."""
    names = {str(path.relative_to(root)) for path in pathlib.Path(root).rglob("*")}
    return {name for name in names if not name.startswith("log/")}


class AttackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder(), config="requests_per_second = 100000\n")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.roles = sorted(cls.server.roles())
        cls.alice, cls.bob, cls.carol = (cls.server.account() for _ in range(3))

    def setUp(self):
        self.client = raw_http.Client(self.server.port)
        self.addCleanup(self.client.close)

    def tearDown(self):
        """Whatever was tried: the server serves."""
        client = raw_http.Client(self.server.port)
        self.assertEqual(client.ask("GET", "/health/live").status, 200)
        client.close()
        self.assertEqual(sorted(self.server.roles()), self.roles, "a role crashed")

    def ask(self, person, method, target, body=None, fields=()):
        return self.client.ask_json(method, target, body, person.token, fields)

    def refused(self, answer, *statuses):
        self.assertIsNotNone(answer)
        self.assertIn(answer.status, statuses, answer)
        self.assertNotIn("x-injected", answer.fields)
        return answer


class SqlInjection(AttackTest):
    def test_host_header(self):
        """The 2021 appliance fell to this one."""
        before = self.server.contents()
        for text in corpora.metacharacters(2000, seed=11):
            answer = self.client.ask("GET", "/api/v1/server", host=text)
            if answer is not None:
                self.assertIn(answer.status, (400, 421), text)
        self.assertEqual(self.server.contents(), before)

    def test_every_other_field(self):
        before = self.server.contents()
        for text in corpora.metacharacters(1500, seed=12):
            answer = self.client.ask("GET", "/api/v1/account", [("Authorization", "Bearer " + text), ("Cookie", "session=" + text),
                                                               ("Sealift-Ticket", text), ("X-Forwarded-For", text)])
            if answer is not None:
                self.assertIn(answer.status, (400, 401), text)
            answer = self.client.ask_json("POST", "/api/v1/sessions", {"address": text, "authentication_key": b64(b"k" * 32)})
            self.refused(answer, 400, 401, 429)
        self.assertEqual(self.server.contents(), before)

    def test_paths_and_queries(self):
        before = self.server.contents()
        for text in corpora.metacharacters(1500, seed=13):
            target = "/api/v1/parcels/" + "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))
            self.refused(self.client.ask_json("GET", target, token=self.alice.token), 400, 404)
            self.refused(self.client.ask_json("GET", "/api/v1/parcels/sent?cursor=" + target[16:], token=self.alice.token), 200, 400, 404)
        self.assertEqual(self.server.contents(), before)


class CommandInjection(AttackTest):
    def test_no_role_can_run_a_program(self):
        for pid in self.roles:
            status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
            self.assertEqual(status["Seccomp"], "2")
            self.assertEqual(status["NoNewPrivs"], "1")

    def test_program_has_no_way_to_run_one(self):
        symbols = subprocess.run(["nm", "-D", "--undefined-only", build_folder() / "sealiftd"],
                                 capture_output=True, text=True, check=True).stdout
        called = {line.split()[-1].split("@")[0] for line in symbols.splitlines()}
        self.assertFalse(called & {"system", "popen", "posix_spawn", "posix_spawnp", "execl", "execlp", "execle", "execv", "execve",
                                   "execvp", "execvpe", "execveat", "fexecve", "vfork", "clone", "dlopen"}, called)
        self.assertIn("fork", called)  # the supervisor's, for its roles: that nothing forks later is the next test

    def test_no_process_starts_another_while_commands_are_tried(self):
        """As strace sees it: every process of the server, from before the first request to after the last."""
        seen = self.server.folder / "calls"
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", "trace=execve,execveat,fork,vfork,clone,clone3", "-o", seen,
                                   *(word for pid in (self.server.process.pid, *self.roles) for word in ("-p", str(pid)))])
        try:
            def is_traced(pid):
                return "TracerPid:\t0\n" not in pathlib.Path(f"/proc/{pid}/status").read_text()

            until(lambda: all(is_traced(pid) for pid in (self.server.process.pid, *self.roles)), "all are traced")
            self.try_commands(self.server.data / "nothing")
            parcel, _ = self.server.send(self.alice, b"; id", self.bob)
            self.server.open_parcel(self.bob, parcel)
        finally:
            tracer.terminate()
            tracer.wait()
        # A thread is a clone, too: of the same process.
        begun = [line for line in seen.read_text().splitlines() if "(" in line and "CLONE_THREAD" not in line]
        self.assertEqual(begun, [])

    def try_commands(self, witness):
        for text in corpora.COMMANDS + [f"; touch {witness}", f"$(touch {witness})", f"`touch {witness}`", f"| touch {witness}"]:
            self.client.ask("GET", "/api/v1/server", [("User-Agent", text), ("Referer", text), ("Accept-Language", text)])
            self.client.ask_json("POST", "/api/v1/sessions", {"address": text + "@x.test", "authentication_key": b64(b"k" * 32)})
            self.client.ask_json("PUT", "/api/v1/account/language", {"language": text}, self.alice.token)

    def test_commands_in_every_field(self):
        witness = self.server.data / "witness"
        self.try_commands(witness)
        self.assertFalse(witness.exists())


class WebShell(AttackTest):
    def test_what_was_sent_is_never_served_as_anything_but_bytes(self):
        parcel, _ = self.server.send(self.alice, b"#!/bin/sh\nid\n<?php system($_GET[0]);?>\x7fELF", self.bob)
        opened = self.ask(self.bob, "POST", f"/api/v1/parcels/{parcel}/openings")
        self.refused(opened, 201)
        ticket, opening = opened.json()["ticket"], opened.json()["opening"]["id"]
        got = self.client.ask("GET", f"/api/v1/openings/{opening}/parts/content/payload", [("Sealift-Ticket", ticket)])
        self.refused(got, 200)
        self.assertEqual(got.fields["content-type"], "application/octet-stream")
        self.assertEqual(got.fields["x-content-type-options"], "nosniff")
        self.assertIn("sandbox", got.fields.get("content-security-policy", ""))
        for name in (parcel, opening, f"blobs/{parcel}", f"{parcel}.jsp", f"{parcel}/x.php", f"uploads/{parcel}.aspx", f"data/{parcel}"):
            for spelling in (f"/{name}", f"//{name}", f"/%2e/{name}", f"/./{name}", f"/{name};x"):
                self.refused(self.client.ask("GET", spelling), 400, 404)

    def test_files_on_disk_cannot_run(self):
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.assertEqual(path.stat().st_mode & 0o177, 0, path.name)


class ServerSideRequestForgery(AttackTest):
    def test_nothing_connects_anywhere(self):
        touched = []
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        abstract.bind(f"\0sealift-canary-{os.getpid()}")
        canaries = (tcp, udp, abstract)
        for canary in canaries:
            canary.setblocking(False)
            self.addCleanup(canary.close)
        places = [f"{scheme}127.0.0.1:{port}/x" for port in (tcp.getsockname()[1], udp.getsockname()[1])
                  for scheme in ("http://", "https://", "ftp://", "gopher://", "ldap://", "\\\\", "//", "file://", "smb://")]
        for place in places:
            bare = place.split("//")[-1].split("/")[0]
            for host in (bare, place):
                self.client.ask("GET", "/api/v1/server", host=host)
            self.client.ask("GET", place)
            self.client.ask("GET", "/api/v1/server", [("Referer", place), ("Origin", place), ("X-Forwarded-Host", bare), ("X-Original-URL", place),
                                                       ("X-Forwarded-For", bare), ("Forwarded", f"for={bare};host={bare}"), ("Destination", place)])
            self.client.ask_json("POST", "/api/v1/directory/find", {"address": f"x@[{bare}]"}, self.alice.token)
            self.client.ask("POST", "/api/v1/uploads", [("Tus-Resumable", "1.0.0"), ("Upload-Concat", f"final;{place}"), ("Upload-Length", "1")])
        for canary in canaries:
            try:
                canary.accept() if canary is tcp else canary.recv(1)
                touched.append(canary.getsockname())
            except BlockingIOError:
                pass
        self.assertEqual(touched, [])


class Traversal(AttackTest):
    def test_no_name_leaves_the_data_folder(self):
        self.server.send(self.alice, b"a parcel, so that there are blobs", self.bob)
        before = folder_listing(self.server.data)
        bases = ("/", "/api/v1/parcels/", "/log/tile/", "/assets/")
        for number, name in enumerate(corpora.traversals(20_000)):
            target = bases[number % len(bases)] + name.encode().decode("latin-1")
            answer = self.client.ask("GET", target, [("Authorization", f"Bearer {self.alice.token}")])
            if answer is not None:
                self.assertIn(answer.status, (400, 404), name)
                self.assertNotIn(b"root:", answer.body)
        self.assertEqual(folder_listing(self.server.data), before)

    def test_no_name_in_an_upload_or_a_file_request_does(self):
        parcel = self.server.create_parcel(self.alice, self.bob)
        header, payload = split_sealed(self.server.seal(b"x" * 100, self.bob))
        upload = self.server.create_upload(self.alice, parcel, header, len(payload))
        before = folder_listing(self.server.data)
        names = list(corpora.traversals(20_000))[::40]
        for name in names:
            octets = name.encode()
            self.client.ask("PATCH", upload.path, [
                ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "1"), ("Content-Type", "application/offset+octet-stream"),
                ("Upload-Metadata", f"filename {b64(octets)},path {b64(octets)}"), ("Sealift-Upload-Key", upload.key)], b"x")
            made = self.ask(self.alice, "POST", "/api/v1/requests", {
                "id": os.urandom(16).hex(), "verifier": b64(os.urandom(32)), "generation": 1, "sealed_title": b64(octets),
                "size_bytes_max": 1000, "lifetime_ms": 0})
            self.refused(made, 201)
            for field, value in (("id", name), ("verifier", name), ("sealed_title", name)):
                wish = {"id": os.urandom(16).hex(), "verifier": b64(os.urandom(32)), "generation": 1, "sealed_title": "",
                        "size_bytes_max": 1000, "lifetime_ms": 0, field: name}
                self.refused(self.ask(self.alice, "POST", "/api/v1/requests", wish), 400)
        self.assertEqual(folder_listing(self.server.data), before)
        self.assertEqual(upload.offset(), 0)

    def test_blob_names_are_random_ids(self):
        self.server.send(self.alice, b"x" * 200_000, self.bob)
        store = self.server.data / "store"
        files = [str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()]
        self.assertTrue(any(name.startswith("blobs/") for name in files), files)
        for name in files:
            self.assertRegex(name, r"^(blobs/([0-9a-f]{2})/\2[0-9a-f]{30}|incoming/[0-9a-f]{32}(\.state)?)$")


class StrictMessages(AttackTest):
    """Deserialisation, request smuggling, and what else two parsers could read in two ways."""

    def test_json(self):
        good = '{"address":"x@y.test","authentication_key":"%s"}' % b64(b"k" * 32)
        bad = [b"", b"{", b"[]", b"null", b'"x"', good.encode() + b"x", good.replace("}", ',"address":"z@y.test"}').encode(),
               good.replace("x@y", "x\\u0000@y").encode(), good.encode().replace(b"x@y", b"\xc0\xaf@y"), good.encode().replace(b"x@y", b"\x00@y"),
               b"[" * 100000, b'{"a":' * 5000 + b"1" + b"}" * 5000, good.replace("}", ',"$type":"System.Diagnostics.Process"}').encode(),
               b"\xef\xbb\xbf" + good.encode(), good.encode("utf-16"), good.replace('"', "'").encode(), b"--- !!python/object/apply:os.system [id]"]
        for body in bad:
            self.refused(self.client.ask_json("POST", "/api/v1/sessions", body), 400, 413, 429)

    def test_framing(self):
        host = f"Host: 127.0.0.1:{self.server.port}\r\n"
        hidden = "GET /api/v1/smuggled HTTP/1.1\r\n" + host + "\r\n"
        cases = [
            f"POST /api/v1/sessions HTTP/1.1\r\n{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            f"POST /api/v1/sessions HTTP/1.1\r\n{host}Content-Length: 0\r\nContent-Length: {len(hidden)}\r\n\r\n{hidden}",
            f"POST /api/v1/sessions HTTP/1.1\r\n{host}Content-Length: +{len(hidden)}\r\n\r\n{hidden}",
            f"POST /api/v1/sessions HTTP/1.1\r\n{host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}",
            f"POST /api/v1/sessions HTTP/1.1\r\n{host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{hidden}",
            f"GET /health/live HTTP/1.1\r\n{host}X: a\r\n b\r\n\r\n{hidden}",
            f"GET /health/live HTTP/1.1\n{host}\n{hidden}",
            f"GET /health/live HTTP/1.1\r\n{host}{host}\r\n{hidden}",
            f"GET /health/live HTTP/1.1\r\n\r\n{hidden}",
            f"GET /health/live HTTP/0.9\r\n{host}\r\n{hidden}",
            f"GET  /health/live HTTP/1.1\r\n{host}\r\n{hidden}",
            f"GET /health/live HTTP/1.1\r\n{host}X\0: a\r\n\r\n{hidden}",
        ]
        for case in cases:
            with raw_http.Connection(self.server.port) as connection:
                connection.send(case.encode("latin-1"))
                answer = connection.answer()
                if answer is not None:
                    self.assertGreaterEqual(answer.status, 400, case)
                    self.assertIsNone(connection.answer(), "a second request was seen in " + case)

    def test_content_encoding(self):
        for encoding in ("gzip", "deflate", "br", "zstd", "x-gzip", "gzip, identity"):
            answer = self.client.ask("POST", "/api/v1/sessions", [("Content-Type", "application/json"), ("Content-Encoding", encoding)], b"x" * 10)
            self.refused(answer, 415)


class InformationLeak(AttackTest):
    def test_unknown_foreign_and_ended_are_alike(self):
        mine, _ = self.server.send(self.alice, b"between alice and bob", self.bob)
        ended, _ = self.server.send(self.carol, b"recalled", self.alice)
        self.refused(self.ask(self.carol, "POST", f"/api/v1/parcels/{ended}/recall"), 200, 204)
        for method, end in (("GET", ""), ("POST", "/openings"), ("GET", "/openings"), ("POST", "/recall"), ("GET", "/links"),
                            ("GET", "/parts/manifest/header")):
            unknown = self.ask(self.carol, method, f"/api/v1/parcels/{UNKNOWN_ID}{end}")
            foreign = self.ask(self.carol, method, f"/api/v1/parcels/{mine}{end}")
            self.assertEqual((unknown.status, unknown.body), (foreign.status, foreign.body), end)
        unknown = self.ask(self.alice, "POST", f"/api/v1/parcels/{UNKNOWN_ID}/openings")
        gone = self.ask(self.alice, "POST", f"/api/v1/parcels/{ended}/openings")
        self.assertEqual((unknown.status, unknown.body), (gone.status, gone.body))

    def test_accounts_cannot_be_told_apart(self):
        for address in ("alice@sender.test", "never.was@sender.test"):
            first = self.client.ask_json("POST", "/api/v1/sessions/prepare", {"address": address})
            again = self.client.ask_json("POST", "/api/v1/sessions/prepare", {"address": address})
            self.refused(first, 200)
            self.assertEqual(first.json()["parameters"], again.json()["parameters"])
        wrong = [self.client.ask_json("POST", "/api/v1/sessions", {"address": address, "authentication_key": b64(os.urandom(32))})
                 for address in ("bob@receiver.test", "never.was@sender.test")]
        self.assertEqual(wrong[0].status, wrong[1].status)
        self.assertEqual(wrong[0].json()["code"], wrong[1].json()["code"])

    def test_no_debugging_page(self):
        nothing = self.client.ask("GET", "/this/is/nothing")
        self.assertEqual(nothing.status, 404)
        for path in corpora.DEBUG_PATHS:
            answer = self.client.ask("GET", "/" + path)
            self.assertEqual((answer.status, answer.body), (nothing.status, nothing.body), path)

    def test_environment_and_arguments_hold_no_secret(self):
        for pid in [self.server.process.pid, *self.roles]:
            for name in ("environ", "cmdline"):
                text = pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
                for secret in (self.alice.token, self.alice.key.read_text().split()[-1]):
                    self.assertNotIn(secret.encode(), text)


class Replay(AttackTest):
    def test_nothing_at_rest_opens_a_door(self):
        """Every value in the stolen catalog, tried as a credential."""
        values = set()
        with self.server.catalog() as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    values.update(value for value in row if isinstance(value, (bytes, str)) and len(value) >= 16)
        self.assertGreater(len(values), 10)
        for value in values:
            octets = value.encode() if isinstance(value, str) else value
            for text in {base64_url(octets[:32]), octets.hex()[:43], base64_url(octets)[:43]}:
                answer = self.client.ask_json("GET", "/api/v1/account", token=text)
                self.refused(answer, 401)

    def test_two_installations_share_no_secret(self):
        def secrets_of(server):
            files = [path for path in server.data.iterdir() if path.suffix == ".key"]
            self.assertGreaterEqual(len(files), 2)
            return {path.read_bytes()[-32:] for path in files}

        with Server(build_folder()) as other:
            self.assertEqual(len(secrets_of(self.server) | secrets_of(other)),
                             len(secrets_of(self.server)) + len(secrets_of(other)))


class Links(AttackTest):
    """What tests of links share."""

    def make_link(self, opens_max):
        parcel, _ = self.server.send(self.alice, b"behind a link", self.bob)
        key = SigningKey(self.server.folder)
        verifier = key.public
        made = self.ask(self.alice, "POST", f"/api/v1/parcels/{parcel}/links", {
            "verifier": b64(verifier), "server_half": b64(os.urandom(32)), "passphrase": "none",
            "opens_max": opens_max, "lifetime_ms": DAY_MS})
        self.refused(made, 201)
        return parcel, key, verifier

    def used(self, parcel):
        return self.ask(self.alice, "GET", f"/api/v1/parcels/{parcel}/links").json()["links"][0]["opens_used"]

    def redeem(self, client, parcel, key, verifier):
        page = client.ask("GET", f"/api/v1/links/{parcel}").json()
        proof = key.sign(b"sealift/v1/link-proof\n" + base64.b64decode(page["challenge"]))
        return client.ask_json("POST", f"/api/v1/links/{parcel}/openings",
                               {"challenge": page["challenge"], "verifier": b64(verifier), "proof": b64(proof)})


class LinkScanner(Links):
    def test_looking_is_not_taking(self):
        parcel, key, verifier = self.make_link(1)
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            for end in ("", "/openings"):
                self.client.ask(method, f"/api/v1/links/{parcel}{end}", [("User-Agent", "link preview"), ("Purpose", "prefetch")])
        for body in ({}, {"challenge": "", "verifier": b64(verifier), "proof": b64(b"0" * 64)}):
            self.client.ask_json("POST", f"/api/v1/links/{parcel}/openings", body)
        self.assertEqual(self.used(parcel), 0)
        self.refused(self.redeem(self.client, parcel, key, verifier), 201)
        self.assertEqual(self.used(parcel), 1)

    def test_a_wrong_proof_opens_nothing(self):
        parcel, _, verifier = self.make_link(5)
        other = SigningKey(self.server.folder)
        self.assertGreaterEqual(self.redeem(self.client, parcel, other, verifier).status, 400)
        self.assertEqual(self.used(parcel), 0)


class LinkRace(Links):
    """With a server of its own, and from many addresses: one alone would be slowed down."""

    def test_two_hundred_at_once_get_exactly_the_limit(self):
        parcel, key, verifier = self.make_link(3)
        outcomes, gate = [], threading.Barrier(200)

        def one(number):
            client = raw_http.Client(self.server.port, f"127.0.1.{number + 1}")
            challenge = client.ask("GET", f"/api/v1/links/{parcel}").json()["challenge"]
            proof = key.sign(b"sealift/v1/link-proof\n" + base64.b64decode(challenge))
            gate.wait()
            answer = client.ask_json("POST", f"/api/v1/links/{parcel}/openings",
                                     {"challenge": challenge, "verifier": b64(verifier), "proof": b64(proof)})
            outcomes.append(answer.status if answer else 0)
            client.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outcomes.count(201), 3, outcomes)
        self.assertEqual(len(outcomes), 200)
        self.assertEqual(self.used(parcel), 3)


class UploadHijack(AttackTest):
    def begin(self, size=1000):
        parcel = self.server.create_parcel(self.alice, self.bob)
        header, payload = split_sealed(self.server.seal(b"x" * (size - 32), self.alice, self.bob))
        return self.server.create_upload(self.alice, parcel, header, len(payload)), payload

    def test_an_address_is_not_a_key(self):
        upload, payload = self.begin()
        for key in ("", UNKNOWN_TOKEN, self.carol.token, self.alice.token):
            for method in ("HEAD", "PATCH", "DELETE"):
                answer = self.client.ask(method, f"/api/v1/uploads/{upload.id}", [
                    ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream"),
                    ("Sealift-Upload-Key", key)], payload if method == "PATCH" else b"")
                self.refused(answer, 401, 404)
        self.assertEqual(upload.patch(0, payload)[0], 204)

    def test_bytes_never_interleave(self):
        upload, payload = self.begin(600_000)
        noise = bytes(len(payload))
        statuses, won, gate = [], [], threading.Barrier(2)

        def write(data):
            client = raw_http.Client(self.server.port)
            gate.wait()
            answer = client.ask("PATCH", f"/api/v1/uploads/{upload.id}", [
                ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream"),
                ("Sealift-Upload-Key", upload.key)], data)
            statuses.append(answer.status if answer else 0)
            if statuses[-1] == 204:
                won.append(data)
            client.close()

        threads = [threading.Thread(target=write, args=(data,)) for data in (payload, noise)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses.count(204), 1, statuses)
        with self.server.catalog() as database:
            blob = database.execute("SELECT blob FROM uploads WHERE id = ?", (bytes.fromhex(upload.id),)).fetchone()[0].hex()
        kept = (self.server.data / "store/blobs" / blob[:2] / blob).read_bytes()
        self.assertEqual(hashlib.sha256(kept).digest(), hashlib.sha256(won[0]).digest(), "bytes of both")

    def test_beyond_its_length_and_before_its_offset(self):
        upload, payload = self.begin()
        self.assertEqual(upload.patch(5, payload[5:])[0], 409)
        self.assertIn(upload.patch(0, payload + b"more")[0], (400, 413))
        offset = upload.offset()
        self.assertLessEqual(offset, len(payload))
        if offset < len(payload):
            self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)

    def test_metadata_is_not_kept(self):
        upload, payload = self.begin()
        self.assertIn(upload.patch(0, payload, **{"Upload-Metadata": "filename " + b64(b"../../canary-in-metadata")})[0], (204, 400))
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"canary-in-metadata", path.read_bytes(), path.name)


class IllFormedSealing(AttackTest):
    def test_only_age_with_the_named_recipients_is_taken(self):
        parcel = self.server.create_parcel(self.alice, self.bob)
        good, payload = split_sealed(self.server.seal(b"x" * 100, self.bob))
        for header in (b"", b"PK\x03\x04" + good, good[:-10], good.replace(b"v1", b"v2", 1), good + b"\n", b"A" * 500, good * 2):
            made = self.ask(self.alice, "POST", f"/api/v1/parcels/{parcel}/parts/content/uploads", {"header": b64(header), "payload_bytes": len(payload)},
                                  [("Tus-Resumable", "1.0.0"), ("Upload-Length", str(len(payload)))])
            self.refused(made, 400, 409)
        for size in (0, 15, 16, 31, 16 + 65536 + 16 + 16):  # no payload of age has these
            made = self.ask(self.alice, "POST", f"/api/v1/parcels/{parcel}/parts/content/uploads", {"header": b64(good), "payload_bytes": size},
                                  [("Tus-Resumable", "1.0.0"), ("Upload-Length", str(size))])
            self.refused(made, 400, 409)


class Administrator(AttackTest):
    def test_no_administrator_reaches_a_parcel(self):
        root = self.server.account(administrator=True)
        parcel, _ = self.server.send(self.alice, b"not for administrators", self.bob)
        for method, end, body in (("GET", "", None), ("POST", "/openings", None), ("POST", "/recall", None), ("GET", "/parts/content/header", None),
                                  ("GET", "/links", None), ("PUT", "/recipients", {"expected_revision": 0, "headers": [], "add": [{"account": root.id, "generation": 1}]})):
            self.refused(self.ask(root, method, f"/api/v1/parcels/{parcel}{end}", body), 400, 404)

    def test_roles_are_not_taken(self):
        for method, target, body in (("GET", "/api/v1/admin/accounts", None), ("GET", "/metrics", None),
                                     ("PUT", f"/api/v1/admin/accounts/{self.carol.id}/roles", {"administrator": True, "recovery_officer": True}),
                                     ("POST", "/api/v1/admin/enrolments", {"address": "x@y.test", "roles": {"administrator": True, "recovery_officer": False}, "lifetime_ms": 1000}),
                                     ("POST", "/api/v1/lockdown", None)):
            self.refused(self.ask(self.carol, method, target, body), 403)


class Exhaustion(AttackTest):
    def test_slow_heads_are_let_go_and_others_served(self):
        slow = [raw_http.Connection(self.server.port) for _ in range(100)]
        for connection in slow:
            connection.send(b"GET /health/live HTTP/1.1\r\nHost: 127")
        for _ in range(50):
            self.assertEqual(self.client.ask("GET", "/health/live").status, 200)
        slow[0].socket.settimeout(30)
        ended = slow[0].answer()
        self.assertTrue(ended is None or ended.status == 408, ended)
        for connection in slow:
            connection.socket.close()

    def test_large_heads_and_bodies(self):
        self.refused(self.client.ask("GET", "/" + "a" * 100_000), 400, 414, 431)
        self.client.close()
        self.refused(self.client.ask("GET", "/health/live", [("X-Long", "a" * 200_000)]), 400, 431)
        self.client.close()
        self.refused(self.client.ask("GET", "/health/live", [(f"X-{i}", "a") for i in range(2000)]), 400, 431)
        self.client.close()
        self.refused(self.client.ask("POST", "/api/v1/sessions", [("Content-Type", "application/json")], b" " * (5 << 20)), 413)


if __name__ == "__main__":
    unittest.main()
