#include "census/kinds/address.h"

#include <algorithm>
#include <span>

#include "census/kinds/address_lexer.h"
#include "census/kinds/address_words.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

using internal::AddressToken;
using Kind = internal::AddressTokenKind;

constexpr std::size_t kTokensMax = 28;
constexpr std::size_t kStreetWordsMax = 5;
constexpr std::size_t kCityWordsMax = 4;

bool is_canadian_postal_letters(std::string_view six) {
  constexpr std::string_view kFirst = "ABCEGHJKLMNPRSTVXY";
  constexpr std::string_view kOthers = "ABCEGHJKLMNPRSTVWXYZ";
  return six.size() == 6 && kFirst.find(six[0]) != kFirst.npos && is_ascii_digit(six[1]) &&
         kOthers.find(six[2]) != kOthers.npos && is_ascii_digit(six[3]) &&
         kOthers.find(six[4]) != kOthers.npos && is_ascii_digit(six[5]);
}

std::string upper_plain(std::string_view text) {
  std::string upper = upper_latin(text);
  std::string out;
  for (const char c : upper) {
    if (c == '.') continue;
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out.push_back(c);
  }
  return out;
}

// Walks the tokens of one candidate. Each step moves on only when it found what it looks for.
class Walker {
 public:
  Walker(std::string_view text, std::span<const AddressToken> tokens)
      : text_(text), tokens_(tokens) {}

  std::size_t at = 0;

  const AddressToken& token(std::size_t ahead = 0) const {
    return tokens_[std::min(at + ahead, tokens_.size() - 1)];
  }
  std::string_view raw(const AddressToken& token) const {
    return text_.substr(token.begin, token.end - token.begin - (token.dotted ? 1 : 0));
  }
  // Where the last word or number that was walked over ends.
  std::size_t end() const {
    std::size_t last = at;
    while (last > 0 && (tokens_[last - 1].folded.empty())) --last;
    return last == 0 ? 0 : tokens_[last - 1].end - (tokens_[last - 1].dotted ? 1 : 0);
  }
  bool skip(Kind kind) {
    if (token().kind != kind) return false;
    ++at;
    return true;
  }

 private:
  std::string_view text_;
  std::span<const AddressToken> tokens_;
};

void append_word(std::string& to, std::string_view word) {
  if (!to.empty()) to.push_back(' ');
  to.append(upper_plain(word));
}

bool is_ordinal(std::string_view folded) {
  const std::size_t digits = folded.find_first_not_of("0123456789");
  if (digits == 0 || digits == folded.npos) return false;
  const std::string_view ending = folded.substr(digits);
  return ending == "st" || ending == "nd" || ending == "rd" || ending == "th" || ending == "e";
}

bool may_be_unit_id(const AddressToken& token) {
  return token.kind == Kind::number || (token.kind == Kind::mixed && token.folded.size() <= 6) ||
         (token.kind == Kind::word && token.folded.size() == 1);
}

// "Apt 267", "#568", "unit #12", "app. 4"
bool take_unit(Walker& walk, std::string* unit) {
  Walker trial = walk;
  const bool word =
      trial.token().kind == Kind::word && internal::is_unit_word(trial.token().folded);
  if (word) ++trial.at;
  const bool hash = trial.skip(Kind::hash);
  if ((!word && !hash) || !may_be_unit_id(trial.token())) return false;
  *unit = upper_plain(trial.raw(trial.token()));
  ++trial.at;
  walk = trial;
  return true;
}

void take_direction(Walker& walk, std::string* street) {
  if (walk.token().kind != Kind::word) return;
  const std::string_view direction = internal::direction_of(walk.token().folded);
  // one capital letter, or a word in full: "King St e" is no direction
  if (direction.empty() || !walk.token().capital) return;
  street->append(" ").append(direction);
  ++walk.at;
}

