#include "store/blob_id.h"

#include <algorithm>

#include "base/hex.h"

namespace sealift::store {

BlobId BlobId::generate(crypto::Random& random) { return BlobId{random.array<16>()}; }

std::optional<BlobId> BlobId::parse(std::string_view text) {
  const auto bytes = base::hex_decode(text);
  BlobId id;
  if (!bytes || bytes->size() != id.bytes.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.bytes.begin());
  return id;
}

std::string BlobId::text() const { return base::hex_encode(bytes); }

}  // namespace sealift::store
