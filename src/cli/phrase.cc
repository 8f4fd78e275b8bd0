#include "cli/phrase.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "cli/time_text.h"

namespace sealift::cli {
namespace {

using base::Language;

struct MessageRow {
  std::string_view english;
  std::string_view french;
};

// In the order of the English bytes.
constexpr MessageRow kRows[] = {
#include "cli/message_rows.inc"
};

constexpr std::string_view kFixedSpace = "\u00a0";
constexpr std::string_view kContext = ": ";
// A pattern with no more text of its own than this is never recognised: it could be anything.
constexpr std::size_t kRecognisedMin = 4;

const MessageRow* find(std::string_view english) {
  const auto* const at = std::ranges::lower_bound(kRows, english, {}, &MessageRow::english);
  return at != std::end(kRows) && at->english == english ? at : nullptr;
}

// A piece of a pattern: what stands before a placeholder, and the placeholder.
struct Piece {
  std::string_view before;
  std::string_view name;   // "" at the end
  std::string_view forms;  // "one|many", or "" for the value itself
};

std::vector<Piece> pieces_of(std::string_view pattern) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (std::size_t at = pattern.find('{'); at != pattern.npos; at = pattern.find('{', at + 1)) {
    std::string_view name;
    const std::size_t size = internal::placeholder_end(pattern.substr(at), name);
    if (size == 0) continue;
    const std::string_view inside = pattern.substr(at + 1, size - 2);
    const bool has_forms = inside.size() > name.size();
    pieces.push_back({pattern.substr(begin, at - begin), name,
                      has_forms ? inside.substr(name.size() + 1) : std::string_view()});
    begin = at + size;
  }
  pieces.push_back({pattern.substr(begin), {}, {}});
  return pieces;
}

std::string_view form_for(std::uint64_t number, std::string_view forms, Language language) {
  const bool is_one = number == 1 || (number == 0 && language == Language::french);
  const std::size_t bar = forms.find('|');
  return is_one ? forms.substr(0, bar) : forms.substr(bar + 1);
}

// Grouped by three from five digits on, in French.
std::string number_text(std::uint64_t number, Language language) {
  std::string digits = std::to_string(number);
  if (language == Language::english || number < 10'000) return digits;
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, kFixedSpace);
  }
  return digits;
}

// 7 mars 2026 à 9 h 30 UTC
std::string french_time(base::UnixTime time) {
  constexpr std::array<const char*, 12> kMonths = {"janvier",   "février", "mars",     "avril",
                                                   "mai",       "juin",    "juillet",  "août",
                                                   "septembre", "octobre", "novembre", "décembre"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 80> out{};
  std::snprintf(out.data(), out.size(), "%d%s %s %d à %d\u00a0h\u00a0%02d UTC", parts.tm_mday,
                parts.tm_mday == 1 ? "er" : "", kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                parts.tm_year + 1900, parts.tm_hour, parts.tm_min);
  return out.data();
}

std::optional<base::UnixTime> parse_time(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* const end = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return base::UnixTime(std::chrono::milliseconds(std::int64_t{::timegm(&parts)} * 1000));
}

// Texts recognised in a pattern, by name.
using Found = std::vector<std::pair<std::string_view, std::string_view>>;

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool match(std::span<const Piece> pieces, std::string_view text, Found& found);

// One of the words that go with a number, then the rest.
bool match_forms(std::span<const Piece> pieces, std::string_view text, Found& found) {
  const std::string_view forms = pieces[0].forms;
  const std::size_t bar = forms.find('|');
  for (const std::string_view form : {forms.substr(0, bar), forms.substr(bar + 1)})
    if (text.starts_with(form) && match(pieces.subspan(1), text.substr(form.size()), found))
      return true;
  return false;
}

bool may_be(std::span<const Piece> pieces, std::string_view value) {
  const std::string_view name = pieces[0].name;
  if (value.empty() || value.find('\n') != value.npos) return false;
  const bool is_count = name == "count" || std::ranges::any_of(pieces, [&](const Piece& each) {
                          return each.name == name && !each.forms.empty();
                        });
  return !is_count || parse_number(value).has_value();
}

bool match(std::span<const Piece> pieces, std::string_view text, Found& found) {
  const Piece& piece = pieces[0];
  if (piece.name.empty()) return text == piece.before;
  if (!text.starts_with(piece.before)) return false;
  text.remove_prefix(piece.before.size());
  if (!piece.forms.empty()) return match_forms(pieces, text, found);
  // The value ends where the next piece begins, or leaves just what the last piece says.
  const Piece& next = pieces[1];
  std::size_t size = 1;
  if (next.name.empty()) {
    if (text.size() <= next.before.size() || !text.ends_with(next.before)) return false;
    size = text.size() - next.before.size();
  }
  for (; size <= text.size(); ++size) {
    size = text.find(next.before, size);
    if (size == text.npos) return false;
    if (!may_be(pieces, text.substr(0, size))) continue;
    found.emplace_back(piece.name, text.substr(0, size));
    if (match(pieces.subspan(1), text.substr(size), found)) return true;
    found.pop_back();
  }
  return false;
}

// A value that was written into an English text: {why} and {parts} are texts themselves, and an
// error may follow what was to be a path.
std::string shown_again(std::string_view name, std::string_view value, Language language) {
  if (name == "why" || name == "parts") return recognised(language, value);
  if (const auto time = parse_time(value)) return Value(*time).shown(language);
  const std::size_t end = value.find(kContext);
  if (end == value.npos) return std::string(value);
  return std::string(value.substr(0, end)) + std::string(kFixedSpace) + ": " +
         recognised(language, value.substr(end + kContext.size()));
}

std::string fill_found(std::string_view pattern, const Found& found, Language language) {
  std::string out;
  for (const Piece& piece : pieces_of(pattern)) {
    out += piece.before;
    if (piece.name.empty()) break;
    const auto at = std::ranges::find(found, piece.name, &Found::value_type::first);
    const std::string_view value = at == found.end() ? std::string_view() : at->second;
    out += piece.forms.empty()
               ? shown_again(piece.name, value, language)
               : std::string(form_for(parse_number(value).value_or(2), piece.forms, language));
  }
  return out;
}

// The row whose pattern says most of the text.
std::optional<std::string> recognise_whole(std::string_view english, Language language) {
  if (const MessageRow* row = find(english)) return std::string(row->french);
  std::optional<std::string> best;
  std::size_t best_size = kRecognisedMin;
  for (const MessageRow& row : kRows) {
    const std::string_view start = std::string_view(row.english).substr(0, row.english.find('{'));
    if (!english.starts_with(start)) continue;
    const auto pieces = pieces_of(row.english);
    if (pieces.size() == 1) continue;
    std::size_t size = 0;
    for (const Piece& piece : pieces) size += piece.before.size() + piece.forms.size() / 2;
    Found found;
    if (size <= best_size || !match(pieces, english, found)) continue;
    // A context in front is no part of the value that a pattern begins with.
    const Piece& first = pieces.front();
    if (first.before.empty() && first.forms.empty() &&
        found.front().second.find(kContext) != english.npos)
      continue;
    best_size = size;
    best = fill_found(row.french, found, language);
  }
  return best;
}

}  // namespace

