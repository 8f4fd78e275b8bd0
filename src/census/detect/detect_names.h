// Names of people in running text: the trained tagger, then rules that people's names obey.
#pragma once

#include "census/detect/search.h"
#include "census/names/models.h"

namespace sealift::census::internal {

// Finds:    runs of words that the tagger takes for names: "Aasha Pokharel", "J. de la Cruz Jr",
//           "Mr. Noser", "DaCosta, Keisha", in capitals too; and, in a second pass, the parts of
//           names found with good evidence wherever else they stand capitalised.
// Refuses:  single words without a title, a list entry or a second mention; words of organisations,
//           streets and schools right behind ("Noser Street", "Garvey & Sons Ltd").
// Evidence: tagger, name lists, title, second pass.
void detect_names(const Models& models, Search& search);

}  // namespace sealift::census::internal
