// The header of an age v1 file (docs/formats/age.md): which keys can get at the file key.
//
//   header = "age-encryption.org/v1" LF 1*stanza "--- " mac LF
//   stanza = "-> " type *(SP argument) LF body
//   body   = *(64 base64 characters LF) [less than 64 base64 characters] LF
//   mac    = 43 base64 characters: HMAC-SHA256 of everything up to and including "---"
//
// This file reads and writes the grammar; it has no keys and opens nothing. Functions are
// thread-safe; a Header is immutable.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "age/format/file_key.h"
#include "base/bytes.h"
#include "base/result.h"

namespace sealift::age {

inline constexpr std::size_t kHeaderMacSize = 32;

struct Stanza {
  std::string type;
  std::vector<std::string> arguments;  // visible ASCII, never empty strings
  base::Bytes body;

  bool operator==(const Stanza&) const = default;
};

class Header {
 public:
  // Reads the header that `received` starts with; what follows it is not looked at. Only what
  // make() could have written is accepted: encoding the result again gives the same bytes.
  // Errors: malformed (also when the end is missing), limit.
  static base::Result<Header> parse(base::ByteView received);

  // Writes a header over `stanzas` (at least one), authenticated by `file_key`.
  // Errors: limit (what parse() would refuse is not written).
  static base::Result<Header> make(const std::vector<Stanza>& stanzas, const FileKey& file_key);

  const std::vector<Stanza>& stanzas() const { return stanzas_; }
  // The header's own bytes, as received or made. The payload follows them in the file.
  const base::Bytes& encoded() const { return encoded_; }

  // Whether the MAC was made with `file_key`, over the bytes as received.
  bool is_authentic(const FileKey& file_key) const;

 private:
  Header() = default;
  static base::Result<Header> parse_within(base::ByteView received);

  std::vector<Stanza> stanzas_;
  base::Bytes encoded_;
  std::size_t authenticated_size_ = 0;  // of encoded_: up to and including "---"
  std::array<std::byte, kHeaderMacSize> mac_{};
};

// For input that arrives in pieces: whether `prefix` holds enough for Header::parse() to give its
// final answer, good or bad. Cheap to call again with a longer prefix.
enum class HeaderPrefix { incomplete, parsable };
HeaderPrefix judge_header_prefix(base::ByteView prefix);

}  // namespace sealift::age
