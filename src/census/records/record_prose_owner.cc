// Whose a value in running text is: of whom its sentence, its paragraph or the whole file is about.
#include <algorithm>

#include "base/limits.h"
#include "census/kinds/text_fold.h"
#include "census/names/mailbox.h"
#include "census/records/name_place.h"
#include "census/records/record_cues.h"
#include "census/records/record_prose.h"

namespace sealift::census {
namespace {

constexpr std::size_t kReach = 120;  // bytes between a value and a name that follows it

template <typename Owner>
std::optional<Owner> as_owner(std::optional<std::size_t> person) {
  return person ? std::optional(Owner{*person}) : std::nullopt;
}

bool is_contact(ElementType type) {
  return type == ElementType::phone || type == ElementType::email || type == ElementType::address;
}

}  // namespace

bool ProseReader::has_value(const Record& record, const Finding& finding) {
  return std::ranges::any_of(record.elements, [&](const Element& element) {
    return element.type == finding.type && element.value == finding.value;
  });
}

std::optional<std::size_t> ProseReader::owner_in_sentence(std::size_t at) const {
  const Mention& value = mentions_[at];
  const Sentence& sentence = regions_.sentences[value.sentence];
  std::optional<std::size_t> staff;
  const std::size_t back = at - std::min(at, limits::kCensusMentionsBackMax);
  for (std::size_t i = at; i-- > back && mentions_[i].sentence == value.sentence;) {
    const Mention& name = mentions_[i];
    if (name.finding.type != ElementType::name || !name.person) continue;
    // Inside brackets: names in the same ones, or before them. Outside: names outside.
    if (name.bracket != 0 && name.bracket != value.bracket) continue;
    if (are_cells(between(name.finding.end, value.finding.begin))) return name.person;
    if (is_staff(*name.person)) {
      if (!staff) staff = name.person;
      continue;
    }
    return name.person;
  }
  constexpr std::size_t kLeadMax = 4096;  // longer ones are no sentences
  const std::size_t lead_begin =
      std::max(sentence.begin, value.finding.begin - std::min(value.finding.begin, kLeadMax));
  const std::string_view lead = between(lead_begin, value.finding.begin);
  if (const auto reader = person_of_record(addressee_); reader && speaks_to_reader(lead))
    return reader;
  if (const auto writer = person_of_record(writer_);
      writer && sentence.region != Region::quoted && speaks_of_writer(lead) && !is_staff(*writer))
    return writer;
  for (std::size_t i = at + 1; i < mentions_.size() && mentions_[i].sentence == value.sentence;
       ++i) {
    const Mention& name = mentions_[i];
    if (name.finding.begin > value.finding.end + kReach) break;
    if (name.finding.type != ElementType::name || !name.person || is_staff(*name.person)) continue;
    if (name.finding.begin < value.finding.end) break;
    return name.person;
  }
  return sentence.region == Region::signature ? staff : std::nullopt;
}

std::optional<std::size_t> ProseReader::owner_by_topic(std::size_t at) const {
  const Mention& value = mentions_[at];
  const Sentence& here = regions_.sentences[value.sentence];
  const bool signature = here.region == Region::signature;
  const std::size_t back = at - std::min(at, limits::kCensusMentionsBackMax);
  for (std::size_t i = at; i-- > back;) {
    const Mention& name = mentions_[i];
    const Sentence& there = regions_.sentences[name.sentence];
    if (signature ? there.region != Region::signature : there.paragraph != here.paragraph) break;
    if (name.finding.type != ElementType::name || !name.person || name.bracket != 0) continue;
    if (is_staff(*name.person) && !signature) continue;
    return name.person;
  }
  return std::nullopt;
}

// "Mikisi Snache | Technician | 905.555.1385 | m.snache@vendor.example": without a name that the
// tagger knows, the card is of who has the mailbox or the name of its first cell, else of nobody
// here.
std::optional<std::size_t> ProseReader::bearer_of_card(std::string_view line) const {
  const std::string_view text = text_->text;
  const auto begin = static_cast<std::size_t>(line.data() - text.data());
  for (const Mention& mention : mentions_) {
    if (mention.finding.begin < begin || mention.finding.begin >= begin + line.size()) continue;
    if (mention.finding.type == ElementType::name && mention.person) return mention.person;
    if (mention.finding.type != ElementType::email) continue;
    for (std::size_t i = 0; i < people_.size(); ++i)
      if (is_recalled(i) && has_value(records_[people_[i].record], mention.finding)) return i;
  }
  const MatchName name = match_name(trim(line.substr(0, line.find(" | "))));
  return name.given.empty() || name.family.empty() ? std::nullopt : person_named(name);
}

// The only one of those named whom the mailbox is called after.
std::optional<std::size_t> ProseReader::person_spelled_by(std::string_view email) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (!is_recalled(i) || std::ranges::none_of(people_[i].names, [&](const MatchName& name) {
          return spells(email, name);
        }))
      continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

// Two private people or more, outside brackets, in the sentences of the paragraph before this one.
bool ProseReader::names_several_before(std::size_t at) const {
  const Mention& value = mentions_[at];
  const Sentence& here = regions_.sentences[value.sentence];
  std::optional<std::size_t> one;
  const std::size_t back = at - std::min(at, limits::kCensusMentionsBackMax);
  for (std::size_t i = at; i-- > back;) {
    const Mention& name = mentions_[i];
    const Sentence& there = regions_.sentences[name.sentence];
    if (there.paragraph != here.paragraph) break;
    if (there.region != here.region) continue;  // a greeting, a mail that is quoted
    if (name.finding.type != ElementType::name || !name.person || name.bracket != 0) continue;
    if (name.staff || is_staff(*name.person)) continue;
    if (one && *one != *name.person) return true;
    one = name.person;
  }
  return false;
}

std::optional<ProseReader::Owner> ProseReader::owner_of(std::size_t at) const {
  const Sentence& sentence = regions_.sentences[mentions_[at].sentence];
  const ElementType type = mentions_[at].finding.type;
  if (type == ElementType::email)
    if (const auto spelled = person_spelled_by(mentions_[at].finding.value)) return Owner{*spelled};
  if (type == ElementType::phone || type == ElementType::email)
    if (const auto line = card_line_around(text_->text, mentions_[at].finding.begin))
      return as_owner<Owner>(bearer_of_card(*line));
  if (auto owner = owner_in_sentence(at)) return Owner{*owner};
  if (auto owner = owner_by_topic(at)) return Owner{*owner, !names_several_before(at)};
  if (sentence.region == Region::signature) return as_owner<Owner>(person_of_record(writer_));
  if (const auto whole = person_of_record(main_)) return Owner{*whole};
  // The only private person that the file names.
  std::optional<std::size_t> only;
  std::size_t count = 0;
  for (std::size_t i = 0; i < people_.size() && count < 2; ++i) {
    if (is_staff(i)) continue;
    only = i;
    ++count;
  }
  // In a letter to a parent about a child whom it does not name, the child's birth date is not the
  // parent's.
  if (about_readers_child_ && !is_contact(mentions_[at].finding.type)) return std::nullopt;
  if (count == 1) return as_owner<Owner>(only);
  return as_owner<Owner>(person_of_record(addressee_));
}

}  // namespace sealift::census
