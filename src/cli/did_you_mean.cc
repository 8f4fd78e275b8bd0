#include "cli/did_you_mean.h"

namespace sealift::cli {

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known) {
  const auto word = nearest(typed, known);
  return word && *word != typed ? "did you mean " + std::string(*word) + "?" : "";
}

}  // namespace sealift::cli
