#include "server/vault/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "base/regular_file.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr std::string_view kVaultKeyLabel = "sealift-vault-key-1\n";
constexpr std::string_view kLogKeyLabel = "sealift-log-key-1\n";
// After the URL's line.
constexpr std::string_view kMailLine = "mail\n";
constexpr std::string_view kIncidentLine = "incident key\n";
constexpr std::string_view kConfigWord = "config ";
constexpr std::string_view kCertificateWord = "certificate ";
constexpr std::size_t kKeySize = 32;
constexpr mode_t kFolderMode = 0700;
constexpr unsigned kFileMode = 0600;

// The path of a line that begins with `word`, taken off the text; "" when the next line doesn't.
std::string take_path(std::string_view& text, std::string_view word) {
  const std::size_t end = text.find('\n');
  if (!text.starts_with(word) || end == text.npos) return {};
  std::string path(text.substr(word.size(), end - word.size()));
  text.remove_prefix(end + 1);
  return path;
}

// Nothing for a path that can't be written as a line.
std::string path_line(std::string_view word, const std::string& path) {
  if (path.empty() || path.find('\n') != path.npos) return {};
  return std::string(word) + path + "\n";
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return tl::unexpected(base::error_of_errno(errno, "data folder"));
}

// A folder of ours in the data folder: a link in its place would lead elsewhere.
Result<void> make_inner_folder(const std::string& path) {
  SEALIFT_TRY_VOID(make_folder(path));
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return tl::unexpected(base::error_of_errno(errno, path));
  }
  if (S_ISDIR(status.st_mode)) return {};
  return base::fail(ErrorCode::conflict,
                    path + " is no folder" + (S_ISLNK(status.st_mode) ? ", it is a link" : ""));
}

// key file = label, 32 bytes
Result<crypto::SecretBytes<kKeySize>> read_key(int fd, std::string_view label) {
  crypto::SecretBuffer file(label.size() + kKeySize + 1);
  SEALIFT_TRY(const std::size_t size, base::read_full(fd, file.mutable_view()));
  const bool is_key =
      size == label.size() + kKeySize && base::text_of(file.view().first(label.size())) == label;
  if (!is_key) {
    return base::fail(ErrorCode::damaged,
                      "vault.key or log.key is damaged: both are in the keys' folder of a backup");
  }
  return crypto::SecretBytes<kKeySize>::copy_of(
      file.view().subspan(label.size()).first<kKeySize>());
}

Result<void> make_key(const std::string& path, std::string_view label, crypto::Random& random) {
  const auto key = random.secret<kKeySize>();
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kFileMode));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(label)));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), key.view()));
  auto committed = file.commit(base::Replace::no, base::Durability::synced);
  // Somebody else was first: theirs counts.
  if (!committed && committed.error().code == ErrorCode::conflict) return {};
  return committed;
}

Result<crypto::SecretBytes<kKeySize>> open_key(const std::string& path, std::string_view label,
                                               crypto::Random& random) {
  auto file = base::open_regular(path, base::Links::refused, "key file");
  if (!file && file.error().code == ErrorCode::not_found) {
    SEALIFT_TRY_VOID(make_key(path, label, random));
    file = base::open_regular(path, base::Links::refused, "key file");
  }
  if (!file) return tl::unexpected(std::move(file).error());
  return read_key(file->get(), label);
}

// A missing key beside a catalog is lost, not new: a new one would fit nothing that is there.
Result<void> refuse_lost_key(const std::string& data) {
  const auto exists = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; };
  const bool has_both = exists(data + "/vault.key") && exists(data + "/log.key");
  if (!has_both && exists(data + "/catalog/catalog.db")) {
    return base::fail(ErrorCode::damaged,
                      "vault.key or log.key is missing: both are in the keys' folder of a backup");
  }
  return {};
}

