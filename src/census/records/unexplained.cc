#include "census/records/unexplained.h"

#include <algorithm>
#include <vector>

namespace sealift::census {
namespace {

constexpr double kSure = 0.7;
constexpr std::size_t kTextMax = std::size_t{64} << 10;

}  // namespace

std::optional<Record> record_of_unexplained_row(
    const ReadingTools& tools, const std::vector<std::string>& row,
    const std::function<std::string(std::size_t column)>& locator, bool recognised) {
  // One text, so that a label in one cell speaks for the number in the next.
  std::string text;
  std::vector<std::size_t> begins;  // of the cells
  for (const std::string& cell : row) {
    begins.push_back(text.size());
    if (text.size() + cell.size() < kTextMax) text += cell;
    text += "; ";
  }
  Record record;
  bool private_data = false;
  bool numbered = false;
  for (Finding& finding :
       tools.detector.detect(text, {.region = tools.region, .dates = tools.dates})) {
    if (finding.confidence < kSure) continue;
    private_data = private_data || finding.type != ElementType::name;
    numbered =
        numbered || (is_number_of_one_person(finding.type) && finding.has(Reason::check_digit));
    const auto after = std::ranges::upper_bound(begins, finding.begin);
    const auto column = static_cast<std::size_t>(after - begins.begin()) - 1;
    record.elements.push_back({.type = finding.type,
                               .value = std::move(finding.value),
                               .locator = locator(column),
                               .confidence = static_cast<float>(finding.confidence),
                               .day_month_unsure = finding.has(Reason::day_month_could_be_swapped),
                               .recognised = recognised});
  }
  if (!private_data) return std::nullopt;
  record.uncertain = !numbered;
  return record;
}

}  // namespace sealift::census
