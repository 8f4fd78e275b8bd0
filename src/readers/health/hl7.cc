#include "readers/health/hl7.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "readers/card_builder.h"
#include "readers/mail/mime.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FactKind;
using document::FileEnd;
using document::Party;
using document::PlaceKind;

constexpr std::size_t kLookAhead = std::size_t{16} << 10;

// What separates the parts of a field; MSH says which.
struct Separators {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
};

// The part of `text` at `index`, parts being separated by `separator`.
std::string_view part(std::string_view text, char separator, std::size_t index) {
  for (; index > 0; --index) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  return text.substr(0, text.find(separator));
}

class Segment {
 public:
  Segment(std::string_view line, const Separators& separators)
      : line_(line), separators_(&separators) {}

  std::string_view name() const { return line_.substr(0, 3); }
  std::string_view field(std::size_t number) const {
    return part(line_, separators_->field, number);
  }
  template <typename OnRepetition>
  void each_repetition(std::size_t number, OnRepetition on_repetition) const {
    std::string_view rest = field(number);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(separators_->repetition), rest.size());
      on_repetition(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  // Component `number`, from 1, of a repetition; its first subcomponent, without escapes.
  std::string component(std::string_view repetition, std::size_t number) const {
    return unescaped(
        part(part(repetition, separators_->component, number - 1), separators_->subcomponent, 0));
  }
  std::string subcomponent(std::string_view repetition, std::size_t number,
                           std::size_t inner) const {
    return unescaped(part(part(repetition, separators_->component, number - 1),
                          separators_->subcomponent, inner - 1));
  }
  std::string first(std::size_t number) const {
    return component(part(field(number), separators_->repetition, 0), 1);
  }
  // A coded value in words: its text, else its code.
  std::string words(std::size_t number) const {
    const std::string_view repetition = part(field(number), separators_->repetition, 0);
    std::string text = component(repetition, 2);
    return text.empty() ? component(repetition, 1) : text;
  }
  // All fields as words, for what has no reading.
  std::string as_text() const {
    std::string out;
    for (const char c : line_) {
      const bool separator = c == separators_->field || c == separators_->component ||
                             c == separators_->repetition || c == separators_->subcomponent;
      if (!separator) {
        out += c;
      } else if (!out.ends_with(' ')) {
        out += ' ';
      }
    }
    return unescaped(out);
  }

 private:
  std::string unescaped(std::string_view text) const;

  std::string_view line_;
  const Separators* separators_;
};

std::string Segment::unescaped(std::string_view text) const {
  std::string out;
  while (true) {
    const std::size_t at = text.find(separators_->escape);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
    const std::size_t end = text.find(separators_->escape);
    if (end == std::string_view::npos || end > 64) {
      out += separators_->escape;
      continue;
    }
    const std::string_view code = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (code == "F") out += separators_->field;
    if (code == "S") out += separators_->component;
    if (code == "R") out += separators_->repetition;
    if (code == "E") out += separators_->escape;
    if (code == "T") out += separators_->subcomponent;
    if (code.starts_with(".br") || code.starts_with(".sp")) out += '\n';
  }
}

// "19710309101500-0500" -> "19710309"
std::string date_of(std::string_view text) { return std::string(text.substr(0, 8)); }

// Reads the segments of one file; a card goes out when the next patient or message begins.
class Hl7Reader {
 public:
  explicit Hl7Reader(Context& context) : context_(context) {}

  void line(std::string_view line);
  void finish();
  std::uint32_t messages() const { return messages_; }
  bool cut() const { return cut_; }

 private:
  void begin_message(std::string_view line);
  void begin_patient();
  void hand_on();
  void read(const Segment& segment);
  void patient(const Segment& segment);
  void next_of_kin(const Segment& segment);
  void guarantor(const Segment& segment);
  void insured(const Segment& segment);
  void observation(const Segment& segment);
  void staff(const Segment& segment, std::size_t number);
  void document(std::string_view repetition, const Segment& segment);

  void name(const Segment& segment, std::size_t number, Who who);
  void address(const Segment& segment, std::size_t number, Who who);
  void phones(const Segment& segment, std::size_t number, Who who);
  void identifiers(const Segment& segment, std::size_t number);
  void health(const Segment& segment, std::size_t number, std::string_view what);
  void plain(Who who, FactKind kind, const Segment& segment, std::size_t number);
  Who next(Party party);
  std::string label(const Segment& segment, std::size_t number) const;

