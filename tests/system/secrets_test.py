"""Links and file requests with real proofs, many at once."""
import base64
import concurrent.futures
import secrets
import unittest

from support.links import Link
from support.server import Server, build_folder, split_sealed
from support.signing_key import SigningKey
from support.waiting import until


class Links(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.server.start()
        cls.sender, cls.recipient = cls.server.account(), cls.server.account()
        cls.parcel, cls.payload = cls.server.send(cls.sender, b"content" * 10_000, cls.recipient)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_two_hundred_at_once_redeem_a_link_as_often_as_it_may_be(self):
        link = Link(self.server, self.sender, self.parcel, opens_max=7)
        proof = link.proof()
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda _: link.redeem(proof), range(200)))
        good = [body for status, body in answers if status == 201]
        self.assertEqual(len(good), 7)
        self.assertEqual({status for status, _ in answers} - {201, 409, 429}, set())
        for body in good:
            self.assertEqual(base64.b64decode(body["server_half"]), link.half)
            status, _, got = self.server.call("GET", link.payload_path(body),
                                              headers={"Sealift-Ticket": body["ticket"]})
            self.assertEqual((status, got), (200, self.payload))
        links = self.server.call("GET", f"/api/v1/parcels/{self.parcel}/links",
                                 token=self.sender.token)[2]["links"]
        self.assertEqual([each["opens_used"] for each in links if each["id"] == link.id], [7])

    def test_looking_takes_nothing_however_often(self):
        link = Link(self.server, self.sender, self.parcel, opens_max=1)
        for method in ("GET", "HEAD", "GET"):
            for _ in range(10):
                self.assertIn(self.server.call(method, f"/api/v1/links/{self.parcel}")[0], (200, 429))
        links = self.server.call("GET", f"/api/v1/parcels/{self.parcel}/links",
                                 token=self.sender.token)[2]["links"]
        self.assertEqual([each["opens_used"] for each in links if each["id"] == link.id], [0])


class Requests(unittest.TestCase):
    def test_an_outsider_hands_in_a_parcel_and_reaches_nothing_else(self):
        with Server(build_folder()) as server:
            asker = server.account()
            signer, request = SigningKey(server.folder), secrets.token_hex(16)
            status, _, made = server.call("POST", "/api/v1/requests", {
                "id": request, "verifier": signer.verifier, "generation": 1,
                "sealed_title": base64.b64encode(b"sealed").decode(), "size_bytes_max": 1_000_000,
                "parcels_max": 1, "lifetime_ms": 0}, token=asker.token)
            self.assertEqual(status, 201, made)
            page = server.call("GET", f"/api/v1/requests/{request}")[2]

            def hand_in():
                parcel = secrets.token_hex(16)
                proof = {**signer.prove(page["challenge"]), "parcel": parcel}
                status, _, handed = server.call("POST", f"/api/v1/requests/{request}/parcels", proof)
                self.assertEqual(status, 201, handed)
                return parcel, {"Sealift-Hand-In-Key": handed["key"]}

            header, payload = split_sealed(server.seal(b"from outside", asker))

            def create(length):
                return server.call(
                    "POST", f"/api/v1/parcels/{parcel}/parts/content/uploads",
                    {"header": base64.b64encode(header).decode(), "payload_bytes": length},
                    {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), **key})

            parcel, key = hand_in()
            self.assertEqual(create(16 + 65552 * 20)[0], 413, "larger than was asked for")
            parcel, key = hand_in()  # what was refused gave the request's only place back
            self.assertEqual(server.call("PUT", f"/api/v1/parcels/{parcel}/parts/manifest",
                                         server.seal(b"manifest", asker),
                                         {"Content-Type": "application/octet-stream", **key})[0],
                             204)
            status, _, upload = create(len(payload))
            self.assertEqual(status, 201, upload)
            self.assertEqual(server.call(
                "PATCH", "/api/v1/uploads/" + upload["id"], payload,
                {"Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                 "Content-Type": "application/offset+octet-stream",
                 "Sealift-Upload-Key": upload["key"]})[0], 204)
            status, _, done = server.call("POST", f"/api/v1/parcels/{parcel}/complete", headers=key)
            self.assertEqual(status, 200, done)

            def proof():
                answer = server.call("GET", f"/api/v1/log/proofs/{done['event']}", headers=key)
                return answer if answer[0] != 409 else None

            status, _, proof_of_it = until(proof, "the event reached the log")
            self.assertEqual(status, 200, "the outsider's receipt")
            self.assertTrue(proof_of_it["proof"].startswith("c2sp.org/tlog-proof@v1\n"))

            again = {**signer.prove(page["challenge"]), "parcel": secrets.token_hex(16)}
            self.assertEqual(server.call("POST", f"/api/v1/requests/{request}/parcels", again)[0],
                             409, "one parcel was asked for")
            for method, path in (("GET", "/api/v1/parcels/sent"), ("GET", f"/api/v1/parcels/{parcel}"),
                                 ("POST", f"/api/v1/parcels/{parcel}/recall"),
                                 ("POST", f"/api/v1/parcels/{parcel}/openings")):
                self.assertEqual(server.call(method, path, headers=key)[0], 401, path)
            opening = server.open_parcel(asker, parcel)
            sealed = opening.header() + opening.payload()[2]
            self.assertEqual(server.open_sealed(sealed, asker), b"from outside")


if __name__ == "__main__":
    unittest.main()
