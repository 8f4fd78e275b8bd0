#include "client/account/profile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/refusal.h"
#include "crypto/sha256.h"
#include "http/json_body.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using crypto::SecretBuffer;
using nlohmann::json;

constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kLoginSizeMax = std::size_t{256} << 10;
constexpr std::size_t kKeysSizeMax = std::size_t{64} << 10;
constexpr std::string_view kPinsSuffix = ".json";
constexpr std::string_view kTrustSuffix = ".trust.json";
constexpr std::size_t kPinsSizeMax = std::size_t{64} << 20;

// Refuses what somebody else may read or may have put there.
Result<void> judge_owner(int fd, const std::string& path) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) return tl::unexpected(base::error_of_errno(errno, "profile"));
  if (about.st_uid != ::geteuid() || (about.st_mode & 077U) != 0)
    return base::fail(ErrorCode::forbidden, "others than you may read or change " + path +
                                                ": take that from them with `chmod go= " + path +
                                                "`");
  return {};
}

Result<void> write_file(const std::string& path, base::ByteView content) {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kOwnerOnly));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), content));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

// nullopt: there is none.
Result<std::optional<SecretBuffer>> read_file(const std::string& path, std::size_t size_max) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    return tl::unexpected(base::error_of_errno(errno, "profile"));
  }
  SEALIFT_TRY_VOID(judge_owner(fd.get(), path));
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return tl::unexpected(base::error_of_errno(errno, "profile"));
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > size_max)
    return base::fail(ErrorCode::limit, path + " is too large to be the profile's: it has " +
                                            std::to_string(size) + " bytes, and may have " +
                                            std::to_string(size_max));
  SecretBuffer content(size + 1);
  SEALIFT_TRY(const std::size_t read, base::read_full(fd.get(), content.mutable_view()));
  content.truncate(read);
  return content;
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return tl::unexpected(base::error_of_errno(errno, "profile"));
}

Result<void> make_folder(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, failed);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "profile folder"));
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) return tl::unexpected(base::error_of_errno(errno, "profile folder"));
  return judge_owner(fd.get(), path);
}

std::string text_at(const json& in, const char* name) {
  const auto at = in.find(name);
  return at != in.end() && at->is_string() ? at->get<std::string>() : "";
}

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "the profile's login can't be read");
}

void put_trust(json& out, const Trust& trust) {
  if (trust.pinned) out["certificate"] = base::hex_encode(*trust.pinned);
  if (!trust.authorities_pem.empty()) out["authorities"] = trust.authorities_pem;
}

// nullopt: it is malformed.
std::optional<Trust> trust_in(const json& in) {
  Trust trust;
  trust.authorities_pem = text_at(in, "authorities");
  const std::string pin = text_at(in, "certificate");
  if (pin.empty()) return trust;
  const auto fingerprint = base::hex_decode(pin);
  if (!fingerprint || fingerprint->size() != trust.pinned.emplace().size()) return std::nullopt;
  std::ranges::copy(*fingerprint, trust.pinned->begin());
  return trust;
}

}  // namespace

Credential credential_of(const Login& login) {
  return {Credential::Kind::session, login.token.text, login.key};
}

std::string encode_login(const Login& login) {
  json out = {{"version", 1},
              {"server", login.server.text()},
              {"account", login.account.text()},
              {"address", login.address.text()},
              {"session", login.session.text()},
              {"token", login.token.text},
              {"expires", login.expires.time_since_epoch().count()}};
  if (login.key) out["key"] = base::base64_encode(*login.key, base::Padding::required);
  put_trust(out, login.trust);
  return out.dump(1) + "\n";
}

Result<Login> decode_login(base::ByteView bytes) {
  const auto in = http::parse_json_body(bytes);
  if (!in || !in->is_object()) return malformed();
  const auto server = ServerAddress::parse(text_at(*in, "server"));
  const auto account = api::AccountId::parse(text_at(*in, "account"));
  const auto address = parcel::Address::parse(text_at(*in, "address"));
  const auto session = api::SessionId::parse(text_at(*in, "session"));
  const auto expires = in->find("expires");
  if (!server || !account || !address || !session || expires == in->end() ||
      !expires->is_number_unsigned() || !api::is_token(text_at(*in, "token")))
    return malformed();
  auto trust = trust_in(*in);
  if (!trust) return malformed();
  Login login{.server = *server,
              .trust = *std::move(trust),
              .account = *account,
              .address = *address,
              .session = *session,
              .token = {text_at(*in, "token")},
              .expires = base::UnixTime(std::chrono::milliseconds(expires->get<std::int64_t>()))};
  if (const std::string text = text_at(*in, "key"); !text.empty()) {
    const auto key = base::base64_decode(text, base::Padding::required);
    if (!key || key->size() != login.key.emplace().size()) return malformed();
    std::ranges::copy(*key, login.key->begin());
  }
  return login;
}

