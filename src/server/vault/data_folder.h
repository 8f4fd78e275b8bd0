// The data folder: everything a server keeps, and the keys beside it.
//
//   <data>/vault.key      root of the vault's keys          (vault_keys.h)
//   <data>/log.key        seed of the log's signing key
//   <data>/url            where the server was reached when it last started, and what it had
//   <data>/lock           held by the one server that runs
//   <data>/restore        a restore that is under way, or lost something (restore.h)
//   <data>/catalog/       catalog.db and its write-ahead files
//   <data>/store/         blobs                             (docs/formats/store.md)
//   <data>/log/           the log                           (docs/formats/log.md)
//   <data>/log/directory/ the directory's log               (docs/formats/directory.md)
//   <data>/tls/           a self-made certificate, where one is used
//   <data>/journal/       the server's own log lines         (logger/journal.h)
//
// docs/formats/data-folder.md has the bytes. The folder is 0700 and its files 0600. Keys are read
// before a role confines itself: afterwards it reaches the three inner folders alone.
#pragma once

#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "crypto/secret_bytes.h"

namespace sealift::server::vault {

// What the command line on this machine has to know of the server's configuration.
struct LastStart {
  std::string server_url;  // for links; "" when unknown
  bool has_mail_server = false;
  bool has_incident_key = false;
  std::string config_path{};       // absolute; "" without a file
  std::string certificate_path{};  // absolute; "": it served without TLS
};

// Errors: forbidden (nobody but its owner may look), not_found (no server has begun in it).
base::Result<void> need_server(const std::string& data);
// Where a server has begun, its catalog is lost when it is missing, not new: an empty one would be
// whole, and be backed up in its place. Errors: damaged.
base::Result<void> need_catalog(const std::string& data);

// How far a restore into the folder has come; a server starts on `none` alone.
enum class RestoreState : std::uint8_t {
  none,
  under_way,  // or cut short: the folder is of no use
  not_whole,  // it is done, and something was lost
};

class DataFolder {
 public:
  // Makes what is missing; a key is made once, together with its folder, and never replaced.
  // Errors: forbidden, no_space, io, damaged (a key file is not one).
  static base::Result<DataFolder> open(const std::string& path, crypto::Random& random);

  // Reads keys that are there, and makes nothing. Errors: not_found (a key file), damaged.
  static base::Result<DataFolder> open_keys(const std::string& path);

  const std::string& path() const { return path_; }
  std::string catalog_path() const { return path_ + "/catalog/catalog.db"; }
  std::string store_path() const { return path_ + "/store"; }
  std::string log_path() const { return path_ + "/log"; }
  std::string directory_path() const { return log_path() + "/directory"; }
  std::string tls_path() const { return path_ + "/tls"; }
  std::string journal_path() const { return path_ + "/journal"; }
  // Where the vault makes, reads and removes files.
  std::vector<std::string> working_folders() const;

  const crypto::SecretBytes<32>& vault_key() const { return vault_key_; }
  const crypto::SecretBytes<32>& log_seed() const { return log_seed_; }
  // The log's name, which stands in its checkpoints: made with its key, the same for ever.
  const std::string& log_name() const { return log_name_; }

  // As the server last started; until then without a URL.
  LastStart last_start() const;
  // Errors: forbidden, no_space, io.
  base::Result<void> set_last_start(const LastStart& start) const;

  // Keys and folder are their owner's alone. Errors: forbidden (which, and what to do).
  base::Result<void> refuse_open_to_others() const;
  std::string restore_path() const { return path_ + "/restore"; }
  RestoreState restore_state() const;
  // Errors: conflict (a restore was cut short, or lost something).
  base::Result<void> refuse_unfinished_restore() const;

  // Held while open: one server a folder. Errors: conflict (another runs), io.
  base::Result<base::FileDescriptor> lock() const;

 private:
  DataFolder() = default;
  void derive_log_name();

  std::string path_;
  crypto::SecretBytes<32> vault_key_;
  crypto::SecretBytes<32> log_seed_;
  std::string log_name_;
};

}  // namespace sealift::server::vault
