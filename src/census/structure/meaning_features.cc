// The features of meaning_model.h: labels to hashed n-grams, values to shares cut into steps.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "census/detect/cell_rules.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"
#include "census/structure/meaning_model.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kLabelSizeMax = 80;
constexpr std::size_t kGramMax = 5;

std::uint32_t hash_of(std::string_view text, std::uint32_t seed) {
  std::uint32_t hash = 0x811C9DC5U ^ (seed * 0x9E3779B1U);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  hash ^= hash >> 15;
  hash *= 0x2C1B3C6DU;
  return hash ^ (hash >> 13);
}

// "firstName", "ADDR_NO", "Guardian2Cell": words, figures apart from letters.
std::vector<std::string> label_words(std::string_view label) {
  std::string spaced;
  for (std::size_t i = 0; i < std::min(label.size(), kLabelSizeMax); ++i) {
    const char c = label[i];
    const char before = i > 0 ? label[i - 1] : ' ';
    const bool hump = is_ascii_upper(c) && is_ascii_lower(before);
    const bool number =
        is_ascii_digit(c) != is_ascii_digit(before) && is_ascii_alnum(c) && is_ascii_alnum(before);
    if (hump || number) spaced.push_back(' ');
    if (c == '#') spaced += " no ";
    spaced.push_back(c == '_' || c == '#' ? ' ' : c);
  }
  return folded_words(spaced);
}

void add_label(std::string_view label, std::uint32_t seed, std::vector<std::uint32_t>& out) {
  const std::vector<std::string> words = label_words(label);
  std::string before = "^";
  for (const std::string& word : words) {
    out.push_back(hash_of(word, seed));
    out.push_back(hash_of(before + " " + word, seed + 1));
    const std::string bounded = "<" + word + ">";
    for (std::size_t size = 2; size <= kGramMax; ++size)
      for (std::size_t at = 0; at + size <= bounded.size(); ++at)
        out.push_back(hash_of(std::string_view(bounded).substr(at, size), seed + 2));
    before = word;
  }
  out.push_back(hash_of(before + " $", seed + 1));
  out.push_back(hash_of(std::to_string(std::min<std::size_t>(words.size(), 5)), seed + 3));
}

struct Counter {
  std::array<float, kValueShares> shares{};
  std::size_t next = 0;
  void put(double share) {
    if (next < kValueShares) shares[next] = static_cast<float>(std::clamp(share, 0.0, 1.0));
    ++next;
  }
};

bool any_of_words(const std::vector<std::string>& words, std::string_view list) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return list.find(" " + word + " ") != std::string_view::npos;
  });
}

constexpr std::string_view kStreetWords =
    " st street ave avenue rd road dr drive cres crescent crt court blvd boulevard lane ln rue way "
    "chemin ch place pl box unit apt rr concession line hwy ";
constexpr std::string_view kProvinces =
    " on qc bc ab mb sk ns nb nl pe nt nu yt ontario quebec alberta manitoba ";
constexpr std::string_view kKinWords =
    " mother father parent mom dad spouse husband wife brother sister friend son daughter "
    "grandmother grandfather aunt uncle guardian mere pere conjoint conjointe neighbour ";
constexpr std::string_view kSexWords = " m f male female x homme femme other ";
constexpr std::string_view kFlagWords =
    " y n yes no oui non active inactive closed open pending true false ";
constexpr std::string_view kFaiths =
    " catholic muslim jewish hindu sikh buddhist anglican christian protestant orthodox catholique "
    "musulman musulmane juif juive none united islam ";

bool is_postal_code(std::string_view value) {
  std::string shape;
  for (const char c : value) {
    if (is_ascii_letter(c)) shape.push_back('A');
    if (is_ascii_digit(c)) shape.push_back('9');
    if (!is_ascii_alnum(c) && c != ' ' && c != '-') return false;
  }
  return shape == "A9A9A9";
}

