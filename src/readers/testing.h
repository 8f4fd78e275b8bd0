// For tests: reads bytes as sealift-extract does, in this process and without a sandbox, and keeps
// what comes out.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "readers/context.h"
#include "readers/formats.h"
#include "readers/worker.h"

namespace sealift::readers {

struct ReadFile {
  std::string path;
  std::string format;
  std::uint64_t size_bytes = 0;
  document::FileEnd end;
  std::vector<document::Text> texts;
  std::vector<document::TableRows> tables;
  std::vector<document::MailHeader> headers;
  std::vector<document::Card> cards;

  // All texts, one after the other.
  std::string text() const {
    std::string out;
    for (const document::Text& text : texts) out += text.text;
    return out;
  }
  // The facts of one card as "party kind: value", numbers as in document/card.h.
  std::vector<std::string> facts(std::size_t card) const {
    std::vector<std::string> out;
    for (const document::Fact& fact : cards.at(card).facts) {
      out.push_back(std::to_string(static_cast<int>(fact.party)) + " " +
                    std::to_string(static_cast<int>(fact.kind)) + ": " + fact.value);
    }
    return out;
  }
  // All rows of all tables, cells between '|'.
  std::vector<std::string> rows() const {
    std::vector<std::string> out;
    for (const document::TableRows& piece : tables) {
      for (const auto& row : piece.rows) {
        out.emplace_back();
        for (const std::string& cell : row) (out.back() += out.back().empty() ? "" : "|") += cell;
      }
    }
    return out;
  }
};

class Recording final : public document::Sink {
 public:
  void begin_file(document::FileBegin begin) override {
    open_.push_back(files.size());
    files.push_back({begin.path, begin.format, begin.size_bytes, {}, {}, {}, {}, {}});
  }
  void text(document::Text text) override { current().texts.push_back(std::move(text)); }
  void table_rows(document::TableRows rows) override {
    current().tables.push_back(std::move(rows));
  }
  void mail_header(document::MailHeader header) override {
    current().headers.push_back(std::move(header));
  }
  void card(document::Card card) override { current().cards.push_back(std::move(card)); }
  void end_file(document::FileEnd end) override {
    current().end = std::move(end);
    open_.pop_back();
  }

  bool all_ended() const { return open_.empty(); }
  std::vector<ReadFile> files;  // in the order in which they begin

 private:
  ReadFile& current() { return files.at(open_.back()); }
  std::vector<std::size_t> open_;
};

inline std::vector<ReadFile> read_for_test(std::string_view bytes) {
  Recording recording;
  const Means means{recognise, nullptr, process_cpu_time};
  const extract::Request request{extract::Pass::documents, bytes.size(), "f", {}, {}};
  Context(recording, request, means).read_top(base::bytes_of(bytes));
  return std::move(recording.files);
}

// Cut anywhere, a file still ends with a status, and its members do.
inline bool ends_wherever_cut(std::string_view bytes, std::size_t step = 1) {
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    for (const ReadFile& file : read_for_test(bytes.substr(0, size))) {
      const auto status = static_cast<int>(file.end.status);
      if (status < 1 || status > 5) return false;
      if (file.end.status != document::FileStatus::read && file.end.reason.empty()) return false;
    }
  }
  return true;
}

}  // namespace sealift::readers
