// What no reading of a table explains is searched all the same: somebody is in row 17.
//
// The values that the detectors are sure of become a record that joins the person whose number it
// has, and makes nobody by names alone. Pure, any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "census/records/record_reading.h"

namespace sealift::census {

// `locator` says where the row's n-th cell is. nullopt: there is nothing of anybody's in it.
std::optional<Record> record_of_unexplained_row(
    const ReadingTools& tools, const std::vector<std::string>& row,
    const std::function<std::string(std::size_t column)>& locator, bool recognised);

}  // namespace sealift::census
