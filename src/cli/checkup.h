// What `sealift doctor` and `sealift admin doctor` print: one line a check, and what to do next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.h"

namespace sealift::cli {

enum class Finding : unsigned char {
  good,
  attention,  // it works, and something will go wrong that needn't
  problem,    // something doesn't work, or is not safe
};

class Checkup {
 public:
  // `name` is one of the documented words, `says` what was found, `next` what to do ("" for good).
  void add(std::string_view name, Finding finding, std::string says, std::string next = "");
  // It is good, and nothing is to be done; or it is `otherwise`.
  void judge(std::string_view name, bool is_good, Finding otherwise, std::string says,
             std::string next);
  // Prints it all, as text or, in English, as {"checks": [{"name", "finding", "says", "next"}]}.
  // Errors: forbidden, if there is a problem.
  Outcome print(bool as_json, base::Language language) const;

 private:
  struct Check {
    std::string_view name;
    Finding finding;
    std::string says;
    std::string next;
  };
  std::vector<Check> checks_;
};

}  // namespace sealift::cli
