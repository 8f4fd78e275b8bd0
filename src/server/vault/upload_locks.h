// UploadLocks: who writes to an upload. One writer, or a line of writers, no two of which write the
// same bytes (docs/formats/tus.md, "Ahead"). One that is turned away because another writes its
// bytes is remembered: the other's client is perhaps gone without a word, and is cut off.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"
#include "catalog/ids.h"
#include "server/vault/byte_ranges.h"

namespace sealift::server::vault {

// What the writers of one upload share. Bytes that are durable behind a gap count once the gap is
// closed; when the last writer ends, those behind an open gap are forgotten.
struct UploadLine {
  std::shared_ptr<void> lock;
  base::FileDescriptor file;
  std::mutex mutex;
  std::uint64_t reached_bytes = 0;  // durable, without a gap; guarded by mutex
  std::uint64_t noted_bytes = 0;    // in the catalog; guarded by mutex
  ByteRanges ahead;                 // durable, with gaps; guarded by mutex
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
    return held(id);
  }

  // Others may join. Bytes before `end` are written, or will be by the first writer.
  void open_line(const catalog::UploadId& id, std::uint64_t end, const Line& line) {
    const std::scoped_lock lock(mutex_);
    Busy& busy = busy_.at(id);
    busy = {line, {}, 1};
    busy.begun.add(0, end);
  }

  // A writer's place: alone, in a line, or (both empty) none. Free: none, though nobody writes.
  struct Place {
    Held alone{};
    Line line{};
    bool is_free = false;
  };

  // For a writer of the bytes [begin, end). It may come before one whose bytes are in front of its
  // own: bodies overtake each other. No place: another writes these bytes, enough have joined, the
  // upload is held for something else, or nobody writes and the bytes there end elsewhere than at
  // `begin`.
  Place try_write(const catalog::UploadId& id, std::uint64_t begin, std::uint64_t end,
                  std::uint64_t there_bytes) {
    const std::scoped_lock lock(mutex_);
    const auto found = busy_.find(id);
    if (found == busy_.end()) {
      if (begin != there_bytes) return {{}, {}, true};
      busy_.try_emplace(id);
      return {held(id), nullptr};
    }
    Busy& busy = found->second;
    Line line = busy.line.lock();
    if (!line) return {};
    if (busy.begun.overlap(begin, end)) {
      wanted_.insert(id);
      return {};
    }
    if (busy.writers >= kWritersMax || busy.begun.count() > kGapsMax) return {};
    busy.begun.add(begin, end);
    ++busy.writers;
    return {nullptr, std::move(line)};
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
  static constexpr std::size_t kGapsMax = 64;
  struct Busy {
    std::weak_ptr<UploadLine> line{};
    ByteRanges begun{};  // what the writers of the line write or wrote
    unsigned writers = 0;
  };

  Held held(const catalog::UploadId& id) {
    return {this, [this, id](void*) {
              const std::scoped_lock inner(mutex_);
              busy_.erase(id);
              wanted_.erase(id);
            }};
  }

  std::mutex mutex_;
  std::map<catalog::UploadId, Busy> busy_;  // guarded by mutex_
  std::set<catalog::UploadId> wanted_;      // guarded by mutex_
};

}  // namespace sealift::server::vault
