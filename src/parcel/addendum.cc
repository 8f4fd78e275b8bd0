#include "parcel/addendum.h"

#include <algorithm>

#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "parcel/internal/signed_text.h"
#include "parcel/internal/strict_json.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using internal::Fields;
using internal::Json;

constexpr std::string_view kLabel = "sealift-addendum/v1";
constexpr std::string_view kStanzaType = "sealift-addendum";
constexpr std::string_view kKeyLabel = "sealift/v1/addendum";
constexpr std::size_t kSaltSize = 16;
constexpr std::array<std::byte, crypto::kAeadNonceSize> kOnlyNonce{};

template <std::size_t N>
void copy_to(std::array<std::byte, N>& to, const base::Bytes& from) {
  std::ranges::copy(from, to.begin());
}

crypto::SecretBytes<crypto::kAeadKeySize> key_of(const age::FileKey& manifest_key,
                                                 base::ByteView salt) {
  return crypto::hkdf_sha256<crypto::kAeadKeySize>(
      {.key = manifest_key.view(), .salt = salt, .info = base::bytes_of(kKeyLabel)});
}

}  // namespace

base::Bytes sign_addendum(const Addendum& addendum, const crypto::Ed25519Secret& key) {
  const Json json = {
      {"address", addendum.address},
      {"by", addendum.by},
      {"created", addendum.created_unix_ms},
      {"fingerprint", base::hex_encode(addendum.fingerprint)},
      {"manifest", base::hex_encode(addendum.manifest_hash)},
      {"parcel", base::hex_encode(addendum.parcel_id)},
  };
  base::Bytes out = internal::write_signed(kLabel, internal::write_canonical(json), key);
  SEALIFT_CHECK(read_addendum(out).has_value());
  return out;
}

Result<SignedAddendum> read_addendum(base::ByteView bytes) {
  const auto signed_text = internal::read_signed(kLabel, bytes);
  if (!signed_text) {
    base::Error error = signed_text.error();
    return tl::unexpected(std::move(error).with_context("the addendum"));
  }
  SEALIFT_TRY(const Json value, internal::parse_canonical(signed_text->text));
  SignedAddendum read{.addendum = {}, .signed_by = signed_text->signed_by};
  Addendum& addendum = read.addendum;
  Fields fields(value, "addendum");
  addendum.address = fields.text("address", limits::kAddressSizeMax);
  addendum.by = fields.text("by", limits::kAddressSizeMax);
  addendum.created_unix_ms = fields.integer("created", 0, internal::kJsonIntegerMax);
  copy_to(addendum.fingerprint, fields.hex("fingerprint", addendum.fingerprint.size()));
  copy_to(addendum.manifest_hash, fields.hex("manifest", addendum.manifest_hash.size()));
  copy_to(addendum.parcel_id, fields.hex("parcel", addendum.parcel_id.size()));
  SEALIFT_TRY_VOID(fields.end());
  return read;
}

age::Stanza seal_addendum(base::ByteView signed_addendum, const age::FileKey& manifest_key,
                          crypto::Random& random) {
  const auto salt = random.array<kSaltSize>();
  return {
      .type = std::string(kStanzaType),
      .arguments = {base::base64_encode(salt, base::Padding::none)},
      .body = crypto::aead_seal(key_of(manifest_key, salt).view(), kOnlyNonce, signed_addendum)};
}

bool is_addendum(const age::Stanza& stanza) { return stanza.type == kStanzaType; }

Result<SignedAddendum> open_addendum(const age::Stanza& stanza, const age::FileKey& manifest_key) {
  const auto salt = stanza.arguments.size() == 1
                        ? base::base64_decode(stanza.arguments[0], base::Padding::none)
                        : std::nullopt;
  if (!is_addendum(stanza) || !salt || salt->size() != kSaltSize)
    return fail(ErrorCode::malformed, "the addendum is not one");
  const auto text = crypto::aead_open(key_of(manifest_key, *salt).view(), kOnlyNonce, stanza.body);
  if (!text) return fail(ErrorCode::damaged, "the addendum was changed");
  return read_addendum(text->view());
}

Result<std::vector<SignedAddendum>> open_addenda(const age::Header& header,
                                                 const age::FileKey& manifest_key,
                                                 const ParcelIdBytes& parcel_id,
                                                 const crypto::Sha256Digest& manifest_hash) {
  std::vector<SignedAddendum> all;
  for (const age::Stanza& stanza : header.stanzas()) {
    if (!is_addendum(stanza)) continue;
    SEALIFT_TRY(SignedAddendum one, open_addendum(stanza, manifest_key));
    if (one.addendum.parcel_id != parcel_id || one.addendum.manifest_hash != manifest_hash)
      return fail(ErrorCode::damaged, "an addendum is of another parcel");
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace sealift::parcel
