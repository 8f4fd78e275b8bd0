#include "cli/verbs/profile.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/refusal.h"
#include "cli/arguments.h"
#include "cli/did_you_mean.h"
#include "cli/phrase.h"
#include "cli/profiles.h"
#include "cli/server_session.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::string_view kParts[] = {"list", "use", "remove"};
constexpr Option kOptions[] = {{'\0', "json", Takes::nothing}};

// nullopt: nobody is logged in.
tl::expected<std::optional<client::Login>, Failure> login_of(const std::string& base,
                                                             const std::string& name) {
  const std::string folder = profile_folder(base, name);
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return std::nullopt;
  const auto profile = or_failure(client::Profile::open(folder));
  if (!profile) return tl::unexpected(profile.error());
  return or_failure(profile->login());
}

Outcome list(const Environment& environment, const std::string& base, bool as_json) {
  const auto chosen = or_failure(profile_in_use(base));
  if (!chosen) return tl::unexpected(chosen.error());
  const std::string& in_use = environment.profile_name.empty() ? *chosen : environment.profile_name;
  json all = json::array();
  for (const std::string& name : profile_names(base)) {
    const auto login = login_of(base, name);
    if (!login) return tl::unexpected(login.error());
    json one = {{"profile", name}, {"in_use", name == in_use}};
    if (*login) {
      one["address"] = (*login)->address.text();
      one["server"] = (*login)->server.text();
    }
    if (!as_json) {
      std::cout << (name == in_use ? "* " : "  ") << name << "  ";
      if (*login) {
        std::cout << (*login)->address.text() << "  " << (*login)->server.text() << "\n";
      } else {
        std::cout << phrase(environment.language, "logged out") << "\n";
      }
    }
    all.push_back(std::move(one));
  }
  if (as_json) std::cout << all.dump() << "\n";
  return {};
}

Outcome use(const std::string& base, const std::string& name, base::Language language) {
  if (auto used = or_failure(use_profile(base, name)); !used) return used;
  std::cout << phrase(language, "using the profile {name}", name) << "\n";
  return {};
}

Outcome remove(const std::string& base, const std::string& name, base::Language language) {
  if (name == kDefaultProfile)
    return tl::unexpected(Failure({ErrorCode::usage, "the profile default can't be removed"},
                                  "`sealift logout` removes its keys"));
  const auto login = login_of(base, name);
  if (!login) return tl::unexpected(login.error());
  if (*login)
    return tl::unexpected(Failure({ErrorCode::conflict, "the profile is logged in"},
                                  "run `sealift logout --profile " + name + "` first"));
  const auto in_use = or_failure(profile_in_use(base));
  if (!in_use) return tl::unexpected(in_use.error());
  if (*in_use == name) {
    auto used = or_failure(use_profile(base, std::string(kDefaultProfile)));
    if (!used) return used;
  }
  std::error_code error;
  std::filesystem::remove_all(profile_folder(base, name), error);
  if (error)
    return tl::unexpected(Failure(base::error_of_errno(error.value(), "remove the profile")));
  std::cout << phrase(language, "removed the profile {name}", name) << "\n";
  return {};
}

}  // namespace

Outcome run_profile(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  const std::string& base = environment.profile_folder;
  if (base.empty()) return fail_usage("there is no place for the profile: set SEALIFT_HOME");
  if (operands.size() == 1 && operands[0] == "list")
    return list(environment, base, arguments->has("json"));
  if (operands.size() != 2 || (operands[0] != "use" && operands[0] != "remove"))
    return fail_usage("profile takes list, or use or remove and a name",
                      did_you_mean(operands.empty() ? "" : operands[0], kParts));
  const auto names = profile_names(base);
  if (std::ranges::find(names, operands[1]) == names.end())
    return tl::unexpected(Failure(base::refuse("no_profile").value()));
  return operands[0] == "use" ? use(base, operands[1], environment.language)
                              : remove(base, operands[1], environment.language);
}

}  // namespace sealift::cli
