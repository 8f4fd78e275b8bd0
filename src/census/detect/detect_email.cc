// E-mail addresses (census/kinds/email.h).
//
// Finds:    local@domain with a top level of letters.
// Refuses:  host names without a dot, package versions, file names, user@host of prompts.
// Evidence: format.
#include "census/detect/detectors.h"
#include "census/kinds/email.h"

namespace sealift::census::internal {

void detect_email(std::size_t at_sign, Search& search) {
  auto match = email_around(search.text, at_sign);
  if (!match) return;
  search.add(ElementType::email, std::move(match->value), match->begin, match->end, 0.99,
             Reason::format | Reason::format);
}

}  // namespace sealift::census::internal
