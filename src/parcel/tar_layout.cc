#include "parcel/tar_layout.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/check.h"
#include "parcel/padme.h"

namespace sealift::parcel {
namespace {

constexpr std::uint64_t kOctal11Max = 077777777777;  // eleven octal digits
constexpr std::size_t kNameSizeMax = 100;
constexpr std::uint64_t kClosingZeros = 2 * kTarBlockSize;

// Offsets of the fields in a ustar header.
constexpr std::size_t kModeAt = 100, kUidAt = 108, kGidAt = 116, kSizeAt = 124, kTimeAt = 136,
                      kChecksumAt = 148, kTypeAt = 156, kMagicAt = 257, kDevMajorAt = 329,
                      kDevMinorAt = 337;

using Block = std::array<char, kTarBlockSize>;

void put(Block& block, std::size_t at, std::string_view text) {
  std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(at));
}

// Octal digits and a NUL in a field of digits + 1 bytes.
void put_octal(Block& block, std::size_t at, int digits, std::uint64_t value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(value));
  put(block, at, text.data());
}

struct Ustar {
  std::string_view name;
  char type;
  std::uint32_t permissions;
  std::uint64_t size_bytes;
  std::uint64_t modified_unix_s;
};

void append_block(base::Bytes& out, const Ustar& fields) {
  Block block{};
  put(block, 0, fields.name.substr(0, kNameSizeMax));
  put_octal(block, kModeAt, 7, fields.permissions & 0777u);
  put_octal(block, kUidAt, 7, 0);
  put_octal(block, kGidAt, 7, 0);
  put_octal(block, kSizeAt, 11, fields.size_bytes);
  put_octal(block, kTimeAt, 11, fields.modified_unix_s);
  block[kTypeAt] = fields.type;
  put(block, kMagicAt, std::string_view("ustar\00000", 8));
  put_octal(block, kDevMajorAt, 7, 0);
  put_octal(block, kDevMinorAt, 7, 0);
  // The checksum is over the block with its own field as spaces.
  put(block, kChecksumAt, "        ");
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, kChecksumAt, 6, sum);
  base::append(out, std::as_bytes(std::span(block)));
}

// "LENGTH key=value\n", where LENGTH counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length)
    length = std::to_string(length).size() + rest;
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

// A folder's name ends in a slash.
std::string tar_name(const Entry& entry) {
  return entry.path.text() + (entry.kind == EntryKind::folder ? "/" : "");
}

bool fits_ustar_name(std::string_view name) {
  return name.size() <= kNameSizeMax &&
         std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool fits_ustar_time(std::int64_t seconds) {
  return seconds >= 0 && static_cast<std::uint64_t>(seconds) <= kOctal11Max;
}

}  // namespace

base::Bytes tar_header(const Entry& entry) {
  SEALIFT_CHECK(entry.kind == EntryKind::file || entry.size_bytes == 0);
  const std::string name = tar_name(entry);
  const bool name_fits = fits_ustar_name(name);
  const bool size_fits = entry.size_bytes <= kOctal11Max;
  const bool time_fits = fits_ustar_time(entry.modified_unix_s);

  std::string records;
  if (!name_fits) records += pax_record("path", name);
  if (!size_fits) records += pax_record("size", std::to_string(entry.size_bytes));
  if (!time_fits) records += pax_record("mtime", std::to_string(entry.modified_unix_s));

  base::Bytes out;
  if (!records.empty()) {
    append_block(out, {"PaxHeader", 'x', 0644, records.size(), 0});
    base::append(out, base::bytes_of(records));
    out.resize(out.size() + tar_padding(records.size()));
  }
  append_block(out, {name_fits ? std::string_view(name) : "PaxEntry",
                     entry.kind == EntryKind::folder ? '5' : '0', entry.permissions,
                     size_fits ? entry.size_bytes : 0,
                     time_fits ? static_cast<std::uint64_t>(entry.modified_unix_s) : 0});
  return out;
}

std::uint64_t tar_padding(std::uint64_t content_size_bytes) {
  return (kTarBlockSize - content_size_bytes % kTarBlockSize) % kTarBlockSize;
}

TarLayout lay_out(std::span<const Entry> entries) {
  TarLayout layout;
  std::uint64_t at = 0;
  for (const Entry& entry : entries) {
    at += tar_header(entry).size();
    layout.content_offsets.push_back(at);
    at += entry.size_bytes + tar_padding(entry.size_bytes);
  }
  layout.end_offset = at;
  layout.size_bytes = padme_size(at + kClosingZeros);
  return layout;
}

}  // namespace sealift::parcel
