// Phrases: what is said to people, in the reader's language.
//
//   std::cout << phrase(language, "sent {parcel}: {count} {count:entry|entries}", id, count) <<
//   "\n";
//
// The English sentence stands in the source and is the key; data/messages/fr.po has the others, and
// the build refuses one that names other values. What has no translation is shown in English, and
// tools/check_french.py fails. Grammar of a pattern, besides text:
//
//   {name}            the value of that name; names get their values in the order in which they
//                     first stand in the English
//   {name_bytes}      the same as a size: 1.4 GiB, 1,4 Gio
//   {name:one|many}   the word that goes with the number: French has "one" for 0, too
//
// What programs read (--json, columns set apart by tabs, files) doesn't go through here: it is the
// same in every language (docs/decisions/0197). Pure: any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/refusal.h"

namespace sealift::cli {

// What a pattern is filled with. A time is shown as RFC 3339 in English.
class Value {
 public:
  Value(std::string_view shown) : text_(shown) {}  // NOLINT(google-explicit-constructor)
  Value(const std::string& shown) : text_(shown) {}
  Value(const char* shown) : text_(shown) {}
  Value(base::UnixTime time) : time_(time), kind_(Kind::time) {}
  template <std::unsigned_integral Number>
  Value(Number number) : number_(number), kind_(Kind::number) {}

  enum class Kind : unsigned char { text, number, time };
  Kind kind() const { return kind_; }
  std::uint64_t number() const { return number_; }
  // As {name} shows it, or {name_bytes}.
  std::string shown(base::Language language) const;
  std::string shown_as_size(base::Language language) const;

 private:
  std::string_view text_;
  std::uint64_t number_ = 0;
  base::UnixTime time_{};
  Kind kind_ = Kind::text;
};

namespace internal {

// Where the placeholder that begins at `text[0]`, a brace, ends: behind its closing brace; 0 if
// this is no placeholder but a brace. `name` is what stands before a colon.
constexpr std::size_t placeholder_end(std::string_view text, std::string_view& name) {
  std::size_t at = 1;
  while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '_')) ++at;
  if (at == 1 || at == text.size()) return 0;
  name = text.substr(1, at - 1);
  if (text[at] == '}') return at + 1;
  const std::size_t end = text.find('}', at);
  return text[at] == ':' && end != text.npos ? end + 1 : 0;
}

constexpr std::size_t count_of_names(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
    std::string_view name;
    if (placeholder_end(text.substr(at), name) == 0) continue;
    bool is_known = false;
    for (std::size_t before = text.find('{'); before < at; before = text.find('{', before + 1)) {
      std::string_view other;
      if (placeholder_end(text.substr(before), other) != 0 && other == name) is_known = true;
    }
    count += is_known ? 0 : 1;
  }
  return count;
}

void pattern_and_values_differ_in_number();  // not constexpr: reaching it fails the compilation

std::string fill(base::Language language, std::string_view english, std::span<const Value> values);

}  // namespace internal

// An English pattern with as many names as there are values; anything else doesn't compile.
template <typename... Values>
struct PatternOf {
  template <std::size_t Size>
  consteval PatternOf(const char (&text)[Size])  // NOLINT(google-explicit-constructor)
      : english(text, Size - 1) {
    if (internal::count_of_names(english) != sizeof...(Values))
      internal::pattern_and_values_differ_in_number();
  }
  std::string_view english;
};
template <typename... Values>
using Pattern = PatternOf<std::type_identity_t<Values>...>;

template <typename... Values>
std::string phrase(base::Language language, Pattern<Values...> pattern, const Values&... values) {
  const std::initializer_list<Value> all = {Value(values)...};
  return internal::fill(language, pattern.english, {all.begin(), all.size()});
}

// A text that has no values and may have braces of its own, such as a verb's help.
std::string_view looked_up(base::Language language, std::string_view english);

// An English text that was made elsewhere, in the layers below, of a pattern and its values, with
// contexts in front ("key file: line 1: not an identity"): the pattern is recognised.
// What isn't stays in English.
std::string recognised(base::Language language, std::string_view english);

}  // namespace sealift::cli
