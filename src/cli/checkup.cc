#include "cli/checkup.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace sealift::cli {
namespace {

std::string_view word_of(Finding finding) {
  switch (finding) {
    case Finding::good:
      return "good";
    case Finding::attention:
      return "attention";
    case Finding::problem:
      return "problem";
  }
  return "";
}

}  // namespace

void Checkup::add(std::string_view name, Finding finding, std::string says, std::string next) {
  checks_.push_back({name, finding, std::move(says), std::move(next)});
}

Outcome Checkup::print(bool as_json) const {
  nlohmann::json all = nlohmann::json::array();
  for (const Check& check : checks_) {
    const std::string_view word = word_of(check.finding);
    if (as_json) {
      all.push_back(
          {{"name", check.name}, {"finding", word}, {"says", check.says}, {"next", check.next}});
      continue;
    }
    std::cout << word << std::string(11 - word.size(), ' ') << check.name
              << std::string(std::max<std::size_t>(14, check.name.size() + 1) - check.name.size(),
                             ' ')
              << check.says << "\n";
    if (!check.next.empty()) std::cout << std::string(11, ' ') << "-> " << check.next << "\n";
  }
  if (as_json) std::cout << nlohmann::json{{"checks", std::move(all)}}.dump() << "\n";
  const auto problems = std::ranges::count(checks_, Finding::problem, &Check::finding);
  if (problems == 0) return {};
  return tl::unexpected(Failure(
      {base::ErrorCode::forbidden,
       problems == 1 ? "1 problem was found" : std::to_string(problems) + " problems were found"}));
}

}  // namespace sealift::cli
