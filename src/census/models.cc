#include "census/models.h"

namespace sealift::census {

Models Models::built_in() { return {}; }

WordUse Models::use_of(std::string_view /*folded*/) const { return {}; }

}  // namespace sealift::census
