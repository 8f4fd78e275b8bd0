// Whom to believe over TLS, as the options --certificate and --authorities say it.
#pragma once

#include "cli/arguments.h"
#include "client/http_settings.h"

namespace sealift::cli {

// Errors: usage (not a SHA-256), and those of reading the file.
tl::expected<client::Trust, Failure> trust_of(const Arguments& arguments);

}  // namespace sealift::cli