  Context& context_;
  Separators separators_;
  CardBuilder card_;
  std::string text_;
  std::array<std::uint8_t, 8> ordinals_{};
  std::uint32_t messages_ = 0;
  std::uint32_t documents_ = 0;
  bool has_patient_ = false;
  bool cut_ = false;
};

std::string Hl7Reader::label(const Segment& segment, std::size_t number) const {
  return std::string(segment.name()) + "-" + std::to_string(number);
}

Who Hl7Reader::next(Party party) {
  std::uint8_t& last = ordinals_.at(static_cast<std::size_t>(party));
  if (last < 250) ++last;
  return {party, last};
}

void Hl7Reader::plain(Who who, FactKind kind, const Segment& segment, std::size_t number) {
  card_.add(who, kind, segment.first(number), label(segment, number));
}

void Hl7Reader::name(const Segment& segment, std::size_t number, Who who) {
  bool has_name = card_.has(who, FactKind::last_name);
  segment.each_repetition(number, [&](std::string_view one) {
    const std::string field = label(segment, number);
    const std::string family = segment.component(one, 1);
    const std::string given = segment.component(one, 2);
    if (family.empty() && given.empty()) return;
    if (has_name) {
      card_.add(who, FactKind::other_name, given + " " + family, field);
      return;
    }
    has_name = true;
    card_.add(who, FactKind::last_name, family, field);
    card_.add(who, FactKind::first_name, given, field);
    card_.add(who, FactKind::middle_name, segment.component(one, 3), field);
    card_.add(who, FactKind::name_suffix, segment.component(one, 4), field);
  });
}

void Hl7Reader::address(const Segment& segment, std::size_t number, Who who) {
  segment.each_repetition(number, [&](std::string_view one) {
    const std::string street = segment.component(one, 1);
    const std::string other = segment.component(one, 2);
    const std::string city = segment.component(one, 3);
    const std::string province = segment.component(one, 4);
    const std::string postal = segment.component(one, 5);
    card_.add_address(who, {street, other, city, province, postal}, label(segment, number));
  });
}

void Hl7Reader::phones(const Segment& segment, std::size_t number, Who who) {
  segment.each_repetition(number, [&](std::string_view one) {
    const std::string field = label(segment, number);
    const std::string email = segment.component(one, 4);
    if (email.find('@') != std::string::npos) card_.add(who, FactKind::email, email, field);
    std::string phone = segment.component(one, 1);
    if (phone.find('@') != std::string::npos) {
      card_.add(who, FactKind::email, phone, field);
      return;
    }
    if (phone.empty()) phone = segment.component(one, 6) + segment.component(one, 7);
    card_.add(who, FactKind::phone, phone, field);
  });
}

// Types of HL7 table 0203. A number without a type is a health number where a province gave it.
void Hl7Reader::identifiers(const Segment& segment, std::size_t number) {
  segment.each_repetition(number, [&](std::string_view one) {
    const std::string id = segment.component(one, 1);
    const std::string authority = segment.component(one, 4);
    const std::string type = segment.component(one, 5);
    const bool province = authority.size() == 2 || authority.starts_with("CAN");
    const auto is = [&](std::initializer_list<std::string_view> types) {
      return std::ranges::find(types, std::string_view(type)) != types.end();
    };
    const Who self{};
    const std::string field = label(segment, number);
    if (is({"JHN", "HC", "PHN", "JPHN", "HN", "NH"}) || (type.empty() && province)) {
      card_.add(self, FactKind::health_number, id, field);
    } else if (is({"SS", "SIN"})) {
      card_.add(self, FactKind::social_security_number, id, field);
    } else if (is({"NHS", "NNGBR"})) {
      card_.add(self, FactKind::nhs_number, id, field);
    } else if (is({"DL"})) {
      card_.add(self, FactKind::drivers_licence, id, field);
    } else if (is({"PPN"})) {
      card_.add(self, FactKind::passport, id, field);
    }
  });
}

void Hl7Reader::patient(const Segment& segment) {
  const Who self{};
  begin_patient();
  for (const std::size_t number : {2U, 3U, 4U}) identifiers(segment, number);
  name(segment, 5, self);
  card_.add(self, FactKind::birth_date, date_of(segment.first(7)), "PID-7");
  name(segment, 9, self);
  address(segment, 11, self);
  phones(segment, 13, self);
  phones(segment, 14, self);
  card_.add(self, FactKind::religion, segment.words(17), "PID-17");
  plain(self, FactKind::social_security_number, segment, 19);
  plain(self, FactKind::drivers_licence, segment, 20);
  card_.add(self, FactKind::citizenship, segment.words(26), "PID-26");
  card_.add(self, FactKind::death_date, date_of(segment.first(29)), "PID-29");
  if (segment.first(30) == "Y") card_.add(self, FactKind::deceased, "Y", "PID-30");
  has_patient_ = true;
}

void Hl7Reader::next_of_kin(const Segment& segment) {
  const std::string relation = segment.first(3) + " " + segment.words(3);
  if (says_self(segment.first(3))) return;
  Party party = party_of_relationship(relation);
  if (party == Party::relative && party_of_relationship(segment.first(7)) != Party::relative)
    party = Party::emergency_contact;
  const Who who = next(party);
  name(segment, 2, who);
  address(segment, 4, who);
  phones(segment, 5, who);
  phones(segment, 6, who);
  card_.add(who, FactKind::birth_date, date_of(segment.first(16)), "NK1-16");
}

void Hl7Reader::guarantor(const Segment& segment) {
  if (says_self(segment.first(11))) return;
  const Who who = next(party_of_relationship(segment.first(11) + " " + segment.words(11)));
  name(segment, 3, who);
  address(segment, 5, who);
  phones(segment, 6, who);
  phones(segment, 7, who);
  card_.add(who, FactKind::birth_date, date_of(segment.first(8)), "GT1-8");
  plain(who, FactKind::social_security_number, segment, 12);
}

void Hl7Reader::insured(const Segment& segment) {
  if (says_self(segment.first(17))) return;
  if (segment.first(16).empty()) return;
  const Who who = next(party_of_relationship(segment.first(17) + " " + segment.words(17)));
  name(segment, 16, who);
  card_.add(who, FactKind::birth_date, date_of(segment.first(18)), "IN1-18");
  address(segment, 19, who);
}

void Hl7Reader::staff(const Segment& segment, std::size_t number) {
  segment.each_repetition(number, [&](std::string_view one) {
    const std::string family = segment.component(one, 2);
    const std::string given = segment.component(one, 3);
    if (family.empty()) return;
    const Who who = next(Party::staff);
    card_.add(who, FactKind::last_name, family, label(segment, number));
    card_.add(who, FactKind::first_name, given, label(segment, number));
  });
}

void Hl7Reader::health(const Segment& segment, std::size_t number, std::string_view what) {
  const std::string words = segment.words(number);
  if (words.empty()) return;
  card_.add({}, FactKind::health_record, std::string(what) + words, label(segment, number));
}

// OBX-5 of type ED: source ^ type ^ subtype ^ encoding ^ data
void Hl7Reader::document(std::string_view repetition, const Segment& segment) {
  const std::string data = segment.component(repetition, 5);
  if (data.empty()) return;
  const std::string bytes = decode_transfer(data, TransferEncoding::base64);
  if (!context_.may_unpack(bytes.size())) {
    cut_ = true;
    return;
  }
  context_.member("document " + std::to_string(++documents_), base::bytes_of(bytes));
}

void Hl7Reader::observation(const Segment& segment) {
  const std::string type = segment.first(2);
  if (type == "ED") {
    segment.each_repetition(5, [&](std::string_view one) { document(one, segment); });
    return;
  }
  std::string value;
  segment.each_repetition(5, [&](std::string_view one) {
    if (!value.empty()) value += '\n';
    std::string words = type == "CE" || type == "CWE" ? segment.component(one, 2) : "";
    value += words.empty() ? segment.component(one, 1) : words;
  });
  if (value.empty()) return;
  const bool prose = type == "TX" || type == "FT" || type == "ST";
  if (prose) text_ += value + "\n";
  card_.add({}, FactKind::health_record, segment.words(3) + ": " + value.substr(0, 200), "OBX-5");
}

void Hl7Reader::read(const Segment& segment) {
  const std::string_view name = segment.name();
  if (name == "PID") return patient(segment);
  if (name == "NK1") return next_of_kin(segment);
  if (name == "GT1") return guarantor(segment);
  if (name == "IN1") return insured(segment);
  if (name == "OBX") return observation(segment);
  if (name == "PD1") return staff(segment, 4);
  if (name == "PV1") {
    for (const std::size_t number : {7U, 8U, 9U, 17U}) staff(segment, number);
    return;
  }
  if (name == "ORC") return staff(segment, 12);
  if (name == "OBR") return staff(segment, 16), health(segment, 4, "");
  if (name == "DG1") return health(segment, segment.field(3).empty() ? 4 : 3, "diagnosis: ");
  if (name == "AL1" || name == "IAM") return health(segment, 3, "allergy: ");
  if (name == "PR1") return health(segment, 3, "procedure: ");
  if (name == "RXE" || name == "RXD") return health(segment, 2, "medication: ");
  if (name == "RXA") return health(segment, 5, "medication: ");
  if (name == "RXO") return health(segment, 1, "medication: ");
  constexpr std::array<std::string_view, 12> kPlumbing = {"EVN", "PV2", "IN2", "IN3", "TQ1", "MSA",
                                                          "RXR", "SCH", "RGS", "AIS", "AIL", "ERR"};
  if (std::ranges::find(kPlumbing, name) != kPlumbing.end()) return;
  text_ += name == "NTE" ? segment.first(3) : segment.as_text().substr(3);
  text_ += '\n';
}

void Hl7Reader::begin_patient() {
  if (has_patient_) hand_on();
}

void Hl7Reader::hand_on() {
  const document::Place place{PlaceKind::record, messages_, {}};
  cut_ = cut_ || card_.cut();
  card_.hand_on(context_, place);
  context_.text(place, text_);
  text_.clear();
  ordinals_.fill(0);
  has_patient_ = false;
}

void Hl7Reader::begin_message(std::string_view line) {
  hand_on();
  ++messages_;
  separators_ = {};
  if (line.size() > 3) separators_.field = line[3];
  const std::string_view others = line.substr(std::min<std::size_t>(4, line.size()), 4);
  const std::array<char*, 4> targets = {&separators_.component, &separators_.repetition,
                                        &separators_.escape, &separators_.subcomponent};
  for (std::size_t i = 0; i < others.size() && others[i] != separators_.field; ++i)
    *targets[i] = others[i];
}

bool is_segment(std::string_view line, char separator) {
  const auto is_name = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return line.size() > 3 && std::ranges::all_of(line.substr(0, 3), is_name) && line[3] == separator;
}

void Hl7Reader::line(std::string_view line) {
  constexpr std::string_view kFraming = "\x0B\x1C\n\r ";
  const std::size_t first = line.find_first_not_of(kFraming);
  if (first == std::string_view::npos) return;
  line.remove_prefix(first);
  if (const std::size_t at = line.find("MSH|^"); at != std::string_view::npos && at > 0) {
    text_.append(line.substr(0, at)).append("\n");  // the time and words of a log
    line.remove_prefix(at);
  }
  const std::string_view name = line.substr(0, 3);
  if (name == "MSH" && line.size() > 8) return begin_message(line);
  const bool batch = name == "FHS" || name == "BHS" || name == "BTS" || name == "FTS";
  if (batch && is_segment(line, separators_.field)) return;
  if (messages_ > 0 && is_segment(line, separators_.field)) return read({line, separators_});
  text_.append(line).append("\n");
}

void Hl7Reader::finish() { hand_on(); }

}  // namespace

