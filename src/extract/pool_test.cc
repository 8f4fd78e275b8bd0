#include "extract/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "extract/pile.h"

namespace sealift::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What happened to one file, a word an event.
class Log final : public document::Sink {
 public:
  explicit Log(std::vector<std::string>& events) : events_(events) {}
  void begin_file(document::FileBegin begin) override { events_.push_back("begin " + begin.path); }
  void text(document::Text text) override { events_.push_back("text " + text.text); }
  void table_rows(document::TableRows) override { events_.emplace_back("rows"); }
  void mail_header(document::MailHeader) override { events_.emplace_back("header"); }
  void card(document::Card) override { events_.emplace_back("card"); }
  void end_file(document::FileEnd end) override {
    events_.push_back("end " + std::to_string(static_cast<int>(end.status)) + " " + end.reason);
  }

 private:
  std::vector<std::string>& events_;
};

class LogConsumer final : public Consumer {
 public:
  std::unique_ptr<document::Sink> begin(std::size_t index, Pass pass) override {
    const std::scoped_lock lock(mutex_);
    return std::make_unique<Log>((pass == Pass::scans ? scans : documents)[index]);
  }
  void end(std::size_t index, Pass, std::unique_ptr<document::Sink>) override {
    const std::scoped_lock lock(mutex_);
    ended.push_back(index);
  }
  void scans_begin(std::size_t file_count) override { scans_waiting = file_count; }

  std::map<std::size_t, std::vector<std::string>> documents;
  std::map<std::size_t, std::vector<std::string>> scans;
  std::vector<std::size_t> ended;
  std::size_t scans_waiting = 0;

 private:
  std::mutex mutex_;
};

// Files whose content is a script for extract_scripted_reader.
class PoolTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("pool_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    options_.program = self.parent_path() / "extract_scripted_reader";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void add(const std::string& script) {
    const std::string name = "f" + std::to_string(files_.size());
    std::ofstream(folder_ / name) << script;
    files_.push_back({name, folder_ / name, script.size()});
  }

  std::vector<std::string> run_one(const std::string& script) {
    add(script);
    EXPECT_TRUE(extract_files(files_, options_, consumer_));
    if (consumer_.documents[0].empty()) throw std::runtime_error("nothing came of the file");
    return consumer_.documents[0];
  }

  std::filesystem::path folder_;
  std::vector<InputFile> files_;
  PoolOptions options_;
  LogConsumer consumer_;
};

TEST_F(PoolTest, EventsArriveInOrder) {
  EXPECT_THAT(
      run_one("begin f\ntext a\nbegin m\ntext b\nend\ntext c\nend\n"),
      ElementsAre("begin f0", "text a", "begin f0!m", "text b", "end 1 ", "text c", "end 1 "));
}

TEST_F(PoolTest, ACrashCostsTheMemberItHappenedIn) {
  EXPECT_THAT(
      run_one("begin f\nbegin m\ntext a\nend\nbegin n\ncrash\nend\nbegin o\ntext b\nend\nend\n"),
      ElementsAre("begin f0", "begin f0!m", "text a", "end 1 ", "begin f0!n",
                  "end 5 its reader crashed", "begin f0!o", "text b", "end 1 ", "end 1 "));
}

TEST_F(PoolTest, WhatWasReadBeforeACrashIsKept) {
  EXPECT_THAT(run_one("begin f\ntext a\ncrash\n"),
              ElementsAre("begin f0", "text a", "end 2 its reader crashed"));
}

TEST_F(PoolTest, ACrashInANestedArchiveCostsWhatIsLeftOfIt) {
  EXPECT_THAT(
      run_one(
          "begin f\nbegin z\nbegin a\nend\ncrash\nbegin b\nend\nend\nbegin c\ntext t\nend\nend\n"),
      ElementsAre("begin f0", "begin f0!z", "begin f0!z!a", "end 1 ", "end 2 its reader crashed",
                  "begin f0!c", "text t", "end 1 ", "end 1 "));
}

TEST_F(PoolTest, SeveralCrashesInOneArchiveCostOneMemberEach) {
  std::string script = "begin f\n";
  for (int i = 0; i < 5; ++i) script += "begin m" + std::to_string(i) + "\ncrash\nend\n";
  const auto events = run_one(script + "begin last\ntext t\nend\nend\n");
  EXPECT_EQ(std::ranges::count(events, "end 5 its reader crashed"), 5);
  EXPECT_THAT(events, testing::Contains("text t"));
  EXPECT_EQ(events.back(), "end 1 ");
}

