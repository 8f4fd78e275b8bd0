#include "store/disk_blob_store.h"

#include <fcntl.h>

#include <fstream>
#include <regex>

#include "base/fault_file_system.h"
#include "base/temporary_folder.h"
#include "store/blob_descriptor_suite.h"
#include "store/blob_store_suite.h"
#include "store/blob_writer.h"

namespace sealift::store {
namespace {

using base::ErrorCode;

class DiskFixture {
 public:
  BlobStore& store() { return *store_; }

 private:
  base::TemporaryFolder folder_{base::FolderOn::memory};
  base::DiskFileSystem files_ = *base::DiskFileSystem::open_root(folder_.path());
  std::unique_ptr<DiskBlobStore> store_ = *DiskBlobStore::open(files_);
};

class DiskBlobStoreTest : public testing::Test {
 protected:
  void reopen() {
    store_.reset();
    store_ = *DiskBlobStore::open(files_);
  }
  // Files under the root, without folders.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (entry.is_regular_file())
        found.push_back(std::filesystem::relative(entry.path(), folder_.path()).string());
    }
    return found;
  }

  base::TemporaryFolder folder_{base::FolderOn::memory};
  base::FaultFileSystem files_{folder_.path(), 1};
  std::unique_ptr<DiskBlobStore> store_ = *DiskBlobStore::open(files_);
  const BlobId id_ = *BlobId::parse("a9000000000000000000000000000001");
};

TEST_F(DiskBlobStoreTest, WholeBlobIsOneFileThatHoldsJustItsBytes) {
  ASSERT_TRUE(store_->create(id_, 3).has_value());
  EXPECT_EQ(names().size(), 2u);
  ASSERT_TRUE(store_->write(id_, 0, base::bytes_of("abc")).has_value());
  ASSERT_TRUE(store_->finish(id_).has_value());
  EXPECT_EQ(names(), std::vector<std::string>{"blobs/a9/" + id_.text()});
  EXPECT_EQ(std::filesystem::file_size(folder_.path() + "/blobs/a9/" + id_.text()), 3u);
}

TEST_F(DiskBlobStoreTest, FilesAreForTheServerAlone) {
  ASSERT_TRUE(store_->create(id_, 3).has_value());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    const auto others = entry.status().permissions() &
                        (std::filesystem::perms::group_all | std::filesystem::perms::others_all |
                         std::filesystem::perms::owner_exec);
    EXPECT_TRUE(entry.is_directory() || others == std::filesystem::perms::none);
  }
}

TEST_F(DiskBlobStoreTest, UploadGoesOnAfterARestart) {
  ASSERT_TRUE(store_->create(id_, 6).has_value());
  ASSERT_TRUE(store_->write(id_, 0, base::bytes_of("abcd")).has_value());
  ASSERT_EQ(*store_->acknowledge(id_, 3), 3u);
  reopen();
  EXPECT_EQ(**store_->status(id_), (BlobStatus{BlobState::unfinished, 6, 3}));
  ASSERT_TRUE(store_->write(id_, 3, base::bytes_of("DEF")).has_value());
  ASSERT_TRUE(store_->finish(id_).has_value());
}

TEST_F(DiskBlobStoreTest, UploadGoesOnWhenThereIsSpaceAgain) {
  ASSERT_TRUE(store_->create(id_, 6).has_value());
  ASSERT_TRUE(store_->write(id_, 0, base::bytes_of("abc")).has_value());
  ASSERT_EQ(*store_->acknowledge(id_, 3), 3u);
  files_.set_full(true);
  EXPECT_EQ(store_->write(id_, 3, base::bytes_of("def")).error().code, ErrorCode::no_space);
  EXPECT_EQ(store_->create(BlobId{}, 1).error().code, ErrorCode::no_space);
  EXPECT_FALSE(store_->status(BlobId{})->has_value());
  EXPECT_EQ(**store_->status(id_), (BlobStatus{BlobState::unfinished, 6, 3}));
  files_.set_full(false);
  ASSERT_TRUE(store_->write(id_, 3, base::bytes_of("def")).has_value());
  ASSERT_TRUE(store_->finish(id_).has_value());
}

TEST_F(DiskBlobStoreTest, AfterAFailedSyncTheBytesMustComeAgain) {
  ASSERT_TRUE(store_->create(id_, 6).has_value());
  ASSERT_TRUE(store_->write(id_, 0, base::bytes_of("abcdef")).has_value());
  files_.fail_at(files_.operations(), ErrorCode::io);
  EXPECT_EQ(store_->acknowledge(id_, 6).error().code, ErrorCode::io);
  EXPECT_EQ(store_->acknowledge(id_, 6).error().code, ErrorCode::conflict);
  EXPECT_EQ(store_->finish(id_).error().code, ErrorCode::conflict);
  EXPECT_EQ((*store_->status(id_))->durable_bytes, 0u);
}

