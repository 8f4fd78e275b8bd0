#include "readers/pack/cfb.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/limits.h"
#include "readers/little_endian.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

constexpr std::string_view kMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr std::size_t kHeaderSize = 512;
constexpr std::size_t kEntrySize = 128;
constexpr std::uint32_t kLastSector = 0xFFFFFFFA;  // this and higher are no sectors
constexpr std::size_t kEntriesMax = 1'000'000;

void append_numbers(std::vector<std::uint32_t>& to, std::string_view bytes) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) to.push_back(u32_at(bytes, at));
}

CompoundFile::Entry parse_entry(std::string_view bytes) {
  CompoundFile::Entry entry;
  const std::size_t name_size = std::min<std::size_t>(u16_at(bytes, 64), 64);
  if (name_size >= 2) entry.name = text_of_utf16(bytes.substr(0, name_size - 2));
  const std::uint8_t kind = u8_at(bytes, 66);
  if (kind == 1 || kind == 2 || kind == 5) entry.kind = static_cast<CompoundFile::Kind>(kind);
  entry.left = u32_at(bytes, 68);
  entry.right = u32_at(bytes, 72);
  entry.child = u32_at(bytes, 76);
  entry.start = u32_at(bytes, 116);
  entry.size_bytes = u32_at(bytes, 120);  // the high half is noise in version 3
  return entry;
}

}  // namespace

std::optional<CompoundFile> CompoundFile::open(base::ByteView bytes) {
  CompoundFile file(bytes);
  if (!file.read_header() || file.entries_.empty()) return std::nullopt;
  return file;
}

bool CompoundFile::read_header() {
  const std::string_view text = base::text_of(bytes_);
  if (!text.starts_with(kMagic) || text.size() < kHeaderSize) return false;
  sector_shift_ = u16_at(text, 30);
  mini_shift_ = u16_at(text, 32);
  if (sector_shift_ < 7 || sector_shift_ > 16 || mini_shift_ > sector_shift_) return false;
  directory_start_ = u32_at(text, 48);
  mini_cutoff_ = u32_at(text, 56);
  mini_fat_start_ = u32_at(text, 60);
  read_fat(u32_at(text, 68));
  read_directory(directory_start_);
  if (entries_.empty()) return false;
  append_numbers(mini_fat_, chain(mini_fat_start_, bytes_.size()));
  mini_stream_ = chain(entries_[kRoot].start, entries_[kRoot].size_bytes);
  return true;
}

std::string_view CompoundFile::sector(std::uint32_t number) const {
  const std::uint64_t size = std::uint64_t{1} << sector_shift_;
  const std::uint64_t at = (std::uint64_t{number} + 1) * size;
  const std::string_view text = base::text_of(bytes_);
  return at < text.size() ? text.substr(at, size) : std::string_view();
}

void CompoundFile::read_fat(std::uint32_t difat_start) {
  std::vector<std::uint32_t> difat;
  append_numbers(difat, base::text_of(bytes_).substr(76, 436));
  // Each DIFAT sector ends with the number of the next; the file's size bounds their count.
  const std::size_t sectors_max = (bytes_.size() >> sector_shift_) + 1;
  for (std::size_t i = 0; i < sectors_max && difat_start < kLastSector; ++i) {
    append_numbers(difat, sector(difat_start));
    if (sector(difat_start).size() < 8) break;
    difat_start = difat.back();
    difat.pop_back();
  }
  for (const std::uint32_t number : difat) {
    if (number >= kLastSector || fat_.size() > sectors_max) continue;
    append_numbers(fat_, sector(number));
  }
}

std::string CompoundFile::chain(std::uint32_t start, std::uint64_t size_max) const {
  std::string out;
  const std::uint64_t limit = std::min<std::uint64_t>(size_max, bytes_.size());
  // A chain that meets itself ends where the file's size does.
  for (std::uint32_t at = start; at < kLastSector && out.size() < limit;) {
    const std::string_view bytes = sector(at);
    if (bytes.empty()) break;
    out += bytes.substr(0, limit - out.size());
    if (at >= fat_.size()) break;
    at = fat_[at];
  }
  return out;
}

void CompoundFile::read_directory(std::uint32_t start) {
  const std::string bytes = chain(start, bytes_.size());
  for (std::size_t at = 0; at + kEntrySize <= bytes.size() && entries_.size() < kEntriesMax;
       at += kEntrySize) {
    entries_.push_back(parse_entry(std::string_view(bytes).substr(at, kEntrySize)));
  }
  set_parents();
}

// Siblings form a tree below their storage's child; each entry is visited once.
void CompoundFile::set_parents() {
  std::vector<bool> seen(entries_.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> todo;  // entry, its storage
  if (!entries_.empty()) todo.emplace_back(entries_[kRoot].child, kRoot);
  for (Entry& entry : entries_) entry.parent = static_cast<std::uint32_t>(entries_.size());
  while (!todo.empty()) {
    const auto [at, parent] = todo.back();
    todo.pop_back();
    if (at >= entries_.size() || seen[at]) continue;
    seen[at] = true;
    Entry& entry = entries_[at];
    entry.parent = parent;
    todo.emplace_back(entry.left, parent);
    todo.emplace_back(entry.right, parent);
    if (entry.kind == Kind::storage) todo.emplace_back(entry.child, at);
  }
}

std::optional<std::uint32_t> CompoundFile::find(std::string_view name,
                                                std::uint32_t storage) const {
  for (std::uint32_t i = 1; i < entries_.size(); ++i) {
    if (entries_[i].parent == storage && base::equal_ignoring_case(entries_[i].name, name))
      return i;
  }
  return std::nullopt;
}

std::vector<std::uint32_t> CompoundFile::children(std::uint32_t storage) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 1; i < entries_.size(); ++i) {
    if (entries_[i].parent == storage && entries_[i].kind != Kind::none) out.push_back(i);
  }
  return out;
}

std::string CompoundFile::read(std::uint32_t index) const {
  const Entry& entry = entries_[index];
  if (entry.kind != Kind::stream) return {};
  if (entry.size_bytes >= mini_cutoff_) return chain(entry.start, entry.size_bytes);
  std::string out;
  const std::uint64_t size = std::uint64_t{1} << mini_shift_;
  for (std::uint32_t at = entry.start; at < kLastSector && out.size() < entry.size_bytes;) {
    const std::uint64_t from = at * size;
    if (from >= mini_stream_.size()) break;
    out += std::string_view(mini_stream_)
               .substr(from, std::min<std::uint64_t>(size, entry.size_bytes - out.size()));
    if (at >= mini_fat_.size()) break;
    at = mini_fat_[at];
  }
  return out;
}

std::string CompoundFile::read(std::string_view name, std::uint32_t storage) const {
  const auto at = find(name, storage);
  return at ? read(*at) : std::string();
}

}  // namespace sealift::readers