// What one value is like, summed over the column's.
struct Sums {
  double digit = 0, letter = 0, upper = 0, sign = 0, length = 0, longest = 0, words = 0,
         one_word = 0;
  double no_digit = 0, capitalised = 0, comma = 0, at = 0, date = 0, past_date = 0, adult_year = 0;
  double given = 0, surname = 0, common = 0, place = 0, plausible = 0, ten = 0, nine = 0, luhn = 0;
  double phone = 0, email = 0, postal = 0, street = 0, number_first = 0, province = 0, kin = 0;
  double sex = 0, flag = 0, faith = 0, letters_and_digits = 0, small_number = 0, decimal = 0;
  double licence = 0, address = 0, mixed = 0;
};

struct Seen {
  Sums sums;
  int year_first = 9999, year_last = 0;

  void add(std::string_view value, const Models& names, const DateHint& dates) {
    std::size_t digits = 0;
    std::size_t letters = 0;
    std::size_t uppers = 0;
    for (const char c : value) {
      digits += is_ascii_digit(c) ? 1 : 0;
      letters += is_ascii_letter(c) || (c & 0x80) != 0 ? 1 : 0;
      uppers += is_ascii_upper(c) ? 1 : 0;
    }
    const auto size = static_cast<double>(std::max<std::size_t>(1, value.size()));
    const std::vector<std::string> words = folded_words(value);
    const auto when = [](bool holds) { return holds ? 1.0 : 0.0; };
    sums.digit += static_cast<double>(digits) / size;
    sums.letter += static_cast<double>(letters) / size;
    sums.upper += static_cast<double>(uppers) / size;
    sums.sign += 1 - static_cast<double>(digits + letters) / size;
    sums.length += std::min(1.0, size / 40);
    sums.longest = std::max(sums.longest, std::min(1.0, size / 80));
    sums.words += std::min(1.0, static_cast<double>(words.size()) / 8);
    sums.one_word += when(words.size() == 1);
    sums.no_digit += when(digits == 0);
    sums.comma += when(value.find(',') != std::string_view::npos);
    sums.at += when(value.find('@') != std::string_view::npos);
    sums.capitalised += when(is_ascii_upper(value.front()) && uppers < letters);
    sums.ten += when(digits == 10 && letters <= 2);
    sums.nine += when(digits == 9 && letters == 0);
    sums.luhn += when(digits >= 9 && digits <= 19 && letters <= 2 && luhn_valid(digits_of(value)));
    sums.letters_and_digits += when(letters > 0 && digits > 0 && words.size() <= 2);
    sums.small_number += when(letters == 0 && digits > 0 && digits <= 3);
    sums.decimal += when(letters == 0 && digits >= 3 && value.size() > 3 &&
                         (value[value.size() - 3] == '.' || value.find('$') != value.npos));
    sums.licence += when(letters == 1 && digits == 14);
    sums.mixed += when(digits >= 6 && words.size() >= 4 && letters >= 6);
    sums.email += when(normalise(ElementType::email, value).has_value());
    sums.phone += when(digits >= 10 && normalise(ElementType::phone, value).has_value());
    sums.postal += when(is_postal_code(value));
    sums.number_first += when(digits > 0 && letters > 2 && is_ascii_digit(value.front()));
    add_words(words, names);
    add_date(value, digits, dates);
    if (digits > 0 && letters > 2) {
      sums.street += when(any_of_words(words, kStreetWords));
      sums.address += when(normalise(ElementType::address, value).has_value());
    }
    if (digits == 0 && letters > 1) sums.plausible += when(name_plausibility(names, value) >= 0.5);
  }

