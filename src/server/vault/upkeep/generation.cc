#include "server/vault/upkeep/generation.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "base/regular_file.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using nlohmann::json;

constexpr std::string_view kFormat = "sealift-backup-1";
constexpr std::size_t kMarkerSizeMax = 4096;
constexpr std::size_t kListSizeMax = std::size_t{1} << 30;
constexpr std::size_t kDigits = 8;
constexpr std::size_t kShardDigits = 2;

std::string shard(const catalog::BlobId& id) {
  return base::hex_encode(id.view()).substr(0, kShardDigits);
}

template <typename Value>
Result<Value> fixed_of(std::string_view hex) {
  const auto bytes = base::hex_decode(hex);
  const auto value = bytes ? Value::of(*bytes) : std::nullopt;
  if (!value) return base::fail(ErrorCode::malformed, "backup");
  return *value;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<ListedBlob> parse_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    return base::fail(ErrorCode::malformed, "backup");
  }
  ListedBlob blob;
  SEALIFT_TRY(blob.id, fixed_of<catalog::BlobId>(line.substr(0, first)));
  const auto size = number_of(line.substr(first + 1, second - first - 1));
  if (!size) return base::fail(ErrorCode::malformed, "backup");
  blob.content.size_bytes = *size;
  SEALIFT_TRY(blob.content.digest, fixed_of<catalog::BlobDigest>(line.substr(second + 1)));
  return blob;
}

FileDescriptor open_readers(const BackupFolder& folder) {
  constexpr mode_t kFileMode = 0600;
  return FileDescriptor(::open(folder.readers().c_str(),
                               O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                               kFileMode));
}

}  // namespace

std::string marker_text(const Marker& marker) {
  return json{{"format", kFormat},
              {"generation", marker.generation},
              {"made", marker.made.time_since_epoch().count()},
              {"catalog", base::hex_encode(marker.catalog.view())},
              {"list", base::hex_encode(marker.list.view())},
              {"blobs", marker.blobs},
              {"log_entries", marker.log_entries},
              {"directory_entries", marker.directory_entries},
              {"log_name", marker.log_name},
              {"lost", marker.lost}}
             .dump() +
         "\n";
}

