#include "census/records/record_file.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/limits.h"
#include "census/kinds/text_fold.h"
#include "census/records/card.h"
#include "census/records/mail_people.h"
#include "census/records/record_place.h"
#include "census/structure/form_text.h"
#include "census/structure/table_layout.h"

namespace sealift::census {

class FileReader::Open {
 public:
  Open(const ReadingTools& tools, document::FileBegin begin)
      : tools_(tools), begin_(std::move(begin)), tables_(tools, records_) {
    prose_.emplace(tools_, records_);
  }

  void text(document::Text text) {
    if (text.role == document::TextRole::metadata) return;
    held_bytes_ += text.text.size();
    texts_.push_back(std::move(text));
    if (held_bytes_ > limits::kCensusTextHeldMax) read_texts();
  }

  void table_rows(const document::TableRows& rows) {
    constexpr std::size_t kSmall = 16;
    constexpr std::size_t kStackMax = 2000;
    const bool goes_on = !stack_.empty() ? stack_.back().table == rows.table : rows.table == read_;
    if (!stack_.empty() && (!is_same_place(stack_.back().place, rows.place) || goes_on ||
                            stack_.size() == kStackMax || rows.rows.size() > kSmall))
      read_stack();
    if (goes_on || rows.rows.size() > kSmall) {
      tables_.read(rows);
      read_ = rows.table;
    } else {
      stack_.push_back(rows);
    }
    place_ = rows.place;
  }

  static bool is_same_place(const document::Place& a, const document::Place& b) {
    return a.kind == b.kind && a.number == b.number && a.name == b.name;
  }

  // Small tables one below another may be the cards of a list: they wait for those that follow.
  void read_stack() {
    if (stack_.empty()) return;
    read_ = stack_.back().table;
    tables_.read_stack(stack_);
    stack_.clear();
  }

  // A folder of mails is one file: each of its mails is a place of its own.
  void mail_header(document::MailHeader header) {
    if (header.place.number != mail_number_) {
      mail_number_ = header.place.number;
      read_texts();
      records_.settle(0);
      prose_.emplace(tools_, records_);
      has_main_ = false;
    }
    headers_.push_back(std::move(header));
  }

  // Each card is a place of its own: the text that follows it is about its people.
  void card(const document::Card& card) {
    read_texts();
    records_.settle(0);
    prose_.emplace(tools_, records_);
    has_main_ = false;
    const std::uint32_t before = records_.size();
    records_.add(records_of_card(card, tools_.dates, tools_.region));
    for (std::uint32_t ordinal = before; ordinal < records_.size(); ++ordinal)
      text_forms_.push_back(ordinal);
    know_forms();
  }

  FileRecords end(document::FileEnd end) {
    read_texts();
    FileRecords file = with_path(records_.take());
    file.status = end.status;
    file.reason = std::move(end.reason);
    tell_of_rows(file);
    file.dated = dated_;
    return file;
  }

  std::size_t settled() const { return records_.settled(); }

  FileRecords take_settled() {
    FileRecords part = with_path(records_.take_settled());
    part.ended = false;
    return part;
  }

 private:
  // A row that nobody understood is no row that was read.
  void tell_of_rows(FileRecords& file) const {
    const std::uint64_t rows = tables_.rows_not_understood();
    if (rows == 0) return;
    const std::string told =
        rows == 1 ? "1 row not understood" : std::to_string(rows) + " rows not understood";
    if (file.status == document::FileStatus::read) {
      file.status = document::FileStatus::partial;
      file.reason = told;
    } else if (file.reason != kWaitsForScans) {
      file.reason += (file.reason.empty() ? "" : "; ") + told;
    }
  }

  FileRecords with_path(std::vector<Record> records) const {
    FileRecords file;
    file.path = begin_.path;
    file.format = begin_.format;
    file.size_bytes = begin_.size_bytes;
    file.records = std::move(records);
    for (Record& record : file.records) record.path = begin_.path;
    return file;
  }

  // Headers first, then what tables hold, then text: each knows the people of those before.
  void read_texts() {
    read_stack();
    read_headers();
    know_forms();
    for (LooseLine& line : tables_.take_loose_lines()) {
      document::Text title{.place = place_,
                           .role = document::TextRole::heading,
                           .first_line = 1,
                           .text = std::move(line.text)};
      prose_->read(title);
    }
    for (document::Text& text : texts_) {
      take_layout_tables(text);
      take_forms(text);
    }
    know_forms();
    for (const document::Text& text : texts_) prose_->read(text);
    texts_.clear();
    held_bytes_ = 0;
  }

  // People of forms, so that prose beside them can speak of them.
  void know_forms() {
    const std::vector<std::uint32_t>& of_tables = tables_.form_records();
    text_forms_.insert(text_forms_.end(),
                       of_tables.begin() + static_cast<std::ptrdiff_t>(known_table_forms_),
                       of_tables.end());
    known_table_forms_ = of_tables.size();
    for (const std::uint32_t ordinal : text_forms_) {
      prose_->know(ordinal);
      if (has_main_ || records_[ordinal].role == Role::staff) continue;
      prose_->set_main(ordinal);
      has_main_ = true;
    }
    text_forms_.clear();
  }