// The folder with every folder above it that is missing: whoever may make the last may make all.
Result<void> make_with_parents(const std::string& path) {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string parent = path.substr(0, at);
    struct stat status {};
    if (::stat(parent.c_str(), &status) == 0) {
      if (S_ISDIR(status.st_mode)) continue;
      return base::fail(ErrorCode::usage, parent + " is no folder");
    }
    SEALIFT_TRY_VOID(make_folder(parent));
  }
  SEALIFT_TRY_VOID(make_folder(path));
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    return base::fail(ErrorCode::usage, "a file has this name: choose another for the folder");
  }
  return {};
}

// lock file = decimal process id newline, of who held it last
Result<void> note_holder(int fd) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) == 0 &&
      ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()))
    return {};
  // A full disk: the lock holds all the same, and is only told without its process.
  if (errno == ENOSPC || errno == EDQUOT) return {};
  return tl::unexpected(base::error_of_errno(errno, "data folder"));
}

// nullopt when nothing says it: by an older version, or in the moment before it is written.
std::optional<std::uint32_t> holder_of(int fd) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  std::uint32_t process = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + std::max<ssize_t>(size, 0), process);
  if (error != std::errc() || end == text.data() + text.size() || *end != '\n') return std::nullopt;
  return process;
}

// What root makes in the folder of another account is that account's, or it could not open it.
Result<void> give_to_owner_of(const std::string& folder, int fd) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return {};
  if (::fchown(fd, status.st_uid, status.st_gid) == 0) return {};
  return tl::unexpected(base::error_of_errno(errno, "data folder"));
}

}  // namespace

Result<void> need_server(const std::string& data) {
  if (::access((data + "/vault.key").c_str(), F_OK) == 0) return {};
  if (errno == EACCES) {
    return base::fail(ErrorCode::forbidden,
                      "this account may not look into it: run this as the account that owns it");
  }
  return base::fail(ErrorCode::not_found, "no server has this data folder");
}

Result<void> need_catalog(const std::string& data) {
  if (::access((data + "/catalog/catalog.db").c_str(), F_OK) == 0 || errno != ENOENT) return {};
  return base::fail(ErrorCode::damaged,
                    "catalog/catalog.db is missing, which lists everything: restore a backup");
}

Result<DataFolder> DataFolder::open(const std::string& path, crypto::Random& random) {
  DataFolder folder;
  folder.path_ = path;
  SEALIFT_TRY_VOID(make_with_parents(path));
  SEALIFT_TRY_VOID(refuse_lost_key(path));
  SEALIFT_TRY(folder.vault_key_, open_key(path + "/vault.key", kVaultKeyLabel, random));
  SEALIFT_TRY(folder.log_seed_, open_key(path + "/log.key", kLogKeyLabel, random));
  folder.derive_log_name();
  for (const std::string& inner : folder.working_folders())
    SEALIFT_TRY_VOID(make_inner_folder(inner));
  SEALIFT_TRY_VOID(make_inner_folder(folder.directory_path()));
  return folder;
}

Result<DataFolder> DataFolder::open_keys(const std::string& path) {
  DataFolder folder;
  folder.path_ = path;
  const auto read = [&](const char* name,
                        std::string_view label) -> Result<crypto::SecretBytes<kKeySize>> {
    SEALIFT_TRY(const FileDescriptor file,
                base::open_regular(path + name, base::Links::refused, "key file"));
    return read_key(file.get(), label);
  };
  SEALIFT_TRY(folder.vault_key_, read("/vault.key", kVaultKeyLabel));
  SEALIFT_TRY(folder.log_seed_, read("/log.key", kLogKeyLabel));
  folder.derive_log_name();
  return folder;
}

void DataFolder::derive_log_name() {
  const auto log_key = crypto::Ed25519Secret::from_seed(log_seed_.view());
  constexpr std::size_t kNameBytes = 8;
  log_name_ =
      "sealift-" +
      base::hex_encode(base::ByteView(crypto::sha256(log_key.public_key())).first(kNameBytes));
}