// "Highway 2", "Concession Road 12", "Regional Rd 57 N"
bool take_numbered_road(Walker& walk, std::string* street) {
  for (const std::size_t words : {std::size_t{2}, std::size_t{1}}) {
    std::string name;
    bool all_words = true;
    for (std::size_t i = 0; i < words; ++i) {
      all_words = all_words && walk.token(i).kind == Kind::word && walk.token(i).capital;
      name.append(i > 0 ? " " : "").append(walk.token(i).folded);
    }
    if (!all_words) continue;
    const std::string_view road = internal::numbered_road_of(name);
    if (road.empty()) continue;
    const std::size_t gap = walk.token(words).kind == Kind::hash ? 1 : 0;
    const AddressToken& number = walk.token(words + gap);
    const bool fits =
        (number.kind == Kind::number || number.kind == Kind::mixed) && number.folded.size() <= 4;
    if (!fits) continue;
    *street = std::string(road) + " " + upper_plain(walk.raw(number));
    walk.at += words + gap + 1;
    take_direction(walk, street);
    return true;
  }
  return false;
}

bool is_street_word(const AddressToken& token) {
  if (token.kind == Kind::mixed) return is_ordinal(token.folded);
  return token.kind == Kind::word;
}

// name+ type [direction]; the last type word within reach ends the street ("Park Road", "St Clair
// Ave").
bool take_named_street(Walker& walk, std::string* street, bool* common_type) {
  std::size_t type_at = 0;
  internal::StreetType type;
  bool capitals = true;
  for (std::size_t i = 0; i <= kStreetWordsMax; ++i) {
    const AddressToken& token = walk.token(i);
    if (!is_street_word(token)) break;
    const internal::StreetType found =
        token.kind == Kind::word ? internal::street_type_of(token.folded) : internal::StreetType{};
    // a rarer type ("Park", "Hill") does not take over from a common one ("Road") before it
    if (i > 0 && !found.shortened.empty() && token.capital &&
        (type_at == 0 || (found.common && type_at + 1 == i))) {
      type_at = i;
      type = found;
    } else if (type_at != 0) {
      break;
    }
    capitals = capitals && (token.capital || token.kind == Kind::mixed || token.folded == "of" ||
                            token.folded == "the" || token.folded == "de" || token.folded == "du");
    if (!capitals) break;
    if (token.dotted && type_at != i) {
      if (token.folded != "st" && token.folded != "ste" && token.folded != "mt" &&
          token.folded.size() > 1)
        break;
    }
  }
  if (type_at == 0) return false;
  street->clear();
  for (std::size_t i = 0; i < type_at; ++i) append_word(*street, walk.raw(walk.token(i)));
  street->append(" ").append(type.shortened);
  *common_type = type.common;
  walk.at += type_at + 1;
  // "Scugog Line 8", "Brock Concession 5"
  const bool numbered = type.shortened == "LINE" || type.shortened == "CONC" ||
                        type.shortened == "SIDERD" || type.shortened == "HWY";
  if (numbered && walk.token().kind == Kind::number && walk.token().folded.size() <= 3) {
    append_word(*street, walk.raw(walk.token()));
    ++walk.at;
  }
  take_direction(walk, street);
  return true;
}

// "rue Saint-Jean Est", "boul. des Pins": a French type, then name words.
bool take_french_street(Walker& walk, std::string* street) {
  Walker trial = walk;
  trial.skip(Kind::comma);
  if (trial.token().kind != Kind::word) return false;
  const std::string_view type = internal::french_type_of(trial.token().folded);
  if (type.empty()) return false;
  const bool lower_type = !trial.token().capital;
  ++trial.at;
  std::string name;
  std::size_t words = 0;
  bool named = false;
  while (words < kStreetWordsMax && is_street_word(trial.token())) {
    const AddressToken& token = trial.token();
    const std::string_view folded = token.folded;
    const bool particle =
        folded == "de" || folded == "du" || folded == "des" || folded == "la" || folded == "le" ||
        folded == "les" || folded == "l" || folded == "d" || folded == "aux" || folded == "a" ||
        trial.raw(token).substr(1, 1) == "'" || trial.raw(token).substr(1, 3) == "\xE2\x80\x99";
    if (!token.capital && !particle && token.kind != Kind::mixed && !token.folded.starts_with('d'))
      break;
    named =
        named || token.capital || token.kind == Kind::mixed || trial.raw(token).substr(1, 1) == "'";
    if (const auto direction = internal::direction_of(folded); !direction.empty() && words > 0) {
      append_word(name, direction);
      ++trial.at;
      break;
    }
    append_word(name, trial.raw(token));
    ++trial.at;
    ++words;
  }
  // "12 Place Hotel" is no address: an English-looking type needs a name and lower case or an
  // accent
  if (!named || (!lower_type && internal::street_type_of(trial.token().folded).common))
    return false;
  *street = std::string(type) + " " + name;
  walk = trial;
  return true;
}

