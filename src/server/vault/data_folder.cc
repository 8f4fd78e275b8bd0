#include "server/vault/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "crypto/sha256.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr std::string_view kVaultKeyLabel = "sealift-vault-key-1\n";
constexpr std::string_view kLogKeyLabel = "sealift-log-key-1\n";
constexpr std::string_view kMailLine = "\nmail\n";  // after the URL
constexpr std::size_t kKeySize = 32;
constexpr mode_t kFolderMode = 0700;
constexpr unsigned kFileMode = 0600;

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return tl::unexpected(base::error_of_errno(errno, "data folder"));
}

// key file = label, 32 bytes
Result<crypto::SecretBytes<kKeySize>> read_key(int fd, std::string_view label) {
  crypto::SecretBuffer file(label.size() + kKeySize + 1);
  SEALIFT_TRY(const std::size_t size, base::read_full(fd, file.mutable_view()));
  const bool is_key =
      size == label.size() + kKeySize && base::text_of(file.view().first(label.size())) == label;
  if (!is_key) return base::fail(ErrorCode::damaged, "key file");
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
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open() && errno == ENOENT) {
    SEALIFT_TRY_VOID(make_key(path, label, random));
    file = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  }
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "key file"));
  return read_key(file.get(), label);
}

// A missing key beside a catalog is lost, not new: a new one would fit nothing that is there.
Result<void> refuse_lost_key(const std::string& data) {
  const auto exists = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; };
  const bool has_both = exists(data + "/vault.key") && exists(data + "/log.key");
  if (!has_both && exists(data + "/catalog/catalog.db")) {
    return base::fail(ErrorCode::damaged, "a key file is missing");
  }
  return {};
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::string& path, crypto::Random& random) {
  DataFolder folder;
  folder.path_ = path;
  SEALIFT_TRY_VOID(make_folder(path));
  SEALIFT_TRY_VOID(refuse_lost_key(path));
  SEALIFT_TRY(folder.vault_key_, open_key(path + "/vault.key", kVaultKeyLabel, random));
  SEALIFT_TRY(folder.log_seed_, open_key(path + "/log.key", kLogKeyLabel, random));
  const auto log_key = crypto::Ed25519Secret::from_seed(folder.log_seed_.view());
  constexpr std::size_t kNameBytes = 8;
  folder.log_name_ =
      "sealift-" +
      base::hex_encode(base::ByteView(crypto::sha256(log_key.public_key())).first(kNameBytes));
  for (const std::string& inner : folder.working_folders()) SEALIFT_TRY_VOID(make_folder(inner));
  return folder;
}

// url file = URL newline [ "mail" newline ]
LastStart DataFolder::last_start() const {
  const FileDescriptor file(::open((path_ + "/url").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  constexpr std::size_t kUrlFileSizeMax = 512;
  base::Bytes bytes(kUrlFileSizeMax);
  const auto size = file.is_open() ? base::read_full(file.get(), bytes) : Result<std::size_t>(0);
  const std::string_view text = base::text_of(base::ByteView(bytes).first(size.value_or(0)));
  const std::size_t end = std::min(text.find('\n'), text.size());
  return {std::string(text.substr(0, end)), text.substr(end) == kMailLine};
}

Result<void> DataFolder::set_last_start(const LastStart& start) const {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path_ + "/url", kFileMode));
  std::string text = start.server_url;
  text += start.has_mail_server ? kMailLine : std::string_view("\n");
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(text)));
  return file.commit(base::Replace::yes, base::Durability::none);
}

std::vector<std::string> DataFolder::working_folders() const {
  return {path_ + "/catalog", store_path(), log_path()};
}

Result<FileDescriptor> DataFolder::lock() const {
  FileDescriptor file(
      ::open((path_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "data folder"));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::fail(ErrorCode::conflict, "another server has this data folder");
  }
  return file;
}

}  // namespace sealift::server::vault
