#include "readers/health/x12.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "readers/card_builder.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::Fact;
using document::FactKind;
using document::FileEnd;
using document::Party;
using document::PlaceKind;

constexpr std::size_t kHeaderSize = 106;  // of ISA, with its terminator
constexpr std::size_t kComponentAt = 104;
constexpr std::size_t kTerminatorAt = 105;

using Segment = std::vector<std::string_view>;  // its name, then its elements

Segment elements(std::string_view text, char separator) {
  constexpr std::size_t kElementsMax = 128;
  Segment out;
  while (out.size() < kElementsMax) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return out;
}

std::string_view at(const Segment& segment, std::size_t index) {
  return index < segment.size() ? segment[index] : std::string_view{};
}

bool one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

class X12Reader {
 public:
  explicit X12Reader(Context& context) : context_(context) {}

  void read(const Segment& segment);
  void finish() { hand_on(); }
  bool cut() const { return cut_; }
  void set_component(char component) { component_ = component; }

 private:
  void hand_on();
  void level(const Segment& segment);
  void name(const Segment& segment);
  void number(std::string_view qualifier, std::string_view value, std::string_view field);
  void contacts(const Segment& segment);
  void diagnoses(const Segment& segment);
  void relationship(std::string_view code);
  Who whose(std::string_view entity);
  bool is_subject(const Segment& segment) const;
  Who next(Party party);

  Context& context_;
  CardBuilder card_;
  std::vector<Fact> subscriber_;  // of the dependents that follow
  std::optional<Who> who_;        // of the segments after an NM1; nobody: an organisation
  std::string street_, street_field_;
  std::string text_;
  std::array<std::uint8_t, 8> ordinals_{};
  std::uint32_t cards_ = 0;
  char component_ = ':';
  bool dependent_ = false;  // the card is a dependent's
  bool in_claim_ = false;   // other subscribers are named within claims
  bool payment_ = false;
  bool cut_ = false;
};

Who X12Reader::next(Party party) {
  std::uint8_t& last = ordinals_.at(static_cast<std::size_t>(party));
  if (last < 250) ++last;
  return {party, last};
}

void X12Reader::hand_on() {
  if (!card_.empty() || !text_.empty()) ++cards_;
  const document::Place place{PlaceKind::record, cards_, {}};
  cut_ = cut_ || card_.cut();
  card_.hand_on(context_, place);
  context_.text(place, text_);
  text_.clear();
  ordinals_.fill(0);
  who_.reset();
  in_claim_ = false;
}

// HL: 22 a subscriber, 23 a dependent of the last one; others are organisations and providers.
void X12Reader::level(const Segment& segment) {
  const std::string_view code = at(segment, 3);
  if (code == "23" && !dependent_) subscriber_ = card_.identity();
  hand_on();
  dependent_ = code == "23";
  if (code == "22") subscriber_.clear();
}

bool X12Reader::is_subject(const Segment& segment) const {
  const auto has = [&](FactKind kind, std::string_view value) {
    return std::ranges::any_of(card_.facts(), [&](const Fact& fact) {
      return fact.party == Party::subject && fact.kind == kind && fact.value == value;
    });
  };
  return has(FactKind::last_name, at(segment, 3)) && has(FactKind::first_name, at(segment, 4));
}

Who X12Reader::whose(std::string_view entity) {
  const Who self{};
  if (one_of(entity, {"QC", "74", "03"})) return self;
  if (one_of(entity, {"IL", "70"})) return in_claim_ || payment_ ? next(Party::relative) : self;
  if (one_of(entity, {"S1", "GD", "QD", "LQ", "E1"})) return next(Party::guardian);
  return next(Party::staff);
}

void X12Reader::name(const Segment& segment) {
  const std::string_view entity = at(segment, 1);
  street_.clear();
  who_.reset();
  if (at(segment, 2) != "1") return;
  // The insured of a payment or of other cover is often the patient again.
  if (entity == "IL" && (in_claim_ || payment_) && is_subject(segment)) {
    who_ = Who{};
  } else {
    who_ = whose(entity);
  }
  const std::string field = "NM1*" + std::string(entity);
  card_.add(*who_, FactKind::last_name, at(segment, 3), field);
  card_.add(*who_, FactKind::first_name, at(segment, 4), field);
  card_.add(*who_, FactKind::middle_name, at(segment, 5), field);
  card_.add(*who_, FactKind::name_suffix, at(segment, 7), field);
  number(at(segment, 8), at(segment, 9), field);
}

void X12Reader::number(std::string_view qualifier, std::string_view value, std::string_view field) {
  if (!who_ || who_->party == Party::staff) return;
  if (one_of(qualifier, {"34", "SY"}))
    card_.add(*who_, FactKind::social_security_number, value, field);
  if (one_of(qualifier, {"HN", "MI"})) card_.add(*who_, FactKind::health_number, value, field);
}

