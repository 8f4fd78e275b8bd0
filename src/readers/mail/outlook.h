// A mail as Outlook keeps it: properties instead of lines. Shared by messages (msg) and folders
// (pst).
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// UTF-8 throughout; empty for what a message does not have.
struct OutlookMail {
  document::Place place;          // of its header
  document::Place body_place;     // of its texts
  std::string transport_headers;  // as received; a message of one's own has none
  std::string subject;
  std::string sender_name;
  std::string sender_address;
  std::string to;
  std::string cc;
  std::string plain;
  std::string html;
  std::string rtf;  // read when there is no other text
};

void write_outlook_mail(const OutlookMail& mail, Context& context);

// "Ann <ann@a.example>"; one of them may be empty.
std::string outlook_address(const std::string& name, const std::string& address);

}  // namespace sealift::readers
