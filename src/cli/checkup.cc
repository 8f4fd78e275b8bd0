#include "cli/checkup.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/phrase.h"

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

std::size_t width_of(std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Padded to `width` characters.
std::string column(std::string_view word, std::size_t width) {
  return std::string(word) + std::string(width - std::min(width, width_of(word)), ' ');
}

}  // namespace

void Checkup::add(std::string_view name, Finding finding, std::string says, std::string next) {
  checks_.push_back({name, finding, std::move(says), std::move(next)});
}

void Checkup::judge(std::string_view name, bool is_good, Finding otherwise, std::string says,
                    std::string next) {
  add(name, is_good ? Finding::good : otherwise, std::move(says), is_good ? "" : std::move(next));
}

Outcome Checkup::print(bool as_json, base::Language language) const {
  nlohmann::json all = nlohmann::json::array();
  std::size_t finding_width = 0;
  std::size_t name_width = 0;
  for (const Check& check : checks_) {
    finding_width =
        std::max(finding_width, width_of(looked_up(language, word_of(check.finding))) + 2);
    name_width = std::max(name_width, width_of(looked_up(language, check.name)) + 2);
  }
  for (const Check& check : checks_) {
    const std::string_view word = word_of(check.finding);
    if (as_json) {
      all.push_back(
          {{"name", check.name}, {"finding", word}, {"says", check.says}, {"next", check.next}});
      continue;
    }
    std::cout << column(looked_up(language, word), finding_width)
              << column(looked_up(language, check.name), name_width)
              << recognised(language, check.says) << "\n";
    if (!check.next.empty())
      std::cout << std::string(finding_width, ' ') << "-> " << recognised(language, check.next)
                << "\n";
  }
  if (as_json) std::cout << nlohmann::json{{"checks", std::move(all)}}.dump() << "\n";
  const auto problems = std::ranges::count(checks_, Finding::problem, &Check::finding);
  if (problems == 0) return {};
  return tl::unexpected(Failure(
      {base::ErrorCode::forbidden,
       problems == 1 ? "1 problem was found" : std::to_string(problems) + " problems were found"}));
}

}  // namespace sealift::cli
