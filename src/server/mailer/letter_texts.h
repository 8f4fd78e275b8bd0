// The texts of letters: data alone. letter.h makes messages of them.
#pragma once

#include <span>
#include <string_view>

#include "catalog/outbox.h"

namespace sealift::server {

// What follows a piece of text.
enum class LetterValue : std::uint8_t { nothing, who, when };

struct LetterPiece {
  std::string_view text;
  LetterValue then = LetterValue::nothing;
};

struct LetterText {
  std::string_view subject;
  std::span<const LetterPiece> pieces;
  std::string_view somebody;  // for an address that is not known
};

const LetterText& letter_text(catalog::MailTemplate letter, catalog::Language language);
std::string_view letter_footer(catalog::Language language);

}  // namespace sealift::server
