#include "catalog/internal/migrations.h"

#include "catalog/internal/schema_of_acts.h"
#include "catalog/internal/schema_of_custody.h"
#include "catalog/internal/schema_of_marks.h"
#include "catalog/internal/schema_of_parcels.h"
#include "catalog/internal/schema_of_people.h"
#include "catalog/internal/schema_of_proposals.h"
#include "catalog/internal/schema_of_shares.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kSteps[] = {kSchemaOfPeople, kSchemaOfParcels, kSchemaOfCustody,  kSchemaOfMarks,
                          kSchemaOfActs,   kSchemaOfShares,  kSchemaOfProposals};
static_assert(std::size(kSteps) == kSchemaVersion);

constexpr Sql kBegin{"BEGIN IMMEDIATE"};
constexpr Sql kCommit{"COMMIT"};
constexpr Sql kRollback{"ROLLBACK"};
constexpr Sql kHasVersion{
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'"};
constexpr Sql kMakeVersion{
    "CREATE TABLE schema_version(version INTEGER NOT NULL) STRICT;"
    "INSERT INTO schema_version VALUES(0);"};
constexpr Sql kVersion{"SELECT version FROM schema_version"};
constexpr Sql kSetVersion{"UPDATE schema_version SET version = ?1"};

base::Result<void> take_steps(SqliteDatabase& database, std::uint32_t target) {
  SEALIFT_TRY(const std::uint32_t version, schema_version(database));
  if (version > kSchemaVersion)
    return base::fail(base::ErrorCode::unsupported,
                      "catalog: written by a newer version: install that one again, or restore the "
                      "backup that was made before the upgrade");
  if (version == 0 && target > 0) SEALIFT_TRY_VOID(database.script(kMakeVersion));
  for (std::uint32_t at = version; at < target; ++at) {
    SEALIFT_TRY_VOID(database.script(kSteps[at]));
    SEALIFT_TRY([[maybe_unused]] const auto changed, database.run(kSetVersion, at + 1));
  }
  return {};
}

}  // namespace

base::Result<std::uint32_t> schema_version(SqliteDatabase& database) {
  SEALIFT_TRY(const std::uint32_t tables, database.only<std::uint32_t>(kHasVersion));
  if (tables == 0) return 0;
  return database.only<std::uint32_t>(kVersion);
}

base::Result<void> migrate(SqliteDatabase& database, std::uint32_t target) {
  SEALIFT_CHECK(target <= kSchemaVersion);
  SEALIFT_TRY([[maybe_unused]] const auto begun, database.run(kBegin));
  if (auto taken = take_steps(database, target); !taken) {
    static_cast<void>(database.run(kRollback));
    return taken;
  }
  SEALIFT_TRY([[maybe_unused]] const auto committed, database.run(kCommit));
  return {};
}

}  // namespace sealift::catalog::internal
