#include "readers/data/database.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/limits.h"
#include "readers/data/database_keys.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::PlaceKind;
using Row = std::vector<std::string>;

// The rows that others refer to, by table and key.
class Referred {
 public:
  explicit Referred(const std::vector<std::vector<Join>>& joins, std::size_t tables)
      : keys_(tables), rows_(tables) {
    for (const std::vector<Join>& list : joins) want(list);
  }

  bool any() const {
    return std::ranges::any_of(keys_, [](const auto& key) { return key.has_value(); });
  }
  bool full() const { return bytes_ > limits::kJoinedBytesMax; }

  void put(std::size_t table, Row row) {
    if (!keys_[table] || *keys_[table] >= row.size() || full()) return;
    constexpr std::size_t kCellKept = 512;
    for (std::string& cell : row) {
      if (cell.size() > kCellKept) cell.clear();
      bytes_ += cell.size() + sizeof(std::string);
    }
    std::string key = row[*keys_[table]];
    if (!key.empty()) rows_[table].emplace(std::move(key), std::move(row));
  }

  const Row* find(const Join& join, const Row& row) const {
    if (join.column >= row.size() || keys_[join.table] != join.key) return nullptr;
    const auto at = rows_[join.table].find(row[join.column]);
    return at == rows_[join.table].end() ? nullptr : &at->second;
  }

 private:
  void want(const std::vector<Join>& joins) {
    for (const Join& join : joins) {
      keys_[join.table] = join.key;
      want(join.inner);
    }
  }

  std::vector<std::optional<std::size_t>> keys_;
  std::vector<std::unordered_map<std::string, Row>> rows_;
  std::size_t bytes_ = 0;
};

void append_names(const std::vector<Join>& joins, Row& header) {
  for (const Join& join : joins) {
    for (const JoinedColumn& column : join.columns) header.push_back(column.name);
    append_names(join.inner, header);
  }
}

void append_values(const std::vector<Join>& joins, const Row* from, const Referred& referred,
                   Row& row) {
  for (const Join& join : joins) {
    const Row* there = from == nullptr ? nullptr : referred.find(join, *from);
    for (const JoinedColumn& column : join.columns) {
      const bool known = there != nullptr && column.column < there->size();
      row.push_back(known ? (*there)[column.column] : std::string());
    }
    append_values(join.inner, there, referred, row);
  }
}

// Hands on rows; rows of a table that comes back later begin with its header again.
class Writer {
 public:
  Writer(DatabaseSource& source, const std::vector<std::vector<Join>>& joins,
         const Referred& referred, Context& context)
      : source_(source), joins_(joins), referred_(referred), context_(context) {
    next_row_.resize(source.tables().size(), 1);
  }

  void put(std::size_t table, Row row) {
    if (!writer_ || table != table_) begin(table);
    const std::size_t columns = source_.tables()[table].columns.size();
    const Row own = row;
    if (columns > 0 && !joins_[table].empty()) {
      row.resize(columns);
      append_values(joins_[table], &own, referred_, row);
    }
    writer_->add_at(next_row_[table]++, std::move(row));
  }

 private:
  void begin(std::size_t table) {
    table_ = table;
    const DatabaseTable& described = source_.tables()[table];
    const auto number = static_cast<std::uint32_t>(table + 1);
    writer_.emplace(context_, document::Place{PlaceKind::sheet, number, described.name});
    if (described.columns.empty()) return;
    Row header = described.columns;
    append_names(joins_[table], header);
    writer_->add_at(next_row_[table]++, std::move(header));
  }

  DatabaseSource& source_;
  const std::vector<std::vector<Join>>& joins_;
  const Referred& referred_;
  Context& context_;
  std::optional<TableWriter> writer_;
  std::size_t table_ = 0;
  std::vector<std::uint64_t> next_row_;
};

}  // namespace

FileEnd read_database(DatabaseSource& source, Context& context) {
  const auto joins = find_joins(source.tables());
  Referred referred(joins, source.tables().size());
  if (referred.any()) {
    source.each_row([&](std::size_t table, Row row) {
      referred.put(table, std::move(row));
      return !context.out_of_time();
    });
  }
  Writer writer(source, joins, referred, context);
  source.each_row([&](std::size_t table, Row row) {
    writer.put(table, std::move(row));
    return !context.out_of_time();
  });
  if (context.out_of_time()) return read_partly("took too long; the first rows were read");
  if (referred.full())
    return read_partly("so many rows refer to one another that some keys were not followed");
  return read_whole();
}

}  // namespace sealift::readers
