// The header fields of tus 1.0 (tus.io/protocols/resumable-upload): core, creation, expiration,
// checksum and termination. docs/formats/tus.md says which parts of it Sealift leaves out.
//
// Pure functions over the fields of a parsed request, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "http/request_head.h"

namespace sealift::http {

inline constexpr std::string_view kTusVersion = "1.0.0";
inline constexpr std::string_view kTusExtensions = "creation,expiration,checksum,termination";
inline constexpr std::string_view kTusChecksumAlgorithms = "sha1,sha256";
inline constexpr std::string_view kTusContentType = "application/offset+octet-stream";

// One pair of Upload-Metadata. Sealift keeps none of it: names and types of files belong into the
// sealed manifest. It is parsed so that a malformed field is refused rather than ignored.
struct TusMetadataPair {
  std::string_view key;
  base::Bytes value;
};
//   pair *( "," pair ), pair = key [ SP base64 ]; keys differ
std::optional<std::vector<TusMetadataPair>> parse_tus_metadata(std::string_view value);

enum class ChecksumAlgorithm : std::uint8_t { sha1, sha256 };
std::size_t checksum_size_bytes(ChecksumAlgorithm algorithm);

struct TusChecksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::sha1;
  base::Bytes digest;  // of the algorithm's size
  friend bool operator==(const TusChecksum&, const TusChecksum&) = default;
};
//   ( "sha1" | "sha256" ) SP base64
std::optional<TusChecksum> parse_tus_checksum(std::string_view value);

// POST to a collection: a new upload. What its body may be is the caller's to judge.
struct TusCreation {
  std::uint64_t length_bytes = 0;
  bool has_content = false;
};
std::variant<TusCreation, Refusal> parse_tus_creation(const RequestHead& head);

// PATCH to an upload: bytes to append at `offset`.
struct TusAppend {
  std::uint64_t offset = 0;
  std::optional<TusChecksum> checksum;
};
std::variant<TusAppend, Refusal> parse_tus_append(const RequestHead& head);

// HEAD and DELETE of an upload need the version field alone.
std::optional<Refusal> judge_tus_version(const RequestHead& head);

}  // namespace sealift::http
