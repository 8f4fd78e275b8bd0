// As many recipients, parcels and openings as one may have: bodies fit, answers come in pages that
// a client takes.
#include "base/limits.h"
#include "server/vault/parcel_fixture.h"

namespace sealift::server::vault {
namespace {

class FullListsTest : public ParcelTest {
 protected:
  // Accounts with a key each, straight into the catalog.
  std::vector<catalog::AccountId> make_recipients(std::size_t count) {
    std::vector<catalog::AccountId> made;
    must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
      for (std::size_t i = 0; i < count; ++i) {
        const catalog::AccountId id{random_.array<16>()};
        SEALIFT_TRY_VOID(records.accounts->add({.id = id,
                                                .lookup = {random_.array<32>()},
                                                .sealed_address = base::Bytes(64),
                                                .created = now_}));
        SEALIFT_TRY_VOID(records.directory->add({.account = id,
                                                 .generation = {1},
                                                 .recipient = "age1",
                                                 .signing_key = base::Bytes(32),
                                                 .event = {random_.array<16>()},
                                                 .created = now_,
                                                 .salt = base::Bytes(32),
                                                 .previous = base::Bytes(32)}));
        made.push_back(id);
      }
      return {};
    }));
    return made;
  }
  json new_parcel(const std::vector<catalog::AccountId>& recipients) {
    json list = json::array();
    for (const catalog::AccountId& each : recipients) {
      list.push_back({{"account", json_of(each)}, {"generation", 1}, {"opens_max", 1'000'000}});
    }
    return {{"id", json_of(catalog::ParcelId{random_.array<16>()})},
            {"receipt", "none"},
            {"lifetime_ms", 0},
            {"recipients", std::move(list)}};
  }
  void put_part(const catalog::ParcelId& parcel, catalog::Part part) {
    must(catalog_->transact([&](catalog::Records& records) {
      return records.parcels->put_part(parcel,
                                       {part, header(1), std::nullopt, base::Bytes(33), 33});
    }));
  }
  // Every page of a list.
  std::vector<std::string> ids_of_pages(std::string_view operation, const std::string& list,
                                        const std::string& token,
                                        const std::vector<std::string>& names = {}) {
    std::vector<std::string> ids;
    before_.reset();
    while (true) {
      const Told page = ask(operation, nullptr, token, names);
      EXPECT_EQ(page.status, 200);
      EXPECT_LT(page.body.dump().size(), limits::kApiAnswerSizeMax);
      for (const json& each : page.body[list]) ids.push_back(each["id"]);
      if (!page.body.contains("next")) break;
      before_ = std::stoull(page.body["next"].get<std::string>());
    }
    before_.reset();
    return ids;
  }
};

TEST_F(FullListsTest, AParcelGoesToAsManyAsTheLimitSaysAndMayBeSealedToThemAnew) {
  const Person sender = enrolled("sender@example.org");
  const auto recipients = make_recipients(limits::kParcelRecipientsMax);
  const json parcel = new_parcel(recipients);
  EXPECT_LT(parcel.dump().size(), limits::kJsonBodySizeMax);
  const Told begun = ask("parcel.create", parcel, sender.token);
  ASSERT_EQ(begun.status, 201);
  const catalog::ParcelId id =
      *catalog::ParcelId::of(*base::hex_decode(parcel["id"].get<std::string>()));
  put_part(id, catalog::Part::content);
  put_part(id, catalog::Part::manifest);
  must(catalog_->transact(
      [&](catalog::Records& records) { return records.parcels->complete(id, now_); }));

  const std::string sealed = base64(header(limits::kParcelRecipientsMax));
  const json change = {
      {"expected_revision", begun.body["revision"]},
      {"headers",
       {{{"part", "content"}, {"header", sealed}}, {{"part", "manifest"}, {"header", sealed}}}},
      {"add", json::array()}};
  EXPECT_LT(change.dump().size(), limits::kJsonBodySizeMax);
  const Told changed = ask("parcel.change_recipients", change, sender.token, {parcel["id"]});
  ASSERT_EQ(changed.status, 200) << changed.body.dump();
  EXPECT_EQ(changed.body["recipients"].size(), limits::kParcelRecipientsMax);
  // Its answer may be lost: the same again changes nothing.
  EXPECT_EQ(ask("parcel.change_recipients", change, sender.token, {parcel["id"]}).body,
            changed.body);

  auto one_more = recipients;
  one_more.push_back(make_recipients(1).front());
  EXPECT_EQ(ask("parcel.create", new_parcel(one_more), sender.token).status, 400);
}

TEST_F(FullListsTest, ParcelsOfManyRecipientsComeInPagesThatAClientTakes) {
  const Person sender = enrolled("sender@example.org");
  const auto recipients = make_recipients(limits::kParcelRecipientsMax);
  std::vector<std::string> sent;
  for (int i = 0; i < 12; ++i) {
    const json parcel = new_parcel(recipients);
    ASSERT_EQ(ask("parcel.create", parcel, sender.token).status, 201);
    sent.insert(sent.begin(), parcel["id"].get<std::string>());
  }
  EXPECT_EQ(ids_of_pages("parcel.list_sent", "parcels", sender.token), sent);
}

TEST_F(FullListsTest, TenThousandParcelsAndOpeningsAreAllListed) {
  constexpr std::size_t kMany = 10'000;
  const Person sender = enrolled("sender@example.org");
  const Person reader = enrolled("reader@example.org");
  const auto account_of = [](const Person& person) {
    return *catalog::AccountId::of(*base::hex_decode(person.id));
  };
  catalog::ParcelId last;
  must(catalog_->transact([&](catalog::Records& records) -> base::Result<void> {
    for (std::size_t i = 0; i < kMany; ++i) {
      last = {random_.array<16>()};
      SEALIFT_TRY_VOID(records.parcels->create({.id = last,
                                                .owner = account_of(sender),
                                                .created = now_,
                                                .expires = now_ + std::chrono::hours(1)}));
      SEALIFT_TRY_VOID(records.parcels->grant(
          {.parcel = last, .account = account_of(reader), .generation = {1}, .created = now_}));
      for (const catalog::Part part : {catalog::Part::content, catalog::Part::manifest}) {
        SEALIFT_TRY_VOID(records.parcels->put_part(
            last, {part, base::Bytes(10), std::nullopt, base::Bytes(33), 33}));
      }
      SEALIFT_TRY_VOID(records.parcels->complete(last, now_));
    }
    for (std::size_t i = 0; i < kMany; ++i) {
      SEALIFT_TRY(
          const bool is_open,
          records.openings->open(
              last, account_of(reader),
              {{random_.array<16>()}, {random_.array<32>()}, now_, now_ + std::chrono::hours(1)}));
      if (!is_open) return base::fail(base::ErrorCode::internal, "not open");
    }
    return {};
  }));
  const auto counted = [](const std::vector<std::string>& ids) {
    return std::set<std::string>(ids.begin(), ids.end()).size();
  };
  EXPECT_EQ(counted(ids_of_pages("parcel.list_sent", "parcels", sender.token)), kMany);
  EXPECT_EQ(counted(ids_of_pages("parcel.list_received", "parcels", reader.token)), kMany);
  EXPECT_EQ(
      counted(ids_of_pages("parcel.list_openings", "openings", sender.token, {json_of(last)})),
      kMany);
}

}  // namespace
}  // namespace sealift::server::vault
