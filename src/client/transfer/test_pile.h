// For tests of this folder: folders full of files, and what is in them.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "base/temporary_folder.h"

namespace sealift::client::testing {

inline std::string random_content(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; i += 8) {
    const std::uint64_t value = engine();
    for (std::size_t k = 0; k < 8 && i + k < size; ++k)
      out[i + k] = static_cast<char>(value >> (8 * k));
  }
  return out;
}

inline void write_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  SEALIFT_CHECK(out.good());
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Path below `root` to what it is: "d" or "f", permissions, time, content.
inline std::map<std::string, std::string> snapshot(const std::filesystem::path& root) {
  std::map<std::string, std::string> out;
  for (const auto& each : std::filesystem::recursive_directory_iterator(root)) {
    struct stat status {};
    SEALIFT_CHECK(::lstat(each.path().c_str(), &status) == 0);
    std::string what = S_ISDIR(status.st_mode) ? "d" : S_ISREG(status.st_mode) ? "f" : "?";
    what += " " + std::to_string(status.st_mode & 0777) + " " +
            std::to_string(status.st_mtim.tv_sec) + " ";
    if (S_ISREG(status.st_mode)) what += read_file(each.path());
    out[each.path().lexically_relative(root).string()] = std::move(what);
  }
  return out;
}

// Sizes on both sides of every border there is, odd names, folders in folders, an empty one.
inline void make_pile(const std::filesystem::path& root) {
  const std::size_t sizes[] = {0,     1,       511,     512,     513,     65535,
                               65536, 1048575, 1048576, 1048577, 3000000, 2 * 1048576};
  std::uint64_t seed = 1;
  for (const std::size_t size : sizes) {
    write_file(root / ("size " + std::to_string(size)), random_content(size, seed));
    ++seed;
  }
  for (int i = 0; i < 300; ++i)
    write_file(root / "many" / std::to_string(i % 7) / ("f" + std::to_string(i)),
               random_content(static_cast<std::size_t>(i * 37 % 4096), seed++));
  const char* const names[] = {"-rf", "$(id)",  "con",  " leading",  "trailing ", "a'b\"c",
                               "été", "日本語", "🙂", "e\xcc\x81", "%2e%2e",    "..."};
  for (const char* name : names) write_file(root / "odd" / name, std::string("in ") + name);
  std::string deep = "deep";
  for (int i = 0; i < 30; ++i) deep += "/level" + std::to_string(i);
  write_file(root / deep / "bottom", "far down");
  std::filesystem::create_directories(root / "empty" / "inside");
  std::filesystem::permissions(root / "odd" / "con", std::filesystem::perms(0500));
  std::filesystem::permissions(root / "empty", std::filesystem::perms(0750));
  const timespec times[2] = {{86400, 0}, {86400, 0}};
  SEALIFT_CHECK(::utimensat(AT_FDCWD, (root / "odd" / "con").c_str(), times, 0) == 0);
  SEALIFT_CHECK(::utimensat(AT_FDCWD, (root / "empty").c_str(), times, 0) == 0);
}

}  // namespace sealift::client::testing
