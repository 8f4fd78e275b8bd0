#include "readers/mail/mail.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "readers/mail/mail_text.h"
#include "readers/mail/mime.h"
#include "readers/mail/signed_data.h"
#include "readers/text/html.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;

constexpr int kNestedPartsMax = 50;
constexpr std::size_t kNone = std::string_view::npos;

// Fields that only mails have, and one of which every mail has.
constexpr std::array<std::string_view, 14> kMailFields = {
    "from", "received", "return-path", "message-id", "mime-version", "delivered-to", "subject",
    "to",   "date",     "x-mailer",    "reply-to",   "cc",           "content-type", "sender"};

bool is_mail_field(std::string_view name) {
  return std::ranges::any_of(
      kMailFields, [&](std::string_view known) { return base::equal_ignoring_case(known, name); });
}

struct Part {
  Parameterised type;
  Parameterised disposition;
  TransferEncoding encoding;
};

// Reads one mail; `place` is where its header and texts stand.
class MailReader {
 public:
  MailReader(Context& context, PlaceKind kind, std::uint32_t number)
      : context_(context), kind_(kind), number_(number) {}

  void read(std::string_view text) {
    const MimeEntity entity = parse_entity(text);
    const Place place{kind_ == PlaceKind::record ? PlaceKind::record : PlaceKind::whole,
                      kind_ == PlaceKind::record ? number_ : 0,
                      {}};
    for (const HeaderField& field : entity.fields) {
      context_.mail_header({text_of_name(field.name), decode_header(field.value), place});
    }
    read_entity(entity, 0);
  }

 private:
  void read_entity(const MimeEntity& entity, int depth) {
    if (depth > kNestedPartsMax) return;
    Part part{parse_parameterised(field_value(entity, "Content-Type")),
              parse_parameterised(field_value(entity, "Content-Disposition")),
              transfer_encoding_of(field_value(entity, "Content-Transfer-Encoding"))};
    if (part.type.value.empty()) part.type.value = "text/plain";
    if (part.type.value.starts_with("multipart/")) {
      const auto parts = split_multipart(entity.body, part.type.parameter("boundary"));
      if (!part.type.parameter("boundary").empty() && !parts.empty()) {
        for (const std::string_view inner : parts) read_entity(parse_entity(inner), depth + 1);
        return;
      }
      part.type.value = "text/plain";  // what it says it holds is not there
    }
    if (!read_signed(entity, part, depth)) read_leaf(entity, part);
  }

  // S/MIME in one piece: what is signed is a part of this mail.
  bool read_signed(const MimeEntity& entity, const Part& part, int depth) {
    const std::string& type = part.type.value;
    if (type != "application/pkcs7-mime" && type != "application/x-pkcs7-mime") return false;
    const std::string bytes = decode_transfer(entity.body, part.encoding);
    const auto content = signed_content(base::bytes_of(bytes));
    if (!content) return false;
    read_entity(parse_entity(*content), depth + 1);
    return true;
  }

  void read_leaf(const MimeEntity& entity, const Part& part) {
    const std::string name = name_of(part);
    const bool is_text = part.type.value.starts_with("text/");
    const bool attached = part.disposition.value == "attachment" || !name.empty() || !is_text;
    if (attached) {
      const std::string bytes = decode_transfer(entity.body, part.encoding);
      return context_.member(name.empty() ? default_name(part) : name, base::bytes_of(bytes));
    }
    const Place place{kind_, kind_ == PlaceKind::record ? number_ : ++bodies_, {}};
    const std::string bytes = decode_transfer(entity.body, part.encoding);
    const std::string text = decode(base::bytes_of(bytes), part.type.parameter("charset"));
    if (part.type.value != "text/html") {
      plain_ += text;
      return context_.text(place, text);
    }
    // Most mails say the same twice; what only the HTML form says must not be lost.
    if (!all_words_in(html_words(text), plain_)) read_html_text(text, place, context_);
  }

  static std::string name_of(const Part& part) {
    std::string_view name = part.disposition.parameter("filename");
    if (name.empty()) name = part.type.parameter("name");
    return std::string(name);
  }

  std::string default_name(const Part& part) {
    if (part.type.value == "message/rfc822") return "message.eml";
    const std::size_t slash = part.type.value.find('/');
    return "part." + (slash == kNone ? std::string("bin") : part.type.value.substr(slash + 1));
  }

  Context& context_;
  PlaceKind kind_;
  std::uint32_t number_;
  std::uint32_t bodies_ = 0;
  std::string plain_;  // the plain texts of this mail
};

// Start of the next message of a folder at or after `at`.
std::size_t find_message(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text.substr(at).starts_with("From ")) {
      const std::size_t line_end = text.find('\n', at);
      if (line_end == kNone) return kNone;
      const std::string_view next = text.substr(line_end + 1, 80);
      const std::size_t colon = next.find(':');
      const bool header =
          colon != kNone && colon > 0 && next.substr(0, colon).find_first_of(" \t\r\n") == kNone;
      if (header || next.starts_with(">From ")) return at;
    }
    const std::size_t found = text.find("\nFrom ", at);
    if (found == kNone) return kNone;
    at = found + 1;
  }
  return kNone;
}

// Lines of a message that begin with "From " are kept in a folder with a '>' before them.
std::string without_quoting(std::string_view message) {
  std::string out;
  while (true) {
    const std::size_t at = message.find("\n>");
    if (at == kNone) return out.append(message);
    out += message.substr(0, at + 1);
    message.remove_prefix(at + 1);
    const std::size_t marks = message.find_first_not_of('>');
    if (marks != kNone && message.substr(marks).starts_with("From ")) message.remove_prefix(1);
    out += message.substr(0, 1);
    message.remove_prefix(1);
  }
}

}  // namespace

bool looks_like_mail(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes).substr(0, std::size_t{64} << 10);
  const MimeEntity entity = parse_entity(text);
  if (entity.fields.size() < 2) return false;
  const auto known = std::ranges::count_if(
      entity.fields, [](const HeaderField& field) { return is_mail_field(field.name); });
  return known >= 3 || (known >= 2 && entity.fields.size() <= 3);
}

bool looks_like_mbox(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  return text.starts_with("From ") && find_message(text, 0) == 0;
}

FileEnd read_mail(base::ByteView bytes, Context& context) {
  MailReader(context, PlaceKind::body, 0).read(base::text_of(bytes));
  return read_whole();
}

FileEnd read_mbox(base::ByteView bytes, Context& context) {
  const std::string_view text = base::text_of(bytes);
  std::uint32_t number = 0;
  for (std::size_t at = find_message(text, 0); at != kNone;) {
    const std::size_t line_end = text.find('\n', at);
    const std::size_t next = find_message(text, line_end + 1);
    const std::string_view message =
        text.substr(line_end + 1, next == kNone ? kNone : next - line_end - 1);
    const bool quotes = message.find("\n>") != kNone;
    const std::string unquoted = quotes ? without_quoting(message) : std::string();
    MailReader(context, PlaceKind::record, ++number).read(quotes ? unquoted : message);
    if (context.out_of_time()) return read_partly("took too long; the first messages were read");
    at = next;
  }
  return read_whole();
}

}  // namespace sealift::readers
