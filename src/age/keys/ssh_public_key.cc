#include "age/keys/ssh_public_key.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_writer.h"
#include "base/limits.h"

namespace sealift::age {

using base::ByteReader;
using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::ByteWriter;
using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kEd25519 = "ssh-ed25519";
constexpr std::string_view kRsa = "ssh-rsa";

void write_string(ByteWriter& out, ByteView bytes) {
  out.u32_be(static_cast<std::uint32_t>(bytes.size()));
  out.bytes(bytes);
}

void write_integer(ByteWriter& out, ByteView bytes) {
  while (!bytes.empty() && bytes.front() == std::byte{0}) bytes = bytes.subspan(1);
  const bool needs_sign = !bytes.empty() && (bytes.front() & std::byte{0x80}) != std::byte{0};
  out.u32_be(static_cast<std::uint32_t>(bytes.size() + (needs_sign ? 1 : 0)));
  if (needs_sign) out.u8(0);
  out.bytes(bytes);
}

Result<SshPublicKey> malformed() { return fail(ErrorCode::malformed, "malformed SSH public key"); }

Result<SshPublicKey> parse_ed25519(ByteView wire, ByteReader& reader) {
  const auto point = read_ssh_string(reader);
  if (!point || point->size() != crypto::kEd25519PublicSize || !reader.at_end()) return malformed();
  crypto::Ed25519Public key;
  std::ranges::copy(*point, key.begin());
  if (!crypto::ed25519_to_x25519(key)) return malformed();
  return SshPublicKey{.wire = base::copy_of(wire), .key = key};
}

Result<SshPublicKey> parse_rsa(ByteView wire, ByteReader& reader) {
  const auto exponent = read_ssh_integer(reader);
  const auto modulus = read_ssh_integer(reader);
  if (!exponent || !modulus || !reader.at_end()) return malformed();
  SEALIFT_TRY(auto key,
              crypto::RsaPublicKey::from_numbers({.modulus = *modulus, .exponent = *exponent}));
  return SshPublicKey{.wire = base::copy_of(wire), .key = std::move(key)};
}

}  // namespace

Result<SshPublicKey> SshPublicKey::parse_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string_view type = line.substr(0, space);
  if (type != kEd25519 && type != kRsa) {
    return fail(looks_like_ssh_key(line) ? ErrorCode::unsupported : ErrorCode::malformed,
                "not an SSH public key of type ssh-ed25519 or ssh-rsa");
  }
  if (space == std::string_view::npos) return malformed();
  const std::string_view rest = line.substr(space + 1);
  const std::string_view encoded = rest.substr(0, rest.find(' '));
  const auto wire = base::base64_decode(encoded, base::Padding::required);
  if (!wire) return malformed();
  SEALIFT_TRY(SshPublicKey key, parse_wire(*wire));
  const bool is_ed25519 = std::holds_alternative<crypto::Ed25519Public>(key.key);
  if (is_ed25519 != (type == kEd25519)) return malformed();
  return key;
}

Result<SshPublicKey> SshPublicKey::parse_wire(ByteView wire) {
  if (wire.size() > limits::kSshKeyWireSizeMax) {
    return fail(ErrorCode::limit, "SSH public key longer than " +
                                      std::to_string(limits::kSshKeyWireSizeMax) + " bytes");
  }
  ByteReader reader(wire);
  const auto type = read_ssh_string(reader);
  if (!type) return malformed();
  if (base::text_of(*type) == kEd25519) return parse_ed25519(wire, reader);
  if (base::text_of(*type) == kRsa) return parse_rsa(wire, reader);
  return fail(ErrorCode::unsupported, "SSH key of a type that cannot receive");
}

std::string SshPublicKey::line() const {
  const bool is_ed25519 = std::holds_alternative<crypto::Ed25519Public>(key);
  return std::string(is_ed25519 ? kEd25519 : kRsa) + " " +
         base::base64_encode(wire, base::Padding::required);
}

bool looks_like_ssh_key(std::string_view line) {
  const std::string_view type = line.substr(0, line.find(' '));
  return type.size() < line.size() &&
         (type.starts_with("ssh-") || type.starts_with("ecdsa-sha2-") || type.starts_with("sk-"));
}

std::optional<ByteView> read_ssh_string(ByteReader& reader) {
  ByteReader attempt = reader;
  const auto size = attempt.u32_be();
  if (!size) return std::nullopt;
  const auto bytes = attempt.take(*size);
  if (bytes) reader = attempt;
  return bytes;
}

std::optional<ByteView> read_ssh_integer(ByteReader& reader) {
  const auto bytes = read_ssh_string(reader);
  if (!bytes || bytes->empty()) return bytes;
  const auto is_high = [](std::byte byte) { return (byte & std::byte{0x80}) != std::byte{0}; };
  if (is_high(bytes->front())) return std::nullopt;  // negative
  if (bytes->front() != std::byte{0}) return bytes;
  if (bytes->size() == 1 || !is_high((*bytes)[1])) return std::nullopt;  // not the shortest form
  return bytes->subspan(1);
}

Bytes ssh_ed25519_wire(const crypto::Ed25519Public& key) {
  ByteWriter out;
  write_string(out, bytes_of(kEd25519));
  write_string(out, key);
  return std::move(out).take();
}

Bytes ssh_rsa_wire(ByteView exponent, ByteView modulus) {
  ByteWriter out;
  write_string(out, bytes_of(kRsa));
  write_integer(out, exponent);
  write_integer(out, modulus);
  return std::move(out).take();
}

}  // namespace sealift::age
