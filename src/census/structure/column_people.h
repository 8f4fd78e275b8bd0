// Whose each column of a table is, by what the columns say together.
//
// One header alone may name nobody ("PHONE"), or in a word that no list has ("Répondant 2 -
// cellulaire"). Together they tell: columns that share a word with a column of names are that
// person's; mailboxes spell whose they are; a given name in one column and a surname in another,
// each without its other half, are one person's; staff with birth dates and SINs are whom the table
// is about. Runs after the columns' kinds are known. Pure functions, any thread.
#pragma once

#include <vector>

#include "census/structure/table_columns.h"
#include "census/structure/table_shape.h"

namespace sealift::census::internal {

void settle_people(const TableSection& section, const Rows& rows, std::vector<Column>& columns);

// "Student | Parent | Phone": the phone is the parent's, unless its header says whose.
void give_contacts_to_last_named(const TableSection& section, std::vector<Column>& columns);

}  // namespace sealift::census::internal