  void add_words(const std::vector<std::string>& words, const Models& names) {
    if (words.empty()) return;
    double given = 0;
    double surname = 0;
    double common = 0;
    double place = 0;
    for (const std::string& word : words) {
      const WordUse use = names.use_of(word);
      given += use.given > std::max<int>(3, use.word) ? 1 : 0;
      surname += use.surname > std::max<int>(3, use.word) ? 1 : 0;
      common += use.word > std::max(use.given, use.surname) ? 1 : 0;
      place += use.place > 6 ? 1 : 0;
    }
    const auto count = static_cast<double>(words.size());
    sums.given += given / count;
    sums.surname += surname / count;
    sums.common += common / count;
    sums.place += place / count;
    sums.province += words.size() == 1 && any_of_words(words, kProvinces) ? 1 : 0;
    sums.kin += words.size() <= 2 && any_of_words(words, kKinWords) ? 1 : 0;
    sums.sex += words.size() == 1 && any_of_words(words, kSexWords) ? 1 : 0;
    sums.flag += words.size() == 1 && any_of_words(words, kFlagWords) ? 1 : 0;
    sums.faith += words.size() <= 2 && any_of_words(words, kFaiths) ? 1 : 0;
  }

  void add_date(std::string_view value, std::size_t digits, const DateHint& dates) {
    if (digits < 3 || value.size() > 32) return;
    const auto parsed = parse_date(value, dates);
    if (!parsed) return;
    sums.date += 1;
    const int year = parsed->date.year;
    if (!(dates.as_of < parsed->date) && year >= 1900) sums.past_date += 1;
    if (year >= 1900 && year + 18 <= dates.as_of.year) sums.adult_year += 1;
    year_first = std::min(year_first, year);
    year_last = std::max(year_last, year);
  }
};

}  // namespace

std::vector<std::uint32_t> label_features(std::string_view label, std::string_view group) {
  std::vector<std::uint32_t> out;
  add_label(label, 1, out);
  if (!group.empty()) add_label(group, 11, out);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::uint32_t> value_features(const std::vector<std::string_view>& values,
                                          const Models& names, const DateHint& dates) {
  std::vector<std::uint32_t> out;
  if (values.empty()) return out;
  Seen seen;
  std::set<std::string_view> distinct;
  const std::size_t count = std::min(values.size(), kMeaningValuesMax);
  for (std::size_t i = 0; i < count; ++i) {
    seen.add(values[i], names, dates);
    distinct.insert(values[i]);
  }
  const Sums& s = seen.sums;
  const auto n = static_cast<double>(count);
  Counter shares;
  for (const double sum : {s.digit,        s.letter,     s.upper,
                           s.sign,         s.length,     s.words,
                           s.one_word,     s.no_digit,   s.capitalised,
                           s.comma,        s.at,         s.date,
                           s.past_date,    s.adult_year, s.given,
                           s.surname,      s.common,     s.place,
                           s.plausible,    s.ten,        s.nine,
                           s.luhn,         s.phone,      s.email,
                           s.postal,       s.street,     s.number_first,
                           s.province,     s.kin,        s.sex,
                           s.flag,         s.faith,      s.letters_and_digits,
                           s.small_number, s.decimal,    s.licence,
                           s.address,      s.mixed})
    shares.put(sum / n);
  shares.put(static_cast<double>(distinct.size()) / n);
  shares.put(seen.year_last >= seen.year_first ? (seen.year_last - seen.year_first) / 60.0 : 0);
  const std::size_t size = count == 1 ? 0 : count < 6 ? 1 : 2;
  const std::size_t base = size * (kValueShares * kValueSteps + 1);
  out.push_back(static_cast<std::uint32_t>(base));
  for (std::size_t i = 0; i < kValueShares; ++i) {
    const float share = shares.shares[i];
    // none and all are steps of their own: they say most
    std::size_t step = share <= 0 ? 0 : share >= 1 ? kValueSteps - 1 : 1;
    if (step == 1)
      step += std::min<std::size_t>(
          kValueSteps - 3, static_cast<std::size_t>(share * static_cast<float>(kValueSteps - 2)));
    out.push_back(static_cast<std::uint32_t>(base + 1 + i * kValueSteps + step));
  }
  return out;
}

}  // namespace sealift::census::internal
