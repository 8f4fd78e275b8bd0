// Digester: reads every blob once after it became whole and keeps the digest of its bytes, which
// backups, restores and checks of the disk compare with later.
//
// One thread, one blob at a time, in the order in which they are found; the bytes mostly come from
// memory, where they were written a moment before. A digest that is missing after a crash is read
// at the next start.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "catalog/catalog.h"
#include "catalog/commit_queue.h"
#include "store/blob_store.h"

namespace sealift::server::vault {

class Digester {
 public:
  // All borrowed.
  struct Needs {
    catalog::Catalog& catalog;
    catalog::CommitQueue& commits;
    store::BlobStore& blobs;
  };
  enum class Begin : std::uint8_t { now, by_hand };
  Digester(const Needs& needs, Begin begin);
  Digester(const Digester&) = delete;
  Digester& operator=(const Digester&) = delete;
  ~Digester();  // leaves the blob that it reads

  // Of at most `count_max` blobs; how many have one now that had none. One caller: the thread, or a
  // test that began it by hand.
  base::Result<std::size_t> read_some(std::uint32_t count_max);

 private:
  base::Result<bool> read(const catalog::WholeBlob& blob);
  void run();
  bool is_stopping();

  const Needs needs_;
  std::set<catalog::BlobId> unreadable_;  // said once, and left to the check of the disk
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace sealift::server::vault
