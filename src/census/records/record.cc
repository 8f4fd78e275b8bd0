#include "census/records/record.h"

#include <array>

#include "base/check.h"

namespace sealift::census {
namespace {

constexpr std::array<std::string_view, kRoles> kNames = {
    "subject", "student",  "patient", "employee",          "applicant", "owner",
    "child",   "guardian", "spouse",  "emergency contact", "staff",     "mentioned",
};

}  // namespace

std::string_view to_string(Role role) {
  const auto at = static_cast<std::size_t>(role);
  SEALIFT_CHECK(at < kNames.size());
  return kNames[at];
}

}  // namespace sealift::census
