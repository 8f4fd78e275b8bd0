// The people of a mail's header: sender and recipients, as records.
//
//   From: "Lévesque, Léa" <lea@board.example>      staff: an organisation's address
//   From: Joan Roy <joanroy72@hotmail.example>      a private person: an address that anybody can
//   have
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "census/records/record.h"
#include "document/document.h"

namespace sealift::census {

struct MailAddress {
  std::string name;   // as written; may be empty
  std::string email;  // lower case
};

// "A <a@x>, B <b@y>; c@z": what is no address is left out.
std::vector<MailAddress> mail_addresses(std::string_view header_value);

// Is this an address of a provider to the public, not of an organisation?
bool is_private_address(std::string_view email);

struct MailPeople {
  std::vector<Record> records;  // sender first, if there is one; their ordinals count from 0
  bool has_sender = false;
  std::string date;  // ISO, "" when the header has none that we can read
};

MailPeople people_of_mail(const std::vector<document::MailHeader>& headers);

}  // namespace sealift::census
