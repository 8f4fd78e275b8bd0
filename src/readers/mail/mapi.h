// The MAPI properties that the readers of Outlook's forms (message, mail store, winmail.dat) know.
//
// Numbers and value types as in MS-OXPROPS and MS-OXCDATA section 2.11.1.
#pragma once

#include <cstdint>

namespace sealift::readers::mapi {

enum class Property : std::uint16_t {
  subject = 0x0037,
  transport_headers = 0x007D,
  sender_name = 0x0C1A,
  sender_address = 0x0C1F,
  display_cc = 0x0E03,
  display_to = 0x0E04,
  body = 0x1000,
  rtf = 0x1009,
  html = 0x1013,
  display_name = 0x3001,
  address = 0x3003,
  attached = 0x3701,
  short_file_name = 0x3704,
  file_name = 0x3707,
  smtp_address = 0x39FE,
  sender_smtp = 0x5D01,
};

inline constexpr std::uint16_t kObject = 0x000D;
inline constexpr std::uint16_t kNarrowText = 0x001E;
inline constexpr std::uint16_t kWideText = 0x001F;
inline constexpr std::uint16_t kBinary = 0x0102;

}  // namespace sealift::readers::mapi
