#include "parcel/retirement.h"

#include <algorithm>
#include <span>

#include "base/base64.h"
#include "base/byte_writer.h"

namespace sealift::parcel {
namespace {

std::string statement(const DirectoryKey& key, const log::TreeHead& seen) {
  return "sealift/v1/directory-retirement\n" + directory_key_text(key) + "log-size " +
         std::to_string(seen.size) + "\nlog-root " +
         base::base64_encode(seen.root, base::Padding::required) + "\n";
}

}  // namespace

RetirementBytes sign_retirement(const DirectoryKey& key, const log::TreeHead& seen,
                                const crypto::Ed25519Secret& signing) {
  base::ByteWriter out;
  out.u64_be(seen.size);
  out.bytes(seen.root);
  out.bytes(signing.sign(base::bytes_of(statement(key, seen))));
  RetirementBytes retirement{};
  std::ranges::copy(out.written(), retirement.begin());
  return retirement;
}

std::optional<log::TreeHead> read_retirement(const DirectoryKey& key,
                                             const RetirementBytes& retirement) {
  const std::span bytes(retirement);
  log::TreeHead seen;
  for (const std::byte each : bytes.first<8>())
    seen.size = seen.size << 8 | std::to_integer<std::uint64_t>(each);
  std::ranges::copy(bytes.subspan<8, 32>(), seen.root.begin());
  crypto::Ed25519Signature signature{};
  std::ranges::copy(bytes.last<64>(), signature.begin());
  if (!crypto::ed25519_verify(key.signing_key, base::bytes_of(statement(key, seen)), signature))
    return std::nullopt;
  return seen;
}

}  // namespace sealift::parcel