Result<Marker> parse_marker(std::string_view text) {
  const json read = json::parse(text, nullptr, false);
  if (!read.is_object()) return base::fail(ErrorCode::malformed, "backup's marker");
  if (!read.contains("format") || read["format"] != kFormat) {
    return base::fail(ErrorCode::unsupported, "backup of another format than this Sealift's");
  }
  const auto number = [&](const char* name) -> std::optional<std::uint64_t> {
    const auto found = read.find(name);
    if (found == read.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
  };
  const auto word = [&](const char* name) {
    const auto found = read.find(name);
    return found != read.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto generation = number("generation");
  const auto made = number("made");
  const auto blobs = number("blobs");
  const auto entries = number("log_entries");
  const auto directory_entries = number("directory_entries");
  const auto lost = number("lost");
  if (!generation || !made || !blobs || !entries || !directory_entries || !lost) {
    return base::fail(ErrorCode::malformed, "backup's marker");
  }
  Marker marker;
  marker.generation = *generation;
  marker.made = base::UnixTime(std::chrono::milliseconds(*made));
  SEALIFT_TRY(marker.catalog, fixed_of<catalog::BlobDigest>(word("catalog")));
  SEALIFT_TRY(marker.list, fixed_of<catalog::BlobDigest>(word("list")));
  marker.blobs = *blobs;
  marker.log_entries = *entries;
  marker.directory_entries = *directory_entries;
  marker.log_name = word("log_name");
  marker.lost = *lost;
  return marker;
}

std::string list_text(const std::vector<ListedBlob>& blobs) {
  std::string text;
  for (const ListedBlob& blob : blobs) {
    text += base::hex_encode(blob.id.view()) + " " + std::to_string(blob.content.size_bytes) + " " +
            base::hex_encode(blob.content.digest.view()) + "\n";
  }
  return text;
}

Result<std::vector<ListedBlob>> parse_list(std::string_view text) {
  std::vector<ListedBlob> blobs;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return base::fail(ErrorCode::malformed, "backup");
    SEALIFT_TRY(const ListedBlob blob, parse_line(text.substr(0, end)));
    if (!blobs.empty() && blob.id <= blobs.back().id) {
      return base::fail(ErrorCode::malformed, "backup");
    }
    blobs.push_back(blob);
    text.remove_prefix(end + 1);
  }
  return blobs;
}

std::string BackupFolder::generation(std::uint64_t number) const {
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return generations() + "/" + digits;
}

std::string BackupFolder::blob(const catalog::BlobId& id) const {
  return store() + "/" + shard(id) + "/" + base::hex_encode(id.view());
}

Result<std::vector<std::uint64_t>> BackupFolder::numbers() const {
  SEALIFT_TRY(const auto names, names_in(generations()));
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names) {
    const auto number = name.size() < kDigits ? std::nullopt : number_of(name);
    if (number) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<std::optional<Marker>> BackupFolder::marker_of(std::uint64_t number) const {
  const auto text = read_text(marker(number), kMarkerSizeMax);
  if (!text && text.error().code == ErrorCode::not_found) return std::nullopt;
  if (!text) return tl::unexpected(text.error());
  SEALIFT_TRY(Marker found, parse_marker(*text));
  if (found.generation != number) return base::fail(ErrorCode::malformed, "backup's marker");
  return found;
}

Result<std::vector<ListedBlob>> BackupFolder::list_of(const Marker& marker) const {
  SEALIFT_TRY(const std::string text,
              read_text(generation(marker.generation) + "/blobs", kListSizeMax));
  if (crypto::sha256(base::bytes_of(text)) != marker.list.bytes) {
    return base::fail(ErrorCode::damaged, "the backup's list of blobs");
  }
  return parse_list(text);
}

Result<FileDescriptor> hold_generations(const BackupFolder& folder) {
  FileDescriptor file = open_readers(folder);
  if (!file.is_open()) return file;
  SEALIFT_TRY_VOID(base::need_regular(file.get(), folder.readers()));
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return file;
  return base::fail(ErrorCode::conflict,
                    "a backup to this folder is removing old generations: try again in a moment");
}

Result<std::optional<FileDescriptor>> take_generations(const BackupFolder& folder) {
  FileDescriptor file = open_readers(folder);
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, folder.readers()));
  SEALIFT_TRY_VOID(base::need_regular(file.get(), folder.readers()));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return std::optional(std::move(file));
  return std::optional<FileDescriptor>();
}

Result<Chosen> choose_generation(const BackupFolder& folder,
                                 const std::optional<std::uint64_t>& wanted) {
  SEALIFT_TRY(const auto numbers, folder.numbers());
  std::optional<Chosen> chosen;
  std::optional<base::Error> newer;
  std::uint64_t interrupted = 0;
  std::string whole;  // their numbers
  for (const std::uint64_t number : numbers) {
    auto marker = folder.marker_of(number);
    if (!marker && wanted == number) return tl::unexpected(std::move(marker).error());
    const bool is_newer = !marker && marker.error().code == ErrorCode::unsupported;
    if (is_newer) newer = std::move(marker).error();
    if (is_newer) continue;
    if (!marker || !*marker) ++interrupted;
    if (!marker || !*marker) continue;
    whole += (whole.empty() ? "" : ", ") + std::to_string(number);
    if (wanted && wanted != number) continue;
    chosen = Chosen{**marker, 0};
    newer.reset();
  }
  if (newer && !wanted) return tl::unexpected(*std::move(newer));
  if (chosen) {
    chosen->interrupted = interrupted;
    return *std::move(chosen);
  }
  if (!whole.empty()) {
    return base::fail(ErrorCode::not_found,
                      "this folder has no whole generation of that number, "
                      "but these: " +
                          whole);
  }
  if (interrupted > 0) {
    return base::fail(ErrorCode::not_found, "no whole backup is in this folder: it was cut short");
  }
  return base::fail(ErrorCode::not_found, "no backup is in this folder");
}

std::string whole_blob_path(const std::string& store, const catalog::BlobId& id) {
  return store + "/blobs/" + shard(id) + "/" + base::hex_encode(id.view());
}

}  // namespace sealift::server::vault