bool looks_like_hl7(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes).substr(0, kLookAhead);
  const std::size_t first = text.find_first_not_of("\xEF\xBB\xBF\x0B \t\r\n");
  if (first == std::string_view::npos) return false;
  const std::string_view start = text.substr(first);
  const auto begins = [&](std::string_view name) {
    if (!start.starts_with(name) || start.size() < 8) return false;
    const char c = start[3];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    return !letter && !digit && c != ' ' && c != ',';
  };
  if (begins("MSH") || begins("FHS") || begins("BHS")) return true;
  // A log of an interface: the first of its messages is near the start.
  return text.find("MSH|^~\\&|") != std::string_view::npos;
}

FileEnd read_hl7(base::ByteView bytes, Context& context) {
  const auto charset = detect_charset(bytes);
  TextPieces pieces(bytes, charset.value_or("windows-1252"));
  Hl7Reader reader(context);
  std::string rest;
  while (const auto piece = pieces.next()) {
    rest += *piece;
    std::string_view lines = rest;
    for (std::size_t end = 0; (end = lines.find_first_of("\r\n")) != std::string_view::npos;) {
      reader.line(lines.substr(0, end));
      lines.remove_prefix(end + 1);
    }
    rest = std::string(lines);
    if (context.out_of_time()) break;
  }
  reader.line(rest);
  reader.finish();
  if (context.out_of_time()) return read_partly("took too long; the first messages were read");
  if (reader.cut()) return read_partly("a message has more values or documents than may be kept");
  return read_whole();
}

}  // namespace sealift::readers
