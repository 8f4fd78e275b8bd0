// LogWriter: appends to the log, signs checkpoints, gives receipts.
//
//   append()    entries are durable in the journal when it returns
//   publish()   tiles, then a signed checkpoint over everything appended, durable too
//   receipt()   proof that an entry is in the published tree
//
// A checkpoint never covers an entry that a power cut could take back, so the log cannot contradict
// one that somebody keeps. Opening recovers what was durable, and refuses to go on (damaged) when
// that is less than the last checkpoint says, or something else. Not thread-safe; one process at a
// time has the folder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "crypto/ed25519.h"
#include "log/log_folder.h"
#include "log/proof.h"
#include "log/tree_edge.h"

namespace sealift::log {

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string note;
};

// The log's own key. Its name is the checkpoints' origin.
struct LogKey {
  std::string name;
  crypto::Ed25519Secret secret;

  VerifierKey verifier() const { return {name, secret.public_key()}; }
};

class LogWriter {
 public:
  // `files` has the log's folder as its root, and outlives the writer.
  // Errors: damaged, no_match (the checkpoint there is not this key's), malformed, no_space, io.
  static base::Result<std::unique_ptr<LogWriter>> open(base::FileSystem& files, LogKey key);

  // Gives the index of the first. After io and no_space the log is closed for writing (some of the
  // entries may be in it): open it again.
  // Errors: limit (an entry over kLogEntrySizeMax, or more than kLogBatchEntriesMax; nothing was
  // appended), no_space, io.
  base::Result<std::uint64_t> append(std::span<const base::Bytes> entries);

  // After an error nothing is lost: call again. Errors: no_space, io.
  base::Result<SignedCheckpoint> publish();

  // Errors: not_found (publish() has not covered that index yet), io, malformed.
  base::Result<Receipt> receipt(std::uint64_t index);
  // From a published size to the published one. Errors: not_found (larger), io, malformed.
  base::Result<std::vector<Hash>> consistency(std::uint64_t older_size);

  std::uint64_t size() const { return edge_.size(); }

 private:
  LogWriter(base::FileSystem& files, LogKey key)
      : files_(files), tiles_(files), key_(std::move(key)) {}

  base::Result<void> recover();
  base::Result<void> write_key();
  base::Result<void> replay(std::uint64_t bundle);
  base::Result<void> check_last_checkpoint();
  base::Result<void> append_in_bundle(std::span<const base::Bytes> entries);
  base::Result<void> take(base::ByteView entry);
  base::Result<void> start_journal();
  base::Result<void> write_tile(const TileId& tile, base::ByteView bytes);
  base::Result<void> need_folder(const std::string& path);
  base::Result<void> drop_partials(TileId tile);

  base::FileSystem& files_;
  FolderTiles tiles_;
  const LogKey key_;
  TreeEdge edge_;
  base::Bytes bundle_;  // of the entries that edge_.partial(0) hashes
  base::FileDescriptor journal_;
  std::uint64_t journal_bytes_ = 0;
  std::set<std::string> folders_;  // that are there for certain
  std::optional<SignedCheckpoint> published_;
  std::optional<TreeHead> last_;  // the checkpoint found at opening, until replay passed it
  bool is_closed_ = false;
};

}  // namespace sealift::log
