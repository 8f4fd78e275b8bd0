// SSH public keys as they stand in authorized_keys and *.pub files, the two kinds that can receive.
//
//   line = ("ssh-ed25519" / "ssh-rsa") SP base64(wire) [SP comment]
//   wire = string(type) string(point)              ssh-ed25519   (RFC 8709)
//        / string(type) mpint(e) mpint(n)          ssh-rsa       (RFC 4253 section 6.6)
//   string = u32 big-endian length, bytes; mpint = string without superfluous leading zeros
//
// Login options in front of the type are refused: they say nothing about sealing. Thread-safe.
#pragma once

#include <string_view>
#include <variant>

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/rsa_oaep.h"

namespace sealift::age {

struct SshPublicKey {
  base::Bytes wire;  // what the key's fingerprint is made of
  std::variant<crypto::Ed25519Public, crypto::RsaPublicKey> key;

  // Errors: malformed; unsupported (another key type, an RSA key outside base/limits.h).
  static base::Result<SshPublicKey> parse_line(std::string_view line);
  static base::Result<SshPublicKey> parse_wire(base::ByteView wire);

  // type and base64, without a comment
  std::string line() const;
};

// Whether `line` starts as the line of any kind of SSH key does, supported or not.
bool looks_like_ssh_key(std::string_view line);

// One string of the SSH wire form; nullopt when it does not fit.
std::optional<base::ByteView> read_ssh_string(base::ByteReader& reader);

// A non-negative integer in its shortest form, without the sign's zero byte; nullopt otherwise.
std::optional<base::ByteView> read_ssh_integer(base::ByteReader& reader);

base::Bytes ssh_ed25519_wire(const crypto::Ed25519Public& key);
base::Bytes ssh_rsa_wire(base::ByteView exponent, base::ByteView modulus);

}  // namespace sealift::age
