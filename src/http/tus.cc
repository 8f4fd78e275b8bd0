#include "http/tus.h"

#include <algorithm>

#include "base/base64.h"
#include "base/limits.h"

namespace sealift::http {
namespace {

Refusal bad(std::string_view reason) { return {Status::bad_request, reason}; }

std::optional<Refusal> judge_content_type(const RequestHead& head) {
  const auto type = head.fields.get(FieldName::content_type);
  if (type && equal_ignoring_case(*type, kTusContentType)) return std::nullopt;
  return Refusal{Status::unsupported_media_type, "content type is not tus's"};
}

}  // namespace

std::optional<std::vector<TusMetadataPair>> parse_tus_metadata(std::string_view value) {
  std::vector<TusMetadataPair> pairs;
  if (value.size() > limits::kTusMetadataSizeMax) return std::nullopt;
  if (value.empty()) return pairs;
  std::optional<std::string_view> rest = value;
  while (const auto element = next_element(rest)) {
    const std::size_t space = element->find(' ');
    const std::string_view key = element->substr(0, space);
    const std::string_view text = space == std::string_view::npos ? "" : element->substr(space + 1);
    auto bytes = base::base64_decode(text, base::Padding::required);
    if (!is_token(key) || !bytes || pairs.size() == limits::kTusMetadataPairsMax) {
      return std::nullopt;
    }
    const bool is_known = std::any_of(pairs.begin(), pairs.end(),
                                      [&](const TusMetadataPair& pair) { return pair.key == key; });
    if (is_known) return std::nullopt;
    pairs.push_back({key, *std::move(bytes)});
  }
  return pairs;
}

std::size_t checksum_size_bytes(ChecksumAlgorithm algorithm) {
  return algorithm == ChecksumAlgorithm::sha1 ? 20 : 32;
}

std::optional<TusChecksum> parse_tus_checksum(std::string_view value) {
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view name = value.substr(0, space);
  if (name != "sha1" && name != "sha256") return std::nullopt;
  TusChecksum checksum;
  checksum.algorithm = name == "sha1" ? ChecksumAlgorithm::sha1 : ChecksumAlgorithm::sha256;
  auto digest = base::base64_decode(value.substr(space + 1), base::Padding::required);
  if (!digest || digest->size() != checksum_size_bytes(checksum.algorithm)) return std::nullopt;
  checksum.digest = *std::move(digest);
  return checksum;
}

std::optional<Refusal> judge_tus_version(const RequestHead& head) {
  const auto version = head.fields.get(FieldName::tus_resumable);
  if (!version) return bad("no tus version");
  if (*version != kTusVersion) {
    return Refusal{Status::precondition_failed, "tus version not supported"};
  }
  return std::nullopt;
}

std::variant<TusCreation, Refusal> parse_tus_creation(const RequestHead& head) {
  if (const auto refused = judge_tus_version(head)) return *refused;
  // Joined uploads and uploads of unknown size are not offered.
  if (head.fields.has(FieldName::upload_concat)) return bad("tus concatenation");
  if (head.fields.has(FieldName::upload_defer_length)) return bad("tus deferred length");
  const auto length = head.fields.get(FieldName::upload_length);
  const auto size = parse_decimal(length.value_or(""), limits::kHttpBodySizeMax);
  if (!size) return bad("malformed upload length");
  const auto metadata = head.fields.get(FieldName::upload_metadata);
  if (metadata && !parse_tus_metadata(*metadata)) return bad("malformed upload metadata");
  return TusCreation{*size, head.framing != BodyFraming::none};
}

std::variant<TusAppend, Refusal> parse_tus_append(const RequestHead& head) {
  if (const auto refused = judge_tus_version(head)) return *refused;
  if (const auto refused = judge_content_type(head)) return *refused;
  // A length is stated once, at creation.
  if (head.fields.has(FieldName::upload_length)) return bad("upload length on an append");
  const auto value = head.fields.get(FieldName::upload_offset);
  const auto offset = parse_decimal(value.value_or(""), limits::kHttpBodySizeMax);
  if (!offset) return bad("malformed upload offset");
  TusAppend append;
  append.offset = *offset;
  if (const auto text = head.fields.get(FieldName::upload_checksum)) {
    append.checksum = parse_tus_checksum(*text);
    if (!append.checksum) return bad("malformed upload checksum");
  }
  return append;
}

}  // namespace sealift::http
