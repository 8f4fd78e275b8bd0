#include "cli/profiles.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "base/atomic_file.h"
#include "base/file_descriptor.h"
#include "base/refusal.h"
#include "cli/output.h"
#include "client/account/profile.h"

namespace sealift::cli {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr std::string_view kInUseFile = "/profile";
constexpr std::string_view kProfilesFolder = "/profiles/";
constexpr std::size_t kNameSizeMax = 40;

}  // namespace

bool is_profile_name(std::string_view text) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= kNameSizeMax && is_alphanumeric(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string profile_folder(const std::string& base, const std::string& name) {
  return name == kDefaultProfile ? base : base + std::string(kProfilesFolder) + name;
}

std::vector<std::string> profile_names(const std::string& base) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator each(base + std::string(kProfilesFolder), error), end;
       !error && each != end; each.increment(error)) {
    std::string name = each->path().filename().string();
    if (is_profile_name(name)) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  names.insert(names.begin(), std::string(kDefaultProfile));
  return names;
}

Result<std::string> profile_in_use(const std::string& base) {
  const std::string path = base + std::string(kInUseFile);
  std::error_code error;
  if (!fs::exists(path, error)) return std::string(kDefaultProfile);
  SEALIFT_TRY(const base::FileDescriptor file, open_input(path));
  std::array<std::byte, kNameSizeMax + 2> bytes{};
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  std::string name(base::text_of(base::ByteView(bytes).first(size)));
  if (name.ends_with('\n')) name.pop_back();
  if (!is_profile_name(name))
    return base::fail(base::ErrorCode::malformed,
                      path + " names no profile: choose one with `sealift profile use`");
  return name;
}

Result<void> use_profile(const std::string& base, const std::string& name) {
  SEALIFT_TRY(base::AtomicFile file,
              base::AtomicFile::create(base + std::string(kInUseFile), 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(name + "\n")));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

tl::expected<Environment, Failure> with_profile(Environment environment, ProfileUse use) {
  if (use == ProfileUse::none || environment.profile_folder.empty()) return environment;
  const std::string base = environment.profile_folder;
  if (environment.profile_name.empty()) {
    auto name = profile_in_use(base);
    if (!name) return tl::unexpected(Failure(std::move(name).error()));
    environment.profile_name = *std::move(name);
  }
  if (!is_profile_name(environment.profile_name))
    return fail_usage("a profile's name has up to 40 small letters, digits, dots and dashes");
  const auto names = profile_names(base);
  const bool is_there = std::ranges::find(names, environment.profile_name) != names.end();
  if (!is_there && use != ProfileUse::makes)
    return tl::unexpected(Failure(base::refuse("no_profile").value()));
  environment.profile_folder = profile_folder(base, environment.profile_name);
  if (is_there || environment.profile_name == kDefaultProfile) return environment;
  // All on the way is its owner's alone.
  auto made = client::Profile::open(base);
  if (!made) return tl::unexpected(Failure(std::move(made).error()));
  const std::string folder = base + std::string(kProfilesFolder);
  constexpr unsigned kOwnerOnly = 0700;
  if (::mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST)
    return tl::unexpected(Failure(base::error_of_errno(errno, "make the folder " + folder)));
  return environment;
}

}  // namespace sealift::cli
