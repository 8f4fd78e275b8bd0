// Random work on a DiskBlobStore, a power cut or a failing disk at a random operation, and a look
// at what is left: every promise of blob_store.h, over hundreds of seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/fault_file_system.h"
#include "base/temporary_folder.h"
#include "store/disk_blob_store.h"

namespace sealift::store {
namespace {

using base::Bytes;

// What the store has promised about one blob.
struct Promise {
  std::uint64_t size_bytes = 0;
  std::uint64_t durable_bytes = 0;
  std::uint64_t written_bytes = 0;  // by this session's writer
  bool is_whole = false;
  bool may_be_whole = false;  // finish() failed: either is right
  bool is_removed = false;
};

// The byte at each offset of each blob is known, so content needs no copy.
std::byte byte_at(const BlobId& id, std::uint64_t offset) {
  return id.bytes[offset % 16] ^ static_cast<std::byte>(offset * 131 + offset / 256);
}

Bytes content_of(const BlobId& id, std::uint64_t from, std::uint64_t to) {
  Bytes bytes;
  for (std::uint64_t i = from; i < to; ++i) bytes.push_back(byte_at(id, i));
  return bytes;
}

class Driver {
 public:
  Driver(base::FaultFileSystem& files, std::mt19937_64& random) : files_(files), random_(random) {}

  void open() {
    auto opened = DiskBlobStore::open(files_);
    if (opened) store_ = std::move(*opened);
  }

  // One session: work until the power goes or `steps` are done. Nothing is held open at its end.
  void work(int steps) {
    open();
    for (int i = 0; store_ && i < steps && files_.is_powered(); ++i) step();
    store_.reset();
    files_.crash();
  }

  // Every promise holds now, and a removal that failed can be had again.
  void look() {
    open();
    ASSERT_TRUE(store_ != nullptr);
    for (const BlobId& id : doomed_) {
      ASSERT_TRUE(store_->remove(id).has_value());
      EXPECT_FALSE(store_->status(id)->has_value());
    }
    doomed_.clear();
    const auto listed = *store_->list({});
    for (auto& [id, promise] : promises_) {
      const auto status = store_->status(id);
      ASSERT_TRUE(status.has_value());
      if (promise.is_removed) {
        EXPECT_FALSE(status->has_value());
        EXPECT_FALSE(std::ranges::binary_search(listed, id));
        continue;
      }
      if (!status->has_value()) {
        // nothing was promised: created, and never acknowledged
        EXPECT_TRUE(!promise.is_whole && promise.durable_bytes == 0);
        continue;
      }
      EXPECT_TRUE(std::ranges::binary_search(listed, id));
      check(id, promise, **status);
    }
    for (const BlobId& id : listed) EXPECT_TRUE(promises_.contains(id));
    store_.reset();
  }

  int finished() const { return finished_; }

 private:
  void check(const BlobId& id, Promise& promise, const BlobStatus& status) {
    EXPECT_EQ(status.size_bytes, promise.size_bytes);
    EXPECT_GE(status.durable_bytes, promise.durable_bytes);
    EXPECT_TRUE(!promise.is_whole || status.state == BlobState::whole);
    if (status.state == BlobState::whole) {
      EXPECT_TRUE(promise.is_whole || promise.may_be_whole);
      Bytes got(static_cast<std::size_t>(status.size_bytes) + 1);
      got.resize(*store_->read(id, 0, got));
      EXPECT_EQ(got, content_of(id, 0, promise.size_bytes));
      promise.is_whole = true;
      promise.durable_bytes = promise.size_bytes;
      return;
    }
    const auto blob = store_->open_to_write(id);
    ASSERT_TRUE(blob.has_value());
    Bytes got(static_cast<std::size_t>(status.durable_bytes));
    got.resize(*base::pread_full(blob->fd.get(), got, 0));
    EXPECT_EQ(got, content_of(id, 0, status.durable_bytes));
    promise.durable_bytes = status.durable_bytes;
    promise.written_bytes = promise.durable_bytes;
  }

  void step() {
    const BlobId* id = pick();
    if (id == nullptr || random_() % 8 == 0) return create();
    Promise& promise = promises_.at(*id);
    const auto what = static_cast<unsigned>(random_() % 16);
    if (what == 0) return remove(*id, promise);
    if (promise.is_whole) return;
    if (promise.written_bytes == promise.size_bytes && what < 8) return finish(*id, promise);
    if (what < 5) return acknowledge(*id, promise);
    if (what < 8) return finish(*id, promise);
    if (what < 10) return write_by_descriptor(*id, promise);
    return write(*id, promise);
  }

  const BlobId* pick() {
    std::vector<const BlobId*> alive;
    for (const auto& [id, promise] : promises_) {
      if (!promise.is_removed) alive.push_back(&id);
    }
    return alive.empty() ? nullptr : alive[random_() % alive.size()];
  }

