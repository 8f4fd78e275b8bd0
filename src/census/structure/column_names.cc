#include "census/structure/column_names.h"

#include <algorithm>
#include <string>

#include "census/kinds/text_fold.h"

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

}  // namespace sealift::census::internal