Result<void> DataFolder::refuse_open_to_others() const {
  constexpr mode_t kOthers = 077;
  const struct {
    std::string path;
    const char* name;
  } all[] = {{path_, "the data folder"},
             {path_ + "/vault.key", "vault.key"},
             {path_ + "/log.key", "log.key"},
             {tls_path() + "/private_key.pem", "tls/private_key.pem"}};
  for (const auto& [path, name] : all) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & kOthers) == 0) continue;
    return base::fail(ErrorCode::forbidden,
                      std::string(name) +
                          " can be read by other accounts of this machine: `sealift admin fsck "
                          "--repair-what-is-safe` takes that from them");
  }
  return {};
}

// restore file = "under way" newline | "not whole" newline
RestoreState DataFolder::restore_state() const {
  const auto file = base::open_regular(restore_path(), base::Links::refused, "restore");
  if (!file && file.error().code == ErrorCode::not_found) return RestoreState::none;
  constexpr std::string_view kNotWhole = "not whole\n";
  base::Bytes bytes(kNotWhole.size());
  const auto size = file ? base::read_full(file->get(), bytes) : Result<std::size_t>(0);
  bytes.resize(size.value_or(0));
  return base::text_of(bytes) == kNotWhole ? RestoreState::not_whole : RestoreState::under_way;
}

Result<void> DataFolder::refuse_unfinished_restore() const {
  switch (restore_state()) {
    case RestoreState::none:
      return {};
    case RestoreState::under_way:
      return base::fail(ErrorCode::conflict,
                        "a restore into this data folder was cut short: run it again");
    case RestoreState::not_whole:
      return base::fail(ErrorCode::conflict,
                        "the restore into this data folder lost something: "
                        "`sealift admin fsck` lists it, `--end-what-is-lost` goes on without it");
  }
  return {};
}

// url file = URL newline [ "mail" newline ] [ "incident key" newline ]
//            [ "config " path newline ] [ "certificate " path newline ]
LastStart DataFolder::last_start() const {
  const auto file = base::open_regular(path_ + "/url", base::Links::refused, "url");
  constexpr std::size_t kUrlFileSizeMax = 16384;
  base::Bytes bytes(kUrlFileSizeMax);
  const auto size = file ? base::read_full(file->get(), bytes) : Result<std::size_t>(0);
  const std::string_view text = base::text_of(base::ByteView(bytes).first(size.value_or(0)));
  const std::size_t end = std::min(text.find('\n'), text.size());
  LastStart start{.server_url = std::string(text.substr(0, end))};
  std::string_view rest = text.substr(std::min(end + 1, text.size()));
  start.has_mail_server = rest.starts_with(kMailLine);
  if (start.has_mail_server) rest.remove_prefix(kMailLine.size());
  start.has_incident_key = rest.starts_with(kIncidentLine);
  if (start.has_incident_key) rest.remove_prefix(kIncidentLine.size());
  start.config_path = take_path(rest, kConfigWord);
  start.certificate_path = take_path(rest, kCertificateWord);
  return start;
}

Result<void> DataFolder::set_last_start(const LastStart& start) const {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path_ + "/url", kFileMode));
  std::string text = start.server_url + "\n";
  if (start.has_mail_server) text += kMailLine;
  if (start.has_incident_key) text += kIncidentLine;
  text += path_line(kConfigWord, start.config_path);
  text += path_line(kCertificateWord, start.certificate_path);
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(text)));
  return file.commit(base::Replace::yes, base::Durability::none);
}

std::vector<std::string> DataFolder::working_folders() const {
  return {path_ + "/catalog", store_path(), log_path()};
}

Result<FileDescriptor> DataFolder::lock() const {
  const std::string path = path_ + "/lock";
  FileDescriptor file(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (file.is_open()) {
    SEALIFT_TRY_VOID(give_to_owner_of(path_, file.get()));
  } else if (errno == EEXIST) {
    file = FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  }
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "data folder"));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (const auto holder = holder_of(file.get())) {
      return base::fail(ErrorCode::conflict,
                        "another server has this data folder: process " + std::to_string(*holder));
    }
    return base::fail(ErrorCode::conflict, "another server has this data folder");
  }
  SEALIFT_TRY_VOID(note_holder(file.get()));
  return file;
}

}  // namespace sealift::server::vault
