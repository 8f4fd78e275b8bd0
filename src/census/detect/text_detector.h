// Personal data in running text: one call, every type of the census.
//
// Shapes are found in one pass over the bytes (digits, '@'), words in another (names, conditions,
// beliefs); what each shape means is decided by check rules, words near and other findings beside
// it. docs/census/detectors.md states rule, evidence and limits type by type.
// Immutable once made: any number of threads may call detect().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "census/kinds/dates.h"
#include "census/kinds/finding.h"
#include "census/names/models.h"

namespace sealift::census {

enum class Scope : std::uint8_t {
  everything,
  identifiers,  // numbers, e-mail and phones: no names, addresses, birth dates or records
};

struct TextContext {
  std::string_view region = "CA-ON";  // ISO 3166-2; decides between shapes that clash
  DateHint dates = {};                // as_of and the order of day and month, if known
  Scope scope = Scope::everything;
};

class TextDetector {
 public:
  // Borrows `models`, which outlives the detector.
  explicit TextDetector(const Models& models) : models_(&models) {}

  // Findings sorted by begin, none overlapping another of a rival type; only those that are more
  // likely right than wrong. A name may stand within an address's or e-mail's line, never inside
  // one.
  std::vector<Finding> detect(std::string_view utf8_text, const TextContext& context = {}) const;

 private:
  const Models* models_;
};

}  // namespace sealift::census
