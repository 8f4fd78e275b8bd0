#include "cli/verbs/log.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"
#include "log/log_writer.h"

namespace sealift::cli {
namespace {

class LogVerbTest : public testing::Test {
 protected:
  LogVerbTest() {
    std::filesystem::create_directory(data() + "/log");
    auto files = *base::DiskFileSystem::open_root(data() + "/log");
    const std::array<std::byte, 32> seed{std::byte{1}};
    log::LogKey key{"sealift.example/log", crypto::Ed25519Secret::from_seed(seed)};
    key_ = key.verifier().text();
    const auto writer = *log::LogWriter::open(files, std::move(key));
    const std::vector<base::Bytes> entries(300, base::Bytes(33));
    EXPECT_TRUE(writer->append(entries).has_value());
    note_ = writer->publish()->note;
    receipt_ = log::receipt_text(*writer->receipt(7));
    EXPECT_TRUE(writer->append(std::span(entries).first(10)).has_value());
    EXPECT_TRUE(writer->publish().has_value());
  }

  const std::string& data() const { return folder_.path(); }
  std::string keep(const std::string& text) {
    std::ofstream(data() + "/kept") << text;
    return data() + "/kept";
  }
  int verify(std::vector<std::string> more) {
    std::vector<std::string> words{"log", "verify", "--data", data()};
    words.insert(words.end(), more.begin(), more.end());
    testing::internal::CaptureStdout();
    const int status = run(std::span(&kLogVerb, 1), {clock_, 1, "", ""}, words);
    out_ = testing::internal::GetCapturedStdout();
    return status;
  }

  const base::TemporaryFolder folder_;
  const base::SystemClock clock_;
  std::string key_;
  std::string note_;
  std::string receipt_;
  std::string out_;
};

TEST_F(LogVerbTest, WholeLogIsSaidToBeWhole) {
  EXPECT_EQ(verify({}), 0);
  EXPECT_NE(out_.find("entries     310\n"), std::string::npos);
  EXPECT_EQ(verify({"--key", key_, "--checkpoint", keep(note_), "--json"}), 0);
  EXPECT_NE(out_.find("{\"whole\":true,\"size\":310,"), std::string::npos);
  EXPECT_EQ(verify({"--checkpoint", keep(receipt_)}), 0);
}

TEST_F(LogVerbTest, CopyOfTheLogAloneWillDo) {
  std::filesystem::remove_all(data() + "/log/journal");
  for (const std::string_view name : {"/checkpoint", "/vkey", "/tile"})
    std::filesystem::rename(data() + "/log" + std::string(name), data() + std::string(name));
  std::filesystem::remove_all(data() + "/log");
  EXPECT_EQ(verify({}), 0);
}

TEST_F(LogVerbTest, DamageAndAnotherKeyFail) {
  std::string other = key_;
  other.replace(0, 7, "forgery");
  EXPECT_EQ(verify({"--key", other}), 2);
  EXPECT_EQ(verify({"--checkpoint", keep("nothing signed\n")}), 1);
  std::ofstream(data() + "/log/tile/0/000", std::ios::in | std::ios::out) << "x";
  EXPECT_EQ(verify({"--json"}), 1);
  EXPECT_NE(out_.find("{\"whole\":false,"), std::string::npos);
  EXPECT_NE(out_.find("tile of level 0 0 does not fit the entries"), std::string::npos);
  std::filesystem::remove_all(data() + "/log");
  EXPECT_EQ(verify({}), 1);
}

TEST_F(LogVerbTest, WrongUsageIsSaid) {
  EXPECT_EQ(verify({"operand"}), 2);
  const std::vector<std::string> words{"log"};
  EXPECT_EQ(run(std::span(&kLogVerb, 1), {clock_, 1, "", ""}, words), 2);
}

}  // namespace
}  // namespace sealift::cli
