#include "readers/mail/vcard.h"

#include <algorithm>
#include <array>

#include "readers/card_builder.h"
#include "readers/mail/mime.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

// A line with its continuations, taken from `rest`: those start with white space, or follow a line
// in quoted-printable that ends with '='.
std::string take_logical_line(std::string_view& rest) {
  std::string line;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.ends_with('\r')) part.remove_suffix(1);
    line += part;
    const bool soft = line.ends_with('=') && line.find("QUOTED-PRINTABLE") != std::string::npos;
    if (soft) {
      line.pop_back();
    } else if (rest.starts_with(' ') || rest.starts_with('\t')) {
      rest.remove_prefix(1);
    } else {
      break;
    }
  }
  return line;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  return out;
}

struct Line {
  std::string name;  // in capitals, without its group
  std::string head;  // name and parameters, in capitals
  std::string raw_head;
  std::string value;  // decoded, still with its escapes
};

std::string parameter(const Line& line, std::string_view name) {
  const std::string wanted = ";" + std::string(name) + "=";
  const std::size_t at = line.head.find(wanted);
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(line.raw_head).substr(at + wanted.size());
  if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
  return std::string(rest.substr(0, rest.find(';')));
}

// Where the value begins: the first colon outside quotes.
std::size_t colon_of(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

Line parse_line(const std::string& text) {
  Line line;
  const std::size_t colon = colon_of(text);
  if (colon == std::string_view::npos) {
    line.value = text;
    return line;
  }
  line.raw_head = text.substr(0, colon);
  line.head = upper(line.raw_head);
  line.value = text.substr(colon + 1);
  line.name = line.head.substr(0, line.head.find(';'));
  if (const std::size_t dot = line.name.find('.'); dot != std::string::npos)
    line.name.erase(0, dot + 1);
  const bool quoted_printable = line.head.find("QUOTED-PRINTABLE") != std::string::npos;
  if (quoted_printable)
    line.value = decode_transfer(line.value, TransferEncoding::quoted_printable);
  const std::string charset = parameter(line, "CHARSET");
  if (quoted_printable || !charset.empty())
    line.value = decode(base::bytes_of(line.value), charset.empty() ? "UTF-8" : charset);
  return line;
}

// The parts of a value between semicolons, without escapes; commas within them become spaces.
std::vector<std::string> parts_of(std::string_view value) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      const char next = value[++i];
      parts.back() += next == 'n' || next == 'N' ? ' ' : next;
    } else if (c == ';') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(std::max<std::size_t>(parts.size(), 7));
  return parts;
}

std::string plain(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      out += value[i];
      continue;
    }
    const char c = value[++i];
    out += c == 'n' || c == 'N' ? ' ' : c;
  }
  return out;
}

std::string without_scheme(std::string value) {
  for (const std::string_view scheme : {"tel:", "mailto:", "MAILTO:", "TEL:"})
    if (value.starts_with(scheme)) value.erase(0, scheme.size());
  return value;
}

class CardReader {
 public:
  explicit CardReader(Context& context) : context_(context) {}

  void read(const Line& line);
  void finish() { hand_on(); }

 private:
  bool fact(const Line& line);
  void attendee(const Line& line);
  void hand_on();
  void say(const Line& line);

  Context& context_;
  CardBuilder card_;
  std::string full_name_;
  std::string organisation_;
  std::string text_;
  std::uint32_t cards_ = 0;
};

void CardReader::hand_on() {
  using document::FactKind;
  const Who self{};
  const bool named = card_.has(self, FactKind::last_name) || card_.has(self, FactKind::first_name);
  if (!named && full_name_ != organisation_) card_.add(self, FactKind::full_name, full_name_, "FN");
  full_name_.clear();
  organisation_.clear();
  if (card_.empty() && text_.empty()) return;
  const document::Place place{document::PlaceKind::record, ++cards_, {}};
  card_.hand_on(context_, place);
  context_.text(place, text_);
  text_.clear();
}

