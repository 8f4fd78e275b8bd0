// What is sent: the walk, the stream and its hashes, the queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "age/open/open_payload.h"
#include "age/seal/seal_payload.h"
#include "base/said_for_test.h"
#include "client/transfer/send_queue.h"
#include "client/transfer/tar_source.h"
#include "client/transfer/test_pile.h"

namespace sealift::client {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using ::testing::ElementsAre;

struct Fixture {
  base::TemporaryFolder folder;
  fs::path root = fs::path(folder.path()) / "pile";

  SourceTree walk(std::vector<std::string> paths) { return walk_sources(paths).value(); }
  std::string path(const std::string& name) { return (root / name).string(); }
};

std::vector<std::string> names_of(const SourceTree& tree) {
  std::vector<std::string> names;
  for (const auto& entry : tree.entries) names.push_back(entry.path.text());
  return names;
}

TEST(SourceTreeTest, FoldersComeBeforeWhatIsInThemInByteOrder) {
  Fixture fixture;
  testing::write_file(fixture.root / "b", "1");
  testing::write_file(fixture.root / "a" / "z", "22");
  testing::write_file(fixture.root / "a" / "B", "");
  const SourceTree tree = fixture.walk({fixture.root.string() + "/"});
  EXPECT_THAT(names_of(tree), ElementsAre("pile", "pile/a", "pile/a/B", "pile/a/z", "pile/b"));
  EXPECT_EQ(tree.content_bytes, 3u);
  EXPECT_EQ(tree.paths[3], fixture.path("a/z"));
}

TEST(SourceTreeTest, WhatAParcelHasNoPlaceForIsListedAndNotFollowed) {
  Fixture fixture;
  testing::write_file(fixture.root / "fine", "1");
  fs::create_symlink("fine", fixture.root / "link");
  fs::create_symlink("/", fixture.root / "root");
  ASSERT_EQ(::mkfifo(fixture.path("pipe").c_str(), 0600), 0);
  testing::write_file(fixture.root / "not utf-8 \xff", "1");
  testing::write_file(fixture.root / "new\nline", "1");
  testing::write_file(fixture.root / "back\\slash", "1");
  const SourceTree tree = fixture.walk({fixture.root.string()});
  EXPECT_THAT(names_of(tree), ElementsAre("pile", "pile/fine"));
  std::map<std::string, SourceRefusal> refused;
  for (const auto& each : tree.refused) refused[fs::path(each.path).filename()] = each.why;
  const std::map<std::string, SourceRefusal> expected = {
      {"link", SourceRefusal::link},      {"root", SourceRefusal::link},
      {"pipe", SourceRefusal::special},   {"not utf-8 \xff", SourceRefusal::name},
      {"new\nline", SourceRefusal::name}, {"back\\slash", SourceRefusal::name}};
  EXPECT_EQ(refused, expected);
}

// Names, sizes and modification times are as before: what an old journal would take for the same.
TEST(SourceTreeTest, AFileThatWasWrittenAndDatedBackIsAnother) {
  Fixture fixture;
  const fs::path file = fixture.root / "b";
  testing::write_file(file, "1");
  const SourceTree before = fixture.walk({fixture.root.string()});
  EXPECT_EQ(source_digest(before), source_digest(fixture.walk({fixture.root.string()})));
  const auto time = fs::last_write_time(file);
  // Change times have the grain of the kernel's clock: as often as it takes.
  SourceTree after;
  do {
    testing::write_file(file, "2");
    fs::last_write_time(file, time);
    after = fixture.walk({fixture.root.string()});
  } while (after.stamps[1].changed_unix_ns == before.stamps[1].changed_unix_ns);
  EXPECT_EQ(after.entries[1].modified_unix_s, before.entries[1].modified_unix_s);
  EXPECT_EQ(after.stamps[1].inode, before.stamps[1].inode);
  EXPECT_NE(source_digest(after), source_digest(before));
}

TEST(SourceTreeTest, PathsGivenMayBeLinksAndNeedNamesOfTheirOwn) {
  Fixture fixture;
  testing::write_file(fixture.root / "a" / "x", "1");
  testing::write_file(fixture.root / "b" / "x", "1");
  fs::create_symlink("a", fixture.root / "link");
  EXPECT_THAT(names_of(fixture.walk({fixture.path("link")})), ElementsAre("link", "link/x"));
  EXPECT_THAT(names_of(fixture.walk({fixture.path("a/../b/.")})), ElementsAre("b", "b/x"));
  const std::vector<std::string> twice = {fixture.path("a/x"), fixture.path("b/x")};
  EXPECT_EQ(base::said(walk_sources(twice)),
            "usage: two of the paths to send end in the same name, x");
  const std::vector<std::string> root = {"/"};
  EXPECT_EQ(base::said(walk_sources(root)), "usage: / has no name of its own");
  const std::vector<std::string> missing = {fixture.path("missing")};
  EXPECT_EQ(base::said(walk_sources(missing)),
            "not_found: " + missing[0] + ": No such file or directory");
}

TEST(SourceTreeTest, NamesAreMaskedBeforeATerminalSeesThem) {
  EXPECT_EQ(printable_name("été 🙂"), "été 🙂");
  EXPECT_EQ(printable_name("a\x1b[2Jb\xff"), "a?[2Jb?");
  EXPECT_EQ(printable_name("photo\u202egpj.exe"), "photo?gpj.exe");
}

base::Bytes read_by_threads(TarSource& source, std::size_t span, unsigned workers) {
  base::Bytes whole(source.size_bytes().value());
  std::atomic<std::uint64_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      for (std::uint64_t at = next.fetch_add(span); at < whole.size(); at = next.fetch_add(span)) {
        const std::size_t size = std::min<std::size_t>(span, whole.size() - at);
        const base::MutableByteView view = base::MutableByteView(whole).subspan(at, size);
        ASSERT_EQ(source.read_at(std::span(&view, 1), at).value(), size);
      }
    });
  for (std::thread& thread : threads) thread.join();
  return whole;
}

