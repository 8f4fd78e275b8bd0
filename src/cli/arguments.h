// Arguments: options and operands of one verb, as age and most Unix programs spell them.
//
//   -o FILE   -oFILE   --output FILE   --output=FILE   -a -d   -ad   --   -
//
// An option's value may start with '-'. After `--` everything is an operand. "-" alone is one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.h"

namespace sealift::cli {

enum class Takes { nothing, value };

struct Option {
  char letter;            // '\0' for none
  std::string_view name;  // without the dashes; the key for Arguments
  Takes takes;
};

class Arguments {
 public:
  bool has(std::string_view name) const;
  // The last value given, or nullopt.
  std::optional<std::string> value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
  const std::vector<std::string>& operands() const { return operands_; }

  // In the order given, for options whose order matters.
  struct Given {
    std::string_view name;
    std::string value;
  };
  const std::vector<Given>& given() const { return given_; }

 private:
  friend class ArgumentParser;
  std::vector<Given> given_;
  std::vector<std::string> operands_;
};

// Errors: usage. `options` outlives the result.
tl::expected<Arguments, Failure> parse_arguments(std::span<const Option> options,
                                                 std::span<const std::string> arguments);

}  // namespace sealift::cli
