// Field values with a grammar: ranges, tags, tus metadata and checksums. The first byte chooses.
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "http/content_coding.h"
#include "http/entity_tag.h"
#include "http/response_reader.h"
#include "http/tus.h"

namespace {

void try_range(std::string_view text) {
  const auto spec = sealift::http::parse_range(text);
  if (!spec) return;
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
    const auto range = sealift::http::resolve_range(*spec, size);
    if (!range) continue;
    SEALIFT_CHECK(range->size_bytes > 0 && range->offset < size);
    SEALIFT_CHECK(range->size_bytes <= size - range->offset);
  }
}

void try_content_range(std::string_view text) {
  const auto range = sealift::http::parse_content_range(text);
  if (!range) return;
  SEALIFT_CHECK(range->range.size_bytes > 0);
  SEALIFT_CHECK(range->range.offset + range->range.size_bytes <= range->whole_size_bytes);
}

void try_tus(std::string_view text) {
  if (const auto pairs = sealift::http::parse_tus_metadata(text)) {
    SEALIFT_CHECK(pairs->size() <= sealift::limits::kTusMetadataPairsMax);
  }
  if (const auto sum = sealift::http::parse_tus_checksum(text)) {
    SEALIFT_CHECK(sum->digest.size() == sealift::http::checksum_size_bytes(sum->algorithm));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  try_range(text);
  try_content_range(text);
  try_tus(text);
  (void)sealift::http::accepts_coding(text, "gzip");
  sealift::http::Fields fields;
  fields.put(sealift::http::FieldName::if_match, text);
  (void)sealift::http::judge_conditions(fields, *sealift::http::EntityTag::make("0a"));
  return 0;
}
