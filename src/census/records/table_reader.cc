#include "census/records/table_reader.h"

#include <algorithm>

#include "census/kinds/text_fold.h"
#include "census/records/composite_field.h"
#include "census/records/record_place.h"
#include "census/records/unexplained.h"

namespace sealift::census {
namespace {

constexpr double kSureFinding = 0.6;
constexpr double kSureLabel = 0.5;  // of a header

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

// A lone column of words like names, and nothing else of anybody, makes no people: "Rose Planter".
bool are_names_alone(const std::vector<Column>& columns) {
  return std::ranges::all_of(columns, [](const Column& column) {
    return !column.meaning || !element_type_of(column.meaning->field) ||
           (column.meaning->field == Field::full_name && !column.meaning->says_whose);
  });
}

Rows turned_rows(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.size());
  Rows turned(width, std::vector<std::string>(rows.size()));
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      turned[column][row] = rows[row][column];
  return turned;
}

Rows cut_rows(const Rows& rows, std::size_t first, std::size_t end) {
  Rows cut;
  for (const auto& row : rows) {
    const auto from = row.begin() + static_cast<std::ptrdiff_t>(std::min(first, row.size()));
    const auto to = row.begin() + static_cast<std::ptrdiff_t>(std::min(end, row.size()));
    cut.emplace_back(from, to);
  }
  return cut;
}

struct LabelAndValue {
  HeaderMeaning meaning;
  std::string label, value;
};

// "Student\nGirard, Amanda", "Born: 7-Mar-1984": a cell of a form that holds its label before its
// value. A header on two lines ("Parent\nPhone") is none, nor is a time of day.
std::optional<LabelAndValue> label_and_value(const std::string& cell) {
  constexpr std::size_t kLabelSizeMax = 40;
  constexpr double kSure = 0.5;
  const std::size_t colon = cell.find(": ");
  std::size_t end = cell.find('\n');
  const bool by_colon = colon != std::string::npos && colon < std::min(end, kLabelSizeMax);
  if (by_colon) end = colon + 1;
  if (end == std::string::npos || end > kLabelSizeMax) return std::nullopt;
  const std::string label = cell.substr(0, end);
  const std::string value(trim(std::string_view(cell).substr(end)));
  const auto meaning = by_colon ? meaning_of_label(label) : field_of_header(label);
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

TableSection section_of_cards(const CardTable& cards) {
  TableSection section;
  section.headers = cards.labels;
  for (const std::string& label : cards.labels) {
    auto meaning = field_of_header(label);
    if (meaning && meaning->confidence < kSureLabel) meaning.reset();
    section.columns.push_back(meaning);
  }
  section.has_header = true;
  section.end = cards.records.size();
  return section;
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
    students = students || has_any_word(section.headers[i], {"student", "students", "pupil",
                                                             "pupils", "eleve", "eleves"});
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

std::string TableReader::Piece::locator(std::size_t row, std::size_t column) const {
  if (turned) std::swap(row, column);
  if (!places.empty()) {
    const CardPlace& place = places[row][column];
    row = place.row;
    column = place.column;
  }
  if (!origins.empty()) {
    const auto& [table, own_row] = origins[row];
    return cell_locator(table->place, table->table, table->first_row + own_row, column);
  }
  return cell_locator(given->place, given->table, given->first_row + row, first_column + column);
}

void TableReader::read(const document::TableRows& given) {
  const bool goes_on = given.table == last_table_ && !sides_.empty();
  last_table_ = given.table;
  Rows rows = given.rows;
  if (given.place.kind == document::PlaceKind::page) join_wrapped_rows(rows);
  if (!goes_on) {
    sides_.clear();
    for (const auto& [first, end] : sides_of(rows))
      sides_.push_back({.first_column = first, .end_column = end});
    if (sides_.size() == 1) sides_.front().turned = is_turned(rows);
  }
  for (Side& side : sides_) {
    Piece piece{.given = &given, .first_column = side.first_column, .turned = side.turned};
    if (side.turned) {
      piece.rows = turned_rows(rows);
    } else if (sides_.size() == 1) {
      piece.rows = std::move(rows);
    } else {
      piece.rows = cut_rows(rows, side.first_column, side.end_column);
    }
    read_side(piece, side, goes_on);
  }
}

// Records that stand one below another, label by label, are the rows of a table.
bool TableReader::read_cards(Piece& piece) {
  const std::optional<CardTable> cards = cards_of(piece.rows);
  if (!cards) return false;
  TableSection section = section_of_cards(*cards);
  Piece turned{.given = piece.given, .first_column = piece.first_column};
  turned.origins = piece.origins;
  turned.rows = cards->records;
  turned.places = cards->places;
  explained_.assign(turned.rows.size(), false);
  const std::vector<Column> columns =
      judge_columns(section, turned.rows, tools_.models, tools_.dates);
  read_section(section, columns, turned);
  search_rest(turned);
  for (std::size_t row = 0; row < piece.rows.size(); ++row)
    if (cards->taken[row]) piece.rows[row].assign(piece.rows[row].size(), "");
  return true;
}

void TableReader::read_stack(const std::vector<document::TableRows>& stack) {
  constexpr std::size_t kTablesMin = 3;
  Piece piece;
  if (stack.size() >= kTablesMin) {
    for (const document::TableRows& table : stack) {
      piece.given = &table;
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        piece.rows.push_back(table.rows[row]);
        piece.origins.emplace_back(&table, row);
      }
      piece.rows.emplace_back();  // a gap
      piece.origins.emplace_back(&table, 0);
    }
    if (read_cards(piece)) {
      for (std::size_t row = 0; row < piece.rows.size(); ++row)
        if (!piece.rows[row].empty() && filled_of(piece.rows[row]) > 0) {
          document::TableRows rest = *piece.origins[row].first;
          rest.first_row += piece.origins[row].second;
          rest.rows = {piece.rows[row]};
          last_table_ = 0;
          read(rest);
        }
      last_table_ = 0;
      return;
    }
  }
  for (const document::TableRows& table : stack) read(table);
}

bool TableReader::read_as_cards(const document::TableRows& lines) {
  Piece piece{.given = &lines};
  piece.rows = lines.rows;
  return read_cards(piece);
}

// What stands side by side, as two tables.
void TableReader::read_parts(const Piece& piece, const TableSection& section, std::size_t second) {
  const std::size_t width = section.columns.size();
  for (const auto& [first, end] : {std::pair{std::size_t{0}, second}, std::pair{second, width}}) {
    Piece part{.given = piece.given, .first_column = piece.first_column + first};
    part.rows = cut_rows(piece.rows, first, end);
    part.origins = piece.origins;
    TableSection own = section;
    own.columns = {section.columns.begin() + static_cast<std::ptrdiff_t>(first),
                   section.columns.begin() + static_cast<std::ptrdiff_t>(end)};
    own.headers = {section.headers.begin() + static_cast<std::ptrdiff_t>(first),
                   section.headers.begin() + static_cast<std::ptrdiff_t>(end)};
    std::vector<Column> columns = judge_columns(own, part.rows, tools_.models, tools_.dates);
    for (Column& column : columns) column.begins_table = false;
    read_section(own, columns, part);
  }
}

void TableReader::read_side(Piece& piece, Side& side, bool goes_on) {
  if (!side.turned && (goes_on || !read_cards(piece))) read_labelled_cells(piece);
  TableShape shape = shape_of(piece.rows);
  explained_.assign(piece.rows.size(), false);
  for (const std::size_t row : shape.titles) explained_[row] = true;
  for (const LabelledCell& cell : shape.form) explained_[cell.row] = true;
  for (const std::size_t row : shape.titles)
    for (std::size_t column = 0; column < piece.rows[row].size(); ++column)
      if (!piece.rows[row][column].empty())
        loose_.push_back({piece.rows[row][column], piece.locator(row, column)});
  if (!shape.form.empty()) add_forms(piece, shape.form);
  std::size_t last_end = 0;
  for (TableSection& section : shape.sections) {
    for (std::size_t row = last_end; section.has_header && row < section.begin; ++row)
      explained_[row] = true;  // headers
    last_end = section.end;
    if (section.begin >= section.end) continue;
    const bool continues = goes_on && !section.has_header && !side.columns.empty() &&
                           &section == &shape.sections.front();
    std::vector<Column> columns =
        continues ? side.columns : judge_columns(section, piece.rows, tools_.models, tools_.dates);
    if (continues) {
      section.headers = side.section.headers;
      section.title = side.section.title;
    }
    const auto second = std::ranges::find_if(columns, &Column::begins_table);
    if (second != columns.end()) {
      read_parts(piece, section, static_cast<std::size_t>(second - columns.begin()));
    } else {
      read_section(section, columns, piece);
    }
    side.columns = std::move(columns);
    side.section = section;
  }
  search_rest(piece);
}

void TableReader::search_rest(const Piece& piece) {
  for (std::size_t row = 0; row < piece.rows.size(); ++row) {
    if (explained_[row]) continue;
    auto record = record_of_unexplained_row(
        tools_, piece.rows[row], [&](std::size_t column) { return piece.locator(row, column); },
        recognised_);
    if (!record) continue;
    ++not_understood_;
    records_.add({*std::move(record)});
  }
}

// "Pensioner | Roe, Ann, 1984-03-07": beside a label that nobody understands, in a form that names
// nobody otherwise.
bool TableReader::begins_with_name(const Piece& piece, const std::vector<LabelledCell>& cells,
                                   const LabelledCell& cell) const {
  constexpr double kPlausible = 0.6;
  const bool named = std::ranges::any_of(cells, [&](const LabelledCell& other) {
    return other.block == cell.block && is_name_part(other.meaning.field);
  });
  if (named) return false;
  std::string_view value = piece.rows[cell.row][cell.column];
  value = value.substr(0, value.find_first_of("0123456789(@"));
  while (!value.empty() && (value.back() == ' ' || value.back() == ',')) value.remove_suffix(1);
  return value.find(' ') != std::string_view::npos &&
         name_plausibility(tools_.models, value) >= kPlausible;
}

// Each record of a stack is a form of its own.
void TableReader::add_forms(const Piece& piece, const std::vector<LabelledCell>& cells) {
  FieldContext context{.dates = tools_.dates, .recognised = recognised_};
  for (const LabelledCell& cell : cells) {
    context.students = context.students || speaks_of_students(cell.label);
    context.patients = context.patients || speaks_of_patients(cell.label);
  }
  std::vector<FieldValue> fields;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const LabelledCell& cell = cells[at];
    if (at > 0 && cell.block != cells[at - 1].block) {
      add_form(fields, context);
      fields.clear();
    }
    if (cell.meaning.field == Field::composite && !begins_with_name(piece, cells, cell)) continue;
    add_parts({.meaning = cell.meaning,
               .value = cell.value.empty() ? piece.rows[cell.row][cell.column] : cell.value,
               .locator = piece.locator(cell.row, cell.column)},
              tools_, fields);
  }
  add_form(fields, context);
}

// Leaves the rows it has read empty: what remains is a table, or nothing.
void TableReader::read_labelled_cells(Piece& piece) {
  std::vector<LabelledCell> fields;
  std::vector<std::size_t> read;
  for (std::size_t row = 0; row < piece.rows.size(); ++row) {
    std::vector<LabelledCell> found;
    for (std::size_t column = 0; column < piece.rows[row].size(); ++column) {
      auto cell = label_and_value(piece.rows[row][column]);
      if (!cell) continue;
      found.push_back({.meaning = cell->meaning,
                       .label = std::move(cell->label),
                       .value = std::move(cell->value),
                       .row = row,
                       .column = column});
    }
    if (found.empty() || found.size() * 2 < filled_of(piece.rows[row])) continue;
    fields.insert(fields.end(), found.begin(), found.end());
    read.push_back(row);
  }
  if (fields.size() < 2) return;
  number_blocks(fields);
  add_forms(piece, fields);
  for (const std::size_t row : read) piece.rows[row].assign(piece.rows[row].size(), "");
}

void TableReader::add_form(const std::vector<FieldValue>& fields, const FieldContext& context) {
  std::vector<Record> made = records_of_fields(fields, context);
  const std::size_t count = made.size();
  const std::uint32_t first = records_.add(std::move(made));
  for (std::size_t i = 0; i < count; ++i)
    form_records_.push_back(first + static_cast<std::uint32_t>(i));
}

void TableReader::read_section(const TableSection& section, const std::vector<Column>& columns,
                               const Piece& piece) {
  const FieldContext context = context_of(section, columns);
  const bool names_alone = !context.students && !context.patients && are_names_alone(columns);
  std::vector<FieldValue> name_above;  // of the last row that had one
  for (std::size_t row = section.begin; row < section.end; ++row) {
    const auto& cells = piece.rows[row];
    std::vector<FieldValue> fields;
    std::vector<FieldValue> names;
    for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
      if (!columns[i].meaning || trim(cells[i]).empty()) continue;
      const std::size_t first = fields.size();
      add_parts({*columns[i].meaning, cells[i], piece.locator(row, i), columns[i].name_order,
                 columns[i].trusted},
                tools_, fields);
      if (fields.size() > first && is_name_part(fields[first].meaning.field) &&
          fields[first].meaning.subject == Subject::self)
        names.push_back(fields[first]);
    }
    if (fields.empty()) continue;
    if (names.empty() && std::ranges::none_of(fields, is_own_identifier)) {
      fields.insert(fields.end(), name_above.begin(), name_above.end());
    } else if (!names.empty()) {
      name_above = names;
    }
    std::vector<Record> made = records_of_fields(fields, context);
    if (made.empty()) continue;
    if (names_alone)
      for (Record& record : made)
        record.uncertain = record.uncertain || record.elements.size() == 1;
    explained_[row] = true;
    const std::uint32_t first = records_.add(std::move(made));
    if (std::ranges::any_of(cells, tells_of_death)) records_[first].deceased = true;
    read_prose_cells(columns, piece, row, first);
    records_.settle(first);
  }
}

// A note in a row is about the row's person.
void TableReader::read_prose_cells(const std::vector<Column>& columns, const Piece& piece,
                                   std::size_t row, std::uint32_t record) {
  const auto& cells = piece.rows[row];
  for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
    if (columns[i].meaning || !columns[i].prose || cells[i].size() < 12) continue;
    for (Finding& finding :
         tools_.detector.detect(cells[i], {.region = tools_.region, .dates = tools_.dates})) {
      if (finding.type == ElementType::name || finding.confidence < kSureFinding) continue;
      records_[record].elements.push_back(
          {.type = finding.type,
           .value = std::move(finding.value),
           .locator = piece.locator(row, i),
           .confidence = static_cast<float>(finding.confidence),
           .day_month_unsure = finding.has(Reason::day_month_could_be_swapped),
           .recognised = recognised_});
    }
  }
}

}  // namespace sealift::census
