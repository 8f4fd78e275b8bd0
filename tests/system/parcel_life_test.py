"""A parcel's life through a running server, with curl as the client where it matters."""
import base64
import hashlib
import http.client
import json
import secrets
import subprocess
import unittest

from support.connections import is_open_at_server
from support.server import Server, build_folder, split_sealed, token
from support.signing_key import SigningKey
from support.waiting import until


def curl(*arguments, data=None):
    done = subprocess.run(["curl", "--silent", "--show-error", "--include", "--max-time", "60",
                           *arguments], input=data, capture_output=True, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    return int(lines[0].split()[1]), fields, body


class ParcelLife(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.server.start()
        cls.signer = SigningKey(cls.server.folder)
        cls.sender = cls.server.account()
        cls.recipient = cls.server.account(signing_key=cls.signer.public)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def prove(self, event, **how):
        """The proof of an event, once the log has it."""
        def proof():
            status, _, body = self.server.call("GET", f"/api/v1/log/proofs/{event}", **how)
            return (status, body) if status != 409 else None

        return until(proof, "the event reached the log")

    def hand_in(self, ticket, receipt):
        return self.server.call("POST", f"/api/v1/openings/{ticket['opening']['id']}/receipt",
                                {"receipt": receipt}, {"Sealift-Ticket": ticket["ticket"]})

    def test_anyone_may_know_the_server(self):
        status, _, body = curl(self.server.url + "/api/v1/server")
        self.assertEqual(status, 200)
        described = json.loads(body)
        self.assertEqual(described["log_origin"], described["log_key"].split("+")[0])
        self.assertFalse(described["lockdown"])
        document = json.loads(curl(self.server.url + "/api/v1/openapi.json")[2])
        self.assertIn("/api/v1/parcels", document["paths"])
        for path in ("/health/live", "/health/ready"):
            self.assertEqual(curl(self.server.url + path)[0], 200)

    def test_a_parcel_is_sent_received_proven_and_recalled(self):
        server, sender, recipient = self.server, self.sender, self.recipient
        content = secrets.token_bytes(3_000_000)
        parcel = server.create_parcel(sender, recipient)
        server.put_manifest(sender, parcel, server.seal(b"the manifest", recipient))
        header, payload = split_sealed(server.seal(content, recipient))

        bearer = ["--header", "Authorization: Bearer " + sender.token]
        tus = ["--header", "Tus-Resumable: 1.0.0"]
        status, fields, body = curl(
            *bearer, *tus, "--header", f"Upload-Length: {len(payload)}",
            "--json", json.dumps({"header": base64.b64encode(header).decode(),
                                  "payload_bytes": len(payload)}),
            f"{server.url}/api/v1/parcels/{parcel}/parts/content/uploads")
        self.assertEqual(status, 201, body)
        upload = json.loads(body)
        place = server.url + fields["location"]
        key = ["--header", "Sealift-Upload-Key: " + upload["key"]]
        self.assertIn("upload-expires", fields)

        def patch(offset, piece, *more):
            return curl("--request", "PATCH", *tus, *key, *more,
                        "--header", f"Upload-Offset: {offset}",
                        "--header", "Content-Type: application/offset+octet-stream",
                        "--data-binary", "@-", place, data=piece)

        half = 1_700_001
        status, fields, _ = patch(0, payload[:half])
        self.assertEqual((status, fields["upload-offset"]), (204, str(half)))
        status, fields, _ = curl("--head", *tus, *key, place)
        self.assertEqual((status, fields["upload-offset"]), (200, str(half)))
        self.assertEqual(patch(5, b"x")[0], 409, "another offset")
        wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
        self.assertEqual(patch(half, payload[half:], "--header",
                               "Upload-Checksum: sha256 " + wrong)[0], 460)
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                     token=sender.token)[0], 409, "not all there")
        right = base64.b64encode(hashlib.sha256(payload[half:]).digest()).decode()
        status, fields, _ = patch(half, payload[half:], "--header",
                                  "Upload-Checksum: sha256 " + right)
        self.assertEqual((status, fields["upload-offset"]), (204, str(len(payload))))

        status, _, completed = server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                           token=sender.token)
        self.assertEqual(status, 200, completed)
        self.assertEqual(completed["parcel"]["state"], "whole")
        self.assertEqual(patch(len(payload), b"x")[0], 401, "the upload is over")

        waiting = server.call("GET", "/api/v1/parcels/received", token=recipient.token)[2]
        self.assertEqual([each["id"] for each in waiting["parcels"]], [parcel])
        status, _, ticket = server.call("POST", f"/api/v1/parcels/{parcel}/openings",
                                        token=recipient.token)
        self.assertEqual(status, 201, ticket)
        self.assertEqual({each["part"] for each in ticket["parts"]}, {"content", "manifest"})
        held = ["--header", "Sealift-Ticket: " + ticket["ticket"]]
        base = f"{server.url}/api/v1/openings/{ticket['opening']['id']}/parts/content"
        status, fields, got_header = curl(*held, base + "/header")
        self.assertEqual((status, got_header), (200, header))
        status, fields, got = curl(*held, base + "/payload")
        self.assertEqual((status, got), (200, payload))
        self.assertEqual(server.open_sealed(got_header + got, recipient), content)
        tag = fields["etag"]
        status, fields, got = curl(*held, "--range", "100-199", base + "/payload")
        self.assertEqual((status, got), (206, payload[100:200]))
        self.assertEqual(fields["content-range"], f"bytes 100-199/{len(payload)}")
        self.assertEqual(curl(*held, "--header", "If-None-Match: " + tag, base + "/payload")[0], 304)
        self.assertEqual(curl(*held, "--range", "90000000-", base + "/payload")[0], 416)
        status, _, got = curl(*held, "--header", 'If-Range: "0a"', "--range", "1-2",
                              base + "/payload")
        self.assertEqual((status, len(got)), (200, len(payload)))
        status, fields, _ = curl("--head", *held, base + "/payload")
        self.assertEqual((status, fields["content-length"]), (200, str(len(payload))))

        status, proof = self.prove(completed["event"], token=sender.token)
        self.assertEqual(status, 200)
        statement = json.loads(base64.b64decode(proof["statement"]))
        self.assertEqual((statement["kind"], statement["parcel"]), ("parcel_completed", parcel))
        for person, expected in ((recipient, 200), (server.account(), 404)):
            self.assertEqual(server.call("GET", f"/api/v1/log/proofs/{completed['event']}",
                                         token=person.token)[0], expected, "whom it concerns")
        verified = subprocess.run([server.build / "sealift", "log", "verify", "--data",
                                   server.data], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stderr + verified.stdout)

        opening = ticket["opening"]["id"]
        note = self.signer.receipt(parcel, opening)
        stranger = SigningKey(server.folder)
        for refused in ("note", "", note[:-1], note.replace("entries 1", "entries 2"),
                        stranger.receipt(parcel, opening),
                        self.signer.receipt(parcel, secrets.token_hex(16)),
                        self.signer.receipt(secrets.token_hex(16), opening)):
            self.assertEqual(self.hand_in(ticket, refused)[0], 400, refused)
        status, _, receipt = self.hand_in(ticket, note)
        self.assertEqual(status, 201, receipt)
        self.assertEqual(self.hand_in(ticket, note)[2], receipt, "the same once more")
        self.assertEqual(self.hand_in(ticket, self.signer.receipt(parcel, opening, entries=2))[0],
                         409, "another one of the same opening")
        openings = server.call("GET", f"/api/v1/parcels/{parcel}/openings",
                               token=sender.token)[2]["openings"]
        self.assertEqual(len(openings), 1)
        self.assertIn("received", openings[0])
        self.assertEqual(openings[0]["receipt"], note)

        self.assertEqual(server.call("POST", f"/api/v1/parcels/{parcel}/recall",
                                     token=recipient.token)[0], 404)
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{parcel}/recall",
                                     token=sender.token)[0], 204)
        self.assertEqual(curl(*held, base + "/payload")[0], 401)
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{parcel}/openings",
                                     token=recipient.token)[0], 404)
        until(lambda: not any(each.is_file() for each in (server.data / "store").rglob("*")), "the recalled payload is gone")

    def test_a_download_under_way_is_cut_off_by_recall(self):
        server = self.server
        content = secrets.token_bytes(64_000_000)
        parcel, payload = server.send(self.sender, content, self.recipient)
        opening = server.open_parcel(self.recipient, parcel)
        connection = server.connect()
        connection.request("GET", f"/api/v1/openings/{opening.id}/parts/content/payload",
                           headers={"Sealift-Ticket": opening.ticket})
        answer = connection.getresponse()
        got = len(answer.read(1_000_000))
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{parcel}/recall",
                                     token=self.sender.token)[0], 204)
        # Nothing is read meanwhile, so that what comes afterwards is what was on its way.
        until(lambda: not is_open_at_server(connection.sock, server.port), "the server cut it", 5)
        try:
            while piece := answer.read(1_000_000):
                got += len(piece)
        except (OSError, http.client.HTTPException):
            pass  # the end came early: whether that is said, the kernel decides
        connection.close()
        self.assertLess(got, len(payload))

    def test_links_are_redeemed_exactly_as_often_as_they_may_be(self):
        # The proof needs Ed25519, which Python's library has not: tests of the client redeem.
        server = self.server
        parcel, _ = server.send(self.sender, b"content", self.recipient)
        made = server.call("POST", f"/api/v1/parcels/{parcel}/links", {
            "verifier": base64.b64encode(secrets.token_bytes(32)).decode(),
            "server_half": base64.b64encode(secrets.token_bytes(32)).decode(),
            "passphrase": "none", "opens_max": 1, "lifetime_ms": 0}, token=self.sender.token)
        self.assertEqual(made[0], 201, made[2])
        page = server.call("GET", f"/api/v1/links/{parcel}")[2]
        nothing = server.call("GET", f"/api/v1/links/{secrets.token_hex(16)}")
        self.assertEqual((nothing[0], set(nothing[2])), (200, set(page)))
        redeemed = server.call("POST", f"/api/v1/links/{parcel}/openings", {
            "challenge": page["challenge"],
            "verifier": base64.b64encode(secrets.token_bytes(32)).decode(),
            "proof": base64.b64encode(secrets.token_bytes(64)).decode()})
        self.assertEqual(redeemed[0], 401)
        links = server.call("GET", f"/api/v1/parcels/{parcel}/links",
                            token=self.sender.token)[2]["links"]
        self.assertEqual([each["opens_used"] for each in links], [0])
        self.assertEqual(server.call("DELETE", f"/api/v1/parcels/{parcel}/links/{links[0]['id']}",
                                     token=self.sender.token)[0], 204)

    def test_file_requests_are_shown_to_whoever_has_the_link(self):
        server, request = self.server, secrets.token_hex(16)
        made = server.call("POST", "/api/v1/requests", {
            "id": request, "verifier": base64.b64encode(secrets.token_bytes(32)).decode(),
            "generation": 1, "sealed_title": base64.b64encode(b"sealed").decode(),
            "size_bytes_max": 1000, "lifetime_ms": 0}, token=self.sender.token)
        self.assertEqual(made[0], 201, made[2])
        page = server.call("GET", f"/api/v1/requests/{request}")
        self.assertEqual(page[0], 200)
        self.assertEqual(page[2]["key"]["recipient"], self.sender.recipient)
        self.assertEqual(server.call("GET", f"/api/v1/requests/{secrets.token_hex(16)}")[0], 404)
        self.assertEqual(server.call("POST", f"/api/v1/requests/{request}/close",
                                     token=self.sender.token)[0], 204)
        self.assertEqual(server.call("GET", f"/api/v1/requests/{request}")[0], 404)

    def test_strangers_uploads_are_nobodys(self):
        server = self.server
        parcel = server.create_parcel(self.sender, self.recipient)
        header, payload = split_sealed(server.seal(b"x", self.recipient))
        upload = server.create_upload(self.sender, parcel, header, len(payload))
        other = "A" if upload.key[0] != "A" else "B"
        for key in (token(), self.sender.token, other + upload.key[1:]):
            self.assertEqual(type(upload)(server, upload.id, key).patch(0, payload)[0], 401)
        self.assertEqual(upload.offset(), 0)
        self.assertEqual(server.call("DELETE", upload.path, headers=upload.headers())[0], 204)
        self.assertEqual(server.call("HEAD", upload.path, headers=upload.headers())[0], 401)

    def test_what_is_no_age_object_is_refused(self):
        server = self.server
        parcel = server.create_parcel(self.sender, self.recipient)
        header, payload = split_sealed(server.seal(b"content", self.recipient))
        passphrase = (b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n" +
                      b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n")
        for name, head, length in (("cut header", header[:-2], len(payload)),
                                   ("bytes after it", header + b"x", len(payload)),
                                   ("no size of a payload", header, 16),
                                   ("another", header, 16 + 65552 + 16),
                                   ("passphrase", passphrase, len(payload))):
            with self.subTest(name):
                status = server.call(
                    "POST", f"/api/v1/parcels/{parcel}/parts/content/uploads",
                    {"header": base64.b64encode(head).decode(), "payload_bytes": length},
                    {"Tus-Resumable": "1.0.0", "Upload-Length": str(length)},
                    token=self.sender.token)[0]
                self.assertEqual(status, 400)
        status = server.call("PUT", f"/api/v1/parcels/{parcel}/parts/manifest", header + payload[:9],
                             {"Content-Type": "application/octet-stream"},
                             token=self.sender.token)[0]
        self.assertEqual(status, 400)


if __name__ == "__main__":
    unittest.main()
