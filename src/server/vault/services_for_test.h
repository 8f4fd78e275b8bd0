// For tests: a vault's services over a real SQLite catalog in a temporary folder in memory, with
// blobs in memory. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "server/vault/handler.h"
#include "store/memory_blob_store.h"

namespace sealift::server::vault {

class ServicesTest : public testing::Test {
 protected:
  crypto::SystemRandom random_;
  base::TemporaryFolder folder_{base::FolderOn::memory};
  std::unique_ptr<catalog::Catalog> catalog_ =
      catalog::open_sqlite_catalog(folder_.path() + "/catalog.db").value();
  catalog::CommitQueue commits_{*catalog_};
  store::MemoryBlobStore blobs_;
  const VaultKeys keys_{random_.secret<32>()};
  base::DiskFileSystem files_ = base::DiskFileSystem::open_root(folder_.path()).value();
  LogReader log_{files_, {"log", crypto::Ed25519Secret::generate(random_).public_key()}};
  Notary notary_{random_, keys_, [] {}};
  const std::unique_ptr<Figures, Figures::Unmap> figures_ = Figures::make().value();
  base::ManualClock observer_clock_{base::UnixTime()};
  Observer observer_{figures_->server, keys_, LoginNames::pseudonyms, observer_clock_};
  Guessing guessing_{*catalog_, commits_, keys_, &observer_};
  UploadLocks upload_locks_;
  VaultSettings settings_;
  Services services_{*catalog_, commits_, blobs_,    keys_,         random_,
                     notary_,   log_,     guessing_, upload_locks_, settings_};
  const crypto::SecretBytes<32> log_seed_ = random_.secret<32>();
  const std::string log_name_ = "log";
  base::TemporaryFolder directory_folder_{base::FolderOn::memory};
  base::DiskFileSystem directory_files_ =
      base::DiskFileSystem::open_root(directory_folder_.path()).value();
  std::unique_ptr<DirectoryKeeper> directory_ =
      DirectoryKeeper::open({*catalog_, commits_, directory_files_, keys_, log_name_, log_seed_})
          .value();
  ServicesTest() {
    services_.directory = directory_.get();
    services_.observer = &observer_;
    services_.figures = figures_.get();
  }
};

}  // namespace sealift::server::vault
