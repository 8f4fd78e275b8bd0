// UploadLocks: one writer at a time for each upload; who is turned away is remembered, so that a
// writer whose client is gone without a word can be cut off. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "catalog/ids.h"

namespace sealift::server::vault {

class UploadLocks {
 public:
  // Held until the last copy is gone; empty when somebody else holds it.
  using Held = std::shared_ptr<void>;

  Held try_take(const catalog::UploadId& id) {
    const std::scoped_lock lock(mutex_);
    if (!busy_.insert(id).second) {
      wanted_.insert(id);
      return nullptr;
    }
    return {this, [this, id](void*) {
              const std::scoped_lock inner(mutex_);
              busy_.erase(id);
              wanted_.erase(id);
            }};
  }

  // Uploads that somebody was refused since the last call, and that are still held.
  std::vector<catalog::UploadId> take_wanted() {
    const std::scoped_lock lock(mutex_);
    const auto wanted = std::exchange(wanted_, {});
    return {wanted.begin(), wanted.end()};
  }

 private:
  std::mutex mutex_;
  std::set<catalog::UploadId> busy_;    // guarded by mutex_
  std::set<catalog::UploadId> wanted_;  // guarded by mutex_
};

}  // namespace sealift::server::vault
