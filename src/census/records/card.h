// Cards to records: a format that says itself whose its values are (document/card.h) needs no
// guessing. Each party of a card becomes a record; relations follow from the parties.
//
// Values are judged as those of a form field are: a health number that no province's rule accepts
// is none. Pure functions, any thread.
#pragma once

#include <string_view>
#include <vector>

#include "census/kinds/dates.h"
#include "census/records/record.h"
#include "document/document.h"

namespace sealift::census {

// The subject first; ordinals count from 0, and relations use them. A party without a name or a
// number of one person makes no record. `region` ("CA-ON") decides between national numbers.
std::vector<Record> records_of_card(const document::Card& card, const DateHint& dates,
                                    std::string_view region);

}  // namespace sealift::census
