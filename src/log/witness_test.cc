// Cosignatures, the policy that asks for them, and the witness that gives them.
#include "log/witness.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/hex.h"
#include "base/temporary_folder.h"
#include "log/log_writer.h"
#include "log/trust_policy.h"

namespace sealift::log {
namespace {

using base::ErrorCode;

crypto::Ed25519Secret secret(int number) {
  std::array<std::byte, 32> seed;
  seed.fill(static_cast<std::byte>(number));
  return crypto::Ed25519Secret::from_seed(seed);
}
Cosigner cosigner(int number) {
  return {"witness.example/w" + std::to_string(number), secret(number)};
}

// A log that grows, with every size's checkpoint and proof.
class GrowingLog {
 public:
  explicit GrowingLog(std::string name = "example.org/log")
      : files_(base::DiskFileSystem::open_root(folder_.path()).value()),
        writer_(LogWriter::open(files_, {std::move(name), secret(100)}).value()) {}
  // The note over `size` entries, told `what` apart from other logs.
  std::string grow_to(std::uint64_t size, std::string_view what = "entry") {
    while (writer_->size() < size) {
      const base::Bytes entry =
          base::copy_of(base::bytes_of(std::string(what) + std::to_string(writer_->size())));
      EXPECT_TRUE(writer_->append(std::span(&entry, 1)).has_value());
    }
    return writer_->publish()->note;
  }
  std::string request(std::uint64_t old_size) {
    return witness_request_text(
        {old_size, writer_->consistency(old_size).value(), writer_->publish()->note});
  }

 private:
  base::TemporaryFolder folder_{base::FolderOn::memory};
  base::DiskFileSystem files_;
  std::unique_ptr<LogWriter> writer_;
};

class WitnessTest : public testing::Test {
 protected:
  WitnessAnswer add(const std::string& request) {
    return witness_.add_checkpoint(request, ++now_s_).value();
  }
  WitnessStatus status(const std::string& request) { return add(request).status; }

