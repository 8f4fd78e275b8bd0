#include "census/kinds/element_type.h"

#include <algorithm>

#include "census/kinds/kind.h"

namespace sealift::census {

std::string_view to_string(ElementType type) { return kind_of(type).name; }

std::optional<ElementType> element_type_of(std::string_view text) {
  const auto found = std::ranges::find(kinds(), text, &Kind::name);
  if (found == kinds().end()) return std::nullopt;
  return found->type;
}

bool is_number_of_one_person(ElementType type) { return kind_of(type).link == LinkKind::exclusive; }

}  // namespace sealift::census
