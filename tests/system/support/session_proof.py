"""What a login's requests and acts carry, made without Sealift's own code: docs/formats/http.md and account.md.

    fields(login, "POST", "/api/v1/tokens", body)      the proof of a session (RFC 9421), for a Login
    Owner(person).act("slot.add", "", body, slots)     the field Sealift-Act, signed by the account's newest key
"""
import base64
import hashlib
import hmac
import json
import time

from support.signing_key import SigningKey

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class Login(str):
    """A token, with the key that its requests prove."""
    key = None
    ahead_s = 0  # of the server's clock before ours

    @staticmethod
    def of(token, key):
        login = Login(token)
        login.key = base64.b64decode(key)
        return login


def fields(login, method, target, body=b"", created=None):
    path, _, query = target.partition("?")
    created = int(time.time() + login.ahead_s) if created is None else created
    lines = [f'"@method": {method}', f'"@path": {path}', f'"@query": ?{query}']
    covered, more = '"@method" "@path" "@query"', {}
    if body:
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
        lines.append(f'"content-digest": {digest}')
        covered, more = covered + ' "content-digest"', {"Content-Digest": digest}
    parameters = f'({covered} "authorization");created={created};alg="hmac-sha256";tag="sealift-session"'
    lines += [f'"authorization": Bearer {str(login)}', f'"@signature-params": {parameters}']
    mac = hmac.new(login.key, "\n".join(lines).encode(), "sha256").digest()
    return {**more, "Signature-Input": "s=" + parameters, "Signature": "s=:" + base64.b64encode(mac).decode() + ":"}


def bech32_bytes(text):
    """Without checking: the keys file was written by Sealift."""
    bits = "".join(f"{BECH32.index(c):05b}" for c in text.lower().rsplit("1", 1)[1][:-6])
    return bytes(int(bits[at:at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def endorsing_seed(paper_key, address):
    """Of what endorses the account's next keys: docs/formats/account.md, Paper key."""
    secret = bech32_bytes(paper_key.replace("-", ""))[:16]
    pseudorandom = hmac.new(bytes(32), secret, "sha256").digest()
    return hmac.new(pseudorandom, b"sealift/v1/paper-key/endorsing-key\n" + address.encode() + b"\x01", "sha256").digest()


def bech32_text(prefix, data):
    """As BIP 173 has it, in capitals."""
    def checksum(values):
        state = 1
        for value in values:
            top, state = state >> 25, (state & 0x1ffffff) << 5 ^ value
            for bit, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
                state ^= generator if top >> bit & 1 else 0
        return state
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at:at + 5], 2) for at in range(0, len(bits), 5)]
    name = [ord(c) >> 5 for c in prefix.lower()] + [0] + [ord(c) & 31 for c in prefix.lower()]
    end = checksum(name + values + [0] * 6) ^ 1
    return (prefix + "1" + "".join(BECH32[v] for v in values + [end >> 5 * (5 - i) & 31 for i in range(6)])).upper()


def slots_digest(slots):
    """As slot.list has them."""
    lines = sorted(f"{each['kind']} {each['generation']} {hashlib.sha256(base64.b64decode(each['file'])).hexdigest()}\n"
                   for each in slots if each["kind"] != "recovery")
    return hashlib.sha256("".join(lines).encode()).digest()


class Owner:
    """Signs what an account's owner signs. `ask(method, path)` asks as the account's login."""

    def __init__(self, ask, account, key, generation=1):
        self.ask, self.account, self.key, self.generation = ask, account, key, generation

    @staticmethod
    def of_keys_file(folder, text):
        lines = text.splitlines()
        generation = int(next(line.split()[-1] for line in lines if line.startswith("# generation ")))
        seed = bech32_bytes(next(line.split()[-1] for line in lines if line.startswith("# signing-key ")))
        return SigningKey(folder, seed), generation

    def act(self, operation, target="", body=b"", slots=None, **other):
        """`slots`: after it; as they are unless given. `other` puts something else into the text."""
        found = self.ask("GET", "/api/v1/account/acts")["next"]
        slots = self.ask("GET", "/api/v1/account/slots")["slots"] if slots is None else slots
        text = {"account": self.account, "generation": self.generation, "operation": operation, "target": target or "-",
                "body": hashlib.sha256(body).hexdigest(), "revision": found["revision"],
                "previous": base64.b64decode(found["previous"]).hex(), "slots": slots_digest(slots).hex(),
                "challenge": base64.b64decode(found["challenge"]).hex(), **other}
        signed = act_text(text)
        packed = (int(text["generation"]).to_bytes(8, "little") + int(text["revision"]).to_bytes(8, "little") +
                  bytes.fromhex(text["previous"] + text["slots"] + text["challenge"]) + self.key.sign(signed))
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def told(self, operation, before, slots, key):
        """An act after `before`, one of act.list's, as a server would tell it; signed by `key`."""
        text = {"account": self.account, "generation": self.generation, "operation": operation, "target": "-",
                "body": bytes(32).hex(), "revision": before["revision"] + 1,
                "previous": hashlib.sha256(act_text(self.text_of(before))).hexdigest(),
                "slots": slots_digest(slots).hex(), "challenge": bytes(32).hex()}
        told = {name: base64.b64encode(bytes.fromhex(text[name])).decode() for name in ("body", "previous", "slots", "challenge")}
        return {**told, "revision": text["revision"], "generation": self.generation, "operation": operation,
                "signature": base64.b64encode(key.sign(act_text(text))).decode(), "happened": before["happened"] + 1}

    def text_of(self, act):
        fixed = {name: base64.b64decode(act[name]).hex() for name in ("body", "previous", "slots", "challenge")}
        return {"account": self.account, "generation": act["generation"], "operation": act["operation"],
                "target": act.get("target", "-"), "body": fixed["body"], "revision": act["revision"],
                "previous": fixed["previous"], "slots": fixed["slots"], "challenge": fixed["challenge"]}


def act_text(fields_in_order):
    return ("sealift/v1/account-act\n" + "".join(f"{name} {value}\n" for name, value in fields_in_order.items())).encode()


def encoded(body):
    """A body as Server.call sends it."""
    return b"" if body is None else json.dumps(body).encode()
