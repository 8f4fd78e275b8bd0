#include "extract/pile.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "base/utf8.h"

namespace sealift::extract {
namespace {

namespace fs = std::filesystem;

using base::ErrorCode;
using base::fail;
using base::Result;

// Why something in a folder is listed and not read.
std::string unreadable_reason(const fs::file_status& status) {
  switch (status.type()) {
    case fs::file_type::symlink:
      return "a link: what it points to is read only if it is in the pile itself";
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    default:
      return "neither a file nor a folder";
  }
}

void add_folder(const fs::path& folder, const std::string& shown, std::vector<InputFile>& files) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(*at);
  }
  if (error) {
    const std::string name = shown.empty() ? "." : shown.substr(0, shown.size() - 1);
    files.push_back({name, folder.native(), 0, "a folder that there is no right to list"});
  }
  std::ranges::sort(entries, {},
                    [](const fs::directory_entry& entry) { return entry.path().native(); });
  for (const fs::directory_entry& entry : entries) {
    const std::string name = shown + shown_name(entry.path().filename().native());
    const fs::file_status status = entry.symlink_status(error);
    if (fs::is_directory(status)) {
      add_folder(entry.path(), name + "/", files);
    } else if (fs::is_regular_file(status)) {
      const std::uintmax_t size = entry.file_size(error);
      files.push_back({name, entry.path().native(), error ? 0 : size});
    } else {
      files.push_back({name, entry.path().native(), 0, unreadable_reason(status)});
    }
  }
}

}  // namespace

std::string shown_name(const std::string& disk_name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  std::string_view rest = disk_name;
  while (true) {
    const std::size_t good = base::utf8_prefix_length(rest);
    out += rest.substr(0, good);
    if (good == rest.size()) return out;
    const auto byte = static_cast<unsigned char>(rest[good]);
    out += "\\x";
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
    rest.remove_prefix(good + 1);
  }
}

Result<std::vector<InputFile>> list_pile(const std::vector<std::string>& paths) {
  std::vector<InputFile> files;
  for (const std::string& given : paths) {
    std::error_code error;
    fs::path path(given);
    if (!path.has_filename() && path.has_parent_path()) path = path.parent_path();
    const fs::file_status status = fs::status(path, error);
    const std::string own = shown_name(path.filename().native());
    if (fs::is_directory(status)) {
      add_folder(path, paths.size() > 1 ? own + "/" : "", files);
    } else if (fs::is_regular_file(status)) {
      files.push_back({own, path.native(), fs::file_size(path, error)});
    } else {
      return fail(ErrorCode::not_found, "no such file or folder");
    }
  }
  return files;
}

}  // namespace sealift::extract