TEST_F(DiskBlobStoreTest, StateOfABlobThatIsGoneIsSwept) {
  std::ofstream(folder_.path() + "/incoming/" + id_.text() + ".state") << "left";
  EXPECT_FALSE(store_->status(id_)->has_value());
  EXPECT_EQ(store_->list({})->size(), 1u);  // the reaper would see it too
  reopen();
  EXPECT_TRUE(names().empty());
}

TEST_F(DiskBlobStoreTest, BytesWithoutAStateAreAnOrphanAndTheIdIsFree) {
  std::ofstream(folder_.path() + "/incoming/" + id_.text()) << "left";
  reopen();
  EXPECT_FALSE(store_->status(id_)->has_value());
  EXPECT_EQ(*store_->list({}), std::vector<BlobId>{id_});
  ASSERT_TRUE(store_->create(id_, 1).has_value());
  ASSERT_TRUE(store_->write(id_, 0, base::bytes_of("x")).has_value());
  ASSERT_TRUE(store_->finish(id_).has_value());
}

TEST_F(DiskBlobStoreTest, ForeignFilesAreNeitherListedNorTouched) {
  std::ofstream(folder_.path() + "/incoming/lost+found") << "x";
  std::ofstream(folder_.path() + "/blobs/a9/A9000000000000000000000000000001") << "x";
  reopen();
  EXPECT_TRUE(store_->list({})->empty());
  EXPECT_EQ(names().size(), 2u);
}

TEST_F(DiskBlobStoreTest, BytesThatBelongToNoBlobAreCounted) {
  ASSERT_TRUE(store_->create(id_, 3).has_value());
  EXPECT_EQ(store_->foreign_bytes().value(), 0u);
  std::ofstream(folder_.path() + "/blobs/a9/notes.txt") << "12345";
  std::ofstream(folder_.path() + "/blobs/00/" + id_.text()) << "1234567";  // in another's folder
  std::ofstream(folder_.path() + "/incoming/x") << "1";
  EXPECT_EQ(store_->foreign_bytes().value(), 13u);
}

TEST_F(DiskBlobStoreTest, EveryNameFollowsTheLayout) {
  const std::regex layout(
      R"((incoming/[0-9a-f]{32}(\.state)?|blobs/([0-9a-f]{2})/\3[0-9a-f]{30}))");
  for (unsigned char i = 0; i < 20; ++i) {
    const BlobId id{{std::byte{i}}};
    ASSERT_TRUE(store_->create(id, 0).has_value());
    ASSERT_TRUE(i % 2 != 0 || store_->finish(id).has_value());
  }
  EXPECT_EQ(names().size(), 30u);
  for (const std::string& name : names()) EXPECT_TRUE(std::regex_match(name, layout)) << name;
}

TEST_F(DiskBlobStoreTest, SpaceIsToldInBytes) {
  const auto space = store_->space();
  ASSERT_TRUE(space.has_value() && space->has_value());
  EXPECT_GT((*space)->total_bytes, std::uint64_t{1} << 20);
  EXPECT_LE((*space)->free_bytes, (*space)->total_bytes);
}

TEST_F(DiskBlobStoreTest, WriterGoesOnWhereTheBlobIsDurable) {
  const base::Bytes piece(1 << 20, std::byte{0x5a});
  const std::uint64_t size = 40 * piece.size() + 7;
  ASSERT_TRUE(store_->create(id_, size).has_value());
  {
    BlobWriter writer(*store_->open_to_write(id_));
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer.write(piece).has_value());
    ASSERT_TRUE(writer.flush().has_value());
    ASSERT_EQ(*store_->acknowledge(id_, writer.offset()), 20 * piece.size());
    ASSERT_TRUE(writer.write(piece).has_value());
  }
  BlobWriter writer(*store_->open_to_write(id_));
  EXPECT_EQ(writer.offset(), 20 * piece.size());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer.write(piece).has_value());
  EXPECT_EQ(writer.missing_bytes(), 7u);
  EXPECT_EQ(writer.write(base::ByteView(piece).first(8)).error().code, ErrorCode::limit);
  ASSERT_TRUE(writer.write(base::ByteView(piece).first(7)).has_value());
  ASSERT_TRUE(store_->finish(id_).has_value());
  const std::string path = folder_.path() + "/blobs/a9/" + id_.text();
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

TEST(BlobWriterTest, FullDiskIsSaid) {
  BlobWriter writer(
      {base::FileDescriptor(::open("/dev/full", O_RDWR | O_CLOEXEC)), {.size_bytes = 10}});
  EXPECT_EQ(writer.write(base::bytes_of("abc")).error().code, ErrorCode::no_space);
}

TEST(BlobIdTest, HasOneSpelling) {
  const std::string good = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(BlobId::parse(good)->text(), good);
  for (const std::string_view bad :
       {"", "01", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcde",
        "0123456789abcdef0123456789abcdef0", "../3456789abcdef0123456789abcdef"}) {
    EXPECT_FALSE(BlobId::parse(bad).has_value()) << bad;
  }
}

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Disk, BlobStoreSuite, DiskFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Disk, BlobDescriptorSuite, DiskFixture);

}  // namespace sealift::store
