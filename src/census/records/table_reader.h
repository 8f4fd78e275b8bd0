// Tables to records: each row of a section, and each form, becomes the people in it.
//
// Lines of running text within a table (titles, notes) come back for the prose reader. A table may
// come in pieces; the columns found in one piece hold for the next. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "census/records/form_fields.h"
#include "census/records/record_reading.h"
#include "census/structure/cards.h"
#include "census/structure/table_columns.h"
#include "census/structure/table_shape.h"
#include "document/document.h"

namespace sealift::census {

struct LooseLine {
  std::string text;
  std::string locator;
};

class TableReader {
 public:
  // Borrows both, which outlive the reader.
  TableReader(const ReadingTools& tools, RecordList& records) : tools_(tools), records_(records) {}

  // The next piece of a table; all of it when tables are small.
  void read(const document::TableRows& piece);
  // Small tables that follow each other, perhaps a card each: read as one if so, else one by one.
  void read_stack(const std::vector<document::TableRows>& stack);
  // False when these lines are no cards: nothing is read then.
  bool read_as_cards(const document::TableRows& lines);
  // The pieces that follow were read by OCR, or not.
  void set_recognised(bool recognised) { recognised_ = recognised; }

  // Rows with somebody's data that no reading explained: they were searched alone.
  std::uint64_t rows_not_understood() const { return not_understood_; }

  // Titles and other lines, in order; given away once.
  std::vector<LooseLine> take_loose_lines() { return std::move(loose_); }
  // Ordinals of records made from forms, not rows: what the file as a whole is about.
  const std::vector<std::uint32_t>& form_records() const { return form_records_; }

 private:
  // What was found in the piece before, of one of the tables that stand side by side.
  struct Side {
    std::size_t first_column = 0, end_column = 0;
    bool turned = false;  // people are columns
    std::vector<Column> columns = {};
    TableSection section = {};
  };
  // The piece being read: where its cells truly stand.
  struct Piece {
    const document::TableRows* given = nullptr;
    Rows rows = {};
    std::size_t first_column = 0;
    bool turned = false;
    std::vector<std::vector<CardPlace>> places = {};  // of each cell, where cards were turned
    // By row: where it was given, if tables were put together.
    std::vector<std::pair<const document::TableRows*, std::size_t>> origins = {};
    std::string locator(std::size_t row, std::size_t column) const;
  };

  void read_side(Piece& piece, Side& side, bool goes_on);
  bool read_cards(Piece& piece);
  void read_parts(const Piece& piece, const TableSection& section, std::size_t second);
  void read_labelled_cells(Piece& piece);
  void add_forms(const Piece& piece, const std::vector<LabelledCell>& cells);
  bool begins_with_name(const Piece& piece, const std::vector<LabelledCell>& cells,
                        const LabelledCell& cell) const;
  void search_rest(const Piece& piece);
  void add_form(const std::vector<FieldValue>& fields, const FieldContext& context);
  void read_section(const TableSection& section, const std::vector<Column>& columns,
                    const Piece& piece);
  void read_prose_cells(const std::vector<Column>& columns, const Piece& piece, std::size_t row,
                        std::uint32_t record);
  FieldContext context_of(const TableSection& section, const std::vector<Column>& columns) const;

  const ReadingTools& tools_;
  RecordList& records_;
  bool recognised_ = false;
  std::vector<bool> explained_;  // by row of the piece that is being read
  std::uint64_t not_understood_ = 0;
  std::vector<LooseLine> loose_;
  std::vector<std::uint32_t> form_records_;
  std::uint32_t last_table_ = 0;
  std::vector<Side> sides_;
};

}  // namespace sealift::census
