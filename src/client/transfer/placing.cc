#include "client/transfer/placing.h"

#include <algorithm>

#include "client/transfer/entry_hashes.h"
#include "client/transfer/ordered_work.h"

namespace sealift::client {
namespace {

using base::Result;
using parcel::EntryKind;
using parcel::EntryPath;
using parcel::kHashPieceSize;
using Found = OutputTree::Found;

constexpr std::size_t kNameSizeMax = 255;
// Somebody who has as many copies is not helped by another.
constexpr unsigned kNumberMax = 10'000;

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

std::string joined(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

// Cut between two characters.
std::string_view shortened(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  while (size_max > 0 && (static_cast<unsigned char>(text[size_max]) & 0xc0U) == 0x80U) --size_max;
  return text.substr(0, size_max);
}

}  // namespace

std::string numbered_path(const std::string& path, unsigned number) {
  if (number == 1) return path;
  const std::string_view name = name_of(path);
  const std::size_t dot = name.rfind('.');
  const std::size_t stem = dot == name.npos || dot == 0 ? name.size() : dot;
  const std::string tail = " (" + std::to_string(number) + ")" + std::string(name.substr(stem));
  const std::size_t room = kNameSizeMax - std::min(kNameSizeMax, tail.size());
  return joined(std::string(folder_of(path)),
                std::string(shortened(name.substr(0, stem), room)) + tail);
}

Placing::Placing(const parcel::Manifest& manifest, OutputTree& tree, DecideConflict decide,
                 unsigned workers)
    : manifest_(manifest),
      tree_(tree),
      decide_(std::move(decide)),
      workers_(workers),
      targets_(manifest.entries.size()),
      is_there_(manifest.entries.size()) {
  for (const auto& item : manifest.entries) names_.insert(item.entry.path.text());
}

// What `path` is called with that number, in the folder that its own folder became.
std::string Placing::candidate(const std::string& parent, const std::string& path,
                               unsigned number) const {
  return joined(parent, name_of(numbered_path(path, number)));
}

// Whether another entry of the parcel will have that name.
bool Placing::is_anothers(const std::string& path, unsigned number) const {
  return number > 1 && names_.contains(numbered_path(path, number));
}

void Placing::settle(std::size_t entry, const std::string& path) {
  auto parsed = EntryPath::parse(path);
  if (!parsed) return;  // too long: it is left out
  taken_.insert(path);
  const std::string& own = manifest_.entries[entry].entry.path.text();
  if (const auto found = decided_.find(own); found != decided_.end()) renamed_[own] = path;
  targets_[entry] = *std::move(parsed);
}

// The folder that a folder of the parcel becomes; nullopt: it is left out.
Result<std::optional<std::string>> Placing::folder_for(std::string_view path) {
  if (path.empty()) return std::string();
  if (const auto found = folders_.find(path); found != folders_.end()) return found->second;
  SEALIFT_TRY(const auto parent, folder_for(folder_of(path)));
  std::optional<std::string> place;
  if (parent) {
    SEALIFT_TRY(place, free_folder(std::string(path), *parent));
  }
  folders_.emplace(path, place);
  return place;
}

Result<std::optional<std::string>> Placing::free_folder(const std::string& path,
                                                        const std::string& parent) {
  for (unsigned number = 1; number < kNumberMax; ++number) {
    if (is_anothers(path, number)) continue;
    std::string name = candidate(parent, path, number);
    const auto parsed = EntryPath::parse(name);
    if (!parsed) break;
    SEALIFT_TRY(const OutputTree::Standing standing, tree_.look(*parsed));
    if (standing.found == Found::nothing || standing.found == Found::folder) {
      if (number > 1) renamed_[path] = name;
      return name;
    }
    if (number > 1) continue;
    const OnConflict end = decide_(path, candidate(parent, path, 2));
    decided_[path] = {end};
    if (end != OnConflict::rename) return std::nullopt;
  }
  decided_[path] = {OnConflict::fail};
  return std::nullopt;
}

bool Placing::decide(std::size_t entry) {
  const std::string& path = manifest_.entries[entry].entry.path.text();
  auto found = decided_.find(path);
  if (found == decided_.end()) {
    const auto parent = folders_.find(folder_of(path));
    const std::string folder =
        parent == folders_.end() ? std::string() : parent->second.value_or(std::string());
    found = decided_.emplace(path, Decided{decide_(path, candidate(folder, path, 2))}).first;
  }
  Decided& decided = found->second;
  if (decided.end != OnConflict::rename) return false;
  if (++decided.number < kNumberMax) return true;
  decided.end = OnConflict::fail;
  return false;
}

// False: something is in the way under the present name.
Result<bool> Placing::look(std::size_t entry, Round& to_compare) {
  const parcel::Entry& about = manifest_.entries[entry].entry;
  const std::string& path = about.path.text();
  SEALIFT_TRY(const auto parent, folder_for(folder_of(path)));
  if (!parent) return true;  // it is left out with its folder
  const auto decided = decided_.find(path);
  const unsigned number = decided == decided_.end() ? 1 : decided->second.number;
  const std::string name = candidate(*parent, path, number);
  if (is_anothers(path, number) || taken_.contains(name)) return false;
  const auto parsed = EntryPath::parse(name);
  if (!parsed) {
    decided_[path] = {OnConflict::fail};
    return true;
  }
  SEALIFT_TRY(OutputTree::Standing standing, tree_.look(*parsed));
  if (standing.found == Found::nothing) {
    settle(entry, name);
    return true;
  }
  if (standing.found != Found::file || standing.size_bytes != about.size_bytes) return false;
  to_compare.emplace(entry, *parsed);
  return true;
}

// On all threads, piece by piece; a file is open while a piece of it is read.
Result<void> Placing::hash(const Round& files, EntryHashes& hashes) {
  struct Piece {
    std::size_t entry;
    std::uint64_t at;
  };
  std::vector<Piece> pieces;
  const auto size_of = [&](std::size_t entry) { return manifest_.entries[entry].entry.size_bytes; };
  for (const auto& [entry, path] : files)
    for (std::uint64_t at = 0; at < size_of(entry); at += kHashPieceSize)
      pieces.push_back({entry, at});
  return for_each_in_order(
      pieces.size(), workers_, kHashPieceSize, [&] { hashes.abandon(); },
      [&](std::size_t item, base::MutableByteView buffer) -> Result<void> {
        const auto [entry, at] = pieces[item];
        const auto bytes = buffer.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(size_of(entry) - at, kHashPieceSize)));
        SEALIFT_TRY(const OutputTree::Standing standing, tree_.look(files.at(entry)));
        std::size_t got = 0;
        if (standing.found == Found::file) {
          SEALIFT_TRY(got, base::pread_full(standing.file.get(), bytes, at));
        }
        // One that is cut short meanwhile is another file: the hash says so.
        std::ranges::fill(bytes.subspan(got), std::byte{0});
        const ContentPart part{.entry = entry, .at = at, .bytes = bytes};
        SEALIFT_TRY_VOID(hashes.add({&part, 1}));
        return {};
      });
}