  base::TemporaryFolder folder_{base::FolderOn::memory};
  base::DiskFileSystem files_ = base::DiskFileSystem::open_root(folder_.path()).value();
  const VerifierKey log_key_{"example.org/log", secret(100).public_key()};
  Witness witness_{files_, cosigner(1), {log_key_}};
  std::uint64_t now_s_ = 1'800'000'000;
};

TEST_F(WitnessTest, WhatContinuesIsCosigned) {
  GrowingLog log;
  std::uint64_t last = 0;
  for (const std::uint64_t size : {1U, 2U, 7U, 300U}) {
    const std::string note = log.grow_to(size);
    const WitnessAnswer answer = add(log.request(last));
    ASSERT_EQ(answer.status, WitnessStatus::cosigned) << size;
    const auto together = parse_note(note + answer.body);
    ASSERT_TRUE(together.has_value());
    EXPECT_EQ(cosigner(1).key().cosigned(*together), now_s_);
    EXPECT_EQ(cosigner(2).key().cosigned(*together), std::nullopt);
    EXPECT_TRUE(open_checkpoint(note + answer.body, log_key_).has_value());
    last = size;
  }
  // The same once more, for a fresh time.
  EXPECT_EQ(status(log.request(300)), WitnessStatus::cosigned);
}

TEST_F(WitnessTest, AForkIsRefusedForEver) {
  GrowingLog log;
  log.grow_to(5);
  ASSERT_EQ(status(log.request(0)), WitnessStatus::cosigned);
  for (const std::uint64_t size : {5U, 9U}) {
    GrowingLog fork;
    fork.grow_to(size, "forged");
    EXPECT_EQ(status(fork.request(5)), WitnessStatus::contradicts) << size;
  }
  log.grow_to(9);
  EXPECT_EQ(status(log.request(5)), WitnessStatus::cosigned) << "the true one goes on";
}

TEST_F(WitnessTest, ALogThatWentBackIsRefused) {
  GrowingLog log;
  log.grow_to(3);
  const std::string old = log.request(0);
  ASSERT_EQ(status(old), WitnessStatus::cosigned);
  log.grow_to(8);
  ASSERT_EQ(status(log.request(3)), WitnessStatus::cosigned);
  const WitnessAnswer answer = add(old);
  EXPECT_EQ(answer.status, WitnessStatus::another_size);
  EXPECT_EQ(answer.body, "8\n");
  GrowingLog restored;  // the older folder, which says that it continues what it never had
  restored.grow_to(3);
  WitnessRequest request = parse_witness_request(restored.request(3)).value();
  request.old_size = 8;
  EXPECT_EQ(status(witness_request_text(request)), WitnessStatus::malformed);
}

TEST_F(WitnessTest, WhatItSignedOutlivesARestart) {
  GrowingLog log;
  log.grow_to(4);
  ASSERT_EQ(status(log.request(0)), WitnessStatus::cosigned);
  Witness again(files_, cosigner(1), {log_key_});
  log.grow_to(6);
  EXPECT_EQ(again.add_checkpoint(log.request(0), now_s_)->body, "4\n");
  EXPECT_EQ(again.add_checkpoint(log.request(4), now_s_)->status, WitnessStatus::cosigned);
}

TEST_F(WitnessTest, OtherLogsAndOthersSignaturesAreRefused) {
  GrowingLog unknown("example.org/other");
  unknown.grow_to(2);
  EXPECT_EQ(status(unknown.request(0)), WitnessStatus::unknown_log);
  const std::string text = checkpoint_text({"example.org/log", {0, empty_root()}, {}});
  const auto submit = [&](const std::string& note) {
    return status(witness_request_text({0, {}, note}));
  };
  EXPECT_EQ(submit(sign_note(text, "example.org/log", secret(99))), WitnessStatus::not_signed);
  EXPECT_EQ(submit(sign_note(text, "example.org/log", secret(100))), WitnessStatus::cosigned);
  const std::string no_root = checkpoint_text({"example.org/log", {0, Hash{}}, {}});
  EXPECT_EQ(submit(sign_note(no_root, "example.org/log", secret(100))), WitnessStatus::contradicts);
  for (const char* bad : {"", "old 0\n", "old 00\n\n", "new 0\n\n", "old 0\nAA==\n\n"})
    EXPECT_EQ(status(bad + sign_note(text, "example.org/log", secret(100))),
              WitnessStatus::malformed)
        << bad;
}

TEST_F(WitnessTest, ItsFolderIsAMonitoringPrefix) {
  GrowingLog log;
  const std::string note = log.grow_to(4);
  EXPECT_EQ(witness_.checkpoint("example.org/log").error().code, ErrorCode::not_found);
  const WitnessAnswer answer = add(log.request(0));
  EXPECT_EQ(witness_.checkpoint("example.org/log").value(), note + answer.body);
  const std::string hash = base::hex_encode(crypto::sha256(base::bytes_of("example.org/log")));
  EXPECT_TRUE(files_.exists(hash + "/checkpoint").value());
}

TEST(CosignatureTest, IsAsTheSpecificationSays) {
  const std::string text =
      "example.com/behind-the-sofa\n20852163\n"
      "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const std::string line = cosign(cosigner(1), text, 1679315147);
  const Note note = parse_note(text + "\n" + line).value();
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].name, "witness.example/w1");
  ASSERT_EQ(note.signatures[0].signature.size(), 72U);
  EXPECT_EQ(base::ByteReader(note.signatures[0].signature).u64_be(), 1679315147U);
  EXPECT_TRUE(crypto::ed25519_verify(secret(1).public_key(),
                                     base::bytes_of("cosignature/v1\ntime 1679315147\n" + text),
                                     base::ByteView(note.signatures[0].signature).last<64>()));
  EXPECT_EQ(cosigner(1).key().cosigned(note), 1679315147U);
  for (std::size_t i = 0; i < 72; ++i) {
    Note changed = note;
    changed.signatures[0].signature[i] ^= std::byte{1};
    EXPECT_EQ(cosigner(1).key().cosigned(changed), std::nullopt) << i;
  }
}

TEST(CosignatureTest, ItsKeyIsOfATypeOfItsOwn) {
  const CosignerKey key = cosigner(3).key();
  EXPECT_EQ(CosignerKey::parse(key.text())->text(), key.text());
  const VerifierKey plain("witness.example/w3", secret(3).public_key());
  EXPECT_NE(plain.text(), key.text());
  EXPECT_EQ(CosignerKey::parse(plain.text()).error().code, ErrorCode::unsupported);
  EXPECT_EQ(VerifierKey::parse(key.text()).error().code, ErrorCode::unsupported);
}

std::string policy_lines() {
  std::string text = "# partners\n\tlog " +
                     VerifierKey("example.org/log", secret(100).public_key()).text() +
                     " https://example.org/\n\n";
  for (int i = 1; i <= 4; ++i)
    text += "witness w" + std::to_string(i) + "  " + cosigner(i).key().text() + "\n";
  return text;
}
Note cosigned_by(std::initializer_list<int> numbers, std::uint64_t time_s = 1'000'000) {
  const std::string text =
      "example.org/log\n0\n" + base::base64_encode(empty_root(), base::Padding::required) + "\n";
  std::string note = sign_note(text, "example.org/log", secret(100));
  for (const int number : numbers) note += cosign(cosigner(number), text, time_s);
  return parse_note(note).value();
}