std::string Value::shown(Language language) const {
  switch (kind_) {
    case Kind::text:
      return std::string(text_);
    case Kind::number:
      return number_text(number_, language);
    case Kind::time:
      return language == Language::french ? french_time(time_) : time_text(time_);
  }
  return {};
}

std::string Value::shown_as_size(Language language) const {
  constexpr std::array<const char*, 5> kEnglish = {"B", "KiB", "MiB", "GiB", "TiB"};
  constexpr std::array<const char*, 5> kFrench = {"o", "Kio", "Mio", "Gio", "Tio"};
  if (kind_ != Kind::number) return shown(language);
  auto value = static_cast<double>(number_);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kEnglish.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), unit == 0 ? "%.0f" : "%.1f", value);
  std::string digits = out.data();
  if (language == Language::english) return digits.append(" ").append(kEnglish.at(unit));
  std::ranges::replace(digits, '.', ',');
  return digits.append(kFixedSpace).append(kFrench.at(unit));
}

std::string internal::fill(Language language, std::string_view english,
                           std::span<const Value> values) {
  std::vector<std::string_view> names;
  for (const Piece& piece : pieces_of(english))
    if (!piece.name.empty() && std::ranges::find(names, piece.name) == names.end())
      names.push_back(piece.name);
  std::string out;
  for (const Piece& piece : pieces_of(looked_up(language, english))) {
    out += piece.before;
    const auto name = std::ranges::find(names, piece.name);
    if (piece.name.empty() || name == names.end()) continue;
    const Value& value = values[static_cast<std::size_t>(name - names.begin())];
    if (!piece.forms.empty()) {
      out += form_for(value.number(), piece.forms, language);
    } else {
      out += piece.name.ends_with("_bytes") ? value.shown_as_size(language) : value.shown(language);
    }
  }
  return out;
}

std::string_view looked_up(Language language, std::string_view english) {
  const MessageRow* row = language == Language::french ? find(english) : nullptr;
  return row == nullptr ? english : row->french;
}

std::string recognised(Language language, std::string_view english) {
  if (language == Language::english) return std::string(english);
  if (auto whole = recognise_whole(english, language)) return *std::move(whole);
  for (std::size_t at = english.find(kContext); at != english.npos;
       at = english.find(kContext, at + 1)) {
    const auto context = recognise_whole(english.substr(0, at), language);
    if (!context) continue;
    return *context + std::string(kFixedSpace) + ": " +
           recognised(language, english.substr(at + kContext.size()));
  }
  const std::size_t at = english.find(kContext);
  if (at == english.npos) return std::string(english);
  return std::string(english.substr(0, at)) + std::string(kFixedSpace) + ": " +
         recognised(language, english.substr(at + kContext.size()));
}

}  // namespace sealift::cli
