#include "census/detect/overlaps.h"

#include <algorithm>

#include "census/detect/detectors.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kNeighbourReach = 160;

bool is_personal_context(const Finding& finding) {
  return finding.confidence >= kConfidenceMin &&
         (finding.type == ElementType::birth_date || finding.type == ElementType::name ||
          finding.type == ElementType::email || finding.type == ElementType::phone ||
          finding.type == ElementType::address);
}

// A birth date beside it, or data of two kinds: few manuals have that.
bool stands_among_personal_data(const std::vector<Finding>& found, std::size_t at) {
  const Finding& candidate = found[at];
  std::uint32_t kinds = 0;
  const auto look = [&](const Finding& other) {
    if (is_personal_context(other)) kinds |= 1U << static_cast<unsigned>(other.type);
  };
  for (std::size_t i = at; i-- > 0 && found[i].begin + kNeighbourReach > candidate.begin;)
    look(found[i]);
  for (std::size_t i = at + 1; i < found.size() && found[i].begin < candidate.end + kNeighbourReach;
       ++i)
    look(found[i]);
  const bool born = (kinds & 1U << static_cast<unsigned>(ElementType::birth_date)) != 0;
  return born || (kinds & (kinds - 1)) != 0;
}

// "882 Brock St W": the street of an address is nobody's name, however much it is like one.
bool is_name_of_street(const Finding& name, const Finding& address) {
  constexpr double kAddressMin = 0.8;
  return name.type == ElementType::name && address.type == ElementType::address &&
         address.confidence >= kAddressMin && address.begin < name.begin && address.end >= name.end;
}

bool better(const Finding& a, const Finding& b) {
  if (is_name_of_street(a, b)) return false;
  if (is_name_of_street(b, a)) return true;
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return a.end - a.begin > b.end - b.begin;
}

}  // namespace

std::vector<Finding> resolve(std::vector<Finding> found) {
  const auto by_place = [](const Finding& a, const Finding& b) {
    return a.begin != b.begin ? a.begin < b.begin : better(a, b);
  };
  std::ranges::sort(found, by_place);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].confidence >= kConfidenceMin || !stands_among_personal_data(found, i)) continue;
    found[i].confidence = std::min(0.9, found[i].confidence + 0.4);
    found[i].reasons = found[i].reasons | Reason::context;
  }
  std::erase_if(found, [](const Finding& finding) { return finding.confidence < kConfidenceMin; });
  std::vector<Finding> kept;
  for (Finding& finding : found) {
    bool lost = false;
    while (!kept.empty() && kept.back().end > finding.begin) {
      if (!better(finding, kept.back())) {
        lost = true;
        break;
      }
      kept.pop_back();
    }
    if (!lost) kept.push_back(std::move(finding));
  }
  return kept;
}

}  // namespace sealift::census::internal
