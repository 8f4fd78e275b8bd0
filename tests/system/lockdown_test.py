"""Lock-down end to end: one administrator's one command stops a running upload and a running download within five
seconds, link halves give nothing, the evidence stays readable, and two administrators reopen."""
import base64
import os
import time
import unittest

from support.links import Link
from support.people import Failed, Person
from support.server import Server, build_folder, split_sealed, token
from support.slow_transfers import SlowDownload, SlowUpload
from support.waiting import until

SECONDS_MAX = 5
PAYLOAD_BYTES = 64_000_000  # sixteen seconds of it


class Lockdown(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.server.start()
        cls.administrators = [Person(cls.server, f"{name}@example.org", administrator=True)
                              for name in ("first", "second")]
        cls.sender, cls.recipient = cls.server.account(), cls.server.account()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def log_in_anew(self, account):
        account.token = token()
        self.server.session(account, account.token)

    def reopen(self):
        for number, person in enumerate(self.administrators):
            person.run("login", self.server.url, "--account", person.address)
            person.run("lockdown", "off")
            self.assertEqual(person.json("lockdown", "status")["locked"], number == 0, "it takes two")
        for account in (self.sender, self.recipient):
            self.log_in_anew(account)

    def begin_upload(self, content):
        server = self.server
        parcel = server.create_parcel(self.sender, self.recipient)
        server.put_manifest(self.sender, parcel, server.seal(b"manifest", self.recipient))
        header, payload = split_sealed(server.seal(content, self.recipient))
        return parcel, payload, server.create_upload(self.sender, parcel, header, len(payload))

    def test_1_one_command_stops_what_runs_within_five_seconds(self):
        server = self.server
        content = os.urandom(PAYLOAD_BYTES)
        parcel, payload = server.send(self.sender, content, self.recipient)
        link = Link(server, self.sender, parcel)
        status, redeemed = link.redeem()
        self.assertEqual(status, 201)
        coming, upload_payload, upload = self.begin_upload(content)
        transfers = [SlowDownload(server, link.payload_path(redeemed), redeemed["ticket"]),
                     SlowUpload(server, upload, upload_payload)]
        proof = link.proof()
        for transfer in transfers:
            transfer.start()
        for transfer in transfers:
            self.assertTrue(transfer.is_under_way.wait(20))
        began = time.monotonic()
        self.administrators[0].run("lockdown", "on")
        for transfer in transfers:
            transfer.join(20)
            self.assertLess(transfer.ended - began, SECONDS_MAX, type(transfer).__name__)
            self.assertLess(transfer.moved, len(payload), "it was cut, not over")

        # Nothing is given out and nothing taken in, with the best of proofs; and the half is still there.
        status, answer = link.redeem(proof)
        self.assertEqual((status, answer["code"]), (503, "locked_down"))
        self.assertNotIn("server_half", answer)
        self.assertEqual(server.call("GET", f"/api/v1/links/{parcel}")[0], 503)
        self.assertIn(server.call("GET", link.payload_path(redeemed),
                                  headers={"Sealift-Ticket": redeemed["ticket"]})[0], (401, 503))
        self.assertEqual(upload.patch(0, upload_payload[:1000])[0], 503)
        self.assertEqual(server.call("GET", "/api/v1/parcels/sent", token=self.sender.token)[0], 401)
        self.log_in_anew(self.sender)
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{coming}/complete", token=self.sender.token)[0], 503)
        self.assertEqual(self.halves(), [(link.id, True)])

        # The evidence: the log by itself, and the readable record with its proofs for an administrator.
        self.assertTrue(server.is_log_whole())
        self.assertEqual(server.call("GET", "/log/checkpoint")[0], 200)
        self.administrators[1].run("log", "verify", server.url)
        self.assert_evidence(parcel)
        with self.assertRaises(Failed):
            self.administrators[1].run("inbox")

        self.reopen()
        status, redeemed = link.redeem()
        self.assertEqual(status, 201)
        self.assertEqual(base64.b64decode(redeemed["server_half"]), link.half)
        offset = upload.offset()
        self.assertGreater(offset, 0, "what was acknowledged is kept")
        self.assertEqual(upload.patch(offset, upload_payload[offset:])[0], 204)
        self.assertEqual(server.call("POST", f"/api/v1/parcels/{coming}/complete", token=self.sender.token)[0], 200)
        opening = server.open_parcel(self.recipient, coming)
        self.assertEqual(opening.payload()[2], upload_payload)
        self.assertTrue(server.is_log_whole())

    def test_2_where_the_policy_says_so_the_halves_are_gone_for_good(self):
        server = self.server
        self.administrators[0].run("policy", "set", "lockdown_halves=destroyed")
        parcel, payload = server.send(self.sender, b"content", self.recipient)
        link = Link(server, self.sender, parcel)
        self.assertEqual(link.redeem()[0], 201)
        with server.catalog() as catalog:
            wrapped = catalog.execute("SELECT wrapped_half FROM links WHERE id = ?",
                                      (bytes.fromhex(link.id),)).fetchone()[0]
        self.assertTrue(self.is_on_disk(wrapped))
        self.administrators[1].run("lockdown", "on")
        self.assertEqual([is_there for _, is_there in self.halves()], [False] * len(self.halves()))
        until(lambda: not self.is_on_disk(wrapped))
        self.reopen()
        self.assertEqual(link.redeem()[0], 409)
        self.assertEqual(server.open_parcel(self.recipient, parcel).payload()[2], payload, "accounts need no half")
        self.assertTrue(server.is_log_whole())

    def is_on_disk(self, secret):
        return any(secret in path.read_bytes() for path in (self.server.data / "catalog").iterdir())

    def halves(self):
        """Of every link: whether the server has its half."""
        with self.server.catalog() as catalog:
            return [(bytes(identity).hex(), size > 0)
                    for identity, size in catalog.execute("SELECT id, length(wrapped_half) FROM links")]

    def assert_evidence(self, parcel):
        administrator = self.administrators[1]
        administrator.run("login", self.server.url, "--account", administrator.address)
        bearer = administrator.token()
        status, _, body = self.server.call("GET", "/api/v1/custody", token=bearer)
        self.assertEqual(status, 200)
        events = body["events"]
        kinds = [each["kind"] for each in events]
        self.assertIn("locked_down", kinds)
        self.assertIn("parcel_opened", [each["kind"] for each in events if each.get("parcel") == parcel])
        for kind in ("locked_down", "parcel_opened"):
            event = events[kinds.index(kind)]["id"]
            proven = []
            until(lambda: proven.append(
                self.server.call("GET", f"/api/v1/log/proofs/{event}", token=bearer)) or proven[-1][0] != 409)
            status, _, proof = proven[-1]
            self.assertEqual(status, 200)
            self.assertTrue(proof["proof"].startswith("c2sp.org/tlog-proof@v1\n"))
            self.assertIn(kind.encode(), base64.b64decode(proof["statement"]))


if __name__ == "__main__":
    unittest.main()
