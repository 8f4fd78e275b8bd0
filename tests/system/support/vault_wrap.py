"""What a vault wraps with its key (docs/formats/data-folder.md), made here so that tests can put accounts into a catalog.

ChaCha20-Poly1305 (RFC 8439) by its definition: slow, and nothing secret goes through it.
"""
import hashlib
import hmac
import secrets
import struct


def hkdf(key, salt, info, size):
    root = hmac.new(salt or bytes(32), key, hashlib.sha256).digest()
    out, block = b"", b""
    for count in range(1, (size + 31) // 32 + 1):
        block = hmac.new(root, block + info + bytes([count]), hashlib.sha256).digest()
        out += block
    return out[:size]


def _rotate(value, bits):
    return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF


def _chacha_block(key, counter, nonce):
    state = list(struct.unpack("<4I8I4I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce))
    work = state[:]
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for left, right, target, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                work[left] = (work[left] + work[right]) & 0xFFFFFFFF
                work[target] = _rotate(work[target] ^ work[left], bits)
    return struct.pack("<16I", *((one + two) & 0xFFFFFFFF for one, two in zip(work, state)))


def _poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def aead_seal(key, nonce, plain, subject):
    sealed = b""
    for number in range(0, len(plain), 64):
        block = _chacha_block(key, number // 64 + 1, nonce)
        sealed += bytes(a ^ b for a, b in zip(plain[number:number + 64], block))
    padded = b"".join(part + bytes(-len(part) % 16) for part in (subject, sealed))
    lengths = struct.pack("<QQ", len(subject), len(sealed))
    return sealed + _poly1305(_chacha_block(key, 0, nonce)[:32], padded + lengths)


def aead_open(key, nonce, sealed, subject):
    plain = aead_seal(key, nonce, sealed[:-16], b"")[:-16]  # a stream cipher: sealing opens
    if aead_seal(key, nonce, plain, subject) != sealed:
        raise ValueError("not authentic")
    return plain


def _key(vault_key_file, purpose, salt):
    root = vault_key_file.read_bytes()[-32:]
    return hkdf(hkdf(root, b"", b"sealift/v1/vault/wrap", 32), salt, b"sealift/v1/wrap/" + purpose, 44)


def wrap(vault_key_file, purpose, subject, plain):
    salt = secrets.token_bytes(24)
    key = _key(vault_key_file, purpose, salt)
    return b"\1" + salt + aead_seal(key[:32], key[32:], plain, subject)


def unwrap(vault_key_file, purpose, subject, wrapped):
    key = _key(vault_key_file, purpose, wrapped[1:25])
    return aead_open(key[:32], key[32:], wrapped[25:], subject)
