// The frames between the vault, which knows what is to be told, and the mailer, which tells it.
//
// They travel over a socket pair that keeps message boundaries (SOCK_SEQPACKET), one frame a
// message. The vault posts a letter: the number of a compiled text, whom it goes to, and the two
// values that a text can hold. The mailer says what came of it.
//
//   post    (1, vault)   mail 16, template u8, language u8, details
//   outcome (2, mailer)  mail 16, outcome u8 (0 sent, 1 refused, 2 later)
//   details              = to text, who text, when u64
//   text                 = size u16, bytes; a mail address in its normal spelling, or none
//
// Integers are little-endian; what decodes encodes to the same bytes. Neither frame can hold a
// secret, a file name or a note: there is no field for one. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/outbox.h"
#include "parcel/address.h"

namespace sealift::server {

// What a letter can say besides its text. In the catalog it is wrapped by the vault's key.
struct LetterDetails {
  parcel::Address to;
  std::optional<parcel::Address> who{};  // who did what the letter tells of
  base::UnixTime when{};                 // it happened, or will
  friend bool operator==(const LetterDetails&, const LetterDetails&) = default;
};
base::Bytes encode_letter_details(const LetterDetails& details);
// Errors: malformed.
base::Result<LetterDetails> decode_letter_details(base::ByteView bytes);

struct PostFrame {
  catalog::MailId mail{};
  catalog::MailTemplate letter = catalog::MailTemplate::parcel_waiting;
  catalog::Language language = catalog::Language::english;
  LetterDetails details;
  friend bool operator==(const PostFrame&, const PostFrame&) = default;
};
base::Bytes encode_post(const PostFrame& frame);
// Errors: malformed.
base::Result<PostFrame> decode_post(base::ByteView bytes);

enum class MailOutcome : std::uint8_t {
  sent = 0,     // the mail server has taken it
  refused = 1,  // it never will: no such mailbox
  later = 2,    // no connection, no login, or the mail server asks to come again
};
struct OutcomeFrame {
  catalog::MailId mail{};
  MailOutcome outcome = MailOutcome::later;
  friend bool operator==(const OutcomeFrame&, const OutcomeFrame&) = default;
};
base::Bytes encode_outcome(const OutcomeFrame& frame);
// Errors: malformed.
base::Result<OutcomeFrame> decode_outcome(base::ByteView bytes);

}  // namespace sealift::server
