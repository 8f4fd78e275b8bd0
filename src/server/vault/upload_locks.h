// UploadLocks: who writes to an upload. One writer, or a line of writers, each of whose bytes begin
// behind those of the one before (docs/formats/tus.md, "Ahead"); whoever is turned away is
// remembered, so that a writer whose client is gone without a word can be cut off. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"
#include "catalog/ids.h"

namespace sealift::server::vault {

// What the writers of one upload share. Bytes that are durable behind a gap count once the gap is
// closed; when the last writer ends, those behind an open gap are forgotten.
struct UploadLine {
  std::shared_ptr<void> lock;
  base::FileDescriptor file;
  std::mutex mutex;
  std::uint64_t reached_bytes = 0;  // durable, without a gap; guarded by mutex
  std::uint64_t noted_bytes = 0;    // in the catalog; guarded by mutex
  std::map<std::uint64_t, std::uint64_t>
      ahead;  // durable behind a gap: begin, end; guarded by mutex
};

class UploadLocks {
 public:
  // Held until the last copy is gone; empty when somebody else holds it.
  using Held = std::shared_ptr<void>;
  using Line = std::shared_ptr<UploadLine>;

  Held try_take(const catalog::UploadId& id) {
    const std::scoped_lock lock(mutex_);
    if (!busy_.try_emplace(id).second) {
      wanted_.insert(id);
      return nullptr;
    }
    return {this, [this, id](void*) {
              const std::scoped_lock inner(mutex_);
              busy_.erase(id);
              wanted_.erase(id);
            }};
  }

  // Others may join behind a writer that begins at `offset`.
  void open_line(const catalog::UploadId& id, std::uint64_t offset, const Line& line) {
    const std::scoped_lock lock(mutex_);
    busy_.at(id) = {line, offset, 1};
  }

  // For a writer whose bytes begin at `offset`, behind every one before. Empty: nobody writes,
  // nobody may join, or enough have joined.
  Line try_join(const catalog::UploadId& id, std::uint64_t offset) {
    const std::scoped_lock lock(mutex_);
    const auto found = busy_.find(id);
    if (found == busy_.end()) return nullptr;
    Busy& busy = found->second;
    Line line = busy.line.lock();
    if (!line || busy.writers >= kWritersMax || offset <= busy.last_offset) return nullptr;
    busy.last_offset = offset;
    ++busy.writers;
    wanted_.erase(id);
    return line;
  }

  void leave_line(const catalog::UploadId& id) {
    const std::scoped_lock lock(mutex_);
    --busy_.at(id).writers;
  }

  // Uploads that somebody was refused since the last call, and that are still held.
  std::vector<catalog::UploadId> take_wanted() {
    const std::scoped_lock lock(mutex_);
    const auto wanted = std::exchange(wanted_, {});
    return {wanted.begin(), wanted.end()};
  }

 private:
  static constexpr unsigned kWritersMax = 4;
  struct Busy {
    std::weak_ptr<UploadLine> line{};
    std::uint64_t last_offset = 0;  // where the last that joined begins
    unsigned writers = 0;
  };

  std::mutex mutex_;
  std::map<catalog::UploadId, Busy> busy_;  // guarded by mutex_
  std::set<catalog::UploadId> wanted_;      // guarded by mutex_
};

}  // namespace sealift::server::vault
