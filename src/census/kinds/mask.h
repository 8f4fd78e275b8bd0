// Masked values: enough to recognise a kind of data by, too little to use.
//
//   453-022-814  ->  *** *** *14     2426 ROSEBANK RD  ->  2*** R******* R*     joan@x.example  ->
//   j***@x.example
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "census/kinds/element_type.h"

namespace sealift::census {

// Names keep their initials, numbers their last two digits, dates their year, addresses of mail
// their domain; everything else the first letter of each word. Records ("asthma") stay hidden
// whole.
std::string masked(ElementType type, std::string_view value);

}  // namespace sealift::census
