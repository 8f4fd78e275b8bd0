// What the kinds of identity share in reading a stanza that is for them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "age/format/failure.h"
#include "age/format/file_key.h"
#include "age/format/header.h"
#include "age/keys/stanza_keys.h"
#include "base/base64.h"

namespace sealift::age::internal {

inline tl::unexpected<OpenError> malformed_stanza() {
  return open_failed(OpenFailure::header,
                     {base::ErrorCode::malformed, "header with a malformed recipient stanza"});
}

// An argument of exactly N bytes, in canonical base64.
template <std::size_t N>
std::optional<std::array<std::byte, N>> decode_argument(std::string_view argument) {
  const auto bytes = base::base64_decode(argument, base::Padding::none);
  if (!bytes || bytes->size() != N) return std::nullopt;
  std::array<std::byte, N> result;
  std::copy(bytes->begin(), bytes->end(), result.begin());
  return result;
}

// The file key in a stanza's body, whose size the caller has judged before any key was tried:
// other sizes would tell a forger which of several keys was right. nullopt: wrapped by another key.
std::optional<FileKey> unwrap_file_key(const WrapKey& key, base::ByteView body);

// Takes over what was opened as a file key, if it has the size of one.
std::optional<FileKey> as_file_key(const std::optional<crypto::SecretBuffer>& opened);

}  // namespace sealift::age::internal
