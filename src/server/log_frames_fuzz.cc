// Any bytes may come from a role; what decodes encodes to the same bytes, and makes one line of
// printable ASCII.
#include "base/check.h"
#include "server/log_frames.h"
#include "server/logger/syslog_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const auto line = server::decode_log_line(bytes);
  if (!line) return 0;
  SEALIFT_CHECK(server::encode_log_line(*line) == base::copy_of(bytes));
  const auto is_printable = [](std::string_view text) {
    for (const char c : text) {
      if (c < 0x20 || c >= 0x7f) return false;
    }
    return true;
  };
  const std::string json = server::json_line(*line, "front");
  SEALIFT_CHECK(json.back() == '\n' && is_printable(json.substr(0, json.size() - 1)));
  SEALIFT_CHECK(is_printable(server::syslog_message(*line, {"host", "front", "1.0", 1})));
  return 0;
}
