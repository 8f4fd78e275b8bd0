// BlobId: the name of a blob, 16 random bytes. Nothing about a blob follows from its id.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/random.h"

namespace sealift::store {

// A type of its own, so that a blob's id cannot be passed for a parcel's.
struct BlobId {
  std::array<std::byte, 16> bytes{};

  static BlobId generate(crypto::Random& random);
  // 32 lower-case hexadecimal digits and nothing else.
  static std::optional<BlobId> parse(std::string_view text);
  std::string text() const;

  friend auto operator<=>(const BlobId&, const BlobId&) = default;
};

}  // namespace sealift::store