bool take_postal_code(Walker& walk, std::string* code) {
  std::string letters = upper_latin(walk.raw(walk.token()));
  std::size_t used = 1;
  if (letters.size() == 3 && walk.token().kind == Kind::mixed) {
    const std::size_t dash = walk.token(1).kind == Kind::dash ? 1 : 0;
    letters += upper_latin(walk.raw(walk.token(1 + dash)));
    used = 2 + dash;
  }
  if (!is_canadian_postal_letters(letters)) return false;
  *code = letters.substr(0, 3) + " " + letters.substr(3);
  walk.at += used;
  return true;
}

// A province name of one to three words. Two lower-case letters ("on") need a postal code behind.
bool take_province(Walker& walk, std::string* province) {
  for (std::size_t words = 3; words > 0; --words) {
    std::string name;
    bool fits = true;
    for (std::size_t i = 0; i < words; ++i) {
      fits = fits && walk.token(i).kind == Kind::word;
      name.append(i > 0 ? " " : "").append(walk.token(i).folded);
    }
    const std::string_view found = fits ? internal::province_of(name) : std::string_view{};
    if (found.empty()) continue;
    if (!walk.token().capital && walk.token(words).kind != Kind::mixed) continue;
    *province = found;
    walk.at += words;
    return true;
  }
  return false;
}

struct Place {
  std::string city, province, postal_code;
};

void take_province_and_code(Walker& walk, Place* place) {
  Walker trial = walk;
  trial.skip(Kind::comma);
  if (!take_province(trial, &place->province)) trial = walk;
  while (trial.skip(Kind::comma)) {
  }
  Walker code = trial;
  code.skip(Kind::comma);
  if (code.token().kind == Kind::word && code.token().folded == "canada") {
    ++code.at;
    while (code.skip(Kind::comma)) {
    }
  }
  code.skip(Kind::newline);
  if (take_postal_code(code, &place->postal_code)) {
    walk = code;
  } else if (!place->province.empty()) {
    walk = trial;
  }
}

// [city] [province] [postal code] after a street; nothing is taken when it is unclear.
Place take_place(Walker& walk) {
  Place place;
  Walker start = walk;
  bool separated = false;
  while (start.skip(Kind::comma)) separated = true;
  const bool new_line = start.skip(Kind::newline);
  Walker bare = start;
  take_province_and_code(bare, &place);
  if (bare.at != start.at) {
    walk = bare;
    return place;
  }
  std::string best_city;
  Walker trial = start;
  std::string city;
  for (std::size_t words = 0; words < kCityWordsMax && trial.token().kind == Kind::word; ++words) {
    const AddressToken& token = trial.token();
    if (!token.capital && words == 0) break;
    if (words == 0 && !internal::is_city_word(token.folded)) break;
    append_word(city, trial.raw(token));
    ++trial.at;
    Walker rest = trial;
    Place found;
    take_province_and_code(rest, &found);
    if (!found.province.empty() || !found.postal_code.empty()) {
      found.city = city;
      walk = rest;
      return found;
    }
    const bool known = internal::is_known_city(fold_words(city));
    if (known || (separated && words == 0 && !new_line && trial.token().kind != Kind::word)) {
      place.city = city;
      walk = trial;
    }
  }
  return place;
}

