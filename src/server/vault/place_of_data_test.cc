#include "server/vault/place_of_data.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/temporary_folder.h"
#include "server/vault/data_folder.h"
#include "server/vault/host.h"

namespace sealift::server::vault {
namespace {

constexpr uid_t kNobody = 65534;

class PlaceOfDataTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes things for others";
  }
  std::string make(const std::string& name, mode_t mode, uid_t owner = 0) const {
    const std::string path = folder_.path() + "/" + name;
    EXPECT_EQ(::mkdir(path.c_str(), 0700), 0);
    EXPECT_EQ(::chown(path.c_str(), owner, owner), 0);
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }
  static std::string why(const std::string& path, MadeAs made_as = MadeAs::caller) {
    const auto judged = refuse_place_of_others(path, made_as);
    return judged ? "" : judged.error().text;
  }
  const base::TemporaryFolder folder_;
};

TEST_F(PlaceOfDataTest, AFolderOfRootsIsTaken) {
  EXPECT_EQ(why(make("own", 0700)), "");
  EXPECT_EQ(why(make("seen", 0755) + "/data/inner"), "") << "what is missing is made";
  EXPECT_EQ(why(make("temporary", 01777) + "/data"), "") << "as /tmp is";
}

TEST_F(PlaceOfDataTest, AFolderOfAnotherAccountIsRefusedWithItsOwnersName) {
  const std::string path = make("other", 0700, kNobody);
  EXPECT_EQ(why(path),
            path +
                " belongs to the account nobody, not to root: choose a folder of root's, "
                "or run this as that account: `sudo -u nobody`");
  EXPECT_EQ(why(path, MadeAs::owner), "") << "a server goes on as that account";
  EXPECT_NE(why(path + "/inner").find("belongs to the account nobody"), std::string::npos);
  EXPECT_NE(why(path + "/inner", MadeAs::owner), "") << "root's folder in it can be swapped";
}

TEST_F(PlaceOfDataTest, AFolderThatOthersMaySwapIsRefused) {
  const std::string above = make("shared", 0777);
  EXPECT_NE(why(above + "/data").find(above + " can be written to by other accounts"),
            std::string::npos);
  ASSERT_EQ(::mkdir((above + "/deep").c_str(), 0700), 0);
  EXPECT_NE(why(above + "/deep/data"), "");
  EXPECT_NE(why(above + "/deep/data", MadeAs::owner), "");
  EXPECT_NE(why(make("group", 0775) + "/data"), "");
  ASSERT_EQ(::symlink(above.c_str(), (folder_.path() + "/link").c_str()), 0);
  EXPECT_NE(why(folder_.path() + "/link/data"), "") << "what the path leads to counts";
}

// A backup removes files by name, for as long as it takes.
TEST_F(PlaceOfDataTest, NobodyElseMaySwapAFolderOnTheWay) {
  const auto why_not = [](const std::string& path) {
    const auto judged = refuse_way_of_others(path);
    return judged ? "" : judged.error().text;
  };
  EXPECT_EQ(why_not(make("mine", 0755) + "/backup"), "");
  EXPECT_EQ(why_not(make("temporary", 01777) + "/backup"), "");
  const std::string theirs = make("theirs", 0755, kNobody);
  ASSERT_EQ(::mkdir((theirs + "/roots").c_str(), 0700), 0);
  ASSERT_EQ(::mkdir((theirs + "/roots/deep").c_str(), 0700), 0);
  EXPECT_NE(why_not(theirs + "/roots/deep").find(theirs + " belongs to the account nobody"),
            std::string::npos);
  const std::string open = make("open", 0777);
  EXPECT_NE(why_not(open + "/backup").find(open + " can be written to"), std::string::npos);
  // By the links on it, too.
  const std::string link = folder_.path() + "/temporary/link";
  ASSERT_EQ(::symlink((folder_.path() + "/mine").c_str(), link.c_str()), 0);
  EXPECT_EQ(why_not(link + "/backup"), "") << "a link of root's";
  ASSERT_EQ(::lchown(link.c_str(), kNobody, kNobody), 0);
  EXPECT_NE(why_not(link + "/backup"), "");
}

TEST_F(PlaceOfDataTest, RootInvitesNobodyIntoAnotherAccountsEmptyFolder) {
  const std::string path = make("data", 0700, kNobody);
  crypto::SystemRandom random;
  const base::ManualClock clock{base::UnixTime(std::chrono::hours(500'000))};
  const auto refused = Host::open(path, Host::Begin::yes, random, clock);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::forbidden);
  EXPECT_TRUE(std::filesystem::is_empty(path)) << "nothing was begun";
  ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
  ASSERT_TRUE(Host::open(path, Host::Begin::yes, random, clock));
  ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0);
  EXPECT_TRUE(Host::open(path, Host::Begin::yes, random, clock)) << "a server has begun here";
}

TEST_F(PlaceOfDataTest, WhatRootLocksTheOwnerCanLock) {
  const std::string path = make("data", 0700, kNobody);
  crypto::SystemRandom random;
  const auto folder = DataFolder::open(path, random);
  ASSERT_TRUE(folder) << folder.error().text;
  ASSERT_TRUE(folder->lock());
  struct stat status {};
  ASSERT_EQ(::stat((path + "/lock").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kNobody);
}

}  // namespace
}  // namespace sealift::server::vault
