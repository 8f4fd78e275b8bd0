#include "census/records/table_reader.h"

#include <algorithm>

#include "census/kinds/text_fold.h"
#include "census/records/record_place.h"

namespace sealift::census {
namespace {

constexpr double kSureFinding = 0.6;

bool has_any_word(std::string_view text, std::initializer_list<std::string_view> wanted) {
  for (const std::string& word : folded_words(text))
    if (std::ranges::find(wanted, std::string_view(word)) != wanted.end()) return true;
  return false;
}

bool speaks_of_students(std::string_view text) {
  return has_any_word(text, {"student", "students", "pupil", "pupils", "class", "homeroom", "eleve",
                             "eleves", "classe"});
}

bool speaks_of_patients(std::string_view text) {
  return has_any_word(text, {"patient", "patients", "resident", "residents"});
}

bool is_name_part(Field field) {
  return field == Field::full_name || field == Field::first_name || field == Field::last_name ||
         field == Field::middle_name;
}

// Does the column say something that only a private person's file says?
bool is_private(Field field) {
  switch (field) {
    case Field::birth_date:
    case Field::sin:
    case Field::health_number:
    case Field::bc_health_number:
    case Field::qc_health_number:
    case Field::education_number:
    case Field::drivers_licence:
    case Field::passport:
    case Field::bank_account:
    case Field::payment_card:
    case Field::salary:
    case Field::grade:
    case Field::diagnosis:
    case Field::medication:
    case Field::vaccine:
    case Field::religion:
    case Field::citizenship:
    case Field::password:
    case Field::property_roll:
    case Field::address:
    case Field::street:
    case Field::postal_code:
      return true;
    default:
      return false;
  }
}

std::size_t filled_of(const std::vector<std::string>& row) {
  return static_cast<std::size_t>(
      std::ranges::count_if(row, [](const std::string& cell) { return !cell.empty(); }));
}

// A second line of cells that were too narrow on a page: little, under cells that say something,
// and without a beginning of its own.
bool is_wrapped(const std::vector<std::string>& row, const std::vector<std::string>& above) {
  const std::size_t filled = filled_of(row);
  if (filled == 0 || row.size() > above.size() || filled * 2 > filled_of(above)) return false;
  if (row.front().size() > 3 || field_of_header(row.front())) return false;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (!row[i].empty() && above[i].empty()) return false;
  return true;
}

// Rows stay where they are, empty where they were joined to the one above.
void join_wrapped_rows(Rows& rows) {
  std::size_t last = 0;
  for (std::size_t at = 1; at < rows.size(); ++at) {
    if (!is_wrapped(rows[at], rows[last])) {
      if (filled_of(rows[at]) > 0) last = at;
      continue;
    }
    for (std::size_t i = 0; i < rows[at].size(); ++i)
      if (!rows[at][i].empty()) rows[last][i] += " " + rows[at][i];
    rows[at].assign(rows[at].size(), "");
  }
}

struct LabelAndValue {
  HeaderMeaning meaning;
  std::string label, value;
};

// "Student\nGirard, Amanda": a cell of a form that holds its label above its value. A header on two
// lines ("Parent\nPhone") is none.
std::optional<LabelAndValue> label_and_value(const std::string& cell) {
  constexpr std::size_t kLabelSizeMax = 40;
  constexpr double kSure = 0.5;
  const std::size_t newline = cell.find('\n');
  if (newline == std::string::npos || newline > kLabelSizeMax) return std::nullopt;
  const std::string label = cell.substr(0, newline);
  const std::string value(trim(std::string_view(cell).substr(newline + 1)));
  const auto meaning = field_of_header(label);
  const auto below = field_of_header(value);
  if (!meaning || meaning->confidence < kSure || value.empty()) return std::nullopt;
  if (below && below->confidence >= kSure) return std::nullopt;
  return LabelAndValue{*meaning, label, value};
}

// "deceased at scene", "Died 2020-03-01": of the row's person, whatever the column is called.
bool tells_of_death(std::string_view cell) {
  const auto first =
      std::ranges::find_if(cell, [](char c) { return is_ascii_alnum(c) || (c & 0x80) != 0; });
  if (first == cell.end() || ascii_lower(*first) != 'd') return false;
  const std::vector<std::string> words = folded_words(cell);
  return !words.empty() && words.size() <= 6 &&
         (words[0] == "deceased" || words[0] == "died" || words[0] == "decede" ||
          words[0] == "decedee");
}

bool is_own_identifier(const FieldValue& field) {
  switch (field.meaning.field) {
    case Field::sin:
    case Field::health_number:
    case Field::education_number:
    case Field::birth_date:
    case Field::email:
    case Field::passport:
      return field.meaning.subject == Subject::self;
    default:
      return false;
  }
}

}  // namespace

FieldContext TableReader::context_of(const TableSection& section,
                                     const std::vector<Column>& columns) const {
  FieldContext context{.dates = tools_.dates, .recognised = recognised_};
  bool students = speaks_of_students(section.title);
  bool patients = speaks_of_patients(section.title);
  bool work = false;
  bool has_private = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    students = students || speaks_of_students(section.headers[i]);
    patients = patients || speaks_of_patients(section.headers[i]);
    if (!columns[i].meaning) continue;
    const Field field = columns[i].meaning->field;
    if (field == Field::position || field == Field::department) work = true;
    if (is_private(field)) has_private = true;
    if (field == Field::phone && has_any_word(section.headers[i], {"home", "domicile"}))
      has_private = true;
  }
  context.work_directory = work && !has_private;
  context.students = students && !context.work_directory;
  context.patients = patients && !context.students;
  return context;
}