// "1204-" or "Unit 1352, " in front of the civic number.
std::size_t unit_before(std::string_view text, std::size_t civic, std::string* unit) {
  constexpr std::size_t kReach = 24;
  const std::size_t from = civic > kReach ? civic - kReach : 0;
  for (std::size_t at = from; at < civic; ++at) {
    const bool word_begins =
        is_ascii_letter(text[at]) && (at == 0 || !is_ascii_alnum(text[at - 1]));
    if (!word_begins && text[at] != '#') continue;
    const auto tokens = internal::address_tokens(text, at, 8);
    Walker walk(text, tokens);
    std::string found;
    if (!take_unit(walk, &found)) continue;
    walk.skip(Kind::comma);
    walk.skip(Kind::dash);
    walk.skip(Kind::newline);
    if (walk.token().begin != civic) continue;
    *unit = found;
    return at;
  }
  return civic;
}

struct Found {
  Address address;
  bool common_type = true;
};

std::optional<Found> take_street_part(Walker& walk) {
  Found found;
  const AddressToken& civic = walk.token();
  const bool lettered = civic.kind == Kind::mixed && is_ascii_digit(civic.folded[0]) &&
                        civic.folded.size() <= 6 && !is_ordinal(civic.folded) &&
                        is_ascii_letter(civic.folded.back());
  if ((civic.kind != Kind::number && !lettered) || civic.folded.size() > 6 || civic.dotted)
    return std::nullopt;
  found.address.civic = upper_plain(walk.raw(civic));
  ++walk.at;
  if (walk.token().kind == Kind::dash && walk.token(1).kind == Kind::number) {
    found.address.unit = found.address.civic;
    found.address.civic = upper_plain(walk.raw(walk.token(1)));
    walk.at += 2;
  }
  Walker street = walk;
  if (take_numbered_road(street, &found.address.street) ||
      take_named_street(street, &found.address.street, &found.common_type) ||
      take_french_street(street, &found.address.street)) {
    walk = street;
    return found;
  }
  return std::nullopt;
}

// ", Stn Main", " Station A": the post office of a box.
void take_station(Walker& walk, std::string* street) {
  Walker trial = walk;
  trial.skip(Kind::comma);
  const std::string_view word = trial.token().folded;
  if (word != "stn" && word != "station" && word != "succ" && word != "succursale") return;
  if (trial.token(1).kind != Kind::word) return;
  street->append(" STN ").append(upper_plain(trial.raw(trial.token(1))));
  trial.at += 2;
  walk = trial;
}

// "PO Box 12, Stn A", "P.O. Box 12", "C.P. 45", "RR 3", "R.R. #3"
std::optional<Found> take_box(Walker& walk) {
  Found found;
  std::string_view kind;
  std::string_view first = walk.token().folded;
  if (first == "po" && walk.token(1).folded == "box") {
    kind = "PO BOX";
    walk.at += 2;
  } else if (first == "p" && walk.token(1).folded == "o" && walk.token(2).folded == "box") {
    kind = "PO BOX";
    walk.at += 3;
  } else if (first == "box" && walk.token().capital) {
    kind = "PO BOX";
    walk.at += 1;
  } else if (first == "cp" || (first == "case" && walk.token(1).folded == "postale")) {
    kind = "CP";
    walk.at += first == "cp" ? 1 : 2;
  } else if (first == "rr") {
    kind = "RR";
    walk.at += 1;
  } else {
    return std::nullopt;
  }
  walk.skip(Kind::hash);
  if (walk.token().kind != Kind::number || walk.token().folded.size() > 6) return std::nullopt;
  found.address.street = std::string(kind) + " " + walk.token().folded;
  ++walk.at;
  take_station(walk, &found.address.street);
  found.common_type = false;
  return found;
}

double confidence_of(const Address& address, bool common_type) {
  if (!address.postal_code.empty()) return 0.99;
  if (!address.province.empty()) return 0.97;
  if (internal::is_known_city(fold_words(address.city))) return common_type ? 0.97 : 0.9;
  if (!common_type) return address.city.empty() ? 0.3 : 0.6;
  return address.city.empty() ? 0.8 : 0.9;
}

