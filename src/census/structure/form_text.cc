#include "census/structure/form_text.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kLabelMax = 50;  // bytes
constexpr std::size_t kValueMax = 160;
constexpr std::size_t kReach = 128;  // before a colon; no label is longer, with what stands around

struct Line {
  std::size_t begin, end;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back({begin, end});
    begin = end + 1;
  }
  return lines;
}

std::optional<HeaderMeaning> label_of(std::string_view label, double least) {
  label = trim(label);
  if (label.empty() || label.size() > kLabelMax) return std::nullopt;
  auto meaning = field_of_header(label);
  if (meaning && meaning->confidence < least) meaning.reset();
  return meaning;
}

enum class Stands : std::uint8_t { first_on_line, behind_value };

// Where a label that ends at `colon` begins: the shortest and then longer runs of words before it.
struct FoundLabel {
  std::size_t begin = 0;
  HeaderMeaning meaning;
};

std::optional<FoundLabel> label_before(std::string_view text, std::size_t from, std::size_t colon,
                                       Stands after) {
  // The whole stretch since the last value, or since a gap in it.
  const bool whole = colon - from <= kReach;
  if (!whole) from = colon - kReach;
  std::size_t begin = from;
  const std::size_t gap = text.substr(from, colon - from).rfind("  ");
  const std::size_t tab = text.substr(from, colon - from).find_last_of("\t|;");
  if (gap != std::string_view::npos) begin = std::max(begin, from + gap + 2);
  if (tab != std::string_view::npos) begin = std::max(begin, from + tab + 1);
  const bool begins_here = whole || begin > from;
  // Behind a value, words of the value may stand before the label: "Rene Weir DOB".
  const bool behind_words = after == Stands::behind_value && begin == from;
  while (begin < colon && (text[begin] == ' ' || text[begin] == '-' || text[begin] == '*')) ++begin;
  const auto all = begins_here ? label_of(text.substr(begin, colon - begin), 0.5) : std::nullopt;
  if (all && (!behind_words || all->confidence >= 0.9)) return FoundLabel{begin, *all};
  // The last words, as far as they are a label.
  for (int words = 3; words >= 1; --words) {
    std::size_t at = colon;
    for (int i = 0; i < words && at > begin; ++i) {
      while (at > begin && text[at - 1] == ' ') --at;
      while (at > begin && text[at - 1] != ' ') --at;
    }
    if (at <= begin) continue;
    if (const auto meaning = label_of(text.substr(at, colon - at), 0.9))
      return FoundLabel{at, *meaning};
  }
  if (all) return FoundLabel{begin, *all};
  return std::nullopt;
}

bool is_name(Field field) {
  return field == Field::full_name || field == Field::first_name || field == Field::last_name;
}

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text), lines_(lines_of(text)) {}

  std::vector<TextForm> find() {
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      const Line& line = lines_[at];
      if (trim(text_.substr(line.begin, line.end - line.begin)).empty()) {
        if (++blank_ > 1) flush();
        continue;
      }
      if (take_colons(line) || take_line_below(at)) {
        blank_ = 0;
      } else {
        flush();
      }
    }
    flush();
    return std::move(forms_);
  }

 private:
  // "Label: value  Label: value"; false when the line holds none.
  bool take_colons(const Line& line) {
    std::vector<LabelledText> found;
    std::size_t from = line.begin;
    for (std::size_t at = line.begin; at < line.end; ++at) {
      if (text_[at] != ':') continue;
      if (at + 1 < line.end && is_ascii_digit(text_[at + 1])) continue;  // a time of day
      const auto label = label_before(text_, from, at,
                                      found.empty() ? Stands::first_on_line : Stands::behind_value);
      if (!label) continue;
      if (!found.empty()) found.back().end = label->begin;
      found.push_back({label->meaning, std::string(text_.substr(label->begin, at - label->begin)),
                       at + 1, line.end});
      from = at + 1;
      if (found.size() == 1) label_begin_ = label->begin;
    }
    if (found.empty()) return false;
    for (LabelledText& field : found) {
      cut_at_gap(field);
      add(std::move(field));
    }
    return true;
  }

  // What stands behind a gap and has a colon of its own is another field, of a label that we don't
  // know.
  void cut_at_gap(LabelledText& field) const {
    std::size_t begin = field.begin;
    while (begin < field.end && text_[begin] == ' ') ++begin;
    const std::string_view value = text_.substr(begin, field.end - begin);
    const std::size_t gap = value.find("  ");
    if (gap != std::string_view::npos && value.find(':', gap) != std::string_view::npos)
      field.end = begin + gap;
  }

  // A label alone on its line, the value on the next.
  bool take_line_below(std::size_t& at) {
    if (at + 1 >= lines_.size()) return false;
    const auto label =
        label_of(text_.substr(lines_[at].begin, lines_[at].end - lines_[at].begin), 0.7);
    if (!label) return false;
    const Line& below = lines_[at + 1];
    const std::string_view value = trim(text_.substr(below.begin, below.end - below.begin));
    if (value.empty() || value.size() > kValueMax || label_of(value, 0.7) || value.ends_with(':'))
      return false;
    ++stacked_;
    label_begin_ = lines_[at].begin;
    add({*label,
         std::string(trim(text_.substr(lines_[at].begin, lines_[at].end - lines_[at].begin))),
         below.begin, below.end});
    ++at;
    return true;
  }

  void add(LabelledText field) {
    const std::string_view value = trim(text_.substr(field.begin, field.end - field.begin));
    if (value.empty() || value.size() > kValueMax) return;
    const auto key = std::tuple(field.meaning.field, field.meaning.subject, field.meaning.ordinal);
    if (is_name(field.meaning.field) && field.meaning.subject == Subject::self &&
        asked_.contains(key))
      flush();
    asked_.insert(key);
    if (form_.fields.empty()) form_.begin = label_begin_;
    form_.end = field.end;
    form_.fields.push_back(std::move(field));
  }

  void flush() {
    const bool named = std::ranges::any_of(
        form_.fields, [](const LabelledText& f) { return is_name(f.meaning.field); });
    const bool enough = stacked_ == 0 || stacked_ >= 3 || form_.fields.size() > stacked_;
    if (named && form_.fields.size() >= 2 && enough) forms_.push_back(std::move(form_));
    form_ = {};
    asked_.clear();
    stacked_ = 0;
    blank_ = 0;
  }

  std::string_view text_;
  std::vector<Line> lines_;
  std::vector<TextForm> forms_;
  TextForm form_;
  std::set<std::tuple<Field, Subject, std::uint8_t>> asked_;
  std::size_t label_begin_ = 0;
  std::size_t stacked_ = 0;
  std::size_t blank_ = 0;
};

}  // namespace

std::vector<TextForm> forms_in(std::string_view text) { return Finder(text).find(); }

}  // namespace sealift::census
