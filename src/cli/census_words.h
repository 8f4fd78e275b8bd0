// What the census says, in the reader's language: its rooms are free of language, and give English.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"
#include "census/kinds/element_type.h"

namespace sealift::cli {

// Why a file was not read whole: one reason, or several set apart by "; ".
std::string reason_text(std::string_view reason, base::Language language);

// "Ontario health number"
std::string_view kind_title(census::ElementType type, base::Language language);

}  // namespace sealift::cli
