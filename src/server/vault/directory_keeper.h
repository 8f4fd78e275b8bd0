// DirectoryKeeper: the directory's own log and the map that it describes
// (docs/formats/directory.md).
//
// Handlers note a change in the transaction that makes it. The sequencer's thread moves what waits
// into the log, in order, and publishes; everybody else asks what an address has, as of the newest
// checkpoint. The map is in memory, built again from the log at each start. After a crash between
// appending and noting, the log's last entries are found again in the queue.
//
// The log's key and the VRF's are derived from the key of the server's log (decision 0100): the
// three stand and fall together.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "catalog/catalog.h"
#include "catalog/commit_queue.h"
#include "directory/lookup.h"
#include "directory/replay.h"
#include "log/log_writer.h"
#include "server/vault/log_reader.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

// The directory's log, of a server whose own log is called `log_name` and signed out of `log_seed`.
log::LogKey directory_log_key(const std::string& log_name, const crypto::SecretBytes<32>& log_seed);
// What the catalog's change is in the directory's log.
directory::Index index_of(const catalog::DirectoryChange& change);
directory::State state_of(const catalog::DirectoryChange& change);

class DirectoryKeeper {
 public:
  // All borrowed. `log_name` and `log_seed` are the server's log's.
  struct Needs {
    catalog::Catalog& catalog;
    catalog::CommitQueue& commits;
    base::FileSystem& files;  // the directory's own folder
    const VaultKeys& keys;
    const std::string& log_name;
    const crypto::SecretBytes<32>& log_seed;
  };
  // Errors: damaged (the log is not the one that the catalog tells of, or says what it may not),
  // those of LogWriter::open.
  static base::Result<std::unique_ptr<DirectoryKeeper>> open(const Needs& needs);

  // Queues a change of an address. Any thread.
  base::Result<void> note(catalog::Records& records, std::string_view address,
                          const directory::State& state, base::UnixTime now) const;

  // Moves some of what waits into the log; true: there may be more. One thread.
  base::Result<bool> log_some();

  // directory::lookup_text() of the address under the newest checkpoint. Any thread. Errors: io
  // (the log could not be written; it is tried again).
  base::Result<std::string> look(std::string_view address) const;
  LogReader& log() { return reader_; }

 private:
  // What lookups are answered from.
  struct Published {
    directory::Entry last;
    std::vector<log::Hash> path;
    std::string note;
  };

  explicit DirectoryKeeper(const Needs& needs);
  base::Result<void> open_log();
  base::Result<void> replay_log();
  base::Result<void> reconcile();
  base::Result<void> publish();
  base::Result<std::vector<catalog::DirectoryChange>> queued() const;
  base::Result<void> refuse(const catalog::DirectoryChange& change, std::string_view why) const;

  const Needs needs_;
  const crypto::VrfSecret vrf_;
  LogReader reader_;
  // Of the logging thread; what lookups read of them they read under `mutex_`.
  std::unique_ptr<log::LogWriter> writer_;
  mutable std::shared_mutex mutex_;
  std::unique_ptr<directory::Replay> replay_;  // guarded by mutex_
  directory::Entry last_;
  std::optional<Published> published_;  // guarded by mutex_
};

}  // namespace sealift::server::vault
