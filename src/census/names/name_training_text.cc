#include "census/names/name_training_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::string_view kStreetTypes[] = {"Street", "Road", "Avenue", "Drive", "Crescent",
                                             "St",     "Rd",   "Ave",    "Blvd",  "Court"};
constexpr std::string_view kOrganisations[] = {"Public School",
                                               "Secondary School",
                                               "Catholic School",
                                               "General Hospital",
                                               "Health Centre",
                                               "Medical Clinic",
                                               "& Sons Ltd",
                                               "Construction Inc.",
                                               "Insurance",
                                               "Law LLP",
                                               "Community Centre",
                                               "Public Library",
                                               "Long-Term Care Home",
                                               "District School Board",
                                               "Township",
                                               "Region",
                                               "Paramedic Services",
                                               "Food Bank",
                                               "Foundation",
                                               "Holdings"};
constexpr std::string_view kPlaces[] = {
    "Toronto",  "Ottawa",    "Oshawa",  "Whitby",   "Kingston",   "London",  "Hamilton",
    "Montreal", "Vancouver", "Calgary", "Halifax",  "Winnipeg",   "Sudbury", "Guelph",
    "Barrie",   "Canada",    "Ontario", "Quebec",   "Jamaica",    "India",   "Nigeria",
    "Ukraine",  "Syria",     "Paris",   "New York", "Lake Huron", "Mumbai"};
constexpr std::string_view kRoles[] = {"Prime Minister",
                                       "President",
                                       "Minister",
                                       "Councillor",
                                       "Mayor",
                                       "Chief",
                                       "Prof",
                                       "Professor",
                                       "Prof.",
                                       "Mr",
                                       "Mrs",
                                       "Ms",
                                       "Mr.",
                                       "Ms.",
                                       "Dr",
                                       "Dr.",
                                       "King",
                                       "Queen",
                                       "Prince",
                                       "Princess",
                                       "Governor",
                                       "Senator",
                                       "Rev.",
                                       "Sister",
                                       "Father",
                                       "Coach",
                                       "Captain",
                                       "Lt Gen",
                                       "Colonel",
                                       "Sergeant",
                                       "Constable",
                                       "Officer",
                                       "Judge",
                                       "Justice",
                                       "Chairman",
                                       "Chairperson",
                                       "Director",
                                       "Secretary",
                                       "Deputy Minister",
                                       "Vice President",
                                       "CEO",
                                       "Principal",
                                       "Sheikh",
                                       "Imam",
                                       "Rabbi",
                                       "Bishop",
                                       "Pastor",
                                       "Ambassador",
                                       "Commissioner",
                                       "Superintendent",
                                       "Inspector",
                                       "Nurse",
                                       "Paramedic",
                                       "Teacher",
                                       "Student",
                                       "Spokesperson",
                                       "Spokesman",
                                       "Editor",
                                       "Aunt",
                                       "Uncle",
                                       "Treasurer",
                                       "Warden",
                                       "Deputy",
                                       "Speaker",
                                       "General",
                                       "Chef"};
constexpr std::string_view kSmallRoles[] = {"president",
                                            "director",
                                            "chairman",
                                            "spokesperson",
                                            "manager",
                                            "teacher",
                                            "principal",
                                            "clerk",
                                            "driver",
                                            "neighbour",
                                            "brother",
                                            "sister",
                                            "mother",
                                            "father",
                                            "chef",
                                            "singer",
                                            "lawyer",
                                            "analyst",
                                            "founder",
                                            "mayor",
                                            "leader",
                                            "minister",
                                            "head coach",
                                            "owner",
                                            "landlord",
                                            "nurse",
                                            "professor",
                                            "researcher",
                                            "farmer",
                                            "student",
                                            "resident",
                                            "widow",
                                            "uncle",
                                            "engineer",
                                            "coordinator",
                                            "executive director",
                                            "chief executive",
                                            "member of the board",
                                            "former minister",
                                            "press officer",
                                            "social worker",
                                            "caseworker"};
constexpr std::string_view kVerbs[] = {"said",    "says",     "told",   "added",   "explained",
                                       "noted",   "wrote",    "asked",  "replied", "announced",
                                       "claimed", "insisted", "stated", "agreed",  "believes",
                                       "denied",  "reported", "argued", "warned",  "confirmed"};
constexpr std::string_view kDates[] = {"1984-03-07", "March 7, 1984", "07/03/1984",
                                       "7 May 2011", "26-Apr-2010",   "2020-11-30"};
constexpr std::string_view kPhones[] = {"905-555-0199", "(416) 555-0123", "613.555.0142"};

template <typename List>
const auto& pick(const List& list, TrainingRandom& random) {
  return list[random.below(std::size(list))];
}

std::string capitalised(std::string word) {
  if (!word.empty()) word[0] = ascii_upper(word[0]);
  return word;
}

std::string given_name(const NameLists& lists, TrainingRandom& random) {
  std::string name =
      random.chance(50) ? pick(lists.common_given, random) : pick(lists.given, random);
  if (random.chance(9)) name += "-" + pick(lists.given, random);
  return name;
}

std::string surname(const NameLists& lists, TrainingRandom& random) {
  std::string name = pick(lists.surnames, random);
  if (random.chance(6)) name += "-" + pick(lists.surnames, random);
  constexpr std::string_view kParticles[] = {"de ", "van ", "Van ", "De ",  "Al-", "St.",
                                             "O'",  "Mac",  "da ",  "von ", "El-", "bin "};
  if (random.chance(5)) name.insert(0, pick(kParticles, random));
  return name;
}

