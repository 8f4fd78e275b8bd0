#include <string>
#include <unordered_map>
#include <unordered_set>

#include "census/structure/header_phrases.h"

namespace sealift::census::internal {
namespace {

constexpr SubjectWord kSubjects[] = {
    {"child", Subject::child, true},
    {"children", Subject::child, true},
    {"childs", Subject::child, true},
    {"enfant", Subject::child, true},
    {"enfants", Subject::child, true},
    {"lenfant", Subject::child, true},
    {"dependent", Subject::child, true},
    {"dependant", Subject::child, true},
    {"daughter", Subject::child, true},
    {"son", Subject::child, false},
    {"parent", Subject::guardian, true},
    {"parents", Subject::guardian, true},
    {"guardian", Subject::guardian, true},
    {"guardians", Subject::guardian, true},
    {"mother", Subject::guardian, true},
    {"mothers", Subject::guardian, true},
    {"father", Subject::guardian, true},
    {"fathers", Subject::guardian, true},
    {"mom", Subject::guardian, true},
    {"dad", Subject::guardian, true},
    {"custodian", Subject::guardian, true},
    {"parentale", Subject::guardian, true},
    {"tuteur", Subject::guardian, true},
    {"tutrice", Subject::guardian, true},
    {"mere", Subject::guardian, true},
    {"pere", Subject::guardian, true},
    {"spouse", Subject::spouse, true},
    {"spouses", Subject::spouse, true},
    {"partner", Subject::spouse, true},
    {"husband", Subject::spouse, true},
    {"wife", Subject::spouse, true},
    {"conjoint", Subject::spouse, true},
    {"conjointe", Subject::spouse, true},
    {"coapplicant", Subject::spouse, true},
    {"emergency", Subject::emergency_contact, false},
    {"urgence", Subject::emergency_contact, false},
    {"ice", Subject::emergency_contact, false},
    {"kin", Subject::emergency_contact, true},
    {"teacher", Subject::staff, true},
    {"teachers", Subject::staff, true},
    {"physician", Subject::staff, true},
    {"doctor", Subject::staff, true},
    {"gp", Subject::staff, true},
    {"nurse", Subject::staff, true},
    {"worker", Subject::staff, true},
    {"caseworker", Subject::staff, true},
    {"manager", Subject::staff, true},
    {"supervisor", Subject::staff, true},
    {"principal", Subject::staff, true},
    {"coordinator", Subject::staff, true},
    {"crew", Subject::staff, true},
    {"paramedic", Subject::staff, true},
    {"attendant", Subject::staff, true},
    {"officer", Subject::staff, true},
    {"assessor", Subject::staff, true},
    {"enseignant", Subject::staff, true},
    {"enseignante", Subject::staff, true},
    {"titulaire", Subject::staff, true},
    {"medecin", Subject::staff, true},
    {"office", Subject::staff, false},
    {"owner", Subject::owner, true},
    {"owners", Subject::owner, true},
    {"proprietaire", Subject::owner, true},
    {"taxpayer", Subject::owner, true},
    {"student", Subject::self, true},
    {"students", Subject::self, true},
    {"pupil", Subject::self, true},
    {"eleve", Subject::self, true},
    {"leleve", Subject::self, true},
    {"etudiant", Subject::self, true},
    {"patient", Subject::self, true},
    {"patients", Subject::self, true},
    {"pt", Subject::self, true},
    {"client", Subject::self, true},
    {"clients", Subject::self, true},
    {"resident", Subject::self, true},
    {"tenant", Subject::self, true},
    {"member", Subject::self, true},
    {"applicant", Subject::self, true},
    {"applicants", Subject::self, true},
    {"demandeur", Subject::self, true},
    {"participant", Subject::self, true},
    {"claimant", Subject::self, true},
    {"employee", Subject::self, true},
    {"employe", Subject::self, true},
    {"lemploye", Subject::self, true},
    {"person", Subject::self, true},
    {"individual", Subject::self, true},
    {"registrant", Subject::self, true},
    {"camper", Subject::self, true},
    {"driver", Subject::self, true},
    {"subscriber", Subject::self, true},
    {"insured", Subject::self, true},
};

constexpr std::string_view kFillers[] = {
    "the",       "of",        "a",         "an",       "and",         "or",       "to",
    "in",        "for",       "no",        "num",      "nbr",         "number",   "numero",
    "nr",        "de",        "du",        "la",       "le",          "les",      "des",
    "et",        "ou",        "au",        "home",     "work",        "main",     "primary",
    "secondary", "other",     "alternate", "current",  "new",         "old",      "legal",
    "full",      "y",         "m",         "d",        "yyyy",        "mm",       "dd",
    "yy",        "jj",        "aaaa",      "j",        "am",          "yyyymmdd", "ddmmyyyy",
    "mmddyyyy",  "required",  "optional",  "please",   "print",       "s",        "if",
    "any",       "on",        "date",      "info",     "information", "personal", "contact",
    "canadian",  "ontario",   "day",       "month",    "year",        "h",        "w",
    "c",         "daytime",   "evening",   "business", "residence",   "line",     "municipal",
    "temp",      "temporary", "ext",       "co",       "next",        "re",       "x",
    "is",        "at",        "your",      "his",      "her",         "their",    "permanent",
    "preferred", "n",         "id",        "code",     "with",        "incl",     "e",
    "student",   "mr",        "mrs",       "ms",       "maison",      "bureau",   "travail",
    "dom"};

}  // namespace

std::span<const SubjectWord> all_subject_words() { return kSubjects; }

bool may_be_elided(std::string_view word) {
  return std::string_view("aeiouh").find(word.front()) != std::string_view::npos;
}

const SubjectWord* subject_of(std::string_view word) {
  static const auto by_word = [] {
    std::unordered_map<std::string, const SubjectWord*> map;
    for (const SubjectWord& subject : kSubjects) {
      map.try_emplace(std::string(subject.word), &subject);
      if (!may_be_elided(subject.word)) continue;
      for (const char* article : {"d", "l"})  // "d'urgence", "l'usager"
        map.try_emplace(article + std::string(subject.word), &subject);
    }
    return map;
  }();
  const auto found = by_word.find(std::string(word));
  return found == by_word.end() ? nullptr : found->second;
}

bool is_header_filler(std::string_view word) {
  static const std::unordered_set<std::string_view> all(std::begin(kFillers), std::end(kFillers));
  return all.contains(word);
}

}  // namespace sealift::census::internal