  void create() {
    BlobId id;
    for (std::byte& b : id.bytes) b = static_cast<std::byte>(random_());
    const std::uint64_t size = random_() % 1500;
    promises_[id].size_bytes = size;
    static_cast<void>(store_->create(id, size));
  }

  void write(const BlobId& id, Promise& promise) {
    // an id whose creation was undone is created again
    const auto status = store_->status(id);
    if (status && !*status && store_->create(id, promise.size_bytes)) promise.written_bytes = 0;
    const std::uint64_t end = next_end(promise);
    if (store_->write(id, promise.written_bytes, content_of(id, promise.written_bytes, end)))
      promise.written_bytes = end;
    else
      begin_again(id, promise);
  }

  void write_by_descriptor(const BlobId& id, Promise& promise) {
    auto blob = store_->open_to_write(id);
    if (!blob) return;
    EXPECT_GE(blob->status.durable_bytes, promise.durable_bytes);
    const std::uint64_t from = blob->status.durable_bytes;
    promise.written_bytes = from;
    const std::uint64_t end = next_end(promise);
    if (!files_.is_powered()) return;
    ASSERT_TRUE(base::pwrite_full(blob->fd.get(), content_of(id, from, end), from).has_value());
    promise.written_bytes = end;
  }

  std::uint64_t next_end(const Promise& promise) {
    const std::uint64_t left = promise.size_bytes - promise.written_bytes;
    return promise.written_bytes + (left == 0 ? 0 : random_() % left + 1);
  }

  void acknowledge(const BlobId& id, Promise& promise) {
    const auto durable = store_->acknowledge(id, promise.written_bytes);
    if (!durable) return begin_again(id, promise);
    EXPECT_GE(*durable, promise.written_bytes);
    promise.durable_bytes = *durable;
  }

  void finish(const BlobId& id, Promise& promise) {
    if (store_->finish(id)) {
      EXPECT_EQ(promise.written_bytes, promise.size_bytes);
      promise.is_whole = true;
      ++finished_;
      return;
    }
    promise.may_be_whole = promise.may_be_whole || promise.written_bytes == promise.size_bytes;
    begin_again(id, promise);
  }

  void remove(const BlobId& id, Promise& promise) {
    promise.is_removed = store_->remove(id).has_value();
    if (promise.is_removed) return;
    // Half done: nothing is promised of it any more but that it can be removed.
    doomed_.push_back(id);
    promises_.erase(id);
  }

  // As the interface says: after an error, from status()'s durable_bytes.
  void begin_again(const BlobId& id, Promise& promise) {
    const auto status = store_->status(id);
    if (!status) return;
    promise.written_bytes = *status ? (*status)->durable_bytes : 0;
    if (*status && (*status)->state == BlobState::whole) {
      EXPECT_TRUE(promise.may_be_whole || promise.is_whole);
      return;
    }
    EXPECT_TRUE(!*status || (*status)->durable_bytes >= promise.durable_bytes);
  }

  base::FaultFileSystem& files_;
  std::mt19937_64& random_;
  std::unique_ptr<DiskBlobStore> store_;
  std::map<BlobId, Promise> promises_;
  std::vector<BlobId> doomed_;
  int finished_ = 0;
};

constexpr std::uint64_t kOpenOperations = 4;  // of a store whose folders exist

TEST(BlobStoreCrashTest, PromisesHoldAfterAPowerCutAtAnyOperation) {
  int finished = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    const base::TemporaryFolder folder(base::FolderOn::memory);
    base::FaultFileSystem files(folder.path(), seed);
    std::mt19937_64 random(seed * 7919);
    Driver driver(files, random);
    driver.open();
    for (int session = 0; session < 4; ++session) {
      files.power_off_at(files.operations() + kOpenOperations + random() % 150);
      driver.work(100);
      driver.look();
      if (testing::Test::HasFailure()) return;
    }
    finished += driver.finished();
  }
  EXPECT_GT(finished, 100);  // the work got somewhere
}

TEST(BlobStoreCrashTest, PromisesHoldWhenAnySingleOperationFailsAndThenThePowerGoes) {
  int finished = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    const base::TemporaryFolder folder(base::FolderOn::memory);
    base::FaultFileSystem files(folder.path(), seed);
    std::mt19937_64 random(seed * 104729);
    Driver driver(files, random);
    driver.open();
    for (int session = 0; session < 3; ++session) {
      const bool full = random() % 2 == 0;
      files.fail_at(files.operations() + kOpenOperations + random() % 150,
                    full ? base::ErrorCode::no_space : base::ErrorCode::io);
      driver.work(60);
      driver.look();
      if (testing::Test::HasFailure()) return;
    }
    finished += driver.finished();
  }
  EXPECT_GT(finished, 100);
}

}  // namespace
}  // namespace sealift::store
