// CommitQueue: many threads, few commits.
//
// Whoever finds nobody committing takes everything that waits and commits it as one batch; the
// others wait for theirs. A lone caller pays nothing for it, and under load the disk's one sync is
// shared by all who came while the last one ran.
#pragma once

#include <condition_variable>
#include <mutex>

#include "catalog/catalog.h"

namespace sealift::catalog {

// Thread-safe.
class CommitQueue {
 public:
  // Borrows `catalog`.
  explicit CommitQueue(Catalog& catalog) : catalog_(catalog) {}

  // Returns when `work` is durable, or failed. It runs on whichever thread commits.
  base::Result<void> transact(Work work);

 private:
  struct Waiting {
    Work work;
    std::optional<base::Result<void>> outcome;
  };
  void commit_all(std::unique_lock<std::mutex>& lock);

  Catalog& catalog_;
  std::mutex mutex_;
  std::condition_variable committed_;
  std::vector<Waiting*> waiting_;  // guarded by mutex_
  bool is_committing_ = false;     // guarded by mutex_
};

}  // namespace sealift::catalog
