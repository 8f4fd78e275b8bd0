// UploadLocks: one writer at a time for each upload. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "catalog/ids.h"

namespace sealift::server::vault {

class UploadLocks {
 public:
  // Held until the last copy is gone; empty when somebody else holds it.
  using Held = std::shared_ptr<void>;

  Held try_take(const catalog::UploadId& id) {
    const std::scoped_lock lock(mutex_);
    if (!busy_.insert(id).second) return nullptr;
    return {this, [this, id](void*) {
              const std::scoped_lock inner(mutex_);
              busy_.erase(id);
            }};
  }

 private:
  std::mutex mutex_;
  std::set<catalog::UploadId> busy_;  // guarded by mutex_
};

}  // namespace sealift::server::vault
