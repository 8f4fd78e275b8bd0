#include "log/restore_statement.h"

#include <gtest/gtest.h>

namespace sealift::log {
namespace {

class RestoreStatementTest : public testing::Test {
 protected:
  VerifierKey key() const { return {reopen_key_name("sealift-abc", 1), secret_.public_key()}; }
  std::string signed_by_key(std::string_view text) const {
    return sign_note(text, key().name(), secret_);
  }
  base::Result<RestoreStatement> open(std::string_view note) const {
    const VerifierKey keys[] = {key()};
    return open_restore_statement(note, keys);
  }

  crypto::SystemRandom random_;
  const crypto::Ed25519Secret secret_ = crypto::Ed25519Secret::generate(random_);
  const RestoreStatement statement_{"sealift-abc",
                                    {300, {std::byte{7}}},
                                    {20, {std::byte{9}}},
                                    base::UnixTime(std::chrono::hours(500'000)),
                                    base::UnixTime(std::chrono::hours(500'010)),
                                    3};
};

TEST_F(RestoreStatementTest, WhatIsSignedComesBack) {
  const auto opened = open(signed_by_key(restore_statement_text(statement_)));
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, statement_);
}

TEST_F(RestoreStatementTest, AnotherKeyOrAnyOtherByteIsRefused) {
  const auto other = crypto::Ed25519Secret::generate(random_);
  const std::string text = restore_statement_text(statement_);
  EXPECT_EQ(open(sign_note(text, "sealift-abc-reopen-2", other)).error().code,
            base::ErrorCode::no_match);
  EXPECT_EQ(open(sign_note(text, key().name(), other)).error().code, base::ErrorCode::no_match);
  const std::string note = signed_by_key(text);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto opened = open(changed);
    EXPECT_FALSE(opened && *opened == statement_) << i;
  }
}

TEST_F(RestoreStatementTest, WhatIsNotOneIsRefusedThoughItIsSigned) {
  const std::string good = restore_statement_text(statement_);
  std::vector<std::string> bad = {
      "sealift-restore/v2" + good.substr(18),
      good.substr(0, good.size() - 7),
      good + "more\n",
  };
  std::string zero = good;
  zero.replace(zero.find("size 300"), 8, "size 0300");
  bad.push_back(zero);
  std::string no_directory = good;
  no_directory.erase(no_directory.find("directory-size"),
                     std::string("directory-size 20\n").size());
  bad.push_back(no_directory);
  std::string other_log = good;
  other_log.replace(other_log.find("sealift-abc"), 11, "sealift-xyz");
  for (const std::string& text : bad) {
    const auto opened = open(signed_by_key(text));
    ASSERT_FALSE(opened) << text;
    EXPECT_EQ(opened.error().code, base::ErrorCode::malformed) << text;
  }
  EXPECT_EQ(open(signed_by_key(other_log)).error().code, base::ErrorCode::no_match);
}

TEST_F(RestoreStatementTest, APersonIsAskedAboutOneThatIsNewAndOfThisLog) {
  const auto other = crypto::Ed25519Secret::generate(random_);
  const std::vector<std::string> keys = {"no key", key().text()};
  const std::string log_key = VerifierKey("sealift-abc", other.public_key()).text();
  const std::string note = signed_by_key(restore_statement_text(statement_));
  const base::UnixTime before = statement_.restored - std::chrono::milliseconds(1);
  const SeenLog seen{.key = log_key, .size = 300, .restored = before, .reopen_keys = keys};
  EXPECT_EQ(judge_restore_statement(note, seen), statement_);

  SeenLog shorter = seen;
  shorter.size = 299;
  EXPECT_FALSE(judge_restore_statement(note, shorter)) << "it didn't go back for this client";
  SeenLog again = seen;
  again.restored = statement_.restored;
  EXPECT_FALSE(judge_restore_statement(note, again)) << "it is known";
  SeenLog without_keys = seen;
  without_keys.reopen_keys = {};
  EXPECT_FALSE(judge_restore_statement(note, without_keys));
  const std::string other_log = VerifierKey("sealift-xyz", other.public_key()).text();
  SeenLog elsewhere = seen;
  elsewhere.key = other_log;
  EXPECT_FALSE(judge_restore_statement(note, elsewhere));
  EXPECT_FALSE(judge_restore_statement(
      sign_note(restore_statement_text(statement_), key().name(), other), seen));
  EXPECT_FALSE(judge_restore_statement("", seen));
}

}  // namespace
}  // namespace sealift::log
