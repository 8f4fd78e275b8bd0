#include "census/records/record_cues.h"

#include <algorithm>
#include <string>
#include <vector>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

// Words with a space before and behind each: " teacher nurse ".
using Words = std::string_view;

bool is_one_of(Words list, std::string_view word) {
  for (std::size_t at = list.find(word); at != Words::npos; at = list.find(word, at + 1))
    if (at > 0 && list[at - 1] == ' ' && list[at + word.size()] == ' ') return !word.empty();
  return false;
}

std::vector<std::string_view> split(Words list) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 1; begin < list.size();) {
    const std::size_t end = list.find(' ', begin);
    words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

constexpr Words kSubjectWords =
    " client patient pt re member student pupil applicant employee resident insured claimant "
    "tenant ratepayer complainant name subject regarding concerning objet eleve demandeur "
    "requerant employe membre nom concernant holder child for ";

constexpr Words kStaffWords =
    " teacher worker caseworker crew physician doctor nurse officer supervisor principal "
    "coordinator manager paramedic councillor chair clerk present regrets attending "
    "interviewer assessor director by cc author signed practitioner therapist counsellor "
    "psychologist reviewer inspector enseignant enseignante medecin intervenant intervenante "
    "directeur directrice infirmiere infirmier redige staff from to attn presents absents "
    "moved secretary recorder treasurer mayor educator witness notary solicitor counsel agent "
    "wrote dispatcher provider ";

constexpr Words kStaffListWords =
    " crew present regrets attending attendees staff presents absents cc teachers members ";

constexpr Words kCredentials =
    " rn md rpn pcp acp oct rsw msw ece rece pt np dds slp cpa llb jd phd eng principal "
    "teacher director manager supervisor clerk chair councillor ";

constexpr Words kGuardianWords =
    " mother father parent guardian mom dad mere pere tuteur tutrice grandmother grandfather "
    "parents guardians ";
constexpr Words kSpouseWords = " wife husband spouse partner epoux epouse conjoint conjointe ";
constexpr Words kChildWords =
    " son daughter child dependent dependant fils fille enfant stepson stepdaughter ward ";
constexpr Words kChildrenWords = " children kids enfants sons daughters dependents dependants ";
constexpr Words kReaderWords = " you your vous votre vos ";
constexpr Words kWriterWords = " i my me je mon ma mes im ";

// Words that make staff of a name right behind them, without a colon.
constexpr Words kStaffTitles =
    " teacher worker caseworker physician doctor nurse officer supervisor principal coordinator "
    "manager paramedic councillor director inspector psychologist counsellor enseignant "
    "enseignante "
    "medecin intervenant intervenante directeur directrice infirmiere infirmier ";

// The last words of `text`, nearest first, up to a break of thought.
std::vector<std::string> words_before(std::string_view text, std::size_t most) {
  const std::size_t stop = text.find_last_of(".;!?\n|");
  if (stop != std::string_view::npos && stop + 1 < text.size() && text[stop] != '.')
    text.remove_prefix(stop + 1);
  std::vector<std::string> words = folded_words(text);
  std::ranges::reverse(words);
  if (words.size() > most) words.resize(most);
  return words;
}

bool ends_with_colon(std::string_view before) {
  const std::string_view text = trim(before);
  return !text.empty() && (text.back() == ':' || text.back() == '-');
}

bool has_word(const std::vector<std::string>& words, Words wanted) {
  return std::ranges::any_of(words,
                             [&](const std::string& word) { return is_one_of(wanted, word); });
}

NameCue cue_of_label(const std::vector<std::string>& words) {
  if (words.empty()) return NameCue::none;
  if (has_word(words, " emergency urgence ")) return NameCue::contact;
  // "Parent/Guardian of student" asks for the parent; "Student's teacher" for the teacher.
  for (const std::string& word : words) {
    if (is_one_of(kStaffListWords, word)) return NameCue::staff_list;
    if (is_one_of(kStaffWords, word)) return NameCue::staff;
    if (is_one_of(kGuardianWords, word)) return NameCue::guardian;
    if (is_one_of(kSpouseWords, word)) return NameCue::spouse;
    if (is_one_of(kChildrenWords, word)) return NameCue::child_list;
    if (is_one_of(kChildWords, word)) return NameCue::child;
    if (is_one_of(kSubjectWords, word)) return NameCue::subject;
  }
  return NameCue::none;
}

std::string ascii_lower_text(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = ascii_lower(c);
  return small;
}

}  // namespace

// "Ann Clerk <ann@town.example> wrote:", "Ann Clerk a écrit :"
bool writes_what_follows(std::string_view after) {
  std::string_view rest = trim(after);
  if (rest.starts_with('<')) {
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos) return false;
    rest = trim(rest.substr(end + 1));
  }
  const std::vector<std::string> words = folded_words(rest.substr(0, 12));
  const bool wrote = !words.empty() && words[0] == "wrote";
  const bool ecrit = words.size() > 1 && words[0] == "a" && words[1] == "ecrit";
  return (wrote || ecrit) && rest.ends_with(':');
}

