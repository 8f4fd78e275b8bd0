// Profiles: several servers or accounts on one machine, each with its own login, keys and memory.
//
//   ~/.config/sealift/                the profile "default": the only one, for most people
//   ~/.config/sealift/profiles/NAME/  another one, laid out the same way
//   ~/.config/sealift/profile         the name of the one in use, as `sealift profile use` wrote it
//
// Which one: --profile NAME, then $SEALIFT_PROFILE, then `profile use`, then "default". A profile
// is made by logging in with it; every other verb refuses a name that isn't there.
#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace sealift::cli {

inline constexpr std::string_view kDefaultProfile = "default";

// [a-z0-9] and then up to 39 of [a-z0-9._-].
bool is_profile_name(std::string_view text);

// "default", then the others by name. `base`: the folder of the first profile.
std::vector<std::string> profile_names(const std::string& base);
std::string profile_folder(const std::string& base, const std::string& name);

// The one in use when nobody asks for another. Errors: malformed, io.
base::Result<std::string> profile_in_use(const std::string& base);
base::Result<void> use_profile(const std::string& base, const std::string& name);

// `environment` as main made it, with the profile that is asked for. Errors: usage (not a name),
// not_found.
tl::expected<Environment, Failure> with_profile(Environment environment, ProfileUse use);

}  // namespace sealift::cli
