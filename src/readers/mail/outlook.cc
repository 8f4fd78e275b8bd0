#include "readers/mail/outlook.h"

#include "readers/mail/mail_text.h"
#include "readers/mail/mime.h"
#include "readers/office/rtf.h"
#include "readers/text/html.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {

std::string outlook_address(const std::string& name, const std::string& address) {
  if (address.empty()) return name;
  return name.empty() ? address : name + " <" + address + ">";
}

void write_outlook_mail(const OutlookMail& mail, Context& context) {
  const MimeEntity received = parse_entity(mail.transport_headers);
  for (const HeaderField& field : received.fields) {
    context.mail_header({text_of_name(field.name), decode_header(field.value), mail.place});
  }
  const auto header = [&](const char* name, const std::string& value) {
    if (value.empty() || !field_value(received, name).empty()) return;
    context.mail_header({name, value, mail.place});
  };
  header("From", outlook_address(mail.sender_name, mail.sender_address));
  header("To", mail.to);
  header("Cc", mail.cc);
  header("Subject", mail.subject);
  context.text(mail.body_place, mail.plain);
  if (!mail.html.empty() && !all_words_in(html_words(mail.html), mail.plain)) {
    read_html_text(mail.html, mail.body_place, context);
  }
  if (mail.plain.empty() && mail.html.empty()) read_rtf_text(mail.rtf, mail.body_place, context);
}

}  // namespace sealift::readers
