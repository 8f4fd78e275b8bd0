"""Ed25519 keys for tests: Python's library has none, so openssl signs."""
import base64
import hashlib
import os
import pathlib
import subprocess
import tempfile


class SigningKey:
    def __init__(self, folder, seed=None):
        self.path = pathlib.Path(folder) / (os.urandom(8).hex() + ".pem")
        if seed is not None:  # as RFC 8410 has it
            der = bytes.fromhex("302e020100300506032b657004220420") + seed
            self.path.write_text("-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der).decode() + "\n-----END PRIVATE KEY-----\n")
        else:
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path], check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER"], check=True, capture_output=True)
        self.public = public.stdout[-32:]
        self.verifier = base64.b64encode(self.public).decode()

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as text:
            text.write(message)
            text.flush()
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", text.name],
                                  check=True, capture_output=True).stdout

    def prove(self, challenge):
        """Redeems a link, or hands in for a request: what the server's challenge asks for."""
        signature = self.sign(b"sealift/v1/link-proof\n" + base64.b64decode(challenge))
        return {"challenge": challenge, "verifier": self.verifier, "proof": base64.b64encode(signature).decode()}

    def sign_note(self, text, name):
        """A signed note of C2SP."""
        key_id = hashlib.sha256(name.encode() + b"\n\x01" + self.public).digest()[:4]
        signature = base64.b64encode(key_id + self.sign(text.encode())).decode()
        return f"{text}\n\u2014 {name} {signature}\n"

    def receipt(self, parcel, opening, manifest="03" * 32, entries=1, received=1_700_000_000_000):
        return self.sign_note(f"sealift-receipt/1\nparcel {parcel}\nopening {opening}\nmanifest {manifest}\n"
                              f"entries {entries}\nreceived {received}\n", "sealift-receipt")
