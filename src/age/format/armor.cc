#include "age/format/armor.h"

#include <algorithm>

#include "base/base64.h"
#include "base/limits.h"

namespace sealift::age {

using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::ErrorCode;
using base::MutableByteView;
using base::Result;
using base::text_of;

namespace {

constexpr std::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr std::string_view kEnd = "-----END AGE ENCRYPTED FILE-----";
constexpr std::size_t kColumns = 64;
constexpr std::size_t kLineBytes = kColumns / 4 * 3;
constexpr std::size_t kReadSize = std::size_t{64} << 10;
constexpr std::size_t kLinesAtOnce = 1024;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_blank(std::string_view text) { return std::ranges::all_of(text, is_space); }

}  // namespace

bool looks_armored(ByteView prefix) {
  std::string_view text = text_of(prefix);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text.starts_with("-----BEGIN");
}

tl::unexpected<base::Error> ArmorSource::malformed(std::string_view what) {
  failed_ = true;
  return base::fail(ErrorCode::malformed, "malformed armor: " + std::string(what));
}

Result<bool> ArmorSource::fill() {
  if (text_ended_) return false;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kReadSize);
  const MutableByteView piece = MutableByteView(buffer_).subspan(kept);
  auto count = text_->read_at(std::span(&piece, 1), text_offset_);
  buffer_.resize(kept + count.value_or(0));
  if (!count) return tl::unexpected(std::move(count).error());
  text_offset_ += *count;
  text_ended_ = *count < kReadSize;
  return *count > 0;
}

// A line without its end; the last one may have none. Lines longer than any that the format has
// are cut where they are judged too long.
Result<std::string_view> ArmorSource::next_line() {
  while (true) {
    const std::string_view rest = text_of(buffer_).substr(used_);
    std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && rest.size() <= limits::kAgeArmorWhitespaceMax) {
      SEALIFT_TRY(const bool more, fill());
      if (more) continue;
      if (rest.empty()) return malformed("cut short");
    }
    end = std::min(end, rest.size());
    used_ += std::min(end + 1, rest.size());
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
}

Result<void> ArmorSource::skip_to_begin() {
  std::size_t whitespace = 0;
  while (true) {
    SEALIFT_TRY(const std::string_view line, next_line());
    if (line == kBegin) break;
    if (!is_blank(line)) return malformed("something before its first line");
    whitespace += line.size() + 1;
    if (whitespace > limits::kAgeArmorWhitespaceMax) return malformed("whitespace before it");
  }
  stage_ = Stage::inside;
  return {};
}

Result<void> ArmorSource::check_rest() {
  std::size_t whitespace = 0;
  while (true) {
    const std::string_view rest = text_of(buffer_).substr(used_);
    if (!is_blank(rest)) return malformed("something after its last line");
    whitespace += rest.size();
    if (whitespace > limits::kAgeArmorWhitespaceMax) return malformed("whitespace after it");
    used_ = buffer_.size();
    SEALIFT_TRY(const bool more, fill());
    if (!more) break;
  }
  stage_ = Stage::after;
  return {};
}

Result<void> ArmorSource::decode_more() {
  if (stage_ == Stage::before) SEALIFT_TRY_VOID(skip_to_begin());
  decoded_.clear();
  taken_ = 0;
  for (std::size_t i = 0; i < kLinesAtOnce; ++i) {
    SEALIFT_TRY(const std::string_view line, next_line());
    if (line == kEnd) return check_rest();
    const auto bytes = base::base64_decode(line, base::Padding::required);
    if (line.empty() || line.size() > kColumns || !bytes) return malformed("a line");
    base::append(decoded_, *bytes);
    if (bytes->size() == kLineBytes) continue;
    SEALIFT_TRY(const std::string_view last, next_line());
    if (last != kEnd) return malformed("a short line before the last");
    return check_rest();
  }
  return {};
}

Result<std::size_t> ArmorSource::read_at(std::span<const MutableByteView> pieces,
                                         std::uint64_t /*offset*/) {
  if (failed_) return malformed("reading past a failure");
  std::size_t filled = 0;
  for (MutableByteView piece : pieces) {
    while (!piece.empty()) {
      if (taken_ == decoded_.size()) {
        if (stage_ == Stage::after) return filled;
        SEALIFT_TRY_VOID(decode_more());
        continue;
      }
      const std::size_t count = std::min(piece.size(), decoded_.size() - taken_);
      std::ranges::copy(ByteView(decoded_).subspan(taken_, count), piece.begin());
      taken_ += count;
      filled += count;
      piece = piece.subspan(count);
    }
  }
  return filled;
}

Result<void> ArmorSink::put(std::string_view text) {
  const ByteView piece = bytes_of(text);
  return text_.write(std::span(&piece, 1));
}

// Whole lines, but for the last call of all.
Result<void> ArmorSink::encode(ByteView bytes) {
  std::string lines;
  if (!begun_) lines.append(kBegin).append("\n");
  begun_ = true;
  while (!bytes.empty()) {
    const ByteView line = bytes.first(std::min(bytes.size(), kLineBytes));
    lines.append(base::base64_encode(line, base::Padding::required)).append("\n");
    bytes = bytes.subspan(line.size());
    if (lines.size() < kLinesAtOnce * kColumns) continue;
    SEALIFT_TRY_VOID(put(lines));
    lines.clear();
  }
  return put(lines);
}

Result<void> ArmorSink::write(std::span<const ByteView> pieces) {
  for (ByteView piece : pieces) {
    if (!rest_.empty()) {
      const std::size_t count = std::min(piece.size(), kLineBytes - rest_.size());
      base::append(rest_, piece.first(count));
      piece = piece.subspan(count);
      if (rest_.size() < kLineBytes) continue;
      SEALIFT_TRY_VOID(encode(rest_));
      rest_.clear();
    }
    const std::size_t whole = piece.size() / kLineBytes * kLineBytes;
    if (whole > 0) SEALIFT_TRY_VOID(encode(piece.first(whole)));
    rest_ = base::copy_of(piece.subspan(whole));
  }
  return {};
}

Result<void> ArmorSink::finish() {
  SEALIFT_TRY_VOID(encode(rest_));
  rest_.clear();
  return put(std::string(kEnd) + "\n");
}

}  // namespace sealift::age