std::string full_name(const NameLists& lists, TrainingRandom& random) {
  std::string name = given_name(lists, random);
  if (random.chance(10))
    name += std::string(" ") + static_cast<char>('A' + random.below(26)) +
            (random.chance(60) ? "." : "");
  if (random.chance(10)) name += " " + given_name(lists, random);
  name += " " + surname(lists, random);
  if (random.chance(4)) name += random.chance(50) ? " Jr" : " Sr";
  return name;
}

std::string other_order(const NameLists& lists, TrainingRandom& random) {
  std::string left = surname(lists, random);
  if (random.chance(30)) left = upper_latin(left);
  const std::string initial(1, static_cast<char>('A' + random.below(26)));
  switch (random.below(4)) {
    case 0:
      return initial + ". " + left;
    case 1:
      return left + ", " + initial + ".";
    case 2:
      return left + ", " + given_name(lists, random) + " " + initial;
    default:
      return left + ", " + given_name(lists, random);
  }
}

std::string other_text(char kind, const NameLists& lists, TrainingRandom& random) {
  switch (kind) {
    case 'C':
      return random.chance(50) ? std::string(pick(kPlaces, random)) : pick(lists.places, random);
    case 'S':
      return capitalised(random.chance(60) ? pick(lists.surnames, random)
                                           : pick(lists.words, random)) +
             " " + std::string(pick(kStreetTypes, random));
    case 'O':
      return capitalised(random.chance(50) ? pick(lists.surnames, random)
                                           : pick(lists.words, random)) +
             " " + std::string(pick(kOrganisations, random));
    case 'D':
      return std::string(pick(kDates, random));
    case 'P':
      return std::string(pick(kPhones, random));
    case 'R':
      return std::string(pick(kRoles, random));
    case 'r':
      return std::string(pick(kSmallRoles, random));
    case 'V':
      return std::string(pick(kVerbs, random));
    case 'E':
      return fold(pick(lists.given, random)) + "@mail.example";
    default:
      return capitalised(pick(lists.words, random));
  }
}

// Appends a name, marked.
void append_name(MarkedText& to, const std::string& name) {
  to.names.emplace_back(to.text.size(), to.text.size() + name.size());
  to.text += name;
}

}  // namespace

std::uint32_t TrainingRandom::next() {
  state_ = state_ * 6364136223846793005U + 1442695040888963407U;
  const auto shifted = static_cast<std::uint32_t>((state_ >> 18 ^ state_) >> 27);
  const auto turn = static_cast<std::uint32_t>(state_ >> 59);
  return shifted >> turn | shifted << (-turn & 31);
}

void append_text(MarkedText& to, const MarkedText& text, std::string_view between) {
  if (!to.text.empty()) to.text += between;
  const std::size_t by = to.text.size();
  for (const TextSpan& name : text.names) to.names.emplace_back(name.first + by, name.second + by);
  for (const TextSpan& place : text.places)
    to.places.emplace_back(place.first + by, place.second + by);
  to.text += text.text;
}

MarkedText with_other_names(const MarkedText& text, const NameLists& lists,
                            TrainingRandom& random) {
  struct Part {
    TextSpan span;
    bool name;
  };
  std::vector<Part> parts;
  for (const TextSpan& name : text.names) parts.push_back({name, true});
  for (const TextSpan& place : text.places) {
    if (random.chance(70)) parts.push_back({place, false});
  }
  std::ranges::sort(parts, {}, [](const Part& part) { return part.span; });
  MarkedText out;
  std::size_t at = 0;
  for (const auto& [span, is_name] : parts) {
    const auto [begin, end] = span;
    if (begin < at) continue;
    out.text += text.text.substr(at, begin - at);
    at = end;
    if (!is_name) {
      out.text += pick(lists.places, random);
      continue;
    }
    const std::string_view old = std::string_view(text.text).substr(begin, end - begin);
    append_name(out, old.find(' ') != old.npos ? full_name(lists, random)
                     : random.chance(40)       ? given_name(lists, random)
                                               : surname(lists, random));
  }
  out.text += text.text.substr(at);
  return out;
}

MarkedText in_capitals(const MarkedText& text) {
  MarkedText out;
  out.text = upper_latin(text.text);
  // case changes no sizes of the letters that upper_latin() changes
  if (out.text.size() == text.text.size()) out.names = text.names;
  return out.text.size() == text.text.size() ? out : text;
}

MarkedText fill_template(const std::string& line, const NameLists& lists, TrainingRandom& random) {
  MarkedText out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == 'n') {
      out.text.push_back('\n');
      ++i;
    } else if (line[i] == '{' && i + 2 < line.size() && line[i + 2] == '}') {
      const char kind = line[i + 1];
      if (kind == 'N') {
        append_name(out, full_name(lists, random));
      } else if (kind == 'F') {
        append_name(out, given_name(lists, random));
      } else if (kind == 'L') {
        append_name(out, surname(lists, random));
      } else if (kind == 'I') {
        append_name(out, other_order(lists, random));
      } else {
        out.text += other_text(kind, lists, random);
      }
      i += 2;
    } else {
      out.text.push_back(line[i]);
    }
  }
  return random.chance(8) ? in_capitals(out) : out;
}

}  // namespace sealift::census::internal
