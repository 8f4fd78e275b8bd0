#include "server/log_frames.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace sealift::server {
namespace {

constexpr std::uint64_t kTimeMax = 253'402'300'799'999;  // the last millisecond of the year 9999

tl::unexpected<base::Error> malformed() {
  return base::fail(base::ErrorCode::malformed, "log frame");
}

void append_text(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') line += c;
  }
  line += '"';
}

void append_field(std::string& line, std::string_view key, std::string_view value) {
  line += ',';
  append_text(line, key);
  line += ':';
  append_text(line, value);
}

}  // namespace

base::Bytes encode_log_line(const LogLine& line) {
  base::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(line.event));
  out.u64_le(static_cast<std::uint64_t>(line.time.time_since_epoch().count()));
  const std::size_t count = std::min(line.fields.size(), kLogFieldsMax);
  out.u8(static_cast<std::uint8_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const auto key = std::string_view(line.fields[i].first).substr(0, kLogKeySizeMax);
    const auto value = std::string_view(line.fields[i].second).substr(0, kLogValueSizeMax);
    out.u8(static_cast<std::uint8_t>(key.size()));
    out.text(key);
    out.u16_le(static_cast<std::uint16_t>(value.size()));
    out.text(value);
  }
  return std::move(out).take();
}

base::Result<LogLine> decode_log_line(base::ByteView frame) {
  base::ByteReader in(frame);
  const auto number = in.u8();
  const auto event = number ? log_event_of(*number) : std::nullopt;
  const auto time = in.u64_le();
  const auto count = in.u8();
  if (!event || !time || *time > kTimeMax || !count || *count > kLogFieldsMax) return malformed();
  LogLine line{*event, base::UnixTime(std::chrono::milliseconds(*time)), {}};
  for (std::uint8_t i = 0; i < *count; ++i) {
    const auto key_size = in.u8();
    if (!key_size || *key_size > kLogKeySizeMax) return malformed();
    const auto key = in.take(*key_size);
    const auto value_size = in.u16_le();
    if (!key || !value_size || *value_size > kLogValueSizeMax) return malformed();
    const auto value = in.take(*value_size);
    if (!value) return malformed();
    line.fields.emplace_back(base::text_of(*key), base::text_of(*value));
  }
  if (!in.at_end()) return malformed();
  return line;
}

std::string json_line(const LogLine& line, std::string_view role) {
  const LogEventRow& row = row_of(line.event);
  std::string text = "{\"time\":" + std::to_string(line.time.time_since_epoch().count());
  append_field(text, "level", level_name(row.level));
  append_field(text, "role", role);
  append_field(text, "event", row.name);
  for (const auto& [key, value] : line.fields) append_field(text, key, value);
  text += "}\n";
  return text;
}

}  // namespace sealift::server