TEST_F(PoolTest, AFileThatOnlyCrashesEndsAllTheSame) {
  std::string script = "begin f\n";
  for (int i = 0; i < 50; ++i) script += "begin m" + std::to_string(i) + "\ncrash\nend\n";
  const auto events = run_one(script + "end\n");
  EXPECT_EQ(events.front(), "begin f0");
  EXPECT_EQ(events.back(), "end 2 its readers crashed too often");
}

TEST_F(PoolTest, AHangIsCutAndNamed) {
  options_.wait_max = std::chrono::milliseconds(200);
  EXPECT_THAT(run_one("begin f\nbegin m\nhang\nend\nbegin n\ntext t\nend\nend\n"),
              ElementsAre("begin f0", "begin f0!m", "end 5 stopped: no progress for too long",
                          "begin f0!n", "text t", "end 1 ", "end 1 "));
}

TEST_F(PoolTest, AReaderThatComputesForEverIsCutAndNamed) {
  options_.wait_max = std::chrono::milliseconds(100);
  EXPECT_THAT(run_one("begin f\nspin\n"),
              ElementsAre("begin f0", "end 5 stopped: no progress for too long"));
}

// Stops the reader of this process when it has begun a file.
class StoppingConsumer final : public Consumer {
 public:
  explicit StoppingConsumer(Consumer& inner) : inner_(inner) {}

  std::unique_ptr<document::Sink> begin(std::size_t index, Pass pass) override {
    return std::make_unique<StoppingSink>(inner_.begin(index, pass), reader_);
  }
  void end(std::size_t, Pass, std::unique_ptr<document::Sink>) override {}
  // Waits until there is one.
  pid_t reader() { return reader_.get_future().get(); }

 private:
  class StoppingSink final : public document::Sink {
   public:
    StoppingSink(std::unique_ptr<document::Sink> inner, std::promise<pid_t>& reader)
        : inner_(std::move(inner)), reader_(reader) {}
    void begin_file(document::FileBegin begin) override {
      inner_->begin_file(std::move(begin));
      for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        pid_t child = 0;
        if (!(std::ifstream(task.path() / "children") >> child)) continue;
        ::kill(child, SIGSTOP);
        reader_.set_value(child);
      }
    }
    void text(document::Text text) override { inner_->text(std::move(text)); }
    void table_rows(document::TableRows rows) override { inner_->table_rows(std::move(rows)); }
    void mail_header(document::MailHeader h) override { inner_->mail_header(std::move(h)); }
    void card(document::Card card) override { inner_->card(std::move(card)); }
    void end_file(document::FileEnd end) override { inner_->end_file(std::move(end)); }

   private:
    std::unique_ptr<document::Sink> inner_;
    std::promise<pid_t>& reader_;
  };

  Consumer& inner_;
  std::promise<pid_t> reader_;
};

TEST_F(PoolTest, AReaderThatMayNotRunForThreeTimesTheWaitIsNotGivenUp) {
  options_.wait_max = std::chrono::milliseconds(200);
  add("begin f\nwork\ntext t\nend\n");
  StoppingConsumer stopping(consumer_);
  std::thread run([&] { EXPECT_TRUE(extract_files(files_, options_, stopping)); });
  const pid_t reader = stopping.reader();
  std::this_thread::sleep_for(3 * options_.wait_max);  // a stopped process has no other clock
  ::kill(reader, SIGCONT);
  run.join();
  EXPECT_THAT(consumer_.documents[0], ElementsAre("begin f0", "text t", "end 1 "));
}

TEST_F(PoolTest, AReaderThatMayNeverRunIsGivenUpUnderAReasonOfItsOwn) {
  options_.wait_max = std::chrono::milliseconds(50);
  add("begin f\nwork\ntext t\nend\n");
  StoppingConsumer stopping(consumer_);
  ASSERT_TRUE(extract_files(files_, options_, stopping));
  EXPECT_THAT(
      consumer_.documents[0],
      ElementsAre("begin f0", "end 5 stopped: the machine gave its reader no time to work"));
}

TEST_F(PoolTest, NonsenseFromAReaderIsNotBelieved) {
  EXPECT_THAT(run_one("begin f\ntext a\ngarbage\n"),
              ElementsAre("begin f0", "text a", "end 2 its reader misbehaved"));
}

