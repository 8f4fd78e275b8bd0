#include "census/records/record_prose.h"

#include <algorithm>

#include "base/limits.h"
#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"
#include "census/names/mailbox.h"
#include "census/names/person_name.h"
#include "census/records/name_place.h"
#include "census/records/record_cues.h"
#include "census/records/record_place.h"
#include "census/structure/field.h"

namespace sealift::census {
namespace {

constexpr double kSureName = 0.7;      // a name below this makes no person by itself
constexpr double kSureNameless = 0.9;  // an identifier without a name makes a person from here

bool is_strong(ElementType type) { return identifies(kind_of(type)); }

}  // namespace

void ProseReader::know(std::uint32_t record) {
  Person person{.record = record, .names = {}, .last_seen = seen_};
  for (const Element& element : records_[record].elements)
    if (element.type == ElementType::name) person.names.push_back(match_name(element.value));
  add_person(std::move(person));
}

void ProseReader::read(const document::Text& text) {
  text_ = &text;
  regions_ = regions_of(text.text);
  collect(tools_.detector.detect(text.text, {.region = tools_.region, .dates = tools_.dates}));
  find_names_by_comma();
  find_births_in_brackets();
  find_names_by_birth();
  place_names();
  mark_dead();
  relate_names();
  place_values();
  text_ = nullptr;
}

// "L. Ulloa" behind "Amber": an initial is hardly the first word of a name.
void ProseReader::widen(Finding& finding) const {
  const std::string_view text = text_->text;
  if (finding.end - finding.begin < 4 || !is_ascii_upper(text[finding.begin]) ||
      text[finding.begin + 1] != '.')
    return;
  if (finding.begin < 2 || text[finding.begin - 1] != ' ') return;
  const std::size_t end = finding.begin - 1;
  std::size_t begin = end;
  while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '\n') --begin;
  const std::string_view word = text.substr(begin, end - begin);
  if (word.size() < 2 || !is_upper_latin(code_point_at(text, begin).value) ||
      word.find_first_of(".,:;()0123456789") != std::string_view::npos)
    return;
  const auto name = parse_person_name(text.substr(begin, finding.end - begin));
  if (!name || name->given.empty() || name->surname.empty()) return;
  finding.begin = begin;
  finding.value = name->display();
}

// False when nothing is left, or when all its words are towns.
bool ProseReader::keep_to_sentence(Finding& finding) const {
  const std::string_view written = between(finding.begin, finding.end);
  if (const std::size_t at = sentence_end_in_name(written); at > 0) {
    const auto name = parse_person_name(written.substr(at));
    if (!name) return false;
    finding.begin += at;
    finding.value = name->display();
  }
  return !is_two_places(tools_.models, finding.value);
}

// "Tyrell" behind "Clarke, ": a surname before the comma, as lists write it, within a sentence.
void ProseReader::find_names_by_comma() {
  const std::string_view text = text_->text;
  std::vector<Mention> found;
  for (std::size_t comma = text.find(", "); comma != text.npos;
       comma = text.find(", ", comma + 2)) {
    const auto name = name_around_comma(text, comma, tools_.models);
    if (!name) continue;
    Mention mention{.finding = {.type = ElementType::name,
                                .value = name->value,
                                .begin = name->begin,
                                .end = name->end,
                                .confidence = 0.8,
                                .reasons = static_cast<std::uint32_t>(Reason::gazetteer)}};
    mention.sentence = regions_.sentence_at(name->begin);
    if (mention.sentence >= regions_.sentences.size()) continue;
    // A name that reaches further than these words is the better one.
    const bool longer = std::ranges::any_of(mentions_, [&](const Mention& m) {
      return m.finding.begin < name->end && name->begin < m.finding.end &&
             (m.finding.type != ElementType::name || m.finding.begin < name->begin ||
              m.finding.end > name->end);
    });
    if (!longer) found.push_back(std::move(mention));
  }
  if (found.empty()) return;
  std::erase_if(mentions_, [&](const Mention& m) {
    return m.finding.type == ElementType::name && std::ranges::any_of(found, [&](const Mention& f) {
             return m.finding.begin < f.finding.end && f.finding.begin < m.finding.end;
           });
  });
  mentions_.insert(mentions_.end(), found.begin(), found.end());
  std::ranges::sort(mentions_, {}, [](const Mention& m) { return m.finding.begin; });
}

