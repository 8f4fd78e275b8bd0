// How people of a case are shown on a terminal: masked unless asked otherwise. One thread.
#pragma once

#include "base/refusal.h"
#include "census/people/people.h"

namespace sealift::cli {

struct ShowOptions {
  bool clear = false;  // values as they are, with their places
  bool json = false;   // the export's form, a line each: the same in every language
  base::Language language = base::Language::english;
};

// To standard output.
void print_person(const census::Person& person, const ShowOptions& options);

}  // namespace sealift::cli
