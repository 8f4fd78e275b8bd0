#include "census/records/composite_field.h"

#include <algorithm>
#include <optional>
#include <string>

#include "census/detect/cell_rules.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kSizeMax = 240;  // longer ones are prose
constexpr double kSureFinding = 0.5;

bool may_hold_more(const FieldValue& field) {
  if (field.meaning.field != Field::full_name && field.meaning.field != Field::composite)
    return false;
  if (field.value.size() > kSizeMax) return false;
  return std::ranges::count_if(field.value, is_ascii_digit) >= 4 ||
         field.value.find('@') != std::string::npos;
}

std::optional<Field> field_of(ElementType type) {
  switch (type) {
    case ElementType::birth_date:
      return Field::birth_date;
    case ElementType::phone:
      return Field::phone;
    case ElementType::email:
      return Field::email;
    case ElementType::address:
      return Field::address;
    case ElementType::ca_sin:
      return Field::sin;
    case ElementType::ca_on_health_number:
    case ElementType::ca_bc_health_number:
    case ElementType::ca_qc_health_number:
      return Field::health_number;
    case ElementType::ca_on_education_number:
      return Field::education_number;
    case ElementType::ca_on_drivers_licence:
      return Field::drivers_licence;
    case ElementType::ca_passport:
      return Field::passport;
    case ElementType::payment_card:
      return Field::payment_card;
    default:
      return std::nullopt;
  }
}

// Words between a name and what follows it.
bool is_lead_word(const std::string& word) {
  constexpr std::string_view kLeads =
      " born dob d o b ne nee le tel telephone ph phone hc hcn ohip oen niso sin nas health card "
      "cell no number carte sante email courriel ddn date of birth lives at living residing age "
      "aged "
      "aka is on ";
  return kLeads.find(" " + word + " ") != std::string_view::npos;
}

// The name before the first figure, without the words and signs that lead to it.
std::string_view name_part(std::string_view value, std::size_t end) {
  std::string_view name = value.substr(0, end);
  for (bool cut = true; cut;) {
    cut = false;
    while (!name.empty() && std::string_view(" (-,;:|/#\n[").find(name.back()) != name.npos)
      name.remove_suffix(1);
    const std::size_t space = name.find_last_of(" \n(,;:-");
    const std::string_view last = space == std::string_view::npos ? name : name.substr(space + 1);
    const std::string folded = fold_words(last);
    const bool dotted = folded.find(' ') != std::string::npos;  // "d.o.b."
    if (folded.empty() || dotted || is_lead_word(folded)) {
      cut = !name.empty() && space != std::string_view::npos;
      name = cut ? name.substr(0, space) : std::string_view();
    }
  }
  // "Roe, Ann (Annie" has lost a bracket with what followed
  const std::size_t bracket = name.rfind('(');
  if (bracket != std::string_view::npos && name.find(')', bracket) == std::string_view::npos)
    name = name.substr(0, bracket);
  return trim(name);
}

class Parts {
 public:
  Parts(const FieldValue& field, const ReadingTools& tools, std::vector<FieldValue>& out)
      : field_(field), tools_(tools), out_(out), first_(out.size()) {}

  void add() {
    std::string text = field_.value;
    std::ranges::replace(text, '\n', ' ');
    std::vector<Finding> findings =
        tools_.detector.detect(text, {.region = tools_.region, .dates = tools_.dates});
    std::size_t end = text.find_first_of("0123456789@");
    for (const Finding& finding : findings) {
      const auto field = field_of(finding.type);
      if (!field || finding.confidence < kSureFinding) continue;
      end = std::min(end, finding.begin);
      put(*field, text.substr(finding.begin, finding.end - finding.begin));
      for (std::size_t i = finding.begin; i < finding.end; ++i) taken_.push_back(i);
    }
    add_bare(text);
    end = std::min(end, text.size());
    if (const std::size_t at = text.find('@'); end <= at && at != text.npos)  // an unread address
      end = std::min(end, text.rfind(' ', at) == text.npos ? 0 : text.rfind(' ', at));
    const std::string_view name = name_part(text, end);
    if (!name.empty()) {
      out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(first_), field_);
      out_[first_].meaning.field = Field::full_name;
      out_[first_].value = std::string(name);
    } else if (out_.size() == first_) {
      out_.push_back(field_);
      out_.back().meaning.field = Field::full_name;
    }
  }

 private:
  void put(Field field, std::string value) {
    FieldValue part = field_;
    part.meaning.field = field;
    part.meaning.date_order = DateOrder::unknown;
    part.value = std::move(value);
    part.trusted = false;
    out_.push_back(std::move(part));
  }

  bool is_taken(std::size_t at) const { return std::ranges::find(taken_, at) != taken_.end(); }
  bool has(Field field) const {
    return std::any_of(out_.begin() + static_cast<std::ptrdiff_t>(first_), out_.end(),
                       [&](const FieldValue& f) { return f.meaning.field == field; });
  }

  // Dates and numbers that no word announces: behind a name a date of the past is a birth date, ten
  // digits that pass the health card's check are one.
  void add_bare(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool begins = at == 0 || !(is_ascii_alnum(text[at - 1]) || (text[at - 1] & 0x80) != 0);
      if (!begins || is_taken(at) || !is_ascii_alnum(text[at])) continue;
      const auto date = parse_date_prefix(std::string_view(text).substr(at), tools_.dates);
      if (date && !has(Field::birth_date) && date->date < tools_.dates.as_of &&
          date->date.year >= 1900) {
        put(Field::birth_date, text.substr(at, date->size_bytes));
        at += date->size_bytes;
        continue;
      }
      if (!is_ascii_digit(text[at])) continue;
      std::size_t end = at;
      while (end < text.size() && (is_ascii_digit(text[end]) ||
                                   ((text[end] == ' ' || text[end] == '-') &&
                                    end + 1 < text.size() && is_ascii_digit(text[end + 1]))))
        ++end;
      const std::string number = text.substr(at, end - at);
      if (!has(Field::health_number) && digits_of(number).size() == 10 &&
          normalise(ElementType::ca_on_health_number, number))
        put(Field::health_number, number);
      at = end;
    }
  }

  const FieldValue& field_;
  const ReadingTools& tools_;
  std::vector<FieldValue>& out_;
  const std::size_t first_;
  std::vector<std::size_t> taken_;
};

}  // namespace

void add_parts(const FieldValue& field, const ReadingTools& tools, std::vector<FieldValue>& out) {
  if (may_hold_more(field)) return Parts(field, tools, out).add();
  if (field.meaning.field == Field::full_name && is_two_places(tools.models, field.value)) return;
  out.push_back(field);
  if (field.meaning.field == Field::composite) out.back().meaning.field = Field::full_name;
}

}  // namespace sealift::census