void TableReader::read(const document::TableRows& given) {
  document::TableRows piece = given;
  if (piece.place.kind == document::PlaceKind::page) join_wrapped_rows(piece.rows);
  if (piece.place.kind == document::PlaceKind::whole) read_labelled_cells(piece);
  const bool goes_on = piece.table == last_table_ && !last_columns_.empty();
  TableShape shape = shape_of(piece.rows);
  for (const std::size_t row : shape.titles)
    for (std::size_t column = 0; column < piece.rows[row].size(); ++column)
      if (!piece.rows[row][column].empty())
        loose_.push_back({piece.rows[row][column],
                          cell_locator(piece.place, piece.table, piece.first_row + row, column)});
  if (!shape.form.empty()) read_form(shape, piece);
  for (TableSection& section : shape.sections) {
    if (section.begin >= section.end) continue;
    const bool continues = goes_on && !section.has_header && &section == &shape.sections.front();
    std::vector<Column> columns =
        continues ? last_columns_ : judge_columns(section, piece.rows, tools_.models, tools_.dates);
    if (continues) {
      section.headers = last_section_.headers;
      section.title = last_section_.title;
    }
    read_section(section, columns, piece);
    last_columns_ = std::move(columns);
    last_section_ = section;
  }
  last_table_ = piece.table;
}

void TableReader::read_form(const TableShape& shape, const document::TableRows& piece) {
  std::vector<FieldValue> fields;
  FieldContext context{.dates = tools_.dates, .recognised = recognised_};
  for (const LabelledCell& cell : shape.form) {
    fields.push_back({.meaning = cell.meaning,
                      .value = piece.rows[cell.row][cell.column],
                      .locator = cell_locator(piece.place, piece.table, piece.first_row + cell.row,
                                              cell.column)});
    context.students = context.students || speaks_of_students(cell.label);
    context.patients = context.patients || speaks_of_patients(cell.label);
  }
  add_form(fields, context);
}

