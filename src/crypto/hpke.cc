#include "crypto/hpke.h"

#include "base/byte_writer.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"

namespace sealift::crypto {

using base::ByteView;
using base::ByteWriter;

namespace {

constexpr std::uint16_t kKdfHkdfSha256 = 0x0001;
constexpr std::uint16_t kAeadChaCha20Poly1305 = 0x0003;

// "HPKE-v1" || suite_id, the start of every labelled input (RFC 9180 section 4).
void write_suite(ByteWriter& out, std::uint16_t kem_id) {
  out.text("HPKE-v1HPKE");
  out.u16_be(kem_id);
  out.u16_be(kKdfHkdfSha256);
  out.u16_be(kAeadChaCha20Poly1305);
}

// `value` is never secret in base mode: it is empty, or the info.
SecretBytes<32> labeled_extract(std::uint16_t kem_id, ByteView salt, std::string_view label,
                                ByteView value) {
  ByteWriter input;
  write_suite(input, kem_id);
  input.text(label);
  input.bytes(value);
  return hkdf_sha256_extract(salt, input.written());
}

template <std::size_t N>
SecretBytes<N> labeled_expand(std::uint16_t kem_id, const SecretBytes<32>& secret,
                              std::string_view label, ByteView context) {
  ByteWriter info;
  info.u16_be(N);
  write_suite(info, kem_id);
  info.text(label);
  info.bytes(context);
  SecretBytes<N> out;
  hkdf_sha256_expand(secret.view(), info.written(), out.mutable_view());
  return out;
}

}  // namespace

HpkeContext::HpkeContext(std::uint16_t kem_id, const SecretBytes<32>& shared, ByteView info) {
  constexpr std::uint8_t kModeBase = 0;
  ByteWriter context;
  context.u8(kModeBase);
  context.bytes(labeled_extract(kem_id, {}, "psk_id_hash", {}).view());
  context.bytes(labeled_extract(kem_id, {}, "info_hash", info).view());
  const SecretBytes<32> secret = labeled_extract(kem_id, shared.view(), "secret", {});
  key_ = labeled_expand<32>(kem_id, secret, "key", context.written());
  nonce_ = labeled_expand<12>(kem_id, secret, "base_nonce", context.written());
}

base::Bytes HpkeContext::seal(ByteView plain) && {
  return aead_seal(key_.view(), nonce_.view(), plain);
}

std::optional<SecretBuffer> HpkeContext::open(ByteView sealed) && {
  return aead_open(key_.view(), nonce_.view(), sealed);
}

}  // namespace sealift::crypto