// Whether a street may follow the civic number at `at`: most numbers in a text have a word in small
// letters behind them, which no street begins with.
bool may_be_civic(std::string_view text, std::size_t at) {
  constexpr std::size_t kLook = 4;  // the number, a comma, a word, the end
  const auto tokens = internal::address_tokens(text, at, kLook);
  const bool comma = tokens.size() > 1 && tokens[1].kind == Kind::comma;
  const AddressToken& next = tokens[std::min<std::size_t>(comma ? 2 : 1, tokens.size() - 1)];
  if (next.kind != Kind::word || (next.capital && !comma)) return true;
  const std::string_view word = next.folded;
  return !internal::french_type_of(word).empty() || word == "of" || word == "the" || word == "de" ||
         word == "du";
}

}  // namespace

std::string Address::normalised() const {
  std::string out;
  if (!unit.empty()) out = "UNIT " + unit;
  for (const std::string* part : {&civic, &street}) {
    if (part->empty()) continue;
    out.append(out.empty() ? "" : " ").append(*part);
  }
  std::string place = city;
  for (const std::string* part : {&province, &postal_code}) {
    if (part->empty()) continue;
    place.append(place.empty() ? "" : " ").append(*part);
  }
  if (!place.empty()) out.append(out.empty() ? "" : ", ").append(place);
  return out;
}

std::optional<AddressMatch> address_at(std::string_view text, std::size_t at) {
  if (is_ascii_digit(text[at]) && !may_be_civic(text, at)) return std::nullopt;
  const auto tokens = internal::address_tokens(text, at, kTokensMax);
  Walker walk(text, tokens);
  std::string unit;
  const bool unit_first = take_unit(walk, &unit);
  if (unit_first) {
    walk.skip(Kind::comma);
    walk.skip(Kind::dash);
    walk.skip(Kind::newline);
  }
  auto found = is_ascii_digit(text[walk.token().begin < text.size() ? walk.token().begin : at])
                   ? take_street_part(walk)
                   : take_box(walk);
  if (!found) return std::nullopt;
  AddressMatch match;
  match.address = std::move(found->address);
  match.begin = at;
  if (unit_first) match.address.unit = unit;
  if (match.address.unit.empty()) match.begin = unit_before(text, at, &match.address.unit);
  Walker after = walk;
  after.skip(Kind::comma);
  if (match.address.unit.empty() && take_unit(after, &match.address.unit)) walk = after;
  Place place = take_place(walk);
  match.address.city = std::move(place.city);
  match.address.province = std::move(place.province);
  match.address.postal_code = std::move(place.postal_code);
  match.end = walk.end();
  match.confidence = confidence_of(match.address, found->common_type);
  return match;
}

std::optional<Address> parse_address(std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.empty() || text.size() > 200) return std::nullopt;
  const auto match = address_at(text, 0);
  if (!match) return std::nullopt;
  const std::string_view rest = trim(text.substr(match->end));
  // a city alone, without comma or province, may stand behind
  if (!rest.empty() && rest.find_first_of("0123456789") != rest.npos) return std::nullopt;
  Address address = match->address;
  if (!rest.empty() && address.city.empty() && rest.size() <= 40) {
    address.city = upper_plain(rest.front() == ',' ? trim(rest.substr(1)) : rest);
  }
  return address;
}

std::optional<Address> address_of_parts(std::string_view street, std::string_view city,
                                        std::string_view province, std::string_view postal_code) {
  auto address = parse_address(street);
  if (!address) return std::nullopt;
  if (!trim(city).empty()) address->city = upper_plain(trim(city));
  if (const auto found = parse_province(province)) address->province = *found;
  if (const auto found = parse_postal_code(postal_code)) address->postal_code = *found;
  return address;
}

std::optional<std::string> parse_postal_code(std::string_view raw) {
  std::string letters;
  for (const char c : trim(raw)) {
    if (c != ' ' && c != '-') letters.push_back(ascii_upper(c));
  }
  if (!is_canadian_postal_letters(letters)) return std::nullopt;
  return letters.substr(0, 3) + " " + letters.substr(3);
}

std::optional<std::string_view> parse_province(std::string_view raw) {
  const std::string_view found = internal::province_of(fold_words(raw));
  return found.empty() ? std::nullopt : std::optional(found);
}

}  // namespace sealift::census
