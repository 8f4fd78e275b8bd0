#include "census/records/record_regions.h"

#include <algorithm>
#include <array>
#include <string>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::array<std::string_view, 24> kClosings = {"sincerely",
                                                        "yours truly",
                                                        "yours sincerely",
                                                        "sincerely yours",
                                                        "regards",
                                                        "best regards",
                                                        "kind regards",
                                                        "warm regards",
                                                        "best",
                                                        "thanks",
                                                        "thank you",
                                                        "many thanks",
                                                        "cheers",
                                                        "respectfully",
                                                        "yours faithfully",
                                                        "cordialement",
                                                        "salutations",
                                                        "bien a vous",
                                                        "merci",
                                                        "sinceres salutations",
                                                        "cordiales salutations",
                                                        "respectueusement",
                                                        "with thanks",
                                                        "respectfully submitted"};

constexpr std::array<std::string_view, 12> kGreetings = {
    "dear",    "hi",   "hello", "good morning", "good afternoon", "hey",
    "bonjour", "cher", "chere", "greetings",    "allo",           "madame"};

// Words after which a dot ends no sentence.
constexpr std::array<std::string_view, 24> kAbbreviations = {
    "mr", "mrs",  "ms",  "dr",  "st",  "no",   "tel", "ext", "apt", "ave", "rd", "jr",
    "sr", "prof", "rev", "hon", "mme", "mlle", "m",   "vs",  "re",  "dob", "ph", "approx"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

struct Line {
  std::size_t begin, end;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back({begin, end, trim(text.substr(begin, end - begin))});
    begin = end + 1;
  }
  return lines;
}

bool is_closing(std::string_view line) {
  if (line.empty() || line.size() > 40) return false;
  if (line == "--" || line == "-- " || line == "---" || line == "__") return true;
  if (line.back() != ',' && line.back() != '.' && line.back() != '!' && line.size() > 24)
    return false;
  return is_one_of(kClosings, fold_words(line));
}

bool is_greeting(std::string_view line) {
  if (line.size() > 60 || line.empty()) return false;
  const std::string words = fold_words(line);
  if (std::ranges::any_of(kGreetings, [&](std::string_view g) {
        return words.starts_with(g) && (words.size() == g.size() || words[g.size()] == ' ');
      }))
    return line.back() == ',' || line.back() == ':' || line.back() == '!' || line.size() < 32;
  // "Andrea," alone on a line
  return line.back() == ',' && std::ranges::count(words, ' ') <= 2 &&
         is_ascii_upper(line.front()) && std::ranges::none_of(line, is_ascii_digit);
}

bool ends_sentence(std::string_view text, std::size_t dot) {
  if (dot + 1 >= text.size()) return true;
  if (text[dot + 1] != ' ' && text[dot + 1] != '\n') return false;
  if (text[dot] != '.') return true;
  std::size_t begin = dot;
  while (begin > 0 && (is_ascii_letter(text[begin - 1]) || text[begin - 1] == '\'')) --begin;
  const std::string word = fold_words(text.substr(begin, dot - begin));
  if (word.size() <= 1 || is_one_of(kAbbreviations, word)) return false;
  const std::size_t next = text.find_first_not_of(" \n", dot + 1);
  return next == std::string_view::npos || !is_ascii_lower(text[next]);
}

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text), lines_(lines_of(text)) {}

  Regions cut() {
    out_.signature_begin = text_.size();
    for (const Line& line : lines_) out_.line_begins.push_back(line.begin);
    for (std::size_t at = 0; at < lines_.size();) {
      if (lines_[at].text.empty()) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < lines_.size() && !lines_[end].text.empty()) ++end;
      cut_paragraph(at, end);
      ++paragraph_;
      at = end;
    }
    return std::move(out_);
  }

 private:
  Region region_of(const Line& line, bool first) {
    if (line.text.starts_with('>')) return Region::quoted;
    if (is_closing(line.text)) {
      out_.signature_begin = std::min(out_.signature_begin, line.begin);
      signature_lines_ = 1;
      return Region::signature;
    }
    if (signature_lines_ > 0) {
      // A signature is short lines; a long one is text again.
      if (line.text.size() > 80 || ++signature_lines_ > 12) {
        signature_lines_ = 0;
        return Region::body;
      }
      return Region::signature;
    }
    if (first && is_greeting(line.text)) return Region::greeting;
    return Region::body;
  }

  void cut_paragraph(std::size_t from, std::size_t to) {
    std::size_t begin = lines_[from].begin;
    Region region = region_of(lines_[from], true);
    for (std::size_t at = from; at < to; ++at) {
      const Line& line = lines_[at];
      const Region next = at + 1 < to ? region_of(lines_[at + 1], false) : region;
      const bool breaks = at + 1 == to || next != region || region != Region::body ||
                          (line.end - line.begin < 50 && !continues(at + 1));
      const std::size_t stop = line.end;
      if (region == Region::body) {
        for (std::size_t i = std::max(begin, line.begin); i < stop; ++i) {
          const char c = text_[i];
          if ((c != '.' && c != '!' && c != '?') || !ends_sentence(text_, i)) continue;
          push(begin, i + 1, region);
          begin = i + 1;
        }
      }
      if (breaks) {
        push(begin, stop, region);
        begin = at + 1 < to ? lines_[at + 1].begin : stop;
      }
      region = next;
    }
    if (signature_lines_ > 2) signature_lines_ = 0;
  }

  // Does the line go on with the sentence of the one before?
  bool continues(std::size_t at) const {
    const std::string_view line = lines_[at].text;
    return !line.empty() && is_ascii_lower(line.front());
  }

  void push(std::size_t begin, std::size_t end, Region region) {
    if (trim(text_.substr(begin, end - begin)).empty()) return;
    out_.sentences.push_back({begin, end, paragraph_, region});
  }

  std::string_view text_;
  std::vector<Line> lines_;
  Regions out_;
  std::uint32_t paragraph_ = 0;
  int signature_lines_ = 0;
};

}  // namespace

std::size_t Regions::sentence_at(std::size_t offset) const {
  const auto found = std::ranges::upper_bound(sentences, offset, {}, &Sentence::end);
  return static_cast<std::size_t>(found - sentences.begin());
}

std::size_t Regions::line_at(std::size_t offset) const {
  const auto found = std::ranges::upper_bound(line_begins, offset);
  return found == line_begins.begin() ? 0
                                      : static_cast<std::size_t>(found - line_begins.begin()) - 1;
}

Regions regions_of(std::string_view text) { return Cutter(text).cut(); }

}  // namespace sealift::census