// PER*IC*name*TE*number*EM*address
void X12Reader::contacts(const Segment& segment) {
  if (!who_) {
    if (at(segment, 2).empty()) return;
    who_ = next(Party::staff);
    card_.add(*who_, FactKind::full_name, at(segment, 2), "PER");
  }
  for (std::size_t i = 3; i + 1 < segment.size(); i += 2) {
    if (one_of(segment[i], {"TE", "HP", "WP", "CP", "AP", "BN"}))
      card_.add(*who_, FactKind::phone, segment[i + 1], "PER");
    if (segment[i] == "EM") card_.add(*who_, FactKind::email, segment[i + 1], "PER");
  }
}

void X12Reader::diagnoses(const Segment& segment) {
  for (std::size_t i = 1; i < segment.size(); ++i) {
    const std::size_t colon = segment[i].find(component_);
    if (colon == std::string_view::npos) continue;
    const std::string_view rest = segment[i].substr(colon + 1);
    const std::string code(rest.substr(0, rest.find(component_)));
    if (!code.empty()) card_.add({}, FactKind::health_record, "diagnosis: " + code, "HI");
  }
}

// Of the dependent to the subscriber: the subscriber is a parent of a child.
void X12Reader::relationship(std::string_view code) {
  if (!dependent_ || subscriber_.empty() || code.empty()) return;
  Party party = Party::relative;
  if (one_of(code, {"01", "53"})) party = Party::spouse;
  if (one_of(code, {"19", "09", "10", "15", "17", "05", "24"})) party = Party::guardian;
  const Who who = next(party);
  for (const Fact& fact : subscriber_) card_.add(who, fact.kind, fact.value, fact.field);
  subscriber_.clear();
}

void X12Reader::read(const Segment& segment) {
  const std::string_view name_of = at(segment, 0);
  if (name_of == "ST") {
    hand_on();
    payment_ = at(segment, 1) == "835";
    dependent_ = false;
    subscriber_.clear();
  } else if (name_of == "HL") {
    level(segment);
  } else if (name_of == "INS") {
    if (!card_.empty() && !dependent_ && card_.has({}, FactKind::last_name)) hand_on();
    relationship(at(segment, 2));
  } else if (name_of == "CLP") {
    hand_on();
  } else if (name_of == "CLM") {
    in_claim_ = true;
    who_ = Who{};
  } else if (name_of == "PAT") {
    relationship(at(segment, 1));
    if (at(segment, 5) == "D8") card_.add({}, FactKind::death_date, at(segment, 6), "PAT");
  } else if (name_of == "NM1") {
    name(segment);
  } else if (name_of == "N1" || name_of == "LX") {
    who_.reset();
  } else if (name_of == "N3") {
    street_ = std::string(at(segment, 1));
    if (!at(segment, 2).empty()) street_.append(", ").append(at(segment, 2));
  } else if (name_of == "N4") {
    if (who_ && who_->party != Party::staff)
      card_.add_address(*who_, {street_, {}, at(segment, 1), at(segment, 2), at(segment, 3)}, "N3");
    street_.clear();
  } else if (name_of == "DMG") {
    if (who_) card_.add(*who_, FactKind::birth_date, at(segment, 2), "DMG");
  } else if (name_of == "REF") {
    number(at(segment, 1), at(segment, 2), "REF");
  } else if (name_of == "PER") {
    contacts(segment);
  } else if (name_of == "HI") {
    diagnoses(segment);
  } else if (name_of == "NTE") {
    text_.append(at(segment, 2)).append("\n");
  } else if (name_of == "MSG") {
    text_.append(at(segment, 1)).append("\n");
  }
}

}  // namespace

bool looks_like_x12(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  if (text.size() < kHeaderSize || !text.starts_with("ISA")) return false;
  const char separator = text[3];
  const auto is_letter_or_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !is_letter_or_digit(separator) && text[kComponentAt - 1] == separator &&
         std::ranges::count(text.substr(0, kHeaderSize), separator) == 16;
}

FileEnd read_x12(base::ByteView bytes, Context& context) {
  const std::string decoded = decode(bytes, "");
  std::string_view text = decoded;
  if (text.size() < kHeaderSize) return read_failed("cut short within its header");
  const char separator = text[3];
  const char terminator = text[kTerminatorAt];
  X12Reader reader(context);
  reader.set_component(text[kComponentAt]);
  bool ended = false;
  while (!text.empty()) {
    const std::size_t end = text.find(terminator);
    if (end == std::string_view::npos) break;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::size_t first = line.find_first_not_of("\r\n ");
    if (first == std::string_view::npos) continue;
    line.remove_prefix(first);
    reader.read(elements(line, separator));
    ended = line.starts_with("IEA");
    if (context.out_of_time()) return read_partly("took too long; the first claims were read");
  }
  reader.finish();
  if (!ended) return read_partly("cut short; what is there was read");
  if (reader.cut()) return read_partly("a record has more values than may be kept");
  return read_whole();
}

}  // namespace sealift::readers
