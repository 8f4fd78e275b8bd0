#include "base/refusal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "base/check.h"

namespace sealift::base {
namespace {

constexpr RefusalRow kRows[] = {
#include "base/refusal_rows.inc"
};

constexpr std::size_t kNameSizeMax = 40;
constexpr std::size_t kWordSizeMax = 80;
constexpr std::size_t kFactsMax = 8;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameSizeMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

// Nothing that could end a context (": ").
bool is_word(std::string_view text) {
  constexpr std::string_view kMarks = "_.-:[]";
  return !text.empty() && text.size() <= kWordSizeMax && text.back() != ':' &&
         std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kMarks.find(c) != kMarks.npos;
         });
}

bool is_good(const Fact& fact) { return is_name(fact.name) && is_word(fact.value); }

std::string plural(std::uint64_t count, std::string_view one, std::string_view many,
                   Language language) {
  const bool is_one = count == 1 || (count == 0 && language == Language::french);
  return std::to_string(count).append("\u00a0").append(is_one ? one : many);
}

struct Unit {
  std::uint64_t ms;
  std::string_view names[2][2];
};
constexpr Unit kUnits[] = {
    {86'400'000, {{"day", "days"}, {"jour", "jours"}}},
    {3'600'000, {{"hour", "hours"}, {"heure", "heures"}}},
    {60'000, {{"minute", "minutes"}, {"minute", "minutes"}}},
    {1'000, {{"second", "seconds"}, {"seconde", "secondes"}}},
};

std::string time_text(std::uint64_t ms, const Unit& unit, Language language) {
  const auto& names = unit.names[static_cast<std::size_t>(language)];
  return plural((ms + unit.ms - 1) / unit.ms, names[0], names[1], language);
}

// In the largest unit of which there are whole ones; a rest is rounded up, for what is waited for.
std::string time_text(std::uint64_t ms, Language language) {
  for (const Unit& unit : kUnits) {
    const bool is_last = &unit == std::end(kUnits) - 1;
    if (!is_last && (ms < unit.ms || ms % unit.ms != 0) && ms < 2 * unit.ms) continue;
    return time_text(ms, unit, language);
  }
  return {};
}

// What was asked for, and the limits of that, as it is: in the largest unit that leaves no rest.
std::string exact_time_text(std::uint64_t ms, Language language) {
  for (const Unit& unit : kUnits)
    if (ms != 0 && ms % unit.ms == 0) return time_text(ms, unit, language);
  return std::to_string(ms).append("\u00a0ms");
}

std::string size_text(std::uint64_t size_bytes, Language language) {
  constexpr std::array<const char*, 5> kEnglish = {"B", "KiB", "MiB", "GiB", "TiB"};
  constexpr std::array<const char*, 5> kFrench = {"o", "Kio", "Mio", "Gio", "Tio"};
  std::size_t unit = 0;
  auto value = static_cast<double>(size_bytes);
  while (value >= 1024 && unit + 1 < kEnglish.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> number{};
  std::snprintf(number.data(), number.size(), unit == 0 ? "%.0f" : "%.1f", value);
  std::string text = number.data();
  const bool is_french = language == Language::french;
  if (is_french) std::ranges::replace(text, '.', ',');
  return text.append("\u00a0").append(is_french ? kFrench.at(unit) : kEnglish.at(unit));
}

// The words of the API for what a person may be.
struct RoleRow {
  std::string_view name;
  std::string_view words[2];  // by Language
};
constexpr RoleRow kRoles[] = {
    {"administrator", {"administrator", "administrateur"}},
    {"recovery_officer", {"recovery officer", "agent de récupération"}},
    {"administrator_or_recovery_officer",
     {"administrator or recovery officer", "administrateur ou agent de récupération"}},
};

std::string role_text(const std::string& name, Language language) {
  const auto* const found = std::ranges::find(kRoles, name, &RoleRow::name);
  if (found == std::end(kRoles)) return name;
  return std::string(found->words[static_cast<std::size_t>(language)]);
}

std::string value_text(const Fact& fact, Language language) {
  if (fact.name == "role") return role_text(fact.value, language);
  std::uint64_t number = 0;
  const char* end = fact.value.data() + fact.value.size();
  const auto parsed = std::from_chars(fact.value.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return fact.value;
  if (fact.name == "asked_ms" || fact.name == "min_ms" || fact.name == "max_ms")
    return exact_time_text(number, language);
  if (fact.name.ends_with("_ms")) return time_text(number, language);
  if (fact.name.ends_with("_bytes")) return size_text(number, language);
  return fact.value;
}

std::string filled(std::string_view pattern, const std::vector<Fact>& facts, Language language) {
  std::string text(pattern);
  for (const Fact& fact : facts) {
    const std::string name = "{" + fact.name + "}";
    const auto at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), value_text(fact, language));
  }
  return text;
}

// Every {name} of the row has its fact.
bool is_whole(const RefusalRow& row, const std::vector<Fact>& facts) {
  const auto has_all = [&](std::string_view pattern) {
    for (auto at = pattern.find('{'); at != std::string_view::npos;
         at = pattern.find('{', at + 1)) {
      const auto name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
      if (std::ranges::find(facts, name, &Fact::name) == facts.end()) return false;
    }
    return true;
  };
  return std::ranges::all_of(row.sentences, has_all) && std::ranges::all_of(row.hints, has_all);
}

}  // namespace

std::span<const RefusalRow> refusal_rows() { return kRows; }

const RefusalRow* find_refusal(std::string_view reason) {
  const auto* const found = std::ranges::find(kRows, reason, &RefusalRow::reason);
  return found == std::end(kRows) ? nullptr : found;
}

tl::unexpected<Error> refuse(std::string_view reason, const std::vector<Fact>& facts) {
  const RefusalRow* row = find_refusal(reason);
  SEALIFT_CHECK(row != nullptr);
  const auto refusal = make_refusal(reason, row->code, facts);
  SEALIFT_CHECK(refusal.has_value());
  return fail(row->code, refusal->text());
}

std::string Refusal::sentence(Language language) const {
  return filled(row->sentences[static_cast<std::size_t>(language)], facts, language);
}

std::string Refusal::hint(Language language) const {
  return filled(row->hints[static_cast<std::size_t>(language)], facts, language);
}

std::string Refusal::text() const {
  std::string text(row->reason);
  for (const Fact& fact : facts) text.append(" ").append(fact.name).append("=").append(fact.value);
  return text;
}

std::optional<Refusal> refusal_of(const Error& error) {
  std::string_view rest = error.text;
  if (const auto context = rest.rfind(": "); context != std::string_view::npos)
    rest.remove_prefix(context + 2);
  const auto take = [&rest] {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    return word;
  };
  const std::string_view reason = take();
  std::vector<Fact> facts;
  while (!rest.empty()) {
    const std::string_view word = take();
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    facts.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  const RefusalRow* row = find_refusal(reason);
  return row == nullptr ? std::nullopt : make_refusal(reason, row->code, std::move(facts));
}

std::optional<Refusal> make_refusal(std::string_view reason, ErrorCode code,
                                    std::vector<Fact> facts) {
  const RefusalRow* row = find_refusal(reason);
  if (row == nullptr || row->code != code || facts.size() > kFactsMax) return std::nullopt;
  if (!std::ranges::all_of(facts, is_good) || !is_whole(*row, facts)) return std::nullopt;
  return Refusal{row, std::move(facts)};
}

}  // namespace sealift::base
