// One detected value: what it is, where it stands, how sure, and why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "census/kinds/element_type.h"

namespace sealift::census {

// Why a finding was made; Finding::reasons is a set of these.
enum class Reason : std::uint32_t {
  format = 1U << 0,                      // the shape alone says much
  check_digit = 1U << 1,                 // an official check rule holds
  keyword = 1U << 2,                     // a word near it, or a label, names the type
  context = 1U << 3,                     // other findings beside it
  gazetteer = 1U << 4,                   // lists of names or places
  tagger = 1U << 5,                      // the trained name tagger
  second_pass = 1U << 6,                 // seen elsewhere in the same text with better evidence
  order_by_document = 1U << 7,           // day/month order taken from other dates of the text
  day_month_could_be_swapped = 1U << 8,  // a numeric date that reads both ways
};

struct Finding {
  ElementType type = ElementType::name;
  std::string value;  // normalised: digits alone, E.164, lower case e-mail, ISO date, ...
  std::size_t begin = 0, end = 0;  // byte offsets in the text that was searched
  double confidence = 0;           // 0..1, an estimate of P(right)
  std::uint32_t reasons = 0;       // set of Reason

  bool has(Reason reason) const { return (reasons & static_cast<std::uint32_t>(reason)) != 0; }
  bool operator==(const Finding&) const = default;
};

constexpr std::uint32_t operator|(Reason a, Reason b) {
  return static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b);
}
constexpr std::uint32_t operator|(std::uint32_t set, Reason reason) {
  return set | static_cast<std::uint32_t>(reason);
}

}  // namespace sealift::census
