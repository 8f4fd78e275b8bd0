#include "http/content_coding.h"

#include <optional>

#include "http/field.h"

namespace sealift::http {
namespace {

// "q=0", "q=0.", "q=0.000": not acceptable. Anything that is no weight is taken for one of these.
bool is_weight_above_zero(std::string_view parameter) {
  if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) return false;
  const std::string_view weight = parameter.substr(2);
  if (weight.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  return weight.find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

bool accepts_coding(std::string_view value, std::string_view coding) {
  std::optional<std::string_view> rest = value;
  while (const auto element = next_element(rest)) {
    const std::size_t semicolon = element->find(';');
    const std::string_view name = trim_white_space(element->substr(0, semicolon));
    if (!equal_ignoring_case(name, coding)) continue;
    return semicolon == std::string_view::npos ||
           is_weight_above_zero(trim_white_space(element->substr(semicolon + 1)));
  }
  return false;
}

}  // namespace sealift::http
