#include "census/names/small_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

enum class Cue : std::uint8_t { none, greeting, title, label };

constexpr std::pair<std::string_view, Cue> kCues[] = {
    {"hi", Cue::greeting},    {"hello", Cue::greeting},   {"hey", Cue::greeting},
    {"dear", Cue::greeting},  {"bonjour", Cue::greeting}, {"cher", Cue::greeting},
    {"chere", Cue::greeting}, {"mr", Cue::title},         {"mrs", Cue::title},
    {"ms", Cue::title},       {"dr", Cue::title},         {"mme", Cue::title},
    {"patient", Cue::label},  {"pt", Cue::label},         {"client", Cue::label},
    {"student", Cue::label},  {"resident", Cue::label},   {"employee", Cue::label},
    {"name", Cue::label},     {"applicant", Cue::label},  {"guardian", Cue::label},
    {"mother", Cue::label},   {"father", Cue::label},     {"parent", Cue::label},
    {"tenant", Cue::label},   {"landlord", Cue::label},   {"caller", Cue::label},
    {"attn", Cue::label},     {"attention", Cue::label},  {"contact", Cue::label},
    {"member", Cue::label},   {"worker", Cue::label},     {"owner", Cue::label},
    {"nom", Cue::label},      {"eleve", Cue::label},      {"child", Cue::label}};

// By their hashes. Most words are no cue: one bit for each of 1,024 classes of hashes says so.
class CueIndex {
 public:
  CueIndex() {
    for (std::size_t i = 0; i < std::size(kCues); ++i) {
      hashes_[i] = word_hash(kCues[i].first);
      const std::uint32_t bit = hashes_[i] & 1023;
      bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
  Cue cue_of(std::uint32_t hash) const {
    if ((bits_[(hash & 1023) / 64] >> (hash % 64) & 1) == 0) return Cue::none;
    const auto* found = std::ranges::find(hashes_, hash);
    return found == hashes_.end() ? Cue::none : kCues[found - hashes_.begin()].second;
  }

 private:
  std::array<std::uint32_t, std::size(kCues)> hashes_{};
  std::array<std::uint64_t, 16> bits_{};
};

class SmallNames {
 public:
  SmallNames(std::string_view text, const std::vector<NameToken>& tokens, const Models& models)
      : text_(text), tokens_(tokens), models_(models) {}

  std::vector<SmallName> find() {
    static const CueIndex index;
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      const Cue cue = index.cue_of(tokens_[at].word);
      if (cue != Cue::none && tokens_[at].shape != Shape::punctuation) look_behind(at, cue);
    }
    return std::move(found_);
  }

 private:
  std::string_view word(std::size_t at) const {
    return text_.substr(tokens_[at].begin, tokens_[at].end - tokens_[at].begin);
  }

  bool is_sign(std::size_t at, char sign) const {
    return at < tokens_.size() && tokens_[at].shape == Shape::punctuation &&
           tokens_[at].word == static_cast<unsigned char>(sign) && !tokens_[at].line_begins;
  }

  // Small words in a row from `at` that the lists know as parts of names: at most three.
  std::size_t listed_words(std::size_t at) const {
    std::size_t count = 0;
    while (count < 3 && at + count < tokens_.size()) {
      const NameToken& token = tokens_[at + count];
      if (token.shape != Shape::small || token.line_begins) break;
      const WordUse use = models_.use_of(fold(word(at + count)));
      const bool first = count == 0;
      const int as_name = first ? use.given : std::max(use.given, use.surname);
      if (as_name < (first ? 7 : 4) || as_name <= use.word + (first ? 1 : 0)) break;
      ++count;
    }
    return count;
  }

  void look_behind(std::size_t cue_at, Cue cue) {
    std::size_t at = cue_at + 1;
    if (cue == Cue::title) {
      at += is_sign(at, '.') ? 1 : 0;
      look_behind_title(cue_at, at);
      return;
    }
    const bool colon = is_sign(at, ':');
    at += colon ? 1 : 0;
    const std::size_t count = listed_words(at);
    if (count == 0) return;
    const std::size_t behind = at + count;
    const bool ends = behind >= tokens_.size() || tokens_[behind].line_begins ||
                      tokens_[behind].shape == Shape::punctuation ||
                      tokens_[behind].shape == Shape::number;
    if (cue == Cue::greeting) {
      if (tokens_[cue_at].line_begins && ends && count <= 2) add(at, behind, count);
    } else if (count >= 2 && (colon || ends || tokens_[cue_at].line_begins)) {
      add(at, behind, count);
    }
  }

  void look_behind_title(std::size_t cue_at, std::size_t at) {
    if (at >= tokens_.size() || tokens_[at].shape != Shape::small || tokens_[at].line_begins ||
        tokens_[cue_at].shape != Shape::small)
      return;
    const WordUse use = models_.use_of(fold(word(at)));
    if (use.surname >= 4 && use.surname > use.word) add(cue_at, at + 1, 1);
  }

  void add(std::size_t first, std::size_t behind, std::size_t words) {
    const std::size_t begin = tokens_[first].begin;
    if (!found_.empty() && begin < found_.back().end) return;
    found_.push_back({begin, tokens_[behind - 1].end, words > 1});
  }

  std::string_view text_;
  const std::vector<NameToken>& tokens_;
  const Models& models_;
  std::vector<SmallName> found_;
};

}  // namespace

std::vector<SmallName> names_in_small_letters(std::string_view text,
                                              const std::vector<NameToken>& tokens,
                                              const Models& models) {
  return SmallNames(text, tokens, models).find();
}

}  // namespace sealift::census::internal