NameCue name_cue(std::string_view before, std::string_view after) {
  if (writes_what_follows(after)) return NameCue::staff;
  const std::vector<std::string> tail = folded_words(after.substr(0, 24));
  const std::string_view rest = trim(after);
  if (!tail.empty() && rest.starts_with(',') && is_one_of(kCredentials, tail.front()))
    return NameCue::staff;

  std::vector<std::string> words = words_before(before, 6);
  if (words.empty()) return NameCue::none;
  const bool brackets_child =
      trim(before).ends_with(':') && has_word(words, " child ren children ");
  if (brackets_child) return NameCue::child_list;
  for (std::size_t i = 0; i + 1 < std::min<std::size_t>(words.size(), 4); ++i)
    if ((is_one_of(kChildWords, words[i])) && (words[i + 1] == "your" || words[i + 1] == "votre"))
      return NameCue::your_child;
  if (ends_with_colon(before)) {
    const std::size_t colon = trim(before).size() - 1;
    const std::size_t begin = before.substr(0, colon).find_last_of(":,;.\n\t(") + 1;
    return cue_of_label(words_before(before.substr(begin, colon - begin), 4));
  }
  if (is_one_of(kStaffTitles, words[0])) return NameCue::staff;  // "worker Andrea Russo"
  if (words.size() > 1 && (words[0] == "by" || words[0] == "par") &&
      is_one_of(" signed prepared written completed submitted reported redige signe prepare ",
                words[1]))
    return NameCue::staff;
  words.resize(1);
  const NameCue cue = cue_of_label(words);
  return cue == NameCue::staff || cue == NameCue::staff_list ? NameCue::none : cue;
}

PairCue pair_cue(std::string_view between) {
  const std::string words = " " + fold_words(between) + " ";
  const auto says = [&](Words list, Words links) {
    return std::ranges::any_of(split(list), [&](std::string_view word) {
      return std::ranges::any_of(split(links), [&](std::string_view link) {
        return words.find(" " + std::string(word) + " " + std::string(link) + " ") !=
               std::string::npos;
      });
    });
  };
  if (words.size() > 60) return PairCue::none;
  if (says(kGuardianWords, " of to de du d ")) return PairCue::first_guards_second;
  if (says(kChildWords, " of de du ")) return PairCue::second_guards_first;
  // "'s son": what follows a name and an apostrophe is theirs
  if (says(" s ", kChildWords) && between.size() > 1 &&
      (between[0] == '\'' || between[0] == '\xE2'))
    return PairCue::first_guards_second;
  if (says(" s ", kGuardianWords) && between.size() > 1 &&
      (between[0] == '\'' || between[0] == '\xE2'))
    return PairCue::second_guards_first;
  if (says(" his her their son sa ses ", kChildWords)) return PairCue::first_guards_second;
  if (says(" his her their son sa ", kGuardianWords)) return PairCue::second_guards_first;
  if (says(" his her wife husband married ", " wife husband spouse partner of to "))
    return PairCue::household;
  return PairCue::none;
}

bool speaks_to_reader(std::string_view text) { return has_word(folded_words(text), kReaderWords); }

bool speaks_of_readers_child(std::string_view text) {
  // Few sentences have "your" or "votre" in them, and folding them all takes time.
  const auto is_at = [&](std::size_t at, std::string_view word) {
    for (std::size_t i = 0; i < word.size(); ++i)
      if (ascii_lower(text[at + i]) != word[i]) return false;
    return true;
  };
  const auto may_begin = [&](std::size_t at) {
    const char c = static_cast<char>(text[at] | 0x20);
    return (c == 'v' || c == 'y') && (at == 0 || !is_ascii_alnum(text[at - 1])) &&
           at + 4 <= text.size() && is_at(at, c == 'y' ? "your" : "votr");
  };
  std::size_t at = 0;
  while (at < text.size() && !may_begin(at)) ++at;
  if (at == text.size()) return false;
  const std::vector<std::string> words = folded_words(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if ((words[i] == "your" || words[i] == "votre") && is_one_of(kChildWords, words[i + 1]))
      return true;
  return false;
}

bool speaks_of_writer(std::string_view text) { return has_word(folded_words(text), kWriterWords); }

std::optional<DeathCue> death_cue(std::string_view sentence) {
  struct Phrase {
    std::string_view words;
    bool before_name;
  };
  constexpr Phrase kPhrases[] = {{"the late ", true},
                                 {"estate of ", true},
                                 {"death of ", true},
                                 {"feu ", true},
                                 {"feue ", true},
                                 {"succession de ", true},
                                 {"décès de ", true},
                                 {"deceased", false},
                                 {"died", false},
                                 {"passed away", false},
                                 {"was pronounced dead", false},
                                 {"décédé", false},
                                 {"est mort", false},
                                 {"est morte", false},
                                 {"date of death", false},
                                 {"found dead", false},
                                 {"son décès", false}};
  const std::string small = ascii_lower_text(sentence);
  std::optional<DeathCue> first;
  for (const Phrase& phrase : kPhrases) {
    const std::size_t at = small.find(phrase.words);
    if (at == std::string::npos || (at > 0 && is_ascii_alnum(small[at - 1]))) continue;
    const std::size_t end = at + phrase.words.size();
    if (!phrase.before_name && end < small.size() && is_ascii_letter(small[end]) &&
        small[end] != 'e' && small[end] != 's')
      continue;
    if (!first || at < first->begin) first = DeathCue{at, end, phrase.before_name};
  }
  return first;
}

}  // namespace sealift::census
