// Forms in running text: labels with a colon and the value behind, or labels and values line by
// line.
//
//   Client: Rene Weir  DOB: 18/04/1997  Ph: 289.555.5451
//
//   Applicant last name
//   Joseph
//   Applicant first name
//   Lia
//
// Only labels that census/structure/field.h knows count. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "census/structure/field.h"

namespace sealift::census {

struct LabelledText {
  HeaderMeaning meaning;
  std::string label;
  std::size_t begin = 0, end = 0;  // bytes of the value
};

struct TextForm {
  std::vector<LabelledText> fields;  // of one person, or of one household
  std::size_t begin = 0, end = 0;    // bytes from the first label to the last value
};

// Forms in order, each with a name and something more. A second name of the same person begins the
// next.
std::vector<TextForm> forms_in(std::string_view text);

}  // namespace sealift::census
