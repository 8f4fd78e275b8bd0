// Letters: the texts of Sealift's mail, and how one becomes a message (RFC 5322, MIME).
//
// Each text is compiled in, in English and French; there is no template language. It can name one
// address (who did it) and one time, and says where the server is. It never holds a secret, a file
// name or a note: a mailbox is read by others, and links in mail are followed by machines. Plain
// text alone, so that no mail program runs or fetches anything. Pure; thread-safe.
#pragma once

#include <string>

#include "base/clock.h"
#include "server/mailer/mail_frames.h"

namespace sealift::server {

struct LetterHead {
  parcel::Address from;
  std::string server_url;  // of the server's page, printable ASCII, no slash at the end
};

// The whole message, lines ended by CRLF, none longer than 76 characters but for long addresses and
// URLs. `now` is its date.
std::string write_letter(const PostFrame& post, const LetterHead& head, base::UnixTime now);

}  // namespace sealift::server
