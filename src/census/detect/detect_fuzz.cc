// Any bytes at all may be searched, with every region and date order; offsets stay within the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "census/detect/cell_rules.h"
#include "census/detect/text_detector.h"
#include "census/names/person_name.h"
#include "census/structure/field.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::census;
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  const Models models = Models::built_in();
  std::size_t last_end = 0;
  for (const Finding& finding : TextDetector(models).detect(text)) {
    SEALIFT_CHECK(finding.begin >= last_end && finding.begin < finding.end &&
                  finding.end <= text.size());
    SEALIFT_CHECK(!finding.value.empty() && finding.confidence >= 0.5 && finding.confidence <= 1);
    last_end = finding.end;
  }
  const ColumnEvidence evidence = column_evidence({text});
  SEALIFT_CHECK(evidence.values <= 1);
  parse_person_names(text);
  field_of_header(text);
  return 0;
}
