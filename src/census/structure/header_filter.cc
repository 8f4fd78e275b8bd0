#include "census/structure/header_filter.h"

#include <bitset>
#include <cstdint>
#include <string>

#include "census/kinds/text_fold.h"
#include "census/structure/header_phrases.h"

namespace sealift::census::internal {
namespace {

constexpr std::uint32_t kHashBegin = 0x811C9DC5U;
constexpr std::size_t kBits = std::size_t{1} << 15;

std::uint32_t hash_on(std::uint32_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
}

// A word that is not in the list has its bit set one time in fifty.
class WordSet {
 public:
  WordSet() {
    for (const HeaderPhrase& phrase : all_header_phrases())
      add(phrase.words.substr(0, phrase.words.find(' ')));
    for (const SubjectWord& subject : all_subject_words()) {
      add(subject.word);
      if (!may_be_elided(subject.word)) continue;
      for (const char* article : {"d", "l"}) add(article + std::string(subject.word));
    }
    // what field.cc turns into one of those, or asks for by itself
    for (const std::string_view word :
         {"names", "nm", "numbers", "nbr", "num", "mail", "emp", "staff", "employee", "employe",
          "student", "pupil", "eleve"})
      add(word);
  }

  bool has(std::uint32_t hash) const { return bits_[place(hash)]; }

 private:
  static std::size_t place(std::uint32_t hash) { return (hash ^ hash >> 15) % kBits; }
  void add(std::string_view word) {
    std::uint32_t hash = kHashBegin;
    for (const char c : word) hash = hash_on(hash, c);
    bits_[place(hash)] = true;
  }

  std::bitset<kBits> bits_;
};

}  // namespace

bool may_be_header(std::string_view text) {
  static const WordSet words;
  std::uint32_t hash = kHashBegin;
  char before = ' ';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c & 0x80) != 0 || c == '#') return true;  // to be folded first
    const bool hump = is_ascii_upper(c) && is_ascii_lower(before);
    const bool number =
        is_ascii_alnum(c) && is_ascii_alnum(before) && is_ascii_digit(c) != is_ascii_digit(before);
    const bool inside = (c == '\'' || c == '.') && is_ascii_letter(before) && i + 1 < text.size() &&
                        is_ascii_letter(text[i + 1]);
    before = c;
    if (inside) continue;
    if (hump || number || !is_ascii_alnum(c)) {
      if (hash != kHashBegin && words.has(hash)) return true;
      hash = kHashBegin;
    }
    if (is_ascii_alnum(c)) hash = hash_on(hash, ascii_lower(c));
  }
  return hash != kHashBegin && words.has(hash);
}

}  // namespace sealift::census::internal