void CardReader::say(const Line& line) {
  const std::string value = plain(line.value);
  if (value.find_first_not_of(' ') == std::string::npos) return;
  if (!line.name.empty()) text_.append(line.name).append(": ");
  text_.append(value).append("\n");
}

// Who is invited to an event: a person each, whom the event's words are not about.
void CardReader::attendee(const Line& line) {
  using document::FactKind;
  const std::string address = without_scheme(plain(line.value));
  CardBuilder card;
  const Who who = line.name == "ORGANIZER" ? Who{document::Party::staff, 0} : Who{};
  card.add(who, FactKind::full_name, parameter(line, "CN"), line.name);
  if (address.find('@') != std::string::npos) card.add(who, FactKind::email, address, line.name);
  card.hand_on(context_, {document::PlaceKind::record, cards_ + 1, {}});
}

bool CardReader::fact(const Line& line) {
  using document::FactKind;
  const Who self{};
  const std::string& name = line.name;
  if (name == "N") {
    const std::vector<std::string> parts = parts_of(line.value);
    card_.add(self, FactKind::last_name, parts[0], name);
    card_.add(self, FactKind::first_name, parts[1], name);
    card_.add(self, FactKind::middle_name, parts[2], name);
    card_.add(self, FactKind::name_suffix, parts[4], name);
  } else if (name == "FN") {
    full_name_ = plain(line.value);
  } else if (name == "ORG") {
    organisation_ = parts_of(line.value)[0];
    return false;
  } else if (name == "NICKNAME") {
    return true;
  } else if (name == "ADR") {
    const std::vector<std::string> parts = parts_of(line.value);
    const std::string street = parts[0] + (parts[0].empty() ? "" : ", ") + parts[2];
    card_.add_address(self, {street, parts[1], parts[3], parts[4], parts[5]}, name);
  } else if (name == "TEL") {
    card_.add(self, FactKind::phone, without_scheme(plain(line.value)), name);
  } else if (name == "EMAIL") {
    card_.add(self, FactKind::email, without_scheme(plain(line.value)), name);
  } else if (name == "BDAY") {
    std::string date = plain(line.value);
    card_.add(self, FactKind::birth_date, date.substr(0, date.find('T')), name);
  } else if (name == "DEATHDATE") {
    card_.add(self, FactKind::death_date, plain(line.value), name);
  } else {
    return false;
  }
  return true;
}

void CardReader::read(const Line& line) {
  constexpr std::array<std::string_view, 22> kLeftOut = {
      "PHOTO",    "LOGO",   "SOUND",    "KEY",      "VERSION", "PRODID",        "REV",  "UID",
      "CALSCALE", "METHOD", "SEQUENCE", "DTSTAMP",  "CREATED", "LAST-MODIFIED", "TZID", "RRULE",
      "TRANSP",   "CLASS",  "STATUS",   "PRIORITY", "LABEL",   "SOURCE"};
  if (line.name == "BEGIN" || line.name == "END") {
    const std::string what = upper(line.value);
    if (what.starts_with("VCARD") || what.starts_with("VEVENT") ||
        what.starts_with("VT"
                         "ODO"))
      hand_on();
    return;
  }
  if (std::ranges::find(kLeftOut, std::string_view(line.name)) != kLeftOut.end()) return;
  if (line.name == "ATTENDEE" || line.name == "ORGANIZER") return attendee(line);
  if (!fact(line)) say(line);
}

}  // namespace

document::FileEnd read_vcard(base::ByteView bytes, Context& context) {
  const std::string text = decode(bytes, "UTF-8");
  std::string_view rest = text;
  CardReader reader(context);
  while (!rest.empty()) {
    reader.read(parse_line(take_logical_line(rest)));
    if (context.out_of_time()) return read_partly("took too long; the first contacts were read");
  }
  reader.finish();
  return read_whole();
}

}  // namespace sealift::readers
