#include "census/names/name_features.h"

#include <algorithm>
#include <optional>
#include <string>

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

std::uint32_t mix(std::uint32_t kind, std::uint32_t a, std::uint32_t b) {
  std::uint32_t h = kind * 0x9E3779B1U ^ a * 0x85EBCA77U ^ (b + 0x165667B1U) * 0xC2B2AE3DU;
  h ^= h >> 15;
  h *= 0x2C1B3C6DU;
  return h ^ h >> 13;
}

// U+2000 to U+20BF in UTF-8: quotes, dashes, bullets, signs of money.
bool is_sign(std::string_view text, std::size_t at) {
  return text[at] == '\xE2' && at + 2 < text.size() &&
         (text[at + 1] == '\x80' || text[at + 1] == '\x81' || text[at + 1] == '\x82');
}

bool is_letter_at(std::string_view text, std::size_t at) {
  return is_ascii_letter(text[at]) ||
         (static_cast<unsigned char>(text[at]) >= 0xC3 && !is_sign(text, at));
}

// Size of the apostrophe at `at`, straight or curly; 0 when there is none.
std::size_t apostrophe_at(std::string_view text, std::size_t at) {
  if (text[at] == '\'') return 1;
  return text.substr(at, 3) == "\xE2\x80\x99" ? 3 : 0;
}

// Size of what joins two parts of a word at `at`; 0 when the word ends. "Mary's" ends at the "y".
std::size_t joint_at(std::string_view text, std::size_t at) {
  const std::size_t apostrophe = apostrophe_at(text, at);
  const std::size_t size = apostrophe > 0 ? apostrophe : 1;
  if (at + size >= text.size() || !is_letter_at(text, at + size)) return 0;
  if (text[at] == '-') return size;
  if (apostrophe > 0) {
    const std::size_t next = at + size;
    const bool possessive = ascii_lower(text[next]) == 's' &&
                            (next + 1 == text.size() || !is_letter_at(text, next + 1));
    return possessive ? 0 : size;
  }
  const bool dotted = text[at] == '.' && is_ascii_upper(text[at + 1]) && at + 2 < text.size() &&
                      is_ascii_lower(text[at + 2]);
  return dotted ? size : 0;
}

bool is_dotted_word(std::string_view folded) {
  constexpr std::string_view kWords[] = {"mr", "mrs",  "ms",  "dr",  "jr",   "sr",
                                         "st", "prof", "rev", "mme", "mlle", "ste"};
  return folded.size() == 1 || std::ranges::find(kWords, folded) != std::end(kWords);
}

constexpr std::string_view kParticles[] = {
    "de", "del", "della", "da",  "das", "dos", "do",   "du",  "des", "di",  "la",
    "le", "van", "von",   "der", "den", "bin", "bint", "ibn", "ben", "abu", "al",
    "el", "st",  "ter",   "ten", "ka",  "y",   "ul",   "ud",  "zu",  "ould"};
constexpr std::size_t kParticleSizeMax = 5;

constexpr std::uint32_t kHashBegin = 0x811C9DC5U;
constexpr std::uint32_t hash_on(std::uint32_t h, char c) {
  return (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
}
constexpr std::uint32_t hash_end(std::uint32_t h) {
  h ^= h >> 16;
  h *= 0x7FEB352DU;
  return h ^ h >> 15;
}
constexpr std::uint32_t hash_of(std::string_view text) {
  std::uint32_t h = kHashBegin;
  for (const char c : text) h = hash_on(h, c);
  return hash_end(h);
}

// One bit for each of 256 classes of hashes: turns most words away.
constexpr std::array<std::uint64_t, 4> particle_classes() {
  std::array<std::uint64_t, 4> classes{};
  for (const std::string_view particle : kParticles) {
    const std::uint32_t hash = hash_of(particle);
    classes[hash / 64 % 4] |= std::uint64_t{1} << (hash % 64);
  }
  return classes;
}

// `hash` is the word's.
bool is_name_particle(std::string_view folded, std::uint32_t hash) {
  constexpr std::array<std::uint64_t, 4> kClasses = particle_classes();
  return folded.size() <= kParticleSizeMax && (kClasses[hash / 64 % 4] >> (hash % 64) & 1) != 0 &&
         std::ranges::find(kParticles, folded) != std::end(kParticles);
}

Shape shape_of(std::string_view text) {
  const CodePoint first = code_point_at(text, 0);
  if (!is_upper_latin(first.value)) return first.value < 0x250 ? Shape::small : Shape::other;
  std::size_t letters = 0;
  std::size_t capitals = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    letters += c.value != '-' && c.value != '\'' && c.value != '.' && c.value != 0x2019 ? 1 : 0;
    capitals += is_upper_latin(c.value) ? 1 : 0;
    i += c.size_bytes;
  }
  if (letters == 1) return Shape::initial;
  if (capitals == letters) return Shape::capitals;
  return capitals == 1 ? Shape::title : Shape::mixed;
}

