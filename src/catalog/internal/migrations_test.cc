#include "catalog/internal/migrations.h"

#include "catalog/catalog_suite.h"
#include "catalog/sqlite_catalog.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kSchema{
    "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"};
constexpr Sql kAddAccount{
    "INSERT INTO accounts(id, lookup, sealed_address, administrator, recovery_officer, state, "
    "language, created) VALUES(?1, ?2, x'01', 1, 0, 1, 1, 0)"};
constexpr Sql kTables{
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"};
constexpr Sql kStrictTables{"SELECT count(*) FROM pragma_table_list WHERE strict = 1"};
constexpr Sql kFromTheFuture{"UPDATE schema_version SET version = 1000"};
constexpr Sql kBreakTheSecondStep{"CREATE TABLE openings(anything INTEGER) STRICT;"};
constexpr Sql kForeignKeysBroken{"SELECT count(*) FROM pragma_foreign_key_check"};

std::string read_text(Row& row) { return row.next<std::string>(); }

std::vector<std::string> schema_of(SqliteDatabase& database) {
  return must(database.all(kSchema, read_text));
}

class MigrationsTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteDatabase> open() {
    return must(SqliteDatabase::open(folder_.path() + "/catalog.db", Access::write));
  }
  base::TemporaryFolder folder_;
};

TEST_F(MigrationsTest, EveryOlderVersionBecomesTheSameSchemaAndKeepsItsRows) {
  std::vector<std::string> fresh;
  for (std::uint32_t from = 0; from <= kSchemaVersion; ++from) {
    SCOPED_TRACE(from);
    const base::TemporaryFolder folder;
    const auto database = must(SqliteDatabase::open(folder.path() + "/catalog.db", Access::write));
    must(migrate(*database, from));
    EXPECT_EQ(must(schema_version(*database)), from);
    const AccountId id{{std::byte{7}}};
    if (from > 0) must(database->run(kAddAccount, id, AddressLookup{}));
    must(migrate(*database));
    EXPECT_EQ(must(schema_version(*database)), kSchemaVersion);
    if (from == 0) fresh = schema_of(*database);
    EXPECT_EQ(schema_of(*database), fresh);
    const auto catalog = must(open_sqlite_catalog(folder.path() + "/catalog.db"));
    const auto account =
        must(catalog->read([&](const Records& records) { return records.accounts->find(id); }));
    EXPECT_EQ(account.has_value(), from > 0);
  }
}

TEST_F(MigrationsTest, MigratingTwiceChangesNothing) {
  const auto database = open();
  must(migrate(*database));
  const auto before = schema_of(*database);
  must(migrate(*database));
  EXPECT_EQ(schema_of(*database), before);
}

TEST_F(MigrationsTest, ANewerVersionIsRefusedAndLeftAlone) {
  const auto database = open();
  must(migrate(*database));
  must(database->run(kFromTheFuture));
  EXPECT_EQ(migrate(*database).error().code, base::ErrorCode::unsupported);
  EXPECT_EQ(must(schema_version(*database)), 1000U);
}

TEST_F(MigrationsTest, AStepThatFailsLeavesTheVersionBefore) {
  const auto database = open();
  must(migrate(*database, 1));
  const auto before = schema_of(*database);
  must(database->script(kBreakTheSecondStep));
  EXPECT_FALSE(migrate(*database));
  EXPECT_EQ(must(schema_version(*database)), 1U);
  EXPECT_EQ(schema_of(*database).size(), before.size() + 1);
}

TEST_F(MigrationsTest, EveryTableIsStrict) {
  const auto database = open();
  must(migrate(*database));
  EXPECT_GT(must(database->only<int>(kTables)), 20);
  EXPECT_EQ(must(database->only<int>(kTables)), must(database->only<int>(kStrictTables)));
  EXPECT_EQ(must(database->only<int>(kForeignKeysBroken)), 0);
}

// What the connection's settings are for.
TEST_F(MigrationsTest, TheSchemaCannotBeTamperedWithThroughTheConnection) {
  constexpr Sql kWritable{"PRAGMA writable_schema = ON;"};
  constexpr Sql kTamper{"UPDATE sqlite_schema SET sql = 'x';"};
  constexpr Sql kAttach{"ATTACH DATABASE ':memory:' AS other;"};
  constexpr Sql kWrongType{"INSERT INTO clock VALUES(2, 'text');"};
  constexpr Sql kShortId{"INSERT INTO delays VALUES(1, x'00', 1, 1);"};
  const auto database = open();
  must(migrate(*database));
  must(database->script(kWritable));
  EXPECT_FALSE(database->script(kTamper));
  EXPECT_FALSE(database->script(kAttach));
  EXPECT_FALSE(database->script(kWrongType));
  EXPECT_FALSE(database->script(kShortId));
  const auto reader = must(SqliteDatabase::open(folder_.path() + "/catalog.db", Access::read));
  EXPECT_FALSE(reader->run(kFromTheFuture));
}

TEST_F(MigrationsTest, AColumnThatHoldsSomethingElseIsReportedAsDamage) {
  constexpr Sql kText{"SELECT 'text'"};
  constexpr Sql kNull{"SELECT NULL"};
  constexpr Sql kShort{"SELECT x'0102'"};
  constexpr Sql kNegative{"SELECT -1"};
  constexpr Sql kLarge{"SELECT 256"};
  const auto database = open();
  const auto damaged = [](const auto& result) {
    return !result && result.error().code == base::ErrorCode::damaged;
  };
  EXPECT_TRUE(damaged(database->only<int>(kText)));
  EXPECT_TRUE(damaged(database->only<base::Bytes>(kText)));
  EXPECT_TRUE(damaged(database->only<int>(kNull)));
  EXPECT_TRUE(damaged(database->only<std::string>(kShort)));
  EXPECT_TRUE(damaged(database->only<AccountId>(kShort)));
  EXPECT_TRUE(damaged(database->only<std::uint64_t>(kNegative)));
  EXPECT_TRUE(damaged(database->only<AccountState>(kLarge)));
}

}  // namespace
}  // namespace sealift::catalog::internal
