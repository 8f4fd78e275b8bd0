// The set of recovery officers that the organisation's key signed: kept, told, and not taken back.
#include "parcel/officer_set.h"
#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {
namespace {

class OfficersTest : public VaultTest {
 protected:
  json body(std::uint64_t number, const crypto::Ed25519Secret& secret,
            const std::string& log_name) const {
    parcel::OfficerSet set{log_name, number, 2, {}};
    for (unsigned char which = 1; which <= 2; ++which) {
      parcel::SetOfficer officer{
          .account = {},
          .recipient = "age1officer" + std::to_string(which),
          .address = *parcel::Address::parse("o" + std::to_string(which) + "@region.example")};
      officer.account.fill(std::byte{which});
      set.officers.push_back(officer);
    }
    return {{"organisation_key", parcel::organisation_key(log_name, secret.public_key()).text()},
            {"officer_set", *parcel::sign_officer_set(set, secret)}};
  }
  json body(std::uint64_t number) const { return body(number, secret_, log_name_); }
  void know_key() {
    const std::string key = body(1).at("organisation_key");
    must(services_.catalog.transact([&](catalog::Records& records) {
      return records.marks->put(catalog::Mark::organisation_key, base::bytes_of(key));
    }));
  }
  Told sign(const json& body) { return ask("officers.sign", body, ann_.token); }
  void refused(const Told& told, int status, std::string_view reason) {
    EXPECT_EQ(told.status, status) << told.body;
    EXPECT_EQ(told.body.value("reason", ""), reason);
  }
  json own() { return ask("recovery.read_own", nullptr, lea_.token).body; }
  json described() { return ask("server.describe", nullptr, "").body; }

  const crypto::Ed25519Secret secret_ = crypto::Ed25519Secret::generate(services_.random);
  const std::string log_name_ = services_.log.key().name();
  Person ann_ = enrolled("ann@region.example", {.administrator = true});
  Person lea_ = enrolled("lea@region.example");
};

TEST_F(OfficersTest, ASetIsKeptAndToldToThoseWhoDealShares) {
  EXPECT_FALSE(described().contains("organisation_key"));
  EXPECT_FALSE(own().contains("officer_set"));
  refused(sign(body(1)), 409, "no_organisation");
  EXPECT_FALSE(described().contains("organisation_key")) << "only the machine puts it in";
  know_key();
  EXPECT_EQ(sign(body(1)).status, 204);
  EXPECT_EQ(described().at("organisation_key"), body(1).at("organisation_key"));
  EXPECT_FALSE(described().contains("officer_set")) << "it has people's addresses";
  EXPECT_EQ(own().at("officer_set"), body(1).at("officer_set"));
  EXPECT_EQ(sign(body(1)).status, 204) << "asked again";
  EXPECT_EQ(events()["officers_signed"], 1);
  EXPECT_EQ(sign(body(2)).status, 204);
  EXPECT_EQ(events()["officers_signed"], 2);
  EXPECT_EQ(own().at("officer_set"), body(2).at("officer_set"));
}

TEST_F(OfficersTest, NeitherAnOlderSetNorAnotherKeyIsTaken) {
  know_key();
  EXPECT_EQ(sign(body(2)).status, 204);
  refused(sign(body(1)), 409, "officer_set_older");
  const auto other = crypto::Ed25519Secret::generate(services_.random);
  refused(sign(body(3, other, log_name_)), 409, "other_organisation");
  EXPECT_EQ(own().at("officer_set"), body(2).at("officer_set"));
}

TEST_F(OfficersTest, WhatIsNotSignedForThisServerIsRefused) {
  refused(sign(body(1, secret_, "elsewhere")), 400, "wrong_field");
  json mixed = body(1);
  mixed["organisation_key"] = "no key";
  refused(sign(mixed), 400, "wrong_field");
  const auto other = crypto::Ed25519Secret::generate(services_.random);
  mixed["organisation_key"] = body(1, other, log_name_).at("organisation_key");
  refused(sign(mixed), 400, "wrong_field");
  EXPECT_FALSE(described().contains("organisation_key"));
}

TEST_F(OfficersTest, OnlyAnAdministratorPutsItIn) {
  refused(ask("officers.sign", body(1), lea_.token), 403, "role_missing");
}

}  // namespace
}  // namespace sealift::server::vault
