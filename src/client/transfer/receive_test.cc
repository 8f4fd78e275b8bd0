// What is received: by range, resumed, damaged, and in folders that want to lead elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "age/seal/seal_payload.h"
#include "base/refusal.h"
#include "base/said_for_test.h"
#include "client/transfer/receive_content.h"
#include "client/transfer/tar_source.h"
#include "client/transfer/test_pile.h"

namespace sealift::client {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

// A payload in memory, over a connection that can break and die.
class MemoryOrigin final : public PayloadOrigin {
 public:
  explicit MemoryOrigin(base::Bytes payload) : payload_(std::move(payload)) {}

  Result<void> open(std::uint64_t offset, std::uint64_t size_bytes) override {
    if (offset + size_bytes > payload_.size()) return base::fail(ErrorCode::usage, "range");
    at_ = offset;
    end_ = offset + size_bytes;
    ++opened;
    return {};
  }
  Result<std::size_t> read(base::MutableByteView into) override {
    if (when_read) when_read();
    if (given >= dies_at) return base::fail(ErrorCode::not_found, "recalled");
    if (breaks_every != 0 && ++reads % breaks_every == 0)
      return base::fail(ErrorCode::io, "connection reset");
    const std::size_t size = std::min<std::size_t>({into.size(), end_ - at_, 70'000});
    std::copy_n(payload_.begin() + static_cast<std::ptrdiff_t>(at_), size, into.begin());
    at_ += size;
    given += size;
    return size;
  }

  base::Bytes& payload() { return payload_; }
  std::function<void()> when_read;
  std::uint64_t given = 0;
  std::uint64_t dies_at = ~std::uint64_t{0};
  std::size_t breaks_every = 0;
  std::size_t reads = 0;
  int opened = 0;

 private:
  base::Bytes payload_;
  std::uint64_t at_ = 0, end_ = 0;
};

struct Sealed {
  parcel::Manifest manifest;
  base::Bytes payload;
};

class ReceiveTest : public ::testing::Test {
 protected:
  Sealed seal(const std::string& path) {
    const std::vector<std::string> paths = {path};
    const SourceTree tree = walk_sources(paths).value();
    const StreamMap map(tree.entries);
    TarSource source(tree, map);
    Sealed sealed;
    age::MemorySink sink(sealed.payload);
    EXPECT_TRUE(age::seal_payload(pipeline_, key_, random_, source, sink).has_value());
    std::copy_n(sealed.payload.begin(), 16, sealed.manifest.payload_nonce.begin());
    for (std::size_t i = 0; i < tree.entries.size(); ++i)
      sealed.manifest.entries.push_back({tree.entries[i], source.hash(i)});
    return sealed;
  }
  Result<ReceiveSummary> receive(const Sealed& sealed, MemoryOrigin& origin,
                                 std::vector<bool> wanted = {}) {
    auto tree = OutputTree::open(out_.string(), {});
    if (!tree) return tl::unexpected(tree.error());
    if (wanted.empty()) wanted.assign(sealed.manifest.entries.size(), true);
    auto summary = receive_content({.manifest = sealed.manifest,
                                    .manifest_hash = {},
                                    .file_key = key_,
                                    .origin = origin,
                                    .tree = *tree,
                                    .wanted = std::move(wanted),
                                    .decide = decide_,
                                    .workers = 3});
    if (summary) tree->end();
    return summary;
  }
  // Files under final names, whatever is in the working folder.
  std::map<std::string, std::string> received() {
    auto all = testing::snapshot(out_);
    std::erase_if(all, [](const auto& each) { return each.first.starts_with(".sealift-"); });
    return all;
  }

  DecideConflict decide_;
  base::TemporaryFolder folder_;
  fs::path root_ = fs::path(folder_.path()) / "in" / "pile";
  fs::path out_ = fs::path(folder_.path()) / "out";
  age::Pipeline pipeline_{2};
  crypto::SystemRandom random_;
  age::FileKey key_ = random_.secret<age::kFileKeySize>();
};

TEST_F(ReceiveTest, WhatArrivesIsWhatWasSentWithPermissionsAndTimes) {
  testing::make_pile(root_);
  const Sealed sealed = seal(root_.string());
  MemoryOrigin origin(sealed.payload);
  const auto summary = receive(sealed, origin);
  ASSERT_TRUE(summary.has_value()) << summary.error().text;
  EXPECT_EQ(testing::snapshot(out_), testing::snapshot(root_.parent_path()));
  EXPECT_EQ(summary->received, sealed.manifest.entries.size());
  EXPECT_LE(origin.opened, 2) << "the last chunk, and one stream";
}

TEST_F(ReceiveTest, BrokenConnectionsAreTakenUpWhereTheyBroke) {
  testing::make_pile(root_);
  const Sealed sealed = seal(root_.string());
  MemoryOrigin origin(sealed.payload);
  origin.breaks_every = 7;
  ASSERT_TRUE(receive(sealed, origin).has_value());
  EXPECT_EQ(testing::snapshot(out_), testing::snapshot(root_.parent_path()));
  EXPECT_GT(origin.opened, 10);
  EXPECT_LT(origin.given, sealed.payload.size() + 100'000);
}

TEST_F(ReceiveTest, ConnectionThatBreaksAllTheTimeIsGivenUp) {
  testing::make_pile(root_);
  const Sealed sealed = seal(root_.string());
  MemoryOrigin origin(sealed.payload);
  origin.breaks_every = 1;
  EXPECT_EQ(base::said(receive(sealed, origin)), "io: connection reset");
}

TEST_F(ReceiveTest, BrokenOffAnywhereItContinuesAndFetchesLittleTwice) {
  testing::make_pile(root_);
  const Sealed sealed = seal(root_.string());
  const auto sent = testing::snapshot(root_.parent_path());
  for (const std::uint64_t dies_at : {1ul, 1'000'000ul, 3'333'333ul, 6'000'000ul, 8'800'000ul}) {
    fs::remove_all(out_);
    MemoryOrigin first(sealed.payload);
    first.dies_at = dies_at;
    EXPECT_EQ(base::said(receive(sealed, first)), "not_found: recalled");
    for (const auto& [name, what] : received()) {
      if (what.starts_with("d")) continue;
      EXPECT_EQ(what, sent.at(name)) << "whole or not there";
    }
    MemoryOrigin second(sealed.payload);
    ASSERT_TRUE(receive(sealed, second).has_value());
    EXPECT_EQ(testing::snapshot(out_), testing::snapshot(root_.parent_path()));
    EXPECT_LT(first.given + second.given, sealed.payload.size() + 6 * 1'048'832ul);
  }
}

TEST_F(ReceiveTest, WhatADiskLostMeanwhileIsFetchedAgain) {
  testing::write_file(root_ / "large", testing::random_content(9'000'000, 3));
  const Sealed sealed = seal(root_.string());
  MemoryOrigin first(sealed.payload);
  first.dies_at = 6'000'000;
  ASSERT_FALSE(receive(sealed, first).has_value());
  const fs::path part = out_ / (".sealift-receive-" + std::string(32, '0')) / "1";
  ASSERT_GT(fs::file_size(part), 4'000'000u);
  fs::resize_file(part, 100);
  MemoryOrigin second(sealed.payload);
  ASSERT_TRUE(receive(sealed, second).has_value());
  EXPECT_EQ(testing::snapshot(out_), testing::snapshot(root_.parent_path()));
}

TEST_F(ReceiveTest, ReceivingTwiceFetchesNothingAndChangesNothing) {
  testing::make_pile(root_);
  const Sealed sealed = seal(root_.string());
  MemoryOrigin first(sealed.payload);
  ASSERT_TRUE(receive(sealed, first).has_value());
  MemoryOrigin second(sealed.payload);
  const auto again = receive(sealed, second);
  ASSERT_TRUE(again.has_value()) << again.error().text;
  EXPECT_EQ(second.given, 0u);
  EXPECT_EQ(testing::snapshot(out_), testing::snapshot(root_.parent_path()));
}

TEST_F(ReceiveTest, OneEntryCostsTheSpansThatItLiesIn) {
  testing::write_file(root_ / "a", testing::random_content(9'000'000, 1));
  testing::write_file(root_ / "b", testing::random_content(10'000, 2));
  testing::write_file(root_ / "c", testing::random_content(9'000'000, 3));
  const Sealed sealed = seal(root_.string());
  MemoryOrigin origin(sealed.payload);
  std::vector<bool> wanted(sealed.manifest.entries.size());
  wanted[2] = true;
  ASSERT_TRUE(receive(sealed, origin, wanted).has_value());
  EXPECT_LT(origin.given, 3'300'000u);
  EXPECT_EQ(testing::read_file(out_ / "pile" / "b"), testing::read_file(root_ / "b"));
  EXPECT_FALSE(fs::exists(out_ / "pile" / "a"));
}

TEST_F(ReceiveTest, DamagedChunkIsFoundAndItsFileGetsNoName) {
  testing::write_file(root_ / "large", testing::random_content(5'000'000, 3));
  const Sealed sealed = seal(root_.string());
  for (const std::size_t at : {16ul, 2'500'000ul, sealed.payload.size() - 1}) {
    fs::remove_all(out_);
    MemoryOrigin origin(sealed.payload);
    origin.payload()[at] ^= std::byte{1};
    EXPECT_EQ(base::said(receive(sealed, origin)),
              "damaged: the sealed data was changed or cut short")
        << at;
    EXPECT_FALSE(fs::exists(out_ / "pile" / "large")) << at;
  }
}

// A sender who can seal, and lies: about contents, and about what the stream looks like.
TEST_F(ReceiveTest, ContentThatIsNotTheManifestsGetsNoName) {
  testing::write_file(root_ / "file", testing::random_content(100'000, 3));
  const Sealed honest = seal(root_.string());
  Sealed other_hash = honest;
  other_hash.manifest.entries[1].content_hash[0] ^= std::byte{1};
  Sealed other_header = honest;
  other_header.manifest.entries[1].entry.permissions ^= 0111u;
  for (const Sealed& lie : {other_hash, other_header}) {
    fs::remove_all(out_);
    MemoryOrigin origin(lie.payload);
    EXPECT_EQ(base::said(receive(lie, origin)),
              "damaged: the content is not what the manifest says");
    EXPECT_FALSE(fs::exists(out_ / "pile" / "file"));
  }
}

TEST_F(ReceiveTest, NothingThatIsThereIsReplaced) {
  testing::write_file(root_ / "file", "sent");
  const Sealed sealed = seal(root_.string());
  for (const std::string& there : {std::string("mine"), std::string("longer")}) {
    fs::remove_all(out_);
    testing::write_file(out_ / "pile" / "file", there);
    MemoryOrigin origin(sealed.payload);
    const auto summary = receive(sealed, origin);
    ASSERT_TRUE(summary.has_value()) << summary.error().text;
    EXPECT_EQ(summary->left_out, 1u);
    ASSERT_EQ(summary->conflicts.size(), 1u);
    EXPECT_EQ(summary->conflicts[0].path, "pile/file");
    EXPECT_EQ(testing::read_file(out_ / "pile" / "file"), there);
    EXPECT_EQ(origin.given, 0u) << "what is left out is not fetched";
  }
}

// Somebody takes the name between our look and the end of the file.
TEST_F(ReceiveTest, ANameTakenWhileReceivingIsDecidedAboutAsWell) {
  testing::write_file(root_ / "a", testing::random_content(3'000'000, 1));
  testing::write_file(root_ / "b", testing::random_content(10'000, 2));
  const Sealed sealed = seal(root_.string());
  for (const OnConflict end : {OnConflict::rename, OnConflict::skip, OnConflict::fail}) {
    fs::remove_all(out_);
    decide_ = [&](const std::string&, const std::string&) { return end; };
    MemoryOrigin origin(sealed.payload);
    origin.when_read = [&] { testing::write_file(out_ / "pile" / "a", "mine"); };
    const auto summary = receive(sealed, origin);
    ASSERT_TRUE(summary.has_value()) << summary.error().text;
    EXPECT_EQ(testing::read_file(out_ / "pile" / "a"), "mine");
    EXPECT_EQ(testing::read_file(out_ / "pile" / "b"), testing::read_file(root_ / "b"));
    EXPECT_EQ(fs::exists(out_ / "pile" / "a (2)"), end == OnConflict::rename);
    EXPECT_EQ(summary->left_out, end == OnConflict::rename ? 0u : 1u);
    ASSERT_EQ(summary->conflicts.size(), 1u);
    EXPECT_EQ(summary->conflicts[0].end, end);
  }
  EXPECT_EQ(received().size(), 3u);
}

TEST_F(ReceiveTest, AFreeNameIsNoNameOfAnotherEntry) {
  testing::write_file(root_ / "a.txt", "first");
  testing::write_file(root_ / "a (2).txt", "second");
  const Sealed sealed = seal(root_.string());
  testing::write_file(out_ / "pile" / "a.txt", "mine");
  decide_ = [](const std::string&, const std::string&) { return OnConflict::rename; };
  MemoryOrigin origin(sealed.payload);
  ASSERT_TRUE(receive(sealed, origin).has_value());
  EXPECT_EQ(testing::read_file(out_ / "pile" / "a.txt"), "mine");
  EXPECT_EQ(testing::read_file(out_ / "pile" / "a (2).txt"), "second");
  EXPECT_EQ(testing::read_file(out_ / "pile" / "a (3).txt"), "first");
}

TEST_F(ReceiveTest, NumberedNamesKeepTheirEndingAndFit) {
  EXPECT_EQ(numbered_path("a/b.tar.gz", 2), "a/b.tar (2).gz");
  EXPECT_EQ(numbered_path("a.d/b", 3), "a.d/b (3)");
  EXPECT_EQ(numbered_path(".hidden", 2), ".hidden (2)");
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "é";
  const std::string numbered = numbered_path(longest + ".", 2);
  EXPECT_LE(numbered.size(), 255u);
  EXPECT_TRUE(parcel::EntryPath::parse(numbered).has_value()) << "cut between characters";
}

TEST_F(ReceiveTest, ADiskThatIsTooSmallIsSaidBeforeAnythingIsFetched) {
  testing::write_file(root_ / "file", "sent");
  Sealed sealed = seal(root_.string());
  sealed.manifest.entries[1].entry.size_bytes = std::uint64_t{1} << 45;
  MemoryOrigin origin(sealed.payload);
  const auto refused = receive(sealed, origin);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(
      base::said(refused).starts_with("no_space: folder_full needed_bytes=35184372088832 "));
  const auto refusal = base::refusal_of(refused.error());
  ASSERT_TRUE(refusal.has_value()) << refused.error().text;
  EXPECT_EQ(refusal->row->reason, "folder_full");
  EXPECT_EQ(refusal->facts[0].value, std::to_string(std::uint64_t{1} << 45));
  EXPECT_EQ(origin.given, 0u);
}

TEST_F(ReceiveTest, ZerosTakeNoRoomAndReplaceWhatABrokenReceivingLeft) {
  std::string content(8'000'000, '\0');
  content.replace(5'000'000, 6, "island");
  testing::write_file(root_ / "holed", content);
  const Sealed sealed = seal(root_.string());
  const fs::path part = out_ / (".sealift-receive-" + std::string(32, '0')) / "1";
  testing::write_file(part, std::string(8'000'000, 'x'));
  fs::permissions(part.parent_path(), fs::perms(0700));
  MemoryOrigin origin(sealed.payload);
  ASSERT_TRUE(receive(sealed, origin).has_value());
  EXPECT_EQ(testing::read_file(out_ / "pile" / "holed"), content);
  struct stat status {};
  ASSERT_EQ(::stat((out_ / "pile" / "holed").c_str(), &status), 0);
  EXPECT_LT(status.st_blocks * 512, 100'000);
}

// Links that somebody else put into the output folder, at every place where one could lead out.
TEST_F(ReceiveTest, NoLinkInTheOutputFolderLeadsOut) {
  testing::write_file(root_ / "sub" / "file", "sent");
  const Sealed sealed = seal(root_.string());
  const fs::path outside = fs::path(folder_.path()) / "outside";
  for (const char* const place : {"pile", "pile/sub", "pile/sub/file"}) {
    fs::remove_all(out_);
    fs::remove_all(outside);
    fs::create_directories(outside);
    fs::create_directories((out_ / place).parent_path());
    fs::create_symlink(place == std::string("pile/sub/file") ? outside / "file" : outside,
                       out_ / place);
    MemoryOrigin origin(sealed.payload);
    const auto summary = receive(sealed, origin);
    ASSERT_TRUE(summary.has_value()) << place << ": " << summary.error().text;
    EXPECT_EQ(summary->conflicts.size(), 1u) << place;
    EXPECT_GE(summary->left_out, 1u) << place;
    EXPECT_TRUE(fs::is_empty(outside)) << place;
  }
  fs::remove_all(out_);
  fs::create_directories(out_);
  fs::create_symlink(outside, out_ / (".sealift-receive-" + std::string(32, '0')));
  MemoryOrigin origin(sealed.payload);
  EXPECT_EQ(base::said(receive(sealed, origin)),
            "conflict: something of that name is in the output folder already");
}

TEST_F(ReceiveTest, NoEntryIsWrittenIntoTheWorkingFolder) {
  const fs::path name = ".sealift-receive-" + std::string(32, '0');
  testing::write_file(root_.parent_path() / name / "reached", "forged");
  const Sealed sealed = seal((root_.parent_path() / name).string());
  MemoryOrigin origin(sealed.payload);
  EXPECT_EQ(base::said(receive(sealed, origin)),
            "malformed: an entry has a name that is not for entries");
}

// What archives in the wild try; none of them becomes a path, so no manifest can name them.
TEST_F(ReceiveTest, TraversalCorpusIsRefusedByTheManifest) {
  const std::string_view corpus[] = {"../evil",
                                     "..",
                                     ".",
                                     "/etc/passwd",
                                     "a/../../evil",
                                     "a/..",
                                     "./a",
                                     "a/./b",
                                     "a//b",
                                     "a/",
                                     "",
                                     "..\\evil",
                                     "C:\\evil",
                                     "\\\\host\\share",
                                     "a\\..\\..\\evil",
                                     "a/\x01/b",
                                     std::string_view("a\0b", 3),
                                     "\xc0\xae\xc0\xae/evil",
                                     "\xff",
                                     "a/\x7f",
                                     "\xe2\x80",
                                     "a\n/b",
                                     "\xc2\x85"};
  for (const std::string_view path : corpus)
    EXPECT_FALSE(parcel::EntryPath::parse(path).has_value()) << path;
}

TEST_F(ReceiveTest, AWorkingFolderThatOthersCanEnterIsRefused) {
  ASSERT_TRUE(OutputTree::open(out_.string(), {}));
  for (const auto& each : std::filesystem::directory_iterator(out_))
    std::filesystem::permissions(each.path(), std::filesystem::perms::all);
  const auto opened = OutputTree::open(out_.string(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(base::said(opened),
            "forbidden: the working folder is open to other accounts, or was made by one");
}

TEST_F(ReceiveTest, OneFolderReceivesOneParcelOnce) {
  testing::write_file(root_ / "file", "sent");
  const Sealed sealed = seal(root_.string());
  const auto held = OutputTree::open(out_.string(), {});
  ASSERT_TRUE(held.has_value());
  MemoryOrigin origin(sealed.payload);
  EXPECT_EQ(base::said(receive(sealed, origin)),
            "conflict: this parcel is being received into this folder");
}

}  // namespace
}  // namespace sealift::client