// Leaves the rows it has read empty: what remains is a table, or nothing.
void TableReader::read_labelled_cells(document::TableRows& piece) {
  std::vector<FieldValue> fields;
  std::vector<std::size_t> read;
  FieldContext context{.dates = tools_.dates, .recognised = recognised_};
  for (std::size_t row = 0; row < piece.rows.size(); ++row) {
    std::vector<FieldValue> found;
    FieldContext told = context;
    for (std::size_t column = 0; column < piece.rows[row].size(); ++column) {
      const auto cell = label_and_value(piece.rows[row][column]);
      if (!cell) continue;
      found.push_back(
          {.meaning = cell->meaning,
           .value = cell->value,
           .locator = cell_locator(piece.place, piece.table, piece.first_row + row, column)});
      told.students = told.students || speaks_of_students(cell->label);
      told.patients = told.patients || speaks_of_patients(cell->label);
    }
    if (found.empty() || found.size() * 2 < filled_of(piece.rows[row])) continue;
    fields.insert(fields.end(), found.begin(), found.end());
    read.push_back(row);
    context = told;
  }
  if (fields.size() < 2) return;
  for (const std::size_t row : read) piece.rows[row].assign(piece.rows[row].size(), "");
  add_form(fields, context);
}

void TableReader::add_form(const std::vector<FieldValue>& fields, const FieldContext& context) {
  std::vector<Record> made = records_of_fields(fields, context);
  const std::size_t count = made.size();
  const std::uint32_t first = records_.add(std::move(made));
  for (std::size_t i = 0; i < count; ++i)
    form_records_.push_back(first + static_cast<std::uint32_t>(i));
}

void TableReader::read_section(const TableSection& section, const std::vector<Column>& columns,
                               const document::TableRows& piece) {
  const FieldContext context = context_of(section, columns);
  std::vector<FieldValue> name_above;  // of the last row that had one
  for (std::size_t row = section.begin; row < section.end; ++row) {
    const auto& cells = piece.rows[row];
    std::vector<FieldValue> fields;
    std::vector<FieldValue> names;
    for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
      if (!columns[i].meaning || trim(cells[i]).empty()) continue;
      fields.push_back({*columns[i].meaning, cells[i],
                        cell_locator(piece.place, piece.table, piece.first_row + row, i),
                        columns[i].name_order, columns[i].trusted});
      if (is_name_part(columns[i].meaning->field) && columns[i].meaning->subject == Subject::self)
        names.push_back(fields.back());
    }
    if (fields.empty()) continue;
    if (names.empty() && std::ranges::none_of(fields, is_own_identifier)) {
      fields.insert(fields.end(), name_above.begin(), name_above.end());
    } else if (!names.empty()) {
      name_above = names;
    }
    std::vector<Record> made = records_of_fields(fields, context);
    if (made.empty()) continue;
    const std::uint32_t first = records_.add(std::move(made));
    if (std::ranges::any_of(cells, tells_of_death)) records_[first].deceased = true;
    read_prose_cells(section, columns, piece, row, first);
    records_.settle(first);
  }
}

// A note in a row is about the row's person.
void TableReader::read_prose_cells(const TableSection& section, const std::vector<Column>& columns,
                                   const document::TableRows& piece, std::size_t row,
                                   std::uint32_t record) {
  static_cast<void>(section);
  const auto& cells = piece.rows[row];
  for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
    if (columns[i].meaning || !columns[i].prose || cells[i].size() < 12) continue;
    for (Finding& finding :
         tools_.detector.detect(cells[i], {.region = tools_.region, .dates = tools_.dates})) {
      if (finding.type == ElementType::name || finding.confidence < kSureFinding) continue;
      records_[record].elements.push_back(
          {.type = finding.type,
           .value = std::move(finding.value),
           .locator = cell_locator(piece.place, piece.table, piece.first_row + row, i),
           .confidence = static_cast<float>(finding.confidence),
           .day_month_unsure = finding.has(Reason::day_month_could_be_swapped),
           .recognised = recognised_});
    }
  }
}

}  // namespace sealift::census
