// What one call of TextDetector::detect() shares between its detectors. Not thread-safe: one a
// call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "census/detect/keywords.h"
#include "census/detect/text_detector.h"
#include "census/kinds/finding.h"
#include "census/kinds/number.h"

namespace sealift::census::internal {

struct Search {
  std::string_view text;
  const TextContext* context;
  KeywordIndex keywords;
  std::vector<Finding> found;

  void add(ElementType type, std::string value, std::size_t begin, std::size_t end,
           double confidence, std::uint32_t reasons) {
    found.push_back({type, std::move(value), begin, end, confidence, reasons});
  }
};

}  // namespace sealift::census::internal