TEST(TarSourceTest, HashesOfAnySpansByAnyThreadsAreThoseOfTheFiles) {
  Fixture fixture;
  testing::make_pile(fixture.root);
  const SourceTree tree = fixture.walk({fixture.root.string()});
  ASSERT_TRUE(tree.refused.empty());
  const StreamMap map(tree.entries);
  base::Bytes first;
  for (const std::size_t span :
       {std::size_t{1} << 20, std::size_t{300'001}, std::size_t{4} << 20}) {
    TarSource source(tree, map);
    const base::Bytes whole = read_by_threads(source, span, 4);
    for (std::size_t i = 0; i < tree.entries.size(); ++i) {
      const std::string content =
          tree.entries[i].kind == parcel::EntryKind::file ? testing::read_file(tree.paths[i]) : "";
      EXPECT_EQ(source.hash(i), parcel::content_hash(base::bytes_of(content)));
    }
    EXPECT_EQ(source.changed_count(), 0u);
    if (first.empty()) first = whole;
    EXPECT_TRUE(whole == first);
  }
}

TEST(TarSourceTest, StockTarUnpacksTheStreamWithPermissionsAndTimes) {
  Fixture fixture;
  testing::make_pile(fixture.root);
  const SourceTree tree = fixture.walk({fixture.root.string()});
  const StreamMap map(tree.entries);
  TarSource source(tree, map);
  const base::Bytes whole = read_by_threads(source, std::size_t{1} << 20, 2);
  const fs::path archive = fs::path(fixture.folder.path()) / "parcel.tar";
  testing::write_file(archive, std::string(base::text_of(whole)));
  const fs::path out = fs::path(fixture.folder.path()) / "out";
  fs::create_directories(out);
  const std::string command = "tar -x -p -C '" + out.string() + "' -f '" + archive.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(testing::snapshot(out / "pile"), testing::snapshot(fixture.root));
}

TEST(TarSourceTest, FileThatShrankOrWentAwayIsAConflictAndOneThatGrewIsNot) {
  Fixture fixture;
  const std::string path = fixture.path("file");
  for (const bool shrinks : {true, false}) {
    testing::write_file(path, testing::random_content(3'000'000, 1));
    const SourceTree tree = fixture.walk({path});
    const StreamMap map(tree.entries);
    if (shrinks) {
      ASSERT_EQ(::truncate(path.c_str(), 2'999'999), 0);
    } else {
      fs::remove(path);
    }
    TarSource source(tree, map);
    base::Bytes out(map.size_bytes());
    const base::MutableByteView view = out;
    EXPECT_EQ(base::said(source.read_at(std::span(&view, 1), 0)),
              "conflict: a file was changed while it was sent");
  }
  testing::write_file(path, "begun");
  const SourceTree tree = fixture.walk({path});
  testing::write_file(path, "begun and continued");
  const StreamMap map(tree.entries);
  TarSource source(tree, map);
  static_cast<void>(read_by_threads(source, 1 << 20, 1));
  EXPECT_EQ(source.hash(0), parcel::content_hash(base::bytes_of("begun")));
}

TEST(TarSourceTest, SealedByThePipelineOpensToTheSameStream) {
  Fixture fixture;
  testing::make_pile(fixture.root);
  const SourceTree tree = fixture.walk({fixture.root.string()});
  const StreamMap map(tree.entries);
  TarSource source(tree, map);
  TarSource plain(tree, map);
  age::Pipeline pipeline(4);
  crypto::SystemRandom random;
  const age::FileKey key = random.secret<age::kFileKeySize>();
  base::Bytes payload;
  age::MemorySink sink(payload);
  ASSERT_TRUE(age::seal_payload(pipeline, key, random, source, sink).has_value());
  age::PayloadNonce nonce;
  std::copy_n(payload.begin(), nonce.size(), nonce.begin());
  age::MemorySource chunks(base::ByteView(payload).subspan(nonce.size()));
  base::Bytes text;
  age::MemorySink opened(text);
  ASSERT_TRUE(age::open_payload(pipeline, key, nonce, chunks, opened).has_value());
  EXPECT_TRUE(text == read_by_threads(plain, 1 << 20, 1));
  for (std::size_t i = 0; i < tree.entries.size(); ++i) EXPECT_EQ(source.hash(i), plain.hash(i));
}

TEST(SendQueueTest, NothingIsSentThatIsNotDurable) {
  std::atomic<std::uint64_t> written{0}, durable{0};
  base::Bytes sent;
  bool early = false;
  const std::string text = testing::random_content(300'000, 5);
  SendQueue queue(4096, {.make_durable = [&]() -> base::Result<void> {
                           durable = written.load();
                           return {};
                         },
                         .send = [&](base::ByteView bytes) -> base::Result<void> {
                           if (sent.size() + bytes.size() > durable) early = true;
                           base::append(sent, bytes);
                           return {};
                         }});
  for (std::size_t at = 0; at < text.size(); at += 1000) {
    const base::ByteView piece =
        base::bytes_of(text).subspan(at, std::min<std::size_t>(1000, text.size() - at));
    written += piece.size();  // as a journal would have its record by now
    ASSERT_TRUE(queue.write(std::span(&piece, 1)).has_value());
  }
  ASSERT_TRUE(queue.finish().has_value());
  EXPECT_FALSE(early);
  EXPECT_EQ(base::text_of(sent), text);
}

TEST(SendQueueTest, FailureOfEitherStepEndsTheWriting) {
  for (const bool disk : {true, false}) {
    const auto broken = [] { return base::fail(ErrorCode::no_space, "full"); };
    SendQueue queue(4096, {.make_durable = [&]() -> base::Result<void> {
                             if (disk) return broken();
                             return {};
                           },
                           .send = [&](base::ByteView) -> base::Result<void> {
                             if (!disk) return broken();
                             return {};
                           }});
    const base::Bytes text(10'000);
    const base::ByteView piece = text;
    EXPECT_EQ(base::said(queue.write(std::span(&piece, 1))), "no_space: full");
    EXPECT_EQ(base::said(queue.finish()), "no_space: full");
  }
}

}  // namespace
}  // namespace sealift::client
