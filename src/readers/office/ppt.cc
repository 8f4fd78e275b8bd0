#include "readers/office/ppt.h"

#include <algorithm>

#include "readers/little_endian.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

// Record types (MS-PPT 2.13.24).
constexpr std::uint16_t kTextChars = 0x0FA0;
constexpr std::uint16_t kTextBytes = 0x0FA8;
constexpr std::uint16_t kCryptSession = 0x2F14;
constexpr std::size_t kHeaderSize = 8;

}  // namespace

document::FileEnd read_ppt(const CompoundFile& file, Context& context) {
  const std::string stream = file.read("PowerPoint Document");
  std::string out;
  // A container is a header in front of its records: stepping into it is stepping over the header.
  for (std::size_t at = 0; at + kHeaderSize <= stream.size();) {
    const bool container = (u16_at(stream, at) & 0x0FU) == 0x0F;
    const std::uint16_t type = u16_at(stream, at + 2);
    const std::size_t size = u32_at(stream, at + 4);
    at += kHeaderSize;
    if (type == kCryptSession) return needs_password();
    if (container) continue;
    const std::string_view bytes = std::string_view(stream).substr(at, size);
    if (type == kTextChars) out += text_of_utf16(bytes) + '\n';
    if (type == kTextBytes) out += decode(base::bytes_of(bytes), "windows-1252") + '\n';
    at += std::min(size, stream.size() - at);
  }
  for (char& c : out) {
    if (c == '\r' || c == '\v') c = '\n';
  }
  context.text({}, out);
  return stream.empty() ? read_failed("damaged or cut short") : read_whole();
}

}  // namespace sealift::readers
