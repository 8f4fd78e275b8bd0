// Every refusal of the table is one that a test has met: a row that nothing gives is a lie in the
// documents, and one that no test meets may say something else than what happened.
#include <gtest/gtest.h>

#include "base/refusal.h"
#include "server/vault/refusals_seen.h"

namespace sealift::server::vault {
namespace {

// What a front says, or a store without room (engine_test, desk_test, upload_test); and what only
// two requests at the same time meet. A client's own are met by its tests
// (tests/system/error_tables_test.py).
const std::set<std::string_view> kElsewhere = {"busy",           "disk_full",   "upload_in_use",
                                               "wrong_host",     "no_upload",   "not_an_officer",
                                               "parcel_changed", "no_operation"};

class RefusalsReached : public testing::Environment {
 public:
  void TearDown() override {
    if (testing::GTEST_FLAG(filter) != "*") return;  // some tests alone can't meet them all
    for (const base::RefusalRow& row : base::refusal_rows()) {
      if (row.is_clients || kElsewhere.contains(row.reason)) continue;
      EXPECT_TRUE(refusals_seen().contains(std::string(row.reason)))
          << "no test has met the refusal " << row.reason;
    }
  }
};

const testing::Environment* const kReached =
    testing::AddGlobalTestEnvironment(new RefusalsReached);  // gtest owns it

}  // namespace
}  // namespace sealift::server::vault
