#include "parcel/addendum.h"

#include <gtest/gtest.h>

namespace sealift::parcel {
namespace {

using base::ErrorCode;

class AddendumTest : public testing::Test {
 protected:
  static crypto::Ed25519Secret key(unsigned char first) {
    std::array<std::byte, 32> seed{std::byte{first}};
    return crypto::Ed25519Secret::from_seed(seed);
  }
  static Addendum sample() {
    Addendum addendum{.parcel_id = {},
                      .manifest_hash = crypto::sha256(base::bytes_of("the signed manifest")),
                      .address = "late@school.example",
                      .fingerprint = crypto::sha256(base::bytes_of("age1x")),
                      .by = "records@clinic.example",
                      .created_unix_ms = 1'700'000'000'000};
    addendum.parcel_id.fill(std::byte{0x11});
    return addendum;
  }
  age::Header header_with(const age::Stanza& stanza) {
    const age::Stanza recipient{.type = "X25519", .arguments = {"a"}, .body = base::Bytes(32)};
    return age::Header::make({recipient, stanza}, manifest_key_).value();
  }

  crypto::SystemRandom random_;
  age::FileKey manifest_key_ = random_.secret<age::kFileKeySize>();
};

TEST_F(AddendumTest, ReadsWhatWasSigned) {
  const auto read = read_addendum(sign_addendum(sample(), key(1)));
  ASSERT_TRUE(read.has_value()) << read.error().text;
  EXPECT_EQ(read->signed_by, key(1).public_key());
  EXPECT_EQ(read->addendum.address, "late@school.example");
  EXPECT_EQ(read->addendum.by, "records@clinic.example");
  EXPECT_EQ(read->addendum.fingerprint, sample().fingerprint);
  EXPECT_EQ(read->addendum.created_unix_ms, sample().created_unix_ms);
}

TEST_F(AddendumTest, AnyChangedByteIsRefused) {
  const base::Bytes bytes = sign_addendum(sample(), key(1));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    base::Bytes changed = bytes;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(read_addendum(changed).has_value()) << "byte " << i;
    EXPECT_FALSE(read_addendum(base::ByteView(bytes).first(i)).has_value()) << "cut at " << i;
  }
}

TEST_F(AddendumTest, TravelsInTheManifestsHeader) {
  const auto stanza = seal_addendum(sign_addendum(sample(), key(1)), manifest_key_, random_);
  const age::Header header = age::Header::parse(header_with(stanza).encoded()).value();
  const auto all = open_addenda(header, manifest_key_, sample().parcel_id, sample().manifest_hash);
  ASSERT_TRUE(all.has_value()) << all.error().text;
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().addendum.address, "late@school.example");
}

TEST_F(AddendumTest, OfAnotherParcelManifestOrKeyItIsRefused) {
  const auto stanza = seal_addendum(sign_addendum(sample(), key(1)), manifest_key_, random_);
  const age::Header header = header_with(stanza);
  EXPECT_EQ(open_addenda(header, manifest_key_, {}, sample().manifest_hash).error().code,
            ErrorCode::damaged);
  EXPECT_EQ(open_addenda(header, manifest_key_, sample().parcel_id, {}).error().code,
            ErrorCode::damaged);
  const age::FileKey other = random_.secret<age::kFileKeySize>();
  EXPECT_EQ(open_addendum(stanza, other).error().code, ErrorCode::damaged);
  age::Stanza changed = stanza;
  changed.body[3] ^= std::byte{1};
  EXPECT_EQ(open_addendum(changed, manifest_key_).error().code, ErrorCode::damaged);
  changed = stanza;
  changed.arguments = {"AAAA"};
  EXPECT_EQ(open_addendum(changed, manifest_key_).error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace sealift::parcel