Result<void> Placing::compare(const Round& files, std::vector<std::size_t>& in_the_way) {
  if (files.empty()) return {};
  std::vector<parcel::Entry> entries;
  for (const auto& item : manifest_.entries) entries.push_back(item.entry);
  EntryHashes hashes(entries);
  SEALIFT_TRY_VOID(hash(files, hashes));
  for (const auto& [entry, path] : files) {
    if (hashes.root(entry) != manifest_.entries[entry].content_hash) {
      in_the_way.push_back(entry);
      continue;
    }
    settle(entry, path.text());
    is_there_[entry] = true;
  }
  return {};
}

Result<void> Placing::place(const std::vector<bool>& wanted) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const parcel::Entry& entry = manifest_.entries[i].entry;
    if (!wanted[i]) continue;
    SEALIFT_TRY_VOID(OutputTree::check(entry.path));
    if (entry.kind != EntryKind::folder) {
      open.push_back(i);
      continue;
    }
    SEALIFT_TRY(const auto folder, folder_for(entry.path.text()));
    if (folder) settle(i, *folder);
  }
  while (!open.empty()) {
    Round to_compare;
    std::vector<std::size_t> in_the_way;
    for (const std::size_t entry : open) {
      SEALIFT_TRY(const bool has_place, look(entry, to_compare));
      if (!has_place) in_the_way.push_back(entry);
    }
    SEALIFT_TRY_VOID(compare(to_compare, in_the_way));
    std::ranges::sort(in_the_way);
    open.clear();
    for (const std::size_t entry : in_the_way)
      if (decide(entry)) open.push_back(entry);
  }
  return {};
}

Result<bool> Placing::place_again(std::size_t entry) {
  targets_[entry].reset();
  while (decide(entry)) {
    Round ignored;
    SEALIFT_TRY(const bool has_place, look(entry, ignored));
    if (has_place && ignored.empty()) return targets_[entry].has_value();
  }
  return false;
}

std::vector<Conflict> Placing::conflicts() const {
  std::vector<Conflict> all;
  for (const auto& [path, decided] : decided_) {
    const auto renamed = renamed_.find(path);
    all.push_back({.path = path,
                   .end = decided.end,
                   .name = decided.end == OnConflict::rename && renamed != renamed_.end()
                               ? renamed->second
                               : std::string()});
  }
  return all;
}

}  // namespace sealift::client
