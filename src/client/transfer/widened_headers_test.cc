// One recipient more: what is sealed again was authenticated before, whatever the server serves.
#include "client/transfer/widened_headers.h"

#include <gtest/gtest.h>

#include <functional>

#include "age/seal/seal_header.h"
#include "base/said_for_test.h"
#include "client/transfer/named_recipient.h"
#include "parcel/request_link.h"

namespace sealift::client {
namespace {

using base::ErrorCode;

class WidenedHeadersTest : public testing::Test {
 protected:
  // A parcel as the server has it.
  struct Served {
    parcel::ParcelIdBytes id{};
    base::Bytes content_header;
    base::Bytes manifest_header;
    base::Bytes manifest_payload;
    crypto::Sha256Digest hash{};
  };
  struct Wishes {
    // Also sealed to the third, whom the manifest doesn't name.
    bool is_passed_on = false;
    std::function<void(parcel::Manifest&)> change = [](parcel::Manifest&) {};
  };

  Served send(std::byte id, const crypto::Ed25519Secret& signing, const Wishes& wishes) {
    Served served;
    served.id.fill(id);
    const age::FileKey content_key = random_.secret<age::kFileKeySize>();
    const age::FileKey manifest_key = random_.secret<age::kFileKeySize>();
    parcel::Manifest manifest;
    manifest.parcel_id = served.id;
    manifest.sender_address = "alice@example.org";
    manifest.recipients = {{"bob@example.org", fingerprint(bob_), {}}};
    manifest.recipients[0].previous.emplace().fill(std::byte{9});
    manifest.recipients.push_back({"alice@example.org", fingerprint(alice_), {}});
    manifest.content_key =
        parcel::commit_to_file_key(content_key, served.id, parcel::CommittedPart::content);
    manifest.manifest_key =
        parcel::commit_to_file_key(manifest_key, served.id, parcel::CommittedPart::manifest);
    wishes.change(manifest);
    const base::Bytes text = parcel::sign_manifest(manifest, signing);
    served.hash = crypto::sha256(text);
    std::vector<age::Recipient> to;
    for (const age::Identity* each : {&alice_, &bob_, &dave_})
      if (each != &dave_ || wishes.is_passed_on) to.push_back(each->recipient().value());
    served.content_header = age::seal_header(content_key, to, random_).value().encoded();
    const base::Bytes sealed = seal_small(pipeline_, to, manifest_key, random_, text).value();
    const std::size_t header_size = age::Header::parse(sealed).value().encoded().size();
    served.manifest_header.assign(sealed.begin(),
                                  sealed.begin() + static_cast<std::ptrdiff_t>(header_size));
    served.manifest_payload.assign(sealed.begin() + static_cast<std::ptrdiff_t>(header_size),
                                   sealed.end());
    return served;
  }
  Served send(std::byte id) { return send(id, signing_, {}); }

  base::Result<WidenedHeaders> widen(const Served& served) {
    return widen(served, {.parcel_id = mine_.id,
                          .identities = {&alice_, 1},
                          .manifest_signed_by = {signing_.public_key()},
                          .manifest_hash = mine_.hash});
  }
  base::Result<WidenedHeaders> widen(const Served& served, const OwnParcel& own) {
    const age::Recipient carol = carol_.recipient().value();
    return widen_headers(pipeline_,
                         {.manifest = {served.manifest_header, served.manifest_payload},
                          .content_header = served.content_header},
                         own,
                         {.address = "carol@example.org",
                          .recipient = carol,
                          .by = "alice@example.org",
                          .signing = signing_,
                          .created_unix_ms = 1'700'000'000'000},
                         random_);
  }
  std::string refusal(const Served& served) {
    const auto widened = widen(served);
    return base::said(widened);
  }
  base::Result<OpenedManifest> open(const age::Identity& identity, const Served& served) {
    return open_manifest(pipeline_, served.id, {served.manifest_header, served.manifest_payload},
                         {&identity, 1});
  }

  age::Identity identity() {
    return age::Identity::generate(age::KeyKind::x25519, random_).value();
  }
  static crypto::Sha256Digest fingerprint(const age::Identity& identity) {
    return parcel::recipient_fingerprint(identity.recipient().value().text());
  }

