#include "server/vault/web_client.h"

#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class WebClientTest : public VaultTest {
 protected:
  std::vector<catalog::CustodyEvent> events() {
    return must(catalog_->read([](const catalog::Records& records) {
      return records.custody->list({}, {.before = std::nullopt, .rows_max = 100});
    }));
  }
  void serve(std::string_view manifest) {
    must(note_web_client(*catalog_, services_.notary, base::bytes_of(manifest), now_));
  }
};

TEST_F(WebClientTest, EachBundleIsLoggedOnce) {
  for (const char* manifest : {"first", "first", "second", "first"}) serve(manifest);
  const auto logged = events();
  ASSERT_EQ(logged.size(), 2u);
  EXPECT_EQ(logged[0].id, web_client_event(base::bytes_of("second")));
  EXPECT_EQ(logged[1].id, web_client_event(base::bytes_of("first")));
  const json statement = json::parse(base::text_of(logged[1].event));
  EXPECT_EQ(statement["kind"], "web_client_served");
  // sha256sum of "first"
  EXPECT_EQ(statement["manifest"],
            "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e");
  EXPECT_EQ(statement["event"], "a7937b64b8caa58f03721bb6bacf5c78");
}

TEST_F(WebClientTest, AServerWithoutPagesLogsNone) {
  serve("");
  EXPECT_TRUE(events().empty());
}

}  // namespace
}  // namespace sealift::server::vault
