// Tables of fixed width: records of one length, each value at its place, with or without line ends
// and with or without a header. What mainframes, banks and old payroll systems hand out.
//
//   PROKOP         HELEN       19710309519339477M
//
// Columns are found by what stands at each place in all records: blank columns, words that begin
// where the word before is padded, digits beside letters, and within runs of digits dates,
// numbers that keep their check rule in all records, and what a header parts. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealift::readers {

// The length of the records of a text without line ends; nullopt when it has none.
std::optional<std::size_t> fixed_record_length(std::string_view text);

// Whether the lines are records of one length whose places agree.
bool has_fixed_width_lines(std::string_view text);

// Where the columns of such records begin; the first is 0. A first record that is a header counts
// for nothing.
std::vector<std::size_t> fixed_columns(const std::vector<std::string_view>& records);

// A record cut at `columns`, without padding. Bytes, not characters, are counted.
std::vector<std::string> cut_record(std::string_view record,
                                    const std::vector<std::size_t>& columns);

}  // namespace sealift::readers