void ProseReader::collect(const std::vector<Finding>& findings) {
  mentions_.clear();
  Brackets brackets(text_->text);
  for (const Finding& finding : findings) {
    Mention mention{.finding = finding};
    if (finding.type == ElementType::name) {
      widen(mention.finding);
      if (!keep_to_sentence(mention.finding)) continue;
    }
    mention.sentence = regions_.sentence_at(finding.begin);
    if (mention.sentence >= regions_.sentences.size()) continue;
    mention.bracket = brackets.at(finding.begin);
    mentions_.push_back(std::move(mention));
  }
}

void ProseReader::find_births_in_brackets() {
  std::vector<Mention> found;
  for (std::size_t at = 0; at < mentions_.size(); ++at) {
    if (mentions_[at].finding.type != ElementType::name) continue;
    const auto birth = birth_in_brackets(text_->text, mentions_[at].finding, tools_.dates);
    if (!birth || (at + 1 < mentions_.size() && mentions_[at + 1].finding.begin < birth->end))
      continue;
    found.push_back(mentions_[at]);
    found.back().finding = *birth;
  }
  mentions_.insert(mentions_.end(), found.begin(), found.end());
  std::ranges::sort(mentions_, {}, [](const Mention& m) { return m.finding.begin; });
}

// "Odis Goose Sr (born 28/07/1944)": who is born is a name, even when its words are ordinary ones.
void ProseReader::find_names_by_birth() {
  const std::string_view text = text_->text;
  std::vector<Mention> found;
  for (std::size_t at = 0; at < mentions_.size(); ++at) {
    if (mentions_[at].finding.type != ElementType::birth_date) continue;
    const std::size_t end = birth_lead(text, mentions_[at].finding.begin);
    if (end == mentions_[at].finding.begin) continue;
    const std::string_view written = name_ending_at(text, end);
    bool replaces = false;
    if (at > 0 && mentions_[at - 1].finding.end + 2 >= end) {
      const Finding& before = mentions_[at - 1].finding;  // a name stands there already
      replaces = before.type == ElementType::name && before.end - before.begin < written.size();
      if (!replaces) continue;
    }
    const auto name = written.empty() ? std::nullopt : parse_person_name(written);
    if (!name || name->given.empty() || name->surname.empty()) continue;
    if (replaces) drop_.push_back(at - 1);
    Mention mention = mentions_[at];
    mention.finding = {.type = ElementType::name,
                       .value = name->display(),
                       .begin = end - written.size(),
                       .end = end,
                       .confidence = 0.8,
                       .reasons = static_cast<std::uint32_t>(Reason::context)};
    mention.bracket = 0;
    found.push_back(std::move(mention));
  }
  // What the longer name holds is not named again.
  std::size_t kept = 0;
  for (std::size_t at = 0; at < mentions_.size(); ++at) {
    if (std::ranges::binary_search(drop_, at)) continue;
    if (kept != at) mentions_[kept] = std::move(mentions_[at]);
    ++kept;
  }
  mentions_.erase(mentions_.begin() + static_cast<std::ptrdiff_t>(kept), mentions_.end());
  drop_.clear();
  if (found.empty()) return;
  mentions_.insert(mentions_.end(), found.begin(), found.end());
  std::ranges::sort(mentions_, {}, [](const Mention& m) { return m.finding.begin; });
}

std::string_view ProseReader::between(std::size_t begin, std::size_t end) const {
  return begin < end ? std::string_view(text_->text).substr(begin, end - begin)
                     : std::string_view();
}

Element ProseReader::element_of(const Finding& finding) const {
  return {
      .type = finding.type,
      .value = finding.value,
      .locator = line_locator(text_->place, text_->first_line + regions_.line_at(finding.begin)),
      .confidence = static_cast<float>(finding.confidence),
      .day_month_unsure = finding.has(Reason::day_month_could_be_swapped),
      .recognised = text_->role == document::TextRole::recognised};
}