  // Tables drawn with spaces: read as tables, and taken out of the text where they told something.
  void take_layout_tables(document::Text& text) {
    if (auto lines = lines_as_cards(text.text)) {
      const std::uint32_t before = records_.size();
      document::TableRows rows;
      rows.place = text.place;
      rows.table = --last_layout_table_;
      rows.first_row = text.first_line;
      rows.rows = std::move(lines->rows);
      tables_.set_recognised(text.role == document::TextRole::recognised);
      const bool are_cards = tables_.read_as_cards(rows);
      tables_.set_recognised(false);
      if (are_cards && records_.size() > before) return blank(text.text, 0, text.text.size());
    }
    if (text.text.find("  ") == std::string::npos && text.text.find('\t') == std::string::npos)
      return;
    for (LayoutTable& table : layout_tables(text.text)) {
      const std::uint32_t before = records_.size();
      document::TableRows rows;
      rows.place = text.place;
      rows.table = --last_layout_table_;
      rows.first_row = text.first_line + (table.lines.empty() ? 0 : table.lines.front());
      rows.rows = std::move(table.rows);
      tables_.set_recognised(text.role == document::TextRole::recognised);
      tables_.read(rows);
      tables_.set_recognised(false);
      if (records_.size() > before) blank(text.text, table.begin, table.end);
    }
  }

  void take_forms(document::Text& text) {
    const bool recognised = text.role == document::TextRole::recognised;
    std::uint64_t line = 0;
    std::size_t counted = 0;  // bytes whose line breaks are in `line`
    for (const TextForm& form : forms_in(text.text)) {
      std::vector<FieldValue> fields;
      FieldContext context{.dates = tools_.dates, .recognised = recognised};
      for (const LabelledText& field : form.fields) {
        if (field.begin < counted) line = counted = 0;
        line += static_cast<std::uint64_t>(std::ranges::count(
            std::string_view(text.text).substr(counted, field.begin - counted), '\n'));
        counted = field.begin;
        FieldValue value;
        value.meaning = field.meaning;
        value.value = std::string(
            trim(std::string_view(text.text).substr(field.begin, field.end - field.begin)));
        value.locator = line_locator(text.place, text.first_line + line);
        fields.push_back(std::move(value));
      }
      std::vector<Record> made = records_of_fields(fields, context);
      if (made.empty()) continue;
      const std::size_t count = made.size();
      const std::uint32_t first = records_.add(std::move(made));
      for (std::uint32_t i = 0; i < count; ++i) text_forms_.push_back(first + i);
      for (std::size_t i = 0; i < form.fields.size(); ++i)
        if (is_taken(fields[i])) blank(text.text, form.fields[i].begin, form.fields[i].end);
    }
  }

  // Has the form told all that the value says? What it could not read is left for the prose reader.
  bool is_taken(const FieldValue& field) const {
    switch (field.meaning.field) {
      case Field::note:
      case Field::health_note:
        return false;
      case Field::birth_date:
      case Field::phone:
      case Field::email:
      case Field::sin:
      case Field::health_number:
      case Field::bank_account:
        return typed_value(field, tools_.dates).has_value();
      default:
        return true;
    }
  }

  // Spaces over what has been read; lines stay where they are.
  static void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      if (text[i] != '\n') text[i] = ' ';
  }

  void read_headers() {
    if (headers_.empty()) return;
    MailPeople mail = people_of_mail(headers_);
    dated_ = std::max(dated_, mail.date);
    const auto count = static_cast<std::uint32_t>(mail.records.size());
    const std::uint32_t first = records_.add(std::move(mail.records));
    for (std::uint32_t i = 0; i < count; ++i) prose_->know(first + i);
    if (mail.has_sender) prose_->set_writer(first);
    for (document::MailHeader& header : headers_) {
      if (header.name != "Subject") continue;
      document::Text subject{.place = {},
                             .role = document::TextRole::heading,
                             .first_line = 1,
                             .text = std::move(header.value)};
      prose_->read(subject);
    }
    headers_.clear();
  }

  const ReadingTools& tools_;
  document::FileBegin begin_;
  RecordList records_;
  std::optional<ProseReader> prose_;  // of the mail or document being read
  TableReader tables_;
  std::vector<document::MailHeader> headers_;
  std::vector<document::Text> texts_;
  std::vector<document::TableRows> stack_;  // that wait
  std::uint32_t read_ = 0;                  // the table that was read last
  document::Place place_;
  std::string dated_;
  std::uint32_t mail_number_ = 0;  // which mail of a folder
  std::size_t held_bytes_ = 0;
  std::vector<std::uint32_t> text_forms_;
  std::size_t known_table_forms_ = 0;
  std::uint32_t last_layout_table_ = 0xFFFFFFFF;
  bool has_main_ = false;
};

FileReader::FileReader(const ReadingTools& tools) : tools_(tools) {}
FileReader::~FileReader() = default;

void FileReader::begin_file(document::FileBegin file) {
  open_.push_back(std::make_unique<Open>(tools_, std::move(file)));
}

void FileReader::text(document::Text text) {
  SEALIFT_CHECK(!open_.empty());
  open_.back()->text(std::move(text));
}

void FileReader::table_rows(document::TableRows rows) {
  SEALIFT_CHECK(!open_.empty());
  open_.back()->table_rows(rows);
}

void FileReader::mail_header(document::MailHeader header) {
  SEALIFT_CHECK(!open_.empty());
  open_.back()->mail_header(std::move(header));
}

void FileReader::card(document::Card card) {
  SEALIFT_CHECK(!open_.empty());
  open_.back()->card(card);
}

void FileReader::end_file(document::FileEnd end) {
  SEALIFT_CHECK(!open_.empty());
  done_.push_back(open_.back()->end(std::move(end)));
  done_records_ += done_.back().records.size();
  open_.pop_back();
}

std::vector<FileRecords> FileReader::take() {
  done_records_ = 0;
  return std::exchange(done_, {});
}

std::size_t FileReader::settled() const {
  std::size_t count = done_records_;
  for (const auto& open : open_) count += open->settled();
  return count;
}

std::vector<FileRecords> FileReader::take_settled() {
  std::vector<FileRecords> files = take();
  for (const auto& open : open_)
    if (open->settled() > 0) files.push_back(open->take_settled());
  return files;
}

}  // namespace sealift::census
