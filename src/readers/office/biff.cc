#include "readers/office/biff.h"

#include <algorithm>

#include "readers/little_endian.h"

namespace sealift::readers {
namespace {

constexpr std::uint8_t kWide = 0x01;
constexpr std::uint8_t kHasPhonetic = 0x04;
constexpr std::uint8_t kHasRuns = 0x08;
constexpr std::size_t kRunSize = 4;

}  // namespace

std::optional<BiffRecord> BiffReader::next() {
  const auto take = [&]() -> std::optional<BiffRecord> {
    if (at_ + 4 > stream_.size()) return std::nullopt;
    const auto type = static_cast<BiffType>(u16_at(stream_, at_));
    const std::size_t size = u16_at(stream_, at_ + 2);
    if (at_ + 4 + size > stream_.size()) return std::nullopt;
    const BiffRecord record{type, stream_.substr(at_ + 4, size), {}};
    at_ += 4 + size;
    return record;
  };
  auto record = take();
  if (!record) return std::nullopt;
  while (at_ + 4 <= stream_.size() &&
         static_cast<BiffType>(u16_at(stream_, at_)) == BiffType::continued) {
    const auto more = take();
    if (!more) break;
    record->continued.push_back(more->bytes);
  }
  return record;
}

BiffCursor::BiffCursor(const BiffRecord& record) {
  segments_.push_back(record.bytes);
  segments_.insert(segments_.end(), record.continued.begin(), record.continued.end());
  settle();
}

void BiffCursor::settle() {
  while (segment_ < segments_.size() && at_ >= segments_[segment_].size()) {
    ++segment_;
    at_ = 0;
  }
}

std::uint8_t BiffCursor::u8() {
  if (at_end()) return 0;
  const std::uint8_t value = u8_at(segments_[segment_], at_++);
  settle();
  return value;
}

std::uint16_t BiffCursor::u16() {
  const std::uint8_t low = u8();
  return static_cast<std::uint16_t>(low | (u8() << 8));
}

std::uint32_t BiffCursor::u32() {
  const std::uint32_t low = u16();
  return low | (static_cast<std::uint32_t>(u16()) << 16);
}

void BiffCursor::skip(std::size_t size) {
  while (size > 0 && !at_end()) {
    const std::size_t step = std::min(size, segments_[segment_].size() - at_);
    at_ += step;
    size -= step;
    settle();
  }
}

std::string BiffCursor::characters(std::size_t length, std::uint8_t flags) {
  std::string out;
  std::string wide;  // a pair of halves may be cut by a continuation
  bool is_wide = (flags & kWide) != 0;
  while (length > 0 && !at_end()) {
    const std::size_t segment = segment_;
    const std::size_t unit = is_wide ? 2 : 1;
    const std::size_t room = (segments_[segment_].size() - at_) / unit;
    const std::size_t count = std::min(length, room);
    const std::string_view bytes = segments_[segment_].substr(at_, count * unit);
    for (std::size_t i = 0; i < bytes.size(); i += unit) {
      wide += bytes[i];
      wide += is_wide ? bytes[i + 1] : '\0';
    }
    length -= count;
    at_ = room == count && length > 0 ? segments_[segment_].size() : at_ + count * unit;
    settle();
    if (length > 0 && segment_ != segment && !at_end()) is_wide = (u8() & kWide) != 0;
  }
  return text_of_utf16(wide);
}

std::string BiffCursor::unicode_string(std::size_t length) {
  const std::uint8_t flags = u8();
  const std::size_t runs = (flags & kHasRuns) != 0 ? u16() : 0;
  const std::size_t phonetic = (flags & kHasPhonetic) != 0 ? u32() : 0;
  std::string text = characters(length, flags);
  skip(runs * kRunSize + phonetic);
  return text;
}

}  // namespace sealift::readers
