// LogReader: what the vault gives out of the log: checkpoint, tiles, and proofs of events.
//
// It reads the files that the sequencer publishes and needs nothing of the writer: tiles come
// before the checkpoint that covers them. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/file_system.h"
#include "catalog/ids.h"
#include "log/log_folder.h"
#include "log/note.h"

namespace sealift::server::vault {

class LogReader {
 public:
  // `files` has the log's folder as its root, and outlives the reader.
  LogReader(base::FileSystem& files, log::VerifierKey key)
      : files_(files), tiles_(files), key_(std::move(key)) {}

  const log::VerifierKey& key() const { return key_; }
  // The newest signed head. Errors: not_found (nothing was published yet), io.
  base::Result<std::string> checkpoint();
  // `path` as in the URL, without "tile/". Errors: not_found (also for what is no tile's path), io.
  base::Result<base::Bytes> tile(std::string_view path);
  // The proof (C2SP tlog-proof) of a leaf under the newest head; nullopt: not published yet.
  base::Result<std::optional<std::string>> proof(catalog::LogIndex index);

 private:
  base::FileSystem& files_;
  log::FolderTiles tiles_;
  const log::VerifierKey key_;
};

}  // namespace sealift::server::vault
