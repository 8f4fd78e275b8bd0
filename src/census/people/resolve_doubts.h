// Doubts that only all people of a case together show: namesakes, and values that several hold.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "census/people/doubts.h"
#include "census/people/resolve_features.h"

namespace sealift::census {

struct CaseDoubts {
  std::vector<Doubts> of_people;
  std::vector<std::pair<std::string, Doubts>> of_values;  // by key_of_value, sorted
};

// `person_of_record` as resolving found it.
CaseDoubts find_doubts(const FeatureTable& table,
                       const std::vector<std::uint32_t>& person_of_record, std::uint32_t people);

// One text for a type and a value.
std::string key_of_value(ElementType type, std::string_view value);

}  // namespace sealift::census
