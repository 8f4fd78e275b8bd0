// A request's head as text. Every value is a number, an enumerator, or judged here: nothing can
// end a line or add a field. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/http_client.h"

namespace sealift::client {

// What goes with a request besides itself.
struct RequestFrame {
  std::string_view authority;
  std::optional<std::uint64_t> size_bytes{};  // of the body; nullopt: there is none
  base::ByteView body{};                      // as far as it is at hand
  base::UnixTime now{};                       // by the server's clock
};
// Errors: usage (a target or token that can't stand in a head).
base::Result<std::string> request_text(const Request& request, const RequestFrame& frame);

// Letters, digits and "-._~/?=&", starting with a slash.
bool is_target(std::string_view text);

}  // namespace sealift::client
