// Context: what a reader works with. It begins and ends files, goes into members, cuts what is read
// into pieces that fit a frame, and holds every file to its share of time, depth and bytes.
//
// One Context serves one file of the pile and everything nested in it. Not thread-safe. Readers
// give their results through it and return how it went:
//
//   document::FileEnd read_rtf(base::ByteView bytes, Context& context);
//
// A reader may throw std::bad_alloc; anything else it answers with a status.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "document/document.h"
#include "extract/request.h"

namespace sealift::readers {

inline document::FileEnd read_whole() { return {document::FileStatus::read, {}}; }
inline document::FileEnd read_partly(std::string reason) {
  return {document::FileStatus::partial, std::move(reason)};
}
inline document::FileEnd read_failed(std::string reason) {
  return {document::FileStatus::failed, std::move(reason)};
}
inline document::FileEnd needs_password(std::string reason = "needs a password") {
  return {document::FileStatus::encrypted, std::move(reason)};
}
inline document::FileEnd not_supported(std::string reason) {
  return {document::FileStatus::unsupported, std::move(reason)};
}

class Context;
struct Recognition;

// What reads one format, by its short name.
using Reader = document::FileEnd (*)(base::ByteView bytes, Context& context);

// Finds the format of bytes, by content alone, and what reads it.
struct Recognised {
  std::string_view format;  // empty if not known
  Reader reader = nullptr;  // null: no reader
};
using Recogniser = Recognised (*)(base::ByteView bytes);

// Recognises characters in pictures; null where the program runs without it.
class Ocr {
 public:
  virtual ~Ocr() = default;
  // An encoded picture (PNG, JPEG, TIFF, ...), every page of it.
  virtual document::FileEnd read_picture(base::ByteView bytes, Context& context) = 0;
  // One page drawn as 8-bit grey, rows top to bottom without padding.
  virtual Recognition read_page(std::string_view grey, int width, int height, int dpi) = 0;
};

// What main provides.
struct Means {
  Recogniser recogniser = nullptr;
  Ocr* ocr = nullptr;
  std::chrono::nanoseconds (*cpu_time)() = nullptr;  // spent by this process so far
};

class Context {
 public:
  // All three outlive the context.
  Context(document::Sink& sink, const extract::Request& request, const Means& means)
      : sink_(sink), request_(request), means_(means) {}

  // Reads the file of the request; `bytes` outlive the call.
  void read_top(base::ByteView bytes);

  // A file inside the one being read. `name` is its raw name in there; slashes stay.
  void member(std::string_view name, base::ByteView bytes);
  // One that is listed and can't be read.
  void unread_member(std::string_view name, std::uint64_t size_bytes, document::FileEnd end);
  // One whose kind its holder knows better than its bytes do (a message inside a PST).
  void member_as(std::string_view name, std::uint64_t size_bytes, std::string_view format,
                 const std::function<document::FileEnd()>& read);

  // Running text of any length, UTF-8; empty text is left out.
  void text(const document::Place& place, std::string_view text,
            document::TextRole role = document::TextRole::body, std::uint32_t first_line = 1);
  void rows(document::TableRows rows);
  void mail_header(document::MailHeader header);
  void card(document::Card card);

  // The next table number of the file being read.
  std::uint32_t next_table();

  // Time for the file being read is over: stop, and say partial.
  bool out_of_time();
  // Accounts for bytes unpacked; false when the file has unpacked more than it may.
  bool may_unpack(std::uint64_t bytes);

  bool wants_ocr() const {
    return means_.ocr != nullptr && request_.pass == extract::Pass::scans && !silent();
  }
  Ocr& ocr() const { return *means_.ocr; }  // only where wants_ocr()
  // The file being read is a picture of text that this pass does not recognise.
  static document::FileEnd waits_for_ocr();

 private:
  struct Open {
    std::string path;
    bool silent = false;  // begun and ended in another pass
    std::uint32_t tables = 0;
    std::chrono::nanoseconds started{};
    std::set<std::string, std::less<>> names;
  };
  void file(std::string path, std::uint64_t size_bytes, std::string_view format,
            const std::function<document::FileEnd()>& read);
  document::FileEnd guarded(const std::function<document::FileEnd()>& read);
  bool is_silent(std::uint32_t ordinal) const;
  bool silent() const { return open_.empty() || open_.back().silent; }
  std::string member_path(std::string_view name);

  document::Sink& sink_;
  const extract::Request& request_;
  const Means& means_;
  std::vector<Open> open_;
  std::uint32_t ordinal_ = 0;  // files begun so far
  std::uint64_t unpacked_bytes_ = 0;
  std::uint64_t unpacked_bytes_max_ = 0;
};

// Collects rows of one table and hands them on in pieces.
class TableWriter {
 public:
  TableWriter(Context& context, document::Place place);
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  ~TableWriter() { flush(); }

  // Appends the next row; empty rows count and are not handed on.
  void add(std::vector<std::string> row);
  // Appends row `number` (from 1); numbers may skip rows, and never go back.
  void add_at(std::uint64_t number, std::vector<std::string> row);
  void flush();
  std::uint64_t rows_written() const { return written_; }

 private:
  Context& context_;
  document::TableRows piece_;
  std::uint64_t next_row_ = 1;
  std::uint64_t written_ = 0;
  std::size_t piece_bytes_ = 0;
};

}  // namespace sealift::readers
