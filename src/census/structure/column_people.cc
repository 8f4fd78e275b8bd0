#include "census/structure/column_people.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "census/kinds/text_fold.h"
#include "census/names/mailbox.h"
#include "census/names/person_name.h"
#include "census/structure/field_kinds.h"
#include "census/structure/header_phrases.h"

namespace sealift::census::internal {
namespace {

struct Whose {
  Subject subject = Subject::self;
  std::uint8_t ordinal = 0;

  bool operator==(const Whose&) const = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14
  auto operator<=>(const Whose&) const = default;
};

bool names_somebody(Field field) { return is_name_field(field) || field == Field::composite; }

Whose whose(const HeaderMeaning& meaning) { return {meaning.subject, meaning.ordinal}; }

class PeopleOfColumns {
 public:
  PeopleOfColumns(const TableSection& section, const Rows& rows, std::vector<Column>& columns)
      : section_(section), rows_(rows), columns_(columns) {}

  void settle() {
    join_split_names();
    make_staff_the_subject();
    share_words();
    read_mailboxes();
    give_births_to_named();
    keep_one_birth_date();
  }

  // "Student | Parent | Phone": the phone is the parent's, unless it says "home" or whose.
  void give_contacts_to_last_named() {
    const HeaderMeaning* last = nullptr;
    for (Column& column : columns_) {
      if (!column.meaning) continue;
      const auto i = static_cast<std::size_t>(&column - columns_.data());
      HeaderMeaning& meaning = *column.meaning;
      if (is_name_field(meaning.field) || meaning.field == Field::composite) {
        last = &meaning;
      } else if (last != nullptr && last->subject != Subject::self &&
                 last->subject != Subject::owner && meaning.subject == Subject::self &&
                 !meaning.says_whose &&
                 (meaning.field == Field::phone || meaning.field == Field::email) &&
                 !says_whose(i)) {
        meaning.subject = last->subject;
        meaning.ordinal = last->ordinal;
      }
    }
  }

 private:
  // "Roe, Kim | 2013-05-08" beside a birth date of the row's person: the second is Kim's.
  void give_births_to_named() {
    bool own = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto& meaning = columns_[i].meaning;
      if (!meaning || meaning->field != Field::birth_date || meaning->subject != Subject::self)
        continue;
      const bool beside = i > 0 && columns_[i - 1].meaning &&
                          is_name_field(columns_[i - 1].meaning->field) &&
                          columns_[i - 1].meaning->subject != Subject::self;
      if (own && beside && !meaning->says_whose) {
        meaning->subject = columns_[i - 1].meaning->subject;
        meaning->ordinal = columns_[i - 1].meaning->ordinal;
      } else {
        own = true;
      }
    }
  }

  // A row's person is born once: of several columns of birth dates of one role the header's own
  // stays, else the first.
  void keep_one_birth_date() {
    for (std::size_t a = 0; a < columns_.size(); ++a) {
      for (std::size_t b = a + 1; b < columns_.size(); ++b) {
        if (!is_birth_of_same(columns_[a], columns_[b])) continue;
        columns_[columns_[a].by_values && !columns_[b].by_values ? a : b].meaning.reset();
        if (!columns_[a].meaning) break;
      }
    }
  }

  static bool is_birth_of_same(const Column& a, const Column& b) {
    return a.meaning && b.meaning && a.meaning->field == Field::birth_date &&
           b.meaning->field == Field::birth_date && a.meaning->subject == b.meaning->subject &&
           a.meaning->ordinal == b.meaning->ordinal;
  }

  bool says_whose(std::size_t i) const {
    for (const std::string& word : folded_words(section_.headers[i]))
      if (word == "home" || word == "student" || word == "client" || word == "patient" ||
          word == "applicant" || word == "employee" || word == "domicile" || word == "maison" ||
          word == "eleve")
        return true;
    return false;
  }

  struct NameParts {
    bool given = false, surname = false, whole = false;
  };

  NameParts parts_of(const Whose& person) const {
    NameParts parts;
    for (const Column& column : columns_) {
      if (!column.meaning || whose(*column.meaning) != person) continue;
      const Field field = column.meaning->field;
      parts.given = parts.given || field == Field::first_name;
      parts.surname = parts.surname || field == Field::last_name;
      parts.whole = parts.whole || field == Field::full_name || field == Field::composite;
    }
    return parts;
  }

  std::set<Whose> people() const {
    std::set<Whose> people;
    for (const Column& column : columns_)
      if (column.meaning && names_somebody(column.meaning->field))
        people.insert(whose(*column.meaning));
    return people;
  }

  void give_all(const Whose& from, const Whose& to) {
    for (Column& column : columns_) {
      if (!column.meaning || whose(*column.meaning) != from) continue;
      column.meaning->subject = to.subject;
      column.meaning->ordinal = to.ordinal;
    }
  }

  // "Worker name first" beside "Last name": nobody has half a name.
  void join_split_names() {
    std::optional<Whose> given;
    std::optional<Whose> surname;
    for (const Whose& person : people()) {
      const NameParts parts = parts_of(person);
      if (parts.whole || parts.given == parts.surname) continue;
      std::optional<Whose>& half = parts.given ? given : surname;
      if (half) return;  // two halves of one kind: whose is which?
      half = person;
    }
    if (!given || !surname) return;
    const bool first_stays = given->subject == Subject::self;
    give_all(first_stays ? *surname : *given, first_stays ? *given : *surname);
  }