TEST_F(PoolTest, AReaderSpeaksForItsOwnFileAlone) {
  EXPECT_THAT(run_one("begin f\nforge other\nend\n"),
              ElementsAre("begin f0", "end 5 its reader misbehaved"));
  EXPECT_THAT(run_one("begin f\nforge f0x!m\nend\n"),
              testing::Contains("end 5 its reader misbehaved"));
}

TEST_F(PoolTest, AReaderThatEndsTooEarlyOrTooOftenIsNotBelieved) {
  for (const char* script : {"text a\n", "begin f\n", "", "begin f\nend\nbegin g\nend\n"}) {
    files_.clear();
    consumer_.documents.clear();
    const auto events = run_one(script);
    ASSERT_FALSE(events.empty()) << script;
    EXPECT_EQ(events.front(), "begin f0") << script;
    EXPECT_TRUE(events.back().starts_with("end ")) << script;
  }
}

TEST_F(PoolTest, OneBadFileLeavesItsNeighboursAlone) {
  for (int i = 0; i < 20; ++i) {
    add(i % 5 == 2 ? "begin f\ncrash\n" : "begin f\ntext t\nend\n");
  }
  options_.jobs = 4;
  ASSERT_TRUE(extract_files(files_, options_, consumer_));
  EXPECT_EQ(consumer_.ended.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(consumer_.documents[i].back(), i % 5 == 2 ? "end 5 its reader crashed" : "end 1 ")
        << i;
  }
}

TEST_F(PoolTest, ScansComeAgainAfterEverythingElse) {
  add("begin f\nbegin m\ntext t\nend\nbegin s\nwaits\nend\n");
  add("begin f\nend\n");
  ASSERT_TRUE(extract_files(files_, options_, consumer_));
  EXPECT_EQ(consumer_.scans_waiting, 1U);
  EXPECT_THAT(consumer_.scans[0], ElementsAre("begin f0!s", "text recognised", "end 1 "));
  EXPECT_THAT(consumer_.scans[1], IsEmpty());
}

TEST_F(PoolTest, WithoutRecognitionScansStayVisibleAsSuch) {
  options_.ocr = Ocr::off;
  EXPECT_EQ(run_one("begin f\nwaits\n").back(), "end 2 " + std::string(kWaitsForOcr));
  EXPECT_THAT(consumer_.scans, IsEmpty());
}

TEST_F(PoolTest, AFileThatCannotBeOpenedIsListed) {
  files_.push_back({"gone", folder_ / "gone", 5});
  ASSERT_TRUE(extract_files(files_, options_, consumer_));
  EXPECT_THAT(consumer_.documents[0], ElementsAre("begin gone", "end 5 cannot be opened"));
}

TEST_F(PoolTest, WithoutAReaderNothingIsPretended) {
  options_.program = "/nonexistent/sealift-extract";
  add("begin f\nend\n");
  EXPECT_FALSE(extract_files(files_, options_, consumer_));
  EXPECT_THAT(consumer_.ended, IsEmpty());
}

TEST_F(PoolTest, AStoppedRunBeginsNothingMore) {
  const std::atomic<bool> stop = true;
  options_.stop = &stop;
  add("begin f\nend\n");
  ASSERT_TRUE(extract_files(files_, options_, consumer_));
  EXPECT_THAT(consumer_.documents, IsEmpty());
}

TEST(PileTest, NamesThatAreNotUtf8AreShownUnambiguously) {
  EXPECT_EQ(shown_name("plain \xC3\xA9"), "plain \xC3\xA9");
  EXPECT_EQ(shown_name("caf\xE9.txt"), "caf\\xE9.txt");
}

TEST(PileTest, FilesAndLinksAreListedInOneOrder) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / ("pile_" + std::to_string(::getpid()));
  fs::create_directories(folder / "b");
  std::ofstream(folder / "b" / "2") << "x";
  std::ofstream(folder / "a") << "xx";
  std::ofstream(folder / "c") << "";
  fs::create_symlink("a", folder / "link");
  const auto files = list_pile({folder.string() + "/"});
  fs::remove_all(folder);
  ASSERT_TRUE(files);
  std::vector<std::string> paths;
  for (const InputFile& file : *files) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("a", "b/2", "c", "link"));
  EXPECT_EQ(files->at(0).size_bytes, 2U);
  EXPECT_FALSE(list_pile({"/nonexistent/folder"}));
}

}  // namespace
}  // namespace sealift::extract