Result<Profile> Profile::open(const std::string& folder) {
  if (folder.empty())
    return base::fail(ErrorCode::usage, "there is no place for the profile: set SEALIFT_HOME");
  SEALIFT_TRY_VOID(make_folder(folder));
  SEALIFT_TRY_VOID(make_folder(folder + "/pins"));
  return Profile(folder);
}

Result<FileDescriptor> Profile::lock() const {
  FileDescriptor fd(::open((folder_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (!fd.is_open()) return tl::unexpected(base::error_of_errno(errno, "profile"));
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return tl::unexpected(base::error_of_errno(errno, "profile"));
  return fd;
}

Result<std::optional<Login>> Profile::login() const {
  SEALIFT_TRY(const auto content, read_file(folder_ + "/login.json", kLoginSizeMax));
  if (!content) return std::nullopt;
  SEALIFT_TRY(Login login, decode_login(content->view()));
  return login;
}

Result<AccountKeys> Profile::keys() const {
  SEALIFT_TRY(const auto content, read_file(folder_ + "/identity.txt", kKeysSizeMax));
  if (!content) return base::refuse("not_logged_in");
  return AccountKeys::parse(content->view());
}

Result<void> Profile::save_keys(const AccountKeys& keys) const {
  SEALIFT_TRY(const SecretBuffer file, keys.keys_file());
  return write_file(folder_ + "/identity.txt", file.view());
}

Result<void> Profile::save_login(const Login& login, const AccountKeys& keys) const {
  SEALIFT_TRY_VOID(save_keys(keys));
  SEALIFT_TRY_VOID(save_trust(login.server, login.trust));
  return write_file(folder_ + "/login.json", base::bytes_of(encode_login(login)));
}

Result<void> Profile::forget_login() const {
  SEALIFT_TRY_VOID(remove_file(folder_ + "/login.json"));
  return remove_file(folder_ + "/identity.txt");
}

std::string Profile::path_of(const ServerAddress& server, std::string_view suffix) const {
  const auto hash = crypto::sha256(base::bytes_of(server.text()));
  return folder_ + "/pins/" + base::hex_encode(base::ByteView(hash).first(16)) +
         std::string(suffix);
}

Result<Trust> Profile::trust(const ServerAddress& server) const {
  // A login of an earlier version kept it there alone.
  SEALIFT_TRY(const auto login, this->login());
  if (login && login->server == server) return login->trust;
  SEALIFT_TRY(const auto content, read_file(path_of(server, kTrustSuffix), kLoginSizeMax));
  if (!content) return Trust{};
  const auto in = http::parse_json_body(content->view());
  auto trust = in && in->is_object() ? trust_in(*in) : std::nullopt;
  if (!trust)
    return base::fail(ErrorCode::malformed, "how the profile trusts this server can't be read");
  return *std::move(trust);
}

Result<void> Profile::save_trust(const ServerAddress& server, const Trust& trust) const {
  const std::string path = path_of(server, kTrustSuffix);
  if (trust == Trust{}) return remove_file(path);
  json out = {{"version", 1}};
  put_trust(out, trust);
  return write_file(path, base::bytes_of(out.dump(1) + "\n"));
}

Result<Pins> Profile::pins(const ServerAddress& server) const {
  SEALIFT_TRY(const auto content, read_file(path_of(server, kPinsSuffix), kPinsSizeMax));
  if (!content) return Pins{};
  return decode_pins(content->view());
}

Result<void> Profile::save_pins(const ServerAddress& server, const Pins& pins) const {
  SEALIFT_TRY(const FileDescriptor held, lock());
  SEALIFT_TRY(Pins all, this->pins(server));
  SEALIFT_TRY_VOID(merge_pins(all, pins));
  return write_file(path_of(server, kPinsSuffix), base::bytes_of(encode_pins(all)));
}

}  // namespace sealift::client
