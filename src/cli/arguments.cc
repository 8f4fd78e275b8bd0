#include "cli/arguments.h"

#include <algorithm>

#include "cli/did_you_mean.h"

namespace sealift::cli {

class ArgumentParser {
 public:
  ArgumentParser(std::span<const Option> options, std::span<const std::string> arguments)
      : options_(options), rest_(arguments) {}

  tl::expected<Arguments, Failure> parse() {
    while (!rest_.empty()) {
      const std::string argument = next();
      Outcome done;
      if (argument == "--") {
        parsed_.operands_.insert(parsed_.operands_.end(), rest_.begin(), rest_.end());
        break;
      }
      if (argument.starts_with("--")) {
        done = long_option(argument.substr(2));
      } else if (argument.size() > 1 && argument[0] == '-') {
        done = letters(argument.substr(1));
      } else {
        parsed_.operands_.push_back(argument);
      }
      if (!done) return tl::unexpected(std::move(done).error());
    }
    return std::move(parsed_);
  }

 private:
  std::string next() {
    std::string argument = rest_.front();
    rest_ = rest_.subspan(1);
    return argument;
  }

  Outcome long_option(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const auto option = std::ranges::find(options_, name, &Option::name);
    if (option == options_.end()) return unknown(name);
    if (equals == std::string_view::npos) return take(*option, "--" + std::string(name));
    if (option->takes == Takes::nothing)
      return fail_usage("option --" + std::string(name) + " takes no value");
    parsed_.given_.push_back({option->name, std::string(text.substr(equals + 1))});
    return {};
  }

  Outcome unknown(std::string_view name) const {
    std::vector<std::string_view> names;
    for (const Option& each : options_) names.push_back(each.name);
    const auto near = nearest(name, names);
    return fail_usage("unknown option --" + std::string(name),
                      near ? "did you mean --" + std::string(*near) + "?" : "");
  }

  // Letters may be joined; the first that takes a value has the rest of the word for it.
  Outcome letters(std::string_view text) {
    while (!text.empty()) {
      const std::string spelled = std::string("-") + text[0];
      const auto option = std::ranges::find(options_, text[0], &Option::letter);
      if (option == options_.end()) return fail_usage("unknown option " + spelled);
      text.remove_prefix(1);
      if (option->takes == Takes::value && !text.empty()) {
        parsed_.given_.push_back({option->name, std::string(text)});
        return {};
      }
      if (auto taken = take(*option, spelled); !taken) return taken;
    }
    return {};
  }

  Outcome take(const Option& option, const std::string& spelled) {
    std::string value;
    if (option.takes == Takes::value) {
      if (rest_.empty()) return fail_usage("option " + spelled + " needs a value");
      value = next();
    }
    parsed_.given_.push_back({option.name, std::move(value)});
    return {};
  }

  std::span<const Option> options_;
  std::span<const std::string> rest_;
  Arguments parsed_;
};

bool Arguments::has(std::string_view name) const {
  return std::ranges::find(given_, name, &Given::name) != given_.end();
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = std::find_if(given_.rbegin(), given_.rend(),
                                  [&](const Given& given) { return given.name == name; });
  if (found == given_.rend()) return std::nullopt;
  return found->value;
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> all;
  for (const Given& given : given_) {
    if (given.name == name) all.push_back(given.value);
  }
  return all;
}

tl::expected<Arguments, Failure> parse_arguments(std::span<const Option> options,
                                                 std::span<const std::string> arguments) {
  return ArgumentParser(options, arguments).parse();
}

}  // namespace sealift::cli
