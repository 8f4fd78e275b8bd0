// What the front says by itself of a request that goes no further: the API's schema Error, as the
// vault's refusals. Thread-safe.
#pragma once

#include <string>

#include "http/status.h"

namespace sealift::server::front {

// JSON. The reason is a constant of ours: nothing in it needs escaping.
std::string refusal_body(const http::Refusal& refusal);

}  // namespace sealift::server::front
