// A request's head as text. Every value is a number, an enumerator, or judged here: nothing can
// end a line or add a field. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "client/http_client.h"

namespace sealift::client {

// `size_bytes`: of the body, nullopt for a request without one.
// Errors: usage (a target or token that can't stand in a head).
base::Result<std::string> request_text(const Request& request, const std::string& authority,
                                       std::optional<std::uint64_t> size_bytes);

// Letters, digits and "-._~/?=&", starting with a slash.
bool is_target(std::string_view text);

}  // namespace sealift::client
