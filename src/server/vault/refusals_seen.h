// For the tests of this program: which refusals they have met. Not thread-safe.
#pragma once

#include <set>
#include <string>

namespace sealift::server::vault {

inline std::set<std::string>& refusals_seen() {
  static std::set<std::string> seen;
  return seen;
}

}  // namespace sealift::server::vault
