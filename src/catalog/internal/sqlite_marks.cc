#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kFind{"SELECT value FROM marks WHERE mark = ?1"};
constexpr Sql kPut{
    "INSERT INTO marks(mark, value) VALUES(?1, ?2) "
    "ON CONFLICT(mark) DO UPDATE SET value = excluded.value"};
constexpr Sql kRemove{"DELETE FROM marks WHERE mark = ?1"};

class SqliteMarks final : public Marks {
 public:
  explicit SqliteMarks(SqliteDatabase& database) : database_(database) {}

  base::Result<std::optional<base::Bytes>> find(Mark mark) const override {
    return database_.first(kFind, value_of<base::Bytes>, mark);
  }
  base::Result<void> put(Mark mark, base::ByteView value) override {
    return nothing_of(database_.run(kPut, mark, value));
  }
  base::Result<void> remove(Mark mark) override { return nothing_of(database_.run(kRemove, mark)); }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Marks> sqlite_marks(SqliteDatabase& database) {
  return std::make_unique<SqliteMarks>(database);
}

}  // namespace sealift::catalog::internal