TEST(TrustPolicyTest, AQuorumIsWhatItsGroupsSay) {
  const base::UnixTime now{std::chrono::seconds(1'000'100)};
  const auto judge = [&](const std::string& lines, std::initializer_list<int> numbers) {
    const auto policy = TrustPolicy::parse(policy_lines() + lines);
    EXPECT_TRUE(policy.has_value()) << lines;
    return policy &&
           policy->judge(std::array{cosigned_by(numbers)}, now, std::chrono::hours(24)).has_value();
  };
  EXPECT_TRUE(judge("quorum none\n", {}));
  EXPECT_TRUE(judge("quorum w1\n", {1}));
  EXPECT_FALSE(judge("quorum w1\n", {2}));
  const std::string two_of_three = "group some 2 w1 w2 w3\nquorum some\n";
  EXPECT_TRUE(judge(two_of_three, {1, 3}));
  EXPECT_FALSE(judge(two_of_three, {1}));
  EXPECT_FALSE(judge(two_of_three, {1, 1, 4})) << "one counts once";
  const std::string nested =
      "group some 2 w1 w2 w3\ngroup auditors any w4\ngroup both all some auditors\nquorum both\n";
  EXPECT_TRUE(judge(nested, {1, 2, 4}));
  EXPECT_FALSE(judge(nested, {1, 2, 3}));
  EXPECT_FALSE(judge(nested, {1, 4}));
}

TEST(TrustPolicyTest, EachWitnessMayHaveSignedAnotherState) {
  const auto policy =
      TrustPolicy::parse(policy_lines() + "group some 2 w1 w2 w3\nquorum some\n").value();
  const base::UnixTime now{std::chrono::seconds(1'000'100)};
  const Note notes[] = {cosigned_by({1}), cosigned_by({3}, 1'000'050)};
  EXPECT_TRUE(policy.judge(notes, now, std::chrono::hours(24)).has_value());
  EXPECT_FALSE(policy.judge(std::span(notes, 1), now, std::chrono::hours(24)).has_value());
  ASSERT_EQ(policy.witnesses().size(), 4U);
  EXPECT_EQ(policy.witnesses()[0].url, "");
  const auto with_url = TrustPolicy::parse("witness a " + cosigner(1).key().text() +
                                           " https://w.example/x\nquorum a\n");
  EXPECT_EQ(with_url->witnesses()[0].url, "https://w.example/x");
}

TEST(TrustPolicyTest, OldAndFutureCosignaturesDoNotCount) {
  const auto policy = TrustPolicy::parse(policy_lines() + "quorum w1\n").value();
  const auto judge = [&](std::int64_t now_s) {
    return policy
        .judge(std::array{cosigned_by({1})}, base::UnixTime(std::chrono::seconds(now_s)),
               std::chrono::hours(24))
        .has_value();
  };
  EXPECT_TRUE(judge(1'000'000 + 86'400));
  EXPECT_FALSE(judge(1'000'000 + 86'401));
  EXPECT_TRUE(judge(1'000'000 - 200));
  EXPECT_FALSE(judge(1'000'000 - 1000));
}

TEST(TrustPolicyTest, WhatIsNoPolicyIsRefused) {
  const std::string key = cosigner(5).key().text();
  const std::string bad[] = {
      "",
      "quorum nobody\n",
      "quorum none\nquorum none\n",
      "quorum none",
      "witness w1 " + key + "\nquorum none\n",
      "witness none " + key + "\nquorum none\n",
      "witness w5 " + cosigner(1).key().text() + "\nquorum none\n",
      "witness w5 " + VerifierKey("w", secret(5).public_key()).text() + "\nquorum none\n",
      "group g 3 w1 w2\nquorum g\n",
      "group g 0 w1 w2\nquorum g\n",
      "group g 01 w1 w2\nquorum g\n",
      "group g all\nquorum none\n",
      "group g all later\nwitness later " + key + "\nquorum g\n",
      "log " + VerifierKey("example.org/log", secret(100).public_key()).text() + "\nquorum none\n",
      "believe everybody\nquorum none\n",
  };
  for (const std::string& each : bad)
    EXPECT_FALSE(TrustPolicy::parse(policy_lines() + each).has_value()) << each;
}

}  // namespace
}  // namespace sealift::log