  // Of staff alone are names, and there is what no list of colleagues says: they are whom the rows
  // are about.
  void make_staff_the_subject() {
    const std::set<Whose> all = people();
    if (all.size() != 1 || all.begin()->subject != Subject::staff) return;
    const bool is_private = std::ranges::any_of(columns_, [](const Column& column) {
      if (!column.meaning) return false;
      const auto type = element_type_of(column.meaning->field);
      return column.meaning->field == Field::birth_date ||
             column.meaning->field == Field::bank_account ||
             (type && is_number_of_one_person(*type));
    });
    if (is_private) give_all(*all.begin(), {});
  }

  // Words of a header that can tell whose it is.
  std::set<std::string> telling_words(std::size_t i) const {
    std::set<std::string> words;
    for (std::string& word : words_of_header(section_.headers[i]))
      if (word.size() > 1 ? !is_header_filler(word) : is_ascii_digit(word.front()))
        words.insert(std::move(word));
    return words;
  }

  static bool is_number(const std::string& word) { return is_ascii_digit(word.front()); }

  void share_words() {
    const std::set<Whose> all = people();
    if (all.size() < 2) return;
    std::vector<std::set<std::string>> words;
    for (std::size_t i = 0; i < columns_.size(); ++i) words.push_back(telling_words(i));
    const auto words_of = [&](const Whose& person) {
      std::set<std::string> own;
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].meaning && names_somebody(columns_[i].meaning->field) &&
            whose(*columns_[i].meaning) == person)
          own.insert(words[i].begin(), words[i].end());
      return own;
    };
    std::vector<std::pair<Whose, std::set<std::string>>> told;
    for (const Whose& person : all) told.emplace_back(person, words_of(person));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto& meaning = columns_[i].meaning;
      if (!meaning || names_somebody(meaning->field) || meaning->says_whose) continue;
      if (const auto person = sharer_of(words[i], told)) {
        meaning->subject = person->subject;
        meaning->ordinal = person->ordinal;
        meaning->says_whose = true;
      }
    }
  }

  // Who alone shares most words with a header; a number alone says nothing.
  static std::optional<Whose> sharer_of(
      const std::set<std::string>& words,
      const std::vector<std::pair<Whose, std::set<std::string>>>& told) {
    std::size_t most = 0;
    std::size_t second = 0;
    std::optional<Whose> sharer;
    for (const auto& [person, own] : told) {
      std::size_t shared = 0;
      bool in_words = false;
      for (const std::string& word : words) {
        if (!own.contains(word)) continue;
        ++shared;
        in_words = in_words || !is_number(word);
      }
      if (!in_words) shared = 0;
      if (shared > most) {
        second = most;
        most = shared;
        sharer = person;
      } else {
        second = std::max(second, shared);
      }
    }
    return most > second ? sharer : std::nullopt;
  }

  std::vector<MatchName> names_in_row(std::size_t row, const Whose& person) const {
    std::string given;
    std::string surname;
    std::vector<MatchName> names;
    for (std::size_t i = 0; i < std::min(columns_.size(), rows_[row].size()); ++i) {
      const auto& meaning = columns_[i].meaning;
      if (!meaning || whose(*meaning) != person) continue;
      const std::string_view cell = trim(rows_[row][i]);
      if (meaning->field == Field::first_name && given.empty()) given = cell;
      if (meaning->field == Field::last_name && surname.empty()) surname = cell;
      if (meaning->field != Field::full_name) continue;
      if (const auto name = parse_person_name(cell, columns_[i].name_order))
        names.push_back(match_name(name->display()));
    }
    if (!given.empty() && !surname.empty()) names.push_back(match_name(given + " " + surname));
    return names;
  }

  // Most mailboxes that spell somebody of their row spell one person's name.
  void read_mailboxes() {
    constexpr std::size_t kRowsMin = 3;
    constexpr std::size_t kRowsMax = 400;
    const std::set<Whose> all = people();
    if (all.size() < 2) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto& meaning = columns_[i].meaning;
      if (!meaning || meaning->field != Field::email) continue;
      std::vector<std::size_t> votes;
      for (const Whose& person : all) {
        std::size_t spelled = 0;
        const std::size_t end = std::min(section_.end, section_.begin + kRowsMax);
        for (std::size_t row = section_.begin; row < end; ++row)
          spelled += i < rows_[row].size() && is_spelled_by(row, i, person) ? 1 : 0;
        votes.push_back(spelled);
      }
      const auto best = std::ranges::max_element(votes);
      const auto voters = static_cast<std::size_t>(std::count_if(
          votes.begin(), votes.end(), [&](std::size_t count) { return count * 3 > *best; }));
      if (*best < kRowsMin || voters > 1) continue;
      const Whose person = *std::next(all.begin(), best - votes.begin());
      meaning->subject = person.subject;
      meaning->ordinal = person.ordinal;
      meaning->says_whose = true;
    }
  }

  bool is_spelled_by(std::size_t row, std::size_t email, const Whose& person) const {
    const std::string_view mailbox = trim(rows_[row][email]);
    if (mailbox.empty()) return false;
    return std::ranges::any_of(names_in_row(row, person),
                               [&](const MatchName& name) { return spells(mailbox, name); });
  }

  const TableSection& section_;
  const Rows& rows_;
  std::vector<Column>& columns_;
};

}  // namespace

void settle_people(const TableSection& section, const Rows& rows, std::vector<Column>& columns) {
  PeopleOfColumns(section, rows, columns).settle();
}

void give_contacts_to_last_named(const TableSection& section, std::vector<Column>& columns) {
  PeopleOfColumns(section, {}, columns).give_contacts_to_last_named();
}

}  // namespace sealift::census::internal
