// Sequencer: moves custody events from the catalog's queue into the log, one leaf each, in order.
//
// One thread owns the LogWriter. It takes what waits, appends it durably, notes the indexes, and
// publishes; some hundred milliseconds at most after the transaction that wrote the event. After a
// crash between appending and noting, the log holds leaves that the catalog still has in its queue:
// they are found again by their bytes, and never appended twice. Events whose authenticator isn't
// the vault's were put into the catalog by somebody else: they are refused, and stay there.
// The same thread keeps the directory's log (directory_keeper.h).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "catalog/catalog.h"
#include "catalog/commit_queue.h"
#include "log/log_writer.h"
#include "server/vault/directory_keeper.h"

namespace sealift::server::vault {

class Sequencer {
 public:
  // All borrowed. `seed` is the signing key's.
  struct Needs {
    catalog::Catalog& catalog;
    catalog::CommitQueue& commits;
    base::FileSystem& files;
    const VaultKeys& keys;
    const std::string& log_name;
    const crypto::SecretBytes<32>& log_seed;
    DirectoryKeeper* directory = nullptr;
  };
  // Opens the log and brings catalog and log together; then starts the thread.
  // Errors: damaged (the log is not the one that the catalog tells of), those of LogWriter::open.
  static base::Result<std::unique_ptr<Sequencer>> start(const Needs& needs);
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;
  ~Sequencer();  // logs what waits, and ends the thread

  // There is something to log. Any thread.
  void notify();

 private:
  explicit Sequencer(const Needs& needs) : needs_(needs) {}
  base::Result<void> open_log();
  base::Result<void> reconcile();
  base::Result<std::vector<catalog::CustodyEvent>> queued();
  base::Result<bool> log_some();
  base::Result<void> log_all();
  void run();

  const Needs needs_;
  std::unique_ptr<log::LogWriter> writer_;  // of the thread, once it runs
  std::mutex mutex_;
  std::condition_variable wake_;
  bool has_news_ = true;  // guarded by mutex_
  bool stop_ = false;     // guarded by mutex_
  std::thread thread_;
};

}  // namespace sealift::server::vault
