"""A link of a parcel, as its sender's client makes it and its holder redeems it."""
import base64
import secrets

from support.signing_key import SigningKey


class Link:
    """A link of a parcel, made over the API by its sender."""

    def __init__(self, server, sender, parcel, opens_max=None):
        self.server, self.parcel = server, parcel
        self.signer, self.half = SigningKey(server.folder), secrets.token_bytes(32)
        wish = {"verifier": self.signer.verifier, "server_half": base64.b64encode(self.half).decode(),
                "passphrase": "none", "lifetime_ms": 0}
        if opens_max is not None:
            wish["opens_max"] = opens_max
        status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/links", wish, token=sender.token)
        assert status == 201, (status, body)
        self.id = body["id"]

    def proof(self):
        return self.signer.prove(self.server.call("GET", f"/api/v1/links/{self.parcel}")[2]["challenge"])

    def redeem(self, proof=None):
        """Status and body."""
        answer = self.server.call("POST", f"/api/v1/links/{self.parcel}/openings", proof or self.proof())
        return answer[0], answer[2]

    def payload_path(self, redeemed):
        return f"/api/v1/openings/{redeemed['opening']['id']}/parts/content/payload"