// What is known of a word when its end is found.
struct ScannedWord {
  std::size_t end = 0;
  std::uint32_t hash = 0;  // of the folded word
  Shape shape = Shape::small;
  bool plain = true;  // ASCII letters alone: lower case is all that folding does
};

// A word of ASCII letters alone, as most are, in one go; nullopt for others.
std::optional<ScannedWord> scan_plain_word(std::string_view text, std::size_t at) {
  std::size_t end = at;
  std::size_t capitals = 0;
  std::uint32_t hash = kHashBegin;
  while (end < text.size() && is_ascii_letter(text[end])) {
    capitals += is_ascii_upper(text[end]) ? 1 : 0;
    hash = hash_on(hash, static_cast<char>(text[end] | 0x20));
    ++end;
  }
  if (end == at) return std::nullopt;
  if (end < text.size()) {
    const char next = text[end];
    if (static_cast<unsigned char>(next) >= 0x80) return std::nullopt;
    if ((next == '-' || next == '\'' || next == '.') && joint_at(text, end) > 0)
      return std::nullopt;
  }
  const std::size_t letters = end - at;
  const Shape shape = !is_ascii_upper(text[at]) ? Shape::small
                      : letters == 1            ? Shape::initial
                      : capitals == letters     ? Shape::capitals
                      : capitals == 1           ? Shape::title
                                                : Shape::mixed;
  return ScannedWord{end, hash_end(hash), shape, true};
}

ScannedWord scan_word(std::string_view text, std::size_t at, std::string* folded) {
  std::size_t end = at;
  bool plain = true;  // ASCII letters and hyphens alone
  while (end < text.size()) {
    const bool letter = is_letter_at(text, end);
    const std::size_t joint = letter ? 0 : joint_at(text, end);
    if (!letter && joint == 0) break;
    const bool ascii = static_cast<unsigned char>(text[end]) < 0x80;
    plain = plain && ascii && text[end] != '\'' && text[end] != '.';
    end += joint > 0 ? joint : ascii ? 1 : code_point_at(text, end).size_bytes;
  }
  const std::string_view word = text.substr(at, end - at);
  if (plain) {
    *folded = word;
    for (char& c : *folded) c = ascii_lower(c);
  } else {
    for (const char c : fold(word)) {
      if (c != '.' && c != '\'') folded->push_back(c);
    }
  }
  return {end, word_hash(*folded), shape_of(word), false};
}

// What features ask of a capitalised word or a particle.
void note_parts(std::string_view folded, const Models& models, NameToken* token) {
  const auto tail = [&](std::size_t size) {
    return word_hash(folded.substr(folded.size() - std::min(size, folded.size())));
  };
  token->prefix = word_hash(folded.substr(0, 3)) ^ 1;
  token->suffix = tail(3) ^ 2;
  token->prefix2 = word_hash(folded.substr(0, 2)) ^ 3;
  token->suffix2 = tail(2) ^ 4;
  token->suffix4 = tail(4) ^ 5;
  const std::size_t dash = folded.find('-');
  token->hyphen = dash != folded.npos;
  token->levels = folded.empty() ? WordUse{} : models.use_of_hash(token->word);
  if (token->levels.given == 0 && token->levels.surname == 0 && token->hyphen) {
    const WordUse left = models.use_of(folded.substr(0, dash));
    const WordUse right = models.use_of(folded.substr(dash + 1));
    token->levels.given = std::min(left.given, right.given);
    token->levels.surname = std::min(left.surname, right.surname);
  }
  token->use = packed_use(token->levels);
}

// Reads the word at `at` into `token`; the look-up of its use only where it may be a name.
void read_word(std::string_view text, std::size_t at, const Models& models, NameToken* token) {
  std::string folded;
  const auto plain = scan_plain_word(text, at);
  const ScannedWord scanned = plain ? *plain : scan_word(text, at, &folded);
  const std::string_view word = text.substr(at, scanned.end - at);
  token->end = static_cast<std::uint32_t>(scanned.end);
  token->shape = scanned.shape;
  token->word = scanned.hash;
  token->particle = scanned.shape == Shape::small &&
                    is_name_particle(scanned.plain ? word : folded, scanned.hash);
  if (!token->is_capitalised() && !token->particle) return;
  if (scanned.plain) {
    folded = word;
    for (char& c : folded) c = ascii_lower(c);
  }
  if (scanned.end < text.size() && text[scanned.end] == '.' && token->shape != Shape::small &&
      is_dotted_word(folded))
    ++token->end;
  note_parts(folded, models, token);
}

