// A link as somebody typed or pasted it, put right (parcel/mended_link.h).
#pragma once

#include <string>
#include <string_view>

#include "cli/verb.h"

namespace sealift::cli {

// The link as it was sent; `text` itself where no link of ours is in it. Warns on stderr of a link
// whose secret was readable on its way. Fails with malformed for one whose end is missing.
tl::expected<std::string, Failure> given_link(std::string_view text, base::Language language);

}  // namespace sealift::cli
