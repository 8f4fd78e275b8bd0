// Names written in small letters, where a greeting, a title or a label says that one stands there:
// "hi sarah,", "patient: john smith", "spoke with mrs. okafor". Both the cue and the lists are
// asked.
//
// Used by detect_names.cc. Pure functions, any thread.
#pragma once

#include <string_view>
#include <vector>

#include "census/names/models.h"
#include "census/names/name_features.h"

namespace sealift::census::internal {

struct SmallName {
  std::size_t begin = 0, end = 0;  // bytes of the text, title included
  bool whole = false;              // more than one part of a name
};

// `tokens` are those of `text`. In rising order.
std::vector<SmallName> names_in_small_letters(std::string_view text,
                                              const std::vector<NameToken>& tokens,
                                              const Models& models);

}  // namespace sealift::census::internal
