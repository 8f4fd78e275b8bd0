// Any text is cut into sentences that lie within it, in order; each byte has a line.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "census/records/record_regions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::census;
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  const Regions regions = regions_of(text);
  std::size_t last_end = 0;
  std::uint32_t paragraph = 0;
  for (const Sentence& sentence : regions.sentences) {
    SEALIFT_CHECK(sentence.begin >= last_end && sentence.begin <= sentence.end);
    SEALIFT_CHECK(sentence.end <= text.size() && sentence.paragraph >= paragraph);
    last_end = sentence.end;
    paragraph = sentence.paragraph;
  }
  SEALIFT_CHECK(regions.signature_begin <= text.size());
  for (std::size_t at = 0; at < text.size(); at += 7) {
    SEALIFT_CHECK(regions.line_at(at) < regions.line_begins.size());
    SEALIFT_CHECK(regions.sentence_at(at) <= regions.sentences.size());
  }
  return 0;
}
