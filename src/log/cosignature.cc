#include "log/cosignature.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/check.h"

namespace sealift::log {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint8_t kCosignatureType = 0x04;
constexpr std::uint64_t kTimeMax = (std::uint64_t{1} << 63) - 1;

std::string signed_text(std::string_view checkpoint_text, std::uint64_t time_s) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" + std::string(checkpoint_text);
}

KeyText key_text(const std::string& name, const crypto::Ed25519Public& key) {
  return {name, kCosignatureType, base::copy_of(key)};
}

}  // namespace

CosignerKey::CosignerKey(std::string name, const crypto::Ed25519Public& key)
    : name_(std::move(name)), key_(key), key_id_(key_text(name_, key_).id()) {
  SEALIFT_CHECK(is_key_name(name_));
}

Result<CosignerKey> CosignerKey::parse(std::string_view text) {
  SEALIFT_TRY(const KeyText parsed, parse_key_text(text));
  if (parsed.type != kCosignatureType)
    return base::fail(ErrorCode::unsupported, "not a witness's key of a type that is known");
  crypto::Ed25519Public key;
  if (parsed.key.size() != key.size())
    return base::fail(ErrorCode::malformed, "not a witness's key");
  std::ranges::copy(parsed.key, key.begin());
  return CosignerKey(parsed.name, key);
}

std::string CosignerKey::text() const { return key_text(name_, key_).text(); }

std::optional<std::uint64_t> CosignerKey::cosigned(const Note& note) const {
  std::optional<std::uint64_t> latest;
  for (const NoteSignature& line : note.signatures) {
    if (line.name != name_ || line.key_id != key_id_) continue;
    base::ByteReader in(line.signature);
    const auto time_s = in.u64_be();
    const auto signature = in.take(crypto::kEd25519SignatureSize);
    if (!time_s || *time_s == 0 || *time_s > kTimeMax || !signature || !in.at_end()) continue;
    if (crypto::ed25519_verify(key_, base::bytes_of(signed_text(note.text, *time_s)),
                               signature->first<crypto::kEd25519SignatureSize>()))
      latest = std::max(latest.value_or(0), *time_s);
  }
  return latest;
}

std::string cosign(const Cosigner& cosigner, std::string_view checkpoint_text,
                   std::uint64_t time_s) {
  SEALIFT_CHECK(time_s > 0 && time_s <= kTimeMax);
  base::ByteWriter signature;
  signature.u64_be(time_s);
  signature.bytes(cosigner.secret.sign(base::bytes_of(signed_text(checkpoint_text, time_s))));
  return signature_line(cosigner.name, key_text(cosigner.name, cosigner.secret.public_key()).id(),
                        signature.written());
}

}  // namespace sealift::log
