#include "census/structure/column_names.h"

#include <algorithm>
#include <string>

#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"
#include "census/structure/field_kinds.h"

namespace sealift::census::internal {
namespace {

bool may_be_split_name(const Sample& sample) {
  constexpr std::size_t kRowsMin = 3;
  return sample.values.size() >= kRowsMin && sample.share_of(has_digit) == 0 &&
         sample.evidence.distinct * 3 > sample.values.size() &&
         sample.share_of([](std::string_view v) {
           return v.size() >= 2 && std::ranges::count(v, ' ') <= 1;
         }) >= 0.9;
}

double share_known(const Sample& sample, const Models& models, std::uint8_t WordUse::*use) {
  constexpr int kKnown = 3;
  return sample.share_of([&](std::string_view value) {
    const std::vector<std::string> words = folded_words(value);
    return !words.empty() && models.use_of(words.front()).*use >= kKnown;
  });
}

}  // namespace

std::optional<SplitNames> split_names_in(const std::vector<Sample>& samples,
                                         const std::vector<bool>& free, const Models& models) {
  constexpr double kKnown = 0.5;
  constexpr std::size_t kApartMax = 2;
  std::optional<SplitNames> best;
  double best_share = 0;
  for (std::size_t a = 0; a < samples.size(); ++a) {
    const std::size_t last = std::min(a + kApartMax + 1, samples.size());
    for (std::size_t b = a > kApartMax ? a - kApartMax : 0; b < last; ++b) {
      if (a == b || !free[a] || !free[b]) continue;
      if (!may_be_split_name(samples[a]) || !may_be_split_name(samples[b])) continue;
      const double surnames = share_known(samples[a], models, &WordUse::surname);
      const double given = share_known(samples[b], models, &WordUse::given);
      if (surnames < kKnown || given < kKnown || surnames + given <= best_share) continue;
      best = SplitNames{a, b};
      best_share = surnames + given;
    }
  }
  return best;
}

namespace {

// What stands before the first figure or mailbox, up to a sign that ends a name, without the words
// that lead to what follows ("born", "SIN").
std::string_view name_before_figures(std::string_view value) {
  const std::size_t figure = value.find_first_of("0123456789@");
  if (figure == value.npos || figure == 0) return {};
  std::string_view name = value.substr(0, std::min(figure, value.find_first_of(";(|/\n")));
  if (const std::size_t dash = name.find(" - "); dash != name.npos) name = name.substr(0, dash);
  while (true) {
    while (!name.empty() && std::string_view(" ,:-.").find(name.back()) != std::string_view::npos)
      name.remove_suffix(1);
    const std::size_t space = name.rfind(' ');
    if (space == name.npos) return name;
    const std::string_view last = name.substr(space + 1);
    const std::string folded = fold_words(last);
    constexpr std::string_view kLeads =
        " born dob ne nee le sin nas hc hcn ohip oen niso tel ph phone card health on ddn ";
    const bool leads = kLeads.find(" " + folded + " ") != std::string_view::npos ||
                       last.find('.') < last.size() - 1;
    if (!leads && !is_ascii_lower(last.front())) return name;
    name = name.substr(0, space);
  }
}

}  // namespace

bool are_composites(const Sample& sample, const Models& models) {
  constexpr double kNearlyAll = 0.6;
  constexpr double kPlausible = 0.4;
  constexpr std::size_t kRowsMin = 3;
  if (sample.values.size() < kRowsMin) return false;
  return sample.share_of([&](std::string_view value) {
    const std::string_view name = name_before_figures(value);
    return name.find(' ') != name.npos && name_plausibility(models, name) >= kPlausible;
  }) >= kNearlyAll;
}

NameOrder name_order_of(std::string_view header) {
  const std::string words = fold_words(header);
  const std::size_t surname = std::min(words.find("last"), words.find("surname"));
  const std::size_t given = std::min(words.find("first"), words.find("given"));
  if (surname == std::string::npos || given == std::string::npos) return NameOrder::unknown;
  return surname < given ? NameOrder::surname_first : NameOrder::given_first;
}

double thing_share(const Sample& sample, const Models& models) {
  constexpr int kOrdinary = 3;
  return sample.share_of([&](std::string_view value) {
    const std::vector<std::string> words = folded_words(value);
    if (words.size() < 2) return false;
    const WordUse use = models.use_of(words.back());
    return use.word > kOrdinary && use.surname + use.given == 0;
  });
}

// One name over many rows without anything that a private person's row says is a cup, a product
// or a street: "Competition name".
void drop_names_of_things(const std::vector<Sample>& samples, std::vector<Column>& columns) {
  constexpr std::size_t kRowsMin = 12;
  const bool anybody = std::ranges::any_of(columns, [](const Column& column) {
    return column.meaning && is_personal(column.meaning->field) &&
           !is_name_field(column.meaning->field) &&
           !(column.meaning->field == Field::birth_date && column.by_values);
  });
  if (anybody) return;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Sample& sample = samples[i];
    if (columns[i].meaning && is_name_field(columns[i].meaning->field) &&
        sample.values.size() >= kRowsMin && sample.evidence.distinct * 6 <= sample.values.size())
      columns[i].meaning.reset();
  }
}

}  // namespace sealift::census::internal
