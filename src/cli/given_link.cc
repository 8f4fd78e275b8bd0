#include "cli/given_link.h"

#include <iostream>

#include "cli/phrase.h"
#include "parcel/mended_link.h"

namespace sealift::cli {

tl::expected<std::string, Failure> given_link(std::string_view text, base::Language language) {
  parcel::MendedLink mended = parcel::mend_link(text);
  switch (mended.state) {
    case parcel::MendedLink::State::none:
      return std::string(text);
    case parcel::MendedLink::State::cut:
      return tl::unexpected(Failure(
          {base::ErrorCode::malformed, "the link is cut off: " + std::to_string(mended.missing) +
                                           " characters at its end are missing or changed"},
          "copy all of it from the message, or ask its sender to send it again"));
    case parcel::MendedLink::State::whole:
      break;
  }
  if (mended.was_seen)
    std::cerr << phrase(language,
                        "sealift: warning: a mail system rewrote this link, so servers on its way "
                        "could read its secret: tell its sender")
              << "\n";
  return std::move(mended.text);
}

}  // namespace sealift::cli