  crypto::SystemRandom random_;
  age::Pipeline pipeline_{1};
  age::Identity alice_ = identity(), bob_ = identity(), carol_ = identity(), dave_ = identity();
  crypto::Ed25519Secret signing_ = crypto::Ed25519Secret::generate(random_);
  Served mine_ = send(std::byte{1});
};

TEST_F(WidenedHeadersTest, TheNewcomerOpensBothAndIsNamedByAnAddendum) {
  const auto widened = widen(mine_);
  ASSERT_TRUE(widened.has_value()) << widened.error().text;
  Served after = mine_;
  after.content_header = widened->content;
  after.manifest_header = widened->manifest;
  for (const age::Identity* each : {&alice_, &bob_, &carol_}) {
    const auto opened = open(*each, after);
    ASSERT_TRUE(opened.has_value()) << opened.error().text;
    EXPECT_EQ(opened->hash, mine_.hash);
    ASSERT_EQ(opened->addenda.size(), 1U);
    EXPECT_TRUE(open_content_header(after.content_header, after.id,
                                    opened->content.manifest.content_key, {each, 1}));
    const auto named = find_named(*opened, {each, 1});
    ASSERT_TRUE(named.has_value());
    EXPECT_EQ(named->added.has_value(), each == &carol_);
    EXPECT_EQ(named->previous.has_value(), each == &bob_);
  }
  EXPECT_EQ(open(carol_, after)->addenda[0].addendum.address, "carol@example.org");
  EXPECT_EQ(open(carol_, after)->addenda[0].signed_by, signing_.public_key());
  // And once more, behind the first.
  EXPECT_TRUE(widen(after).has_value());
}

TEST_F(WidenedHeadersTest, AnotherParcelsPartsAreNotSealedAgain) {
  const Served other = send(std::byte{2});
  const std::string header = "damaged: the server gave the header of another parcel";
  const std::string changed = "damaged: the sealed data was changed or cut short";
  const std::string manifest = "damaged: the server gave another parcel's manifest";
  for (const auto& [parts, said] :
       {std::pair(1, header), std::pair(2, changed), std::pair(4, changed), std::pair(6, manifest),
        std::pair(7, manifest)}) {
    Served lie = mine_;
    if ((parts & 1) != 0) lie.content_header = other.content_header;
    if ((parts & 2) != 0) lie.manifest_header = other.manifest_header;
    if ((parts & 4) != 0) lie.manifest_payload = other.manifest_payload;
    EXPECT_EQ(refusal(lie), said) << parts;
  }
}

// What an account's recovery slot is: any file that one of our keys opens.
TEST_F(WidenedHeadersTest, AnotherFileOfOursIsNotSealedAgain) {
  const age::Recipient to_alice = alice_.recipient().value();
  const base::Bytes slot =
      seal_small(pipeline_, {&to_alice, 1}, random_, base::bytes_of("# sealift account keys v1"))
          .value();
  const std::size_t size = age::Header::parse(slot).value().encoded().size();
  const base::Bytes header(slot.begin(), slot.begin() + static_cast<std::ptrdiff_t>(size));
  Served lie = mine_;
  lie.content_header = header;
  EXPECT_EQ(refusal(lie), "damaged: the server gave the header of another parcel");
  lie = mine_;
  lie.manifest_header = header;
  EXPECT_EQ(refusal(lie), "damaged: the sealed data was changed or cut short");
  lie.manifest_payload.assign(slot.begin() + static_cast<std::ptrdiff_t>(size), slot.end());
  EXPECT_EQ(refusal(lie), "malformed: the manifest: this is not what it should be");
}

TEST_F(WidenedHeadersTest, AManifestThatAnotherSignedIsRefused) {
  const auto forger = crypto::Ed25519Secret::generate(random_);
  const Served forged = send(std::byte{1}, forger, {});
  EXPECT_EQ(refusal(forged), "damaged: the manifest that the server gave is not signed by us");
  const auto without_hash = widen(forged, {.parcel_id = forged.id,
                                           .identities = {&alice_, 1},
                                           .manifest_signed_by = {signing_.public_key()}});
  ASSERT_FALSE(without_hash);
  EXPECT_EQ(base::said(without_hash),
            "damaged: the manifest that the server gave is not signed by us");
}

// Signed by us, of this parcel's id, and not what was sent: nobody makes two, and nobody is asked.
TEST_F(WidenedHeadersTest, AnotherManifestThanTheOneSentIsRefused) {
  const Served again = send(std::byte{1});
  EXPECT_EQ(refusal(again),
            "damaged: the manifest that the server gave is not the one that was sent");
  EXPECT_TRUE(widen(again, {.parcel_id = again.id,
                            .identities = {&alice_, 1},
                            .manifest_signed_by = {signing_.public_key()}}));
}

TEST_F(WidenedHeadersTest, FileKeysThatTheManifestDoesNotCommitToAreRefused) {
  for (const auto& [field, said] :
       {std::pair(&parcel::Manifest::content_key,
                  "damaged: the server gave the header of another parcel"),
        std::pair(&parcel::Manifest::manifest_key,
                  "damaged: the manifest is sealed under a key that is not its own")}) {
    Wishes wishes;
    wishes.change = [&](parcel::Manifest& manifest) { (manifest.*field)[0] ^= std::byte{1}; };
    mine_ = send(std::byte{1}, signing_, wishes);
    EXPECT_EQ(refusal(mine_), said);
  }
}

TEST_F(WidenedHeadersTest, ARecipientThatNobodyNamedIsRefused) {
  const Served passed = send(std::byte{1}, signing_, {.is_passed_on = true});
  const auto opened = open(dave_, passed);
  ASSERT_TRUE(opened.has_value()) << "it is sealed to them";
  const auto named = find_named(*opened, {&dave_, 1});
  ASSERT_FALSE(named.has_value());
  EXPECT_EQ(base::said(named),
            "damaged: the sender did not name you: somebody else passed the parcel on");
}

TEST_F(WidenedHeadersTest, ARecipientOfAnotherFamilyIsRefused) {
  const age::Recipient passphrase =
      age::Recipient::passphrase(crypto::SecretBuffer::copy_of(base::bytes_of("a passphrase")), 1);
  const auto widened = widen_headers(pipeline_,
                                     {.manifest = {mine_.manifest_header, mine_.manifest_payload},
                                      .content_header = mine_.content_header},
                                     {.parcel_id = mine_.id,
                                      .identities = {&alice_, 1},
                                      .manifest_signed_by = {signing_.public_key()}},
                                     {.address = "carol@example.org",
                                      .recipient = passphrase,
                                      .by = "alice@example.org",
                                      .signing = signing_},
                                     random_);
  EXPECT_EQ(base::said(widened), "usage: the recipient's key is of another kind than the parcel's");
}

}  // namespace
}  // namespace sealift::client
