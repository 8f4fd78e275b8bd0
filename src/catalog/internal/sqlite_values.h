// How the catalog's types stand in SQLite's columns: one rule a type, for writing and for reading.
//
//   integers, enums, counts, times (milliseconds), bools  -> INTEGER
//   ids, digests, bytes                                   -> BLOB
//   text                                                  -> TEXT
//   nullopt                                               -> NULL
//
// Reading judges: a NULL, a wrong type, a wrong length or a number out of range marks the row as
// damaged, and the statement fails instead of handing out what isn't there.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "catalog/ids.h"
#include "catalog/sessions.h"

namespace sealift::catalog::internal {

// Binds values to the parameters of one statement, in order.
class Binder {
 public:
  explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}

  template <typename... Values>
  void bind(const Values&... values) {
    (bind_one(values), ...);
  }
  // False: a value has no place in a column, or SQLite had no room.
  bool is_good() const { return is_good_; }
  int count() const { return index_; }

 private:
  void integer(std::int64_t value) { check(sqlite3_bind_int64(statement_, ++index_, value)); }
  void check(int code) { is_good_ = is_good_ && code == SQLITE_OK; }

  void bind_one(bool value) { integer(value ? 1 : 0); }
  template <std::integral Integer>
  void bind_one(Integer value) {
    if (!std::in_range<std::int64_t>(value)) is_good_ = false;
    integer(static_cast<std::int64_t>(value));
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void bind_one(Enum value) { integer(static_cast<std::int64_t>(value)); }
  template <typename Tag>
  void bind_one(Number<Tag> value) {
    bind_one(value.value);
  }
  template <typename Tag, std::size_t kSize>
  void bind_one(const Fixed<Tag, kSize>& value) {
    bind_one(value.view());
  }
  void bind_one(Scopes value) { integer(value.bits()); }
  void bind_one(std::chrono::milliseconds value) { integer(value.count()); }
  void bind_one(base::UnixTime value) { integer(value.time_since_epoch().count()); }
  void bind_one(const base::Bytes& value) { bind_one(base::ByteView(value)); }
  void bind_one(base::ByteView value) {
    ++index_;
    check(value.empty()
              ? sqlite3_bind_zeroblob(statement_, index_, 0)
              : sqlite3_bind_blob64(statement_, index_, value.data(), value.size(), SQLITE_STATIC));
  }
  void bind_one(const std::string& value) {
    check(sqlite3_bind_text64(statement_, ++index_, value.data(), value.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
  template <typename Value>
  void bind_one(const std::optional<Value>& value) {
    if (value) return bind_one(*value);
    check(sqlite3_bind_null(statement_, ++index_));
  }

  sqlite3_stmt* statement_;
  int index_ = 0;
  bool is_good_ = true;
};

// One row of a result, read column by column.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  template <typename... Values>
  void into(Values&... values) {
    (read(values), ...);
  }
  template <typename Value>
  Value next() {
    Value value{};
    read(value);
    return value;
  }
  bool is_good() const { return is_good_; }

 private:
  bool expect(int type) {
    const bool as_expected = sqlite3_column_type(statement_, column_) == type;
    is_good_ = is_good_ && as_expected;
    return as_expected;
  }
  std::int64_t integer() {
    expect(SQLITE_INTEGER);
    return sqlite3_column_int64(statement_, column_++);
  }
  base::ByteView blob() {
    if (!expect(SQLITE_BLOB)) return ++column_, base::ByteView{};
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column_));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_));
    ++column_;
    return {data, size};
  }

  void read(bool& value) { value = integer() != 0; }
  template <std::integral Integer>
  void read(Integer& value) {
    const std::int64_t stored = integer();
    is_good_ = is_good_ && std::in_range<Integer>(stored);
    value = static_cast<Integer>(stored);
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void read(Enum& value) {
    std::underlying_type_t<Enum> stored{};
    read(stored);
    value = static_cast<Enum>(stored);
  }
  template <typename Tag>
  void read(Number<Tag>& value) {
    read(value.value);
  }
  template <typename Tag, std::size_t kSize>
  void read(Fixed<Tag, kSize>& value) {
    const auto stored = Fixed<Tag, kSize>::of(blob());
    is_good_ = is_good_ && stored.has_value();
    if (stored) value = *stored;
  }
  void read(Scopes& value) { value = Scopes(next<std::uint32_t>()); }
  void read(std::chrono::milliseconds& value) { value = std::chrono::milliseconds(integer()); }
  void read(base::UnixTime& value) { value = base::UnixTime(std::chrono::milliseconds(integer())); }
  void read(base::Bytes& value) { value = base::copy_of(blob()); }
  void read(std::string& value) {
    if (!expect(SQLITE_TEXT)) return static_cast<void>(++column_);
    const void* text = sqlite3_column_text(statement_, column_);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_++));
    value.assign(static_cast<const char*>(text), size);
  }
  template <typename Value>
  void read(std::optional<Value>& value) {
    if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
      value.reset();
      ++column_;
    } else {
      read(value.emplace());
    }
  }

  sqlite3_stmt* statement_;
  int column_ = 0;
  bool is_good_ = true;
};

}  // namespace sealift::catalog::internal