// Punctuation; curly quotes and long dashes count as the plain ones.
void read_sign(std::string_view text, std::size_t at, NameToken* token) {
  const CodePoint sign = code_point_at(text, at);
  token->shape = Shape::punctuation;
  token->end = static_cast<std::uint32_t>(at + sign.size_bytes);
  token->word = static_cast<unsigned char>(text[at]);
  if (sign.size_bytes == 1) return;
  const std::string plain = fold(text.substr(at, sign.size_bytes));
  if (!plain.empty()) token->word = static_cast<unsigned char>(plain[0]);
}

}  // namespace

std::uint16_t packed_use(const WordUse& use) {
  return static_cast<std::uint16_t>(((use.given + 2) / 3) * 64 + ((use.surname + 2) / 3) * 8 +
                                    (use.word + 2) / 3);
}

std::uint32_t word_hash(std::string_view text) { return hash_of(text); }

std::vector<NameToken> name_tokens(std::string_view text, const Models& models) {
  std::vector<NameToken> tokens;
  tokens.reserve(text.size() / 5);
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      line_begins = line_begins || c == '\n';
      ++at;
      continue;
    }
    NameToken& token = tokens.emplace_back();
    token.begin = static_cast<std::uint32_t>(at);
    token.line_begins = line_begins;
    line_begins = false;
    if (is_letter_at(text, at)) {
      read_word(text, at, models, &token);
    } else if (is_ascii_digit(c)) {
      std::size_t end = at;
      while (end < text.size() &&
             (is_ascii_alnum(text[end]) || text[end] == '-' || text[end] == '/'))
        ++end;
      token.end = static_cast<std::uint32_t>(end);
      token.shape = Shape::number;
      token.word = 1;
    } else {
      read_sign(text, at, &token);
    }
    at = std::max<std::size_t>(token.end, at + 1);
  }
  return tokens;
}

void name_features(const std::vector<NameToken>& tokens, std::size_t at, bool previous,
                   bool before_previous, NameFeatures* out) {
  static const NameToken none{};
  const auto token = [&](std::size_t back, std::size_t ahead) -> const NameToken& {
    return at < back || at - back + ahead >= tokens.size() ? none : tokens[at - back + ahead];
  };
  const NameToken& t = tokens[at];
  const NameToken& b = token(1, 0);
  const NameToken& bb = token(2, 0);
  const NameToken& n = token(0, 1);
  const NameToken& nn = token(0, 2);
  const NameToken& nnn = token(0, 3);
  const auto shape = [](const NameToken& of) { return static_cast<std::uint32_t>(of.shape); };
  const std::uint32_t tag = (previous ? 1U : 0U) + (before_previous ? 2U : 0U);
  const std::uint32_t caps =
      (b.shape == Shape::capitals ? 1U : 0U) + (n.shape == Shape::capitals ? 2U : 0U);
  const std::uint32_t line = (t.line_begins ? 1U : 0U) + (n.line_begins ? 2U : 0U);
  const std::uint32_t before = b.word;
  std::size_t i = 0;
  const auto put = [&](std::uint32_t x, std::uint32_t y = 0) {
    (*out)[i] = mix(static_cast<std::uint32_t>(i + 1), x, y);
    ++i;
  };
  put(0);
  put(t.word);
  put(before);
  put(n.word);
  put(before, t.word);
  put(t.word, n.word);
  put(bb.word);
  put(nn.word);
  put(shape(t), caps);
  put(shape(b), shape(t));
  put(shape(t), shape(n));
  put(t.suffix);
  put(t.prefix);
  put(t.use);
  put(b.use, t.use);
  put(t.use, n.use);
  put(t.levels.given, n.levels.surname);
  put(b.levels.given, t.levels.surname);
  put(tag, t.use);
  put(tag & 1, t.word);
  put(tag, shape(t) * 1024U + n.use);
  put(before, t.use);
  put(n.word, t.use);
  put(line, t.use * 8U + shape(t));
  put(before, shape(t));
  put(n.word, shape(t));
  put(tag & 1, before);
  put(tag, n.word);
  put(tag * 512U + b.use, t.use * 512U + n.use);
  put(bb.word, before);
  put(n.word, nn.word);
  put(caps * 8U + shape(t), t.use);
  put(line * 8U + tag, n.word);
  put(t.levels.given * 16U + t.levels.surname, t.levels.word);
  put(t.levels.place, t.use);
  put(t.levels.place, std::max(t.levels.given, t.levels.surname));
  put(b.levels.place * 16U + t.levels.place, n.levels.place);
  put(before, (t.levels.place + 2U) / 3);
  put(n.word, (t.levels.place + 2U) / 3);
  put(t.suffix2, t.prefix2);
  put(t.suffix4);
  put(before, n.word);
  put(bb.use, b.use);
  put(n.use, nn.use);
  put((t.hyphen ? 8U : 0U) + shape(t), std::min<std::uint32_t>(t.end - t.begin, 12));
  put(nnn.word);
}

}  // namespace sealift::census::internal