bool ProseReader::is_staff(std::size_t person) const {
  return records_[people_[person].record].role == Role::staff;
}

// ---- names

// The name is all that its line holds.
bool ProseReader::stands_alone(const Mention& mention) const {
  constexpr std::size_t kLineReach = 256;  // a longer line holds more than a name
  const std::string_view text = text_->text;
  const std::size_t from =
      mention.finding.begin > kLineReach ? mention.finding.begin - kLineReach : 0;
  const std::size_t to = std::min(text.size(), mention.finding.end + kLineReach);
  const std::size_t begin = text.substr(from, mention.finding.begin - from).rfind('\n');
  const std::size_t end = text.substr(mention.finding.end, to - mention.finding.end).find('\n');
  if ((begin == text.npos && from > 0) || (end == text.npos && to < text.size())) return false;
  const std::size_t first = begin == text.npos ? 0 : from + begin + 1;
  const std::size_t last = end == text.npos ? text.size() : mention.finding.end + end;
  return trim(text.substr(first, last - first)).size() <=
         mention.finding.end - mention.finding.begin + 6;
}

std::optional<std::size_t> ProseReader::person_named(const MatchName& name) const {
  std::optional<std::size_t> best;
  int best_rank = 0;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (!is_recalled(i)) continue;
    int rank = 0;
    for (const MatchName& known : people_[i].names) {
      if (name.given.empty() && name.family.size() == 1) {  // one word: either part of the name
        const bool family = std::ranges::find(known.family, name.family[0]) != known.family.end();
        const bool given = !known.given.empty() && known.given[0] == name.family[0];
        rank = std::max(rank, given || family ? 1 : 0);
        continue;
      }
      const NameAgreement agreed = compare_names(known, name);
      if (!agreed.compatible() || agreed.generation_one_sided) continue;
      if (agreed.given == GivenAgreement::missing || agreed.family == FamilyAgreement::missing) {
        rank = std::max(rank, 1);
      } else if (agreed.given != GivenAgreement::initial || known.given.empty()) {
        rank = std::max(rank, agreed.family == FamilyAgreement::equal ? 3 : 2);
      } else {
        rank = std::max(rank, 2);
      }
    }
    const bool nearer =
        best && rank == best_rank && people_[i].last_seen >= people_[*best].last_seen;
    if (rank > best_rank || (rank > 0 && nearer)) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

std::optional<std::size_t> ProseReader::person_of_record(
    std::optional<std::uint32_t> record) const {
  if (!record) return std::nullopt;
  const auto found = person_of_record_.find(*record);
  if (found == person_of_record_.end()) return std::nullopt;
  return found->second;
}

// The first few, whom the text may be about, and the last.
bool ProseReader::is_recalled(std::size_t person) const {
  constexpr std::size_t kFirst = 100;
  return person < kFirst || person + limits::kCensusPeopleRecalledMax >= people_.size();
}

void ProseReader::add_person(Person person) {
  person_of_record_.try_emplace(person.record, people_.size());
  people_.push_back(std::move(person));
}

void ProseReader::place_names() {
  bool staff_list = false;
  std::size_t list_sentence = 0;
  for (std::size_t at = 0; at < mentions_.size(); ++at) {
    Mention& mention = mentions_[at];
    if (mention.finding.type != ElementType::name) continue;
    const Sentence& sentence = regions_.sentences[mention.sentence];
    const NameCue cue = name_cue(
        between(
            std::max(sentence.begin, mention.finding.begin > 90 ? mention.finding.begin - 90 : 0),
            mention.finding.begin),
        between(mention.finding.end, std::max(sentence.end, mention.finding.end)));
    if (cue == NameCue::staff_list) {
      staff_list = true;
      list_sentence = mention.sentence;
    } else if (mention.sentence != list_sentence || cue != NameCue::none) {
      staff_list = false;
    }
    mention.staff = cue == NameCue::staff || is_card_line(text_->text, mention.finding) ||
                    staff_list || sentence.region == Region::signature;
    place_name(at);
    if (!mention.person) continue;
    Record& record = records_[people_[*mention.person].record];
    if (mention.staff && record.elements.size() == 1 && record.role == Role::mentioned) {
      record.role = Role::staff;
      record.work_data = true;
    }
    if (cue == NameCue::subject && !main_ && record.role != Role::staff) main_ = record.ordinal;
  }
}

// Who died: behind "the late", before "died"; "He died" is said of whom the paragraph named last.
void ProseReader::mark_dead() {
  std::size_t at = 0;
  for (std::size_t i = 0; i < regions_.sentences.size(); ++i) {
    const Sentence& sentence = regions_.sentences[i];
    const auto cue = death_cue(between(sentence.begin, sentence.end));
    while (at < mentions_.size() && mentions_[at].sentence < i) ++at;
    if (!cue) continue;
    const std::size_t begin = sentence.begin + cue->begin;
    const std::size_t end = sentence.begin + cue->end;
    constexpr std::size_t kReachOfTitle = 12;  // "the late Mr. "
    std::optional<std::size_t> who;
    const auto is_private = [&](const Mention& mention) {
      return mention.finding.type == ElementType::name && mention.person &&
             !is_staff(*mention.person);
    };
    for (std::size_t m = at; m < mentions_.size() && mentions_[m].sentence == i; ++m) {
      const Finding& finding = mentions_[m].finding;
      if (!is_private(mentions_[m])) continue;
      if (finding.begin >= end && finding.begin <= end + kReachOfTitle) {
        if (cue->before_name || finding.begin <= end + 1) who = mentions_[m].person;
        break;
      }
      if (finding.end <= begin && !cue->before_name) who = mentions_[m].person;
    }
    for (std::size_t m = at; !who && !cue->before_name && m-- > 0;) {
      if (regions_.sentences[mentions_[m].sentence].paragraph != sentence.paragraph) break;
      if (is_private(mentions_[m])) who = mentions_[m].person;
    }
    if (who) records_[people_[*who].record].deceased = true;
  }
}

void ProseReader::place_name(std::size_t at) {
  Mention& mention = mentions_[at];
  const MatchName name = match_name(mention.finding.value);
  if (name.empty()) return;
  // A label of a form, whatever it looks like; but Faith Bateman and Grace Street are people.
  if (const auto label = field_of_header(mention.finding.value); label && label->confidence >= 0.95)
    return;
  const Region region = regions_.sentences[mention.sentence].region;
  mention.person = person_named(name);
  if (!mention.person) {
    if (name.given.empty()) return;  // one word, and nobody known by it
    Record record;
    record.role = Role::mentioned;
    record.uncertain = mention.finding.confidence < kSureName || name.family.empty();
    record.elements.push_back(element_of(mention.finding));
    const std::uint32_t ordinal = records_.add({std::move(record)});
    add_person({.record = ordinal, .names = {name}, .last_seen = ++seen_});
    mention.person = people_.size() - 1;
  } else {
    Person& person = people_[*mention.person];
    person.last_seen = ++seen_;
    if (!name.given.empty() && std::ranges::find(person.names, name) == person.names.end()) {
      person.names.push_back(name);
      records_[person.record].elements.push_back(element_of(mention.finding));
    }
    if (mention.finding.confidence >= kSureName) records_[person.record].uncertain = false;
  }
  // Whom a letter is addressed to stands alone above an address, before the greeting.
  if (addressee_ || region != Region::body || is_staff(*mention.person) || !stands_alone(mention))
    return;
  for (std::size_t next = at + 1; next < mentions_.size() && next <= at + 2; ++next) {
    if (mentions_[next].finding.type != ElementType::address) continue;
    if (mentions_[next].finding.begin - mention.finding.end < 80)
      addressee_ = people_[*mention.person].record;
    break;
  }
}

void ProseReader::make_child(std::size_t child, std::size_t guardian) {
  Record& record = records_[people_[child].record];
  const Relation relation{Relation::Kind::guardian, people_[guardian].record};
  if (child == guardian || record.role == Role::staff ||
      std::ranges::find(record.relations, relation) != record.relations.end())
    return;
  record.relations.push_back(relation);
  record.minor = true;
  if (record.role == Role::mentioned || record.role == Role::subject) record.role = Role::child;
  Record& parent = records_[people_[guardian].record];
  if (parent.role == Role::mentioned) parent.role = Role::guardian;
}

void ProseReader::relate_names() {
  std::optional<std::size_t> before;  // the last name, and the sentence it stands in
  bool children = false;
  for (std::size_t at = 0; at < mentions_.size(); ++at) {
    const Mention& mention = mentions_[at];
    if (mention.finding.type != ElementType::name || !mention.person) continue;
    const bool same = before && mentions_[*before].sentence == mention.sentence;
    const Sentence& sentence = regions_.sentences[mention.sentence];
    const std::string_view lead = between(sentence.begin, mention.finding.begin);
    const NameCue cue = name_cue(lead.size() > 90 ? lead.substr(lead.size() - 90) : lead, "");
    const auto whole = person_of_record(main_);
    if (!same) children = false;
    if (cue == NameCue::child_list) children = true;
    const bool childs_name = children || (cue == NameCue::child && whole && !is_staff(*whole));
    if (childs_name && whole && *whole != *mention.person) {
      make_child(*mention.person, *whole);
    } else if (cue == NameCue::your_child && person_of_record(addressee_)) {
      make_child(*mention.person, *person_of_record(addressee_));
    } else if (cue == NameCue::guardian && whole && *whole != *mention.person) {
      make_child(*whole, *mention.person);
    } else if (same && *mentions_[*before].person != *mention.person) {
      switch (pair_cue(between(mentions_[*before].finding.end, mention.finding.begin))) {
        case PairCue::first_guards_second:
          make_child(*mention.person, *mentions_[*before].person);
          break;
        case PairCue::second_guards_first:
          make_child(*mentions_[*before].person, *mention.person);
          break;
        case PairCue::household:
        case PairCue::none:
          break;
      }
    }
    before = at;
  }
  // "your son" in a letter about somebody else than its addressee.
  const auto reader = person_of_record(addressee_);
  const auto whole = person_of_record(main_);
  about_readers_child_ = std::ranges::any_of(regions_.sentences, [&](const Sentence& sentence) {
    return speaks_of_readers_child(between(sentence.begin, sentence.end));
  });
  if (about_readers_child_ && reader && whole && *reader != *whole) make_child(*whole, *reader);
}

// ---- values

void ProseReader::place_values() {
  for (std::size_t at = 0; at < mentions_.size(); ++at)
    if (mentions_[at].finding.type != ElementType::name) place_value(at);
}

void ProseReader::place_value(std::size_t at) {
  const Finding& finding = mentions_[at].finding;
  const Sentence& sentence = regions_.sentences[mentions_[at].sentence];
  if (finding.type == ElementType::email) {
    for (std::size_t i = 0; i < people_.size(); ++i)
      if (is_recalled(i) && has_value(records_[people_[i].record], finding)) return;
  }
  const auto owner = owner_of(at);
  if (!owner ||
      records_[people_[owner->person].record].elements.size() >= limits::kCensusPersonValuesMax) {
    if (!is_strong(finding.type) || sentence.region == Region::signature) return;
    Record record;
    record.uncertain = finding.confidence < kSureNameless;
    record.elements.push_back(element_of(finding));
    records_.add({std::move(record)});
    return;
  }
  Record& record = records_[people_[owner->person].record];
  Element element = element_of(finding);
  constexpr float kPerhaps = 0.5F;
  if (!owner->sure) element.confidence = std::min(element.confidence, kPerhaps);
  if (has_value(record, finding)) return;
  const bool contact = element.type == ElementType::phone || element.type == ElementType::email ||
                       element.type == ElementType::address;
  if (record.role == Role::staff && !contact) {
    if (!is_strong(element.type)) return;
    record.work_data = false;  // a SIN is nobody's work contact
    record.role = Role::subject;
  }
  if (record.role == Role::mentioned) record.role = Role::subject;
  record.elements.push_back(std::move(element));
}

}  // namespace sealift::census
