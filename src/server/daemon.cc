#include "server/daemon.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/limits.h"
#include "base/regular_file.h"
#include "catalog/sqlite_catalog.h"
#include "server/figures.h"
#include "server/front/process.h"
#include "server/front/rest.h"
#include "server/listener.h"
#include "server/log_line.h"
#include "server/logger/process.h"
#include "server/notify.h"
#include "server/supervisor/supervisor.h"
#include "server/vault/key_mark.h"
#include "server/vault/place_of_data.h"
#include "server/vault/process.h"
#include "server/vault/reopen_key.h"
#include "tls/certificate_check.h"
#include "tls/certificate_times.h"
#include "tls/context.h"

namespace sealift::server {
namespace {

using base::FileDescriptor;
using base::Result;

constexpr std::string_view kDefaultAddress = "127.0.0.1:8080";
constexpr int kCertificateDays = 3650;

// Whoever owns the data folder: a server that root started runs as that account.
std::optional<Account> account_of(const std::string& data) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(data.c_str(), &status) != 0 || status.st_uid == 0) {
    return std::nullopt;
  }
  return Account{status.st_uid, status.st_gid};
}

// Makes files as that account for as long as it lives.
class AsAccount {
 public:
  explicit AsAccount(const std::optional<Account>& account) : is_other_(account.has_value()) {
    if (!is_other_) return;
    good_ = ::setegid(account->group) == 0 && ::seteuid(account->user) == 0;
  }
  AsAccount(const AsAccount&) = delete;
  AsAccount& operator=(const AsAccount&) = delete;
  ~AsAccount() {
    if (!is_other_) return;
    SEALIFT_CHECK(::seteuid(0) == 0 && ::setegid(0) == 0);
  }
  bool is_good() const { return good_; }

 private:
  bool is_other_;
  bool good_ = true;
};

std::string url_host(const ListenAddress& address) {
  return address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
}

struct Place {
  Listener listener;
  bool is_tls = false;
};

Result<std::vector<Place>> open_places(const Config& config) {
  std::vector<Place> places;
  for (const ListenAddress& address : config.listen) {
    SEALIFT_TRY(const bool is_tls, config.is_tls(address));
    SEALIFT_TRY(Listener listener, open_listener(address, config.socket_file));
    places.push_back({std::move(listener), is_tls});
  }
  return places;
}

// What Host may say: configured names, and where we listen, each with and without its port.
std::vector<std::string> host_names(const Config& config, const std::vector<Place>& places) {
  std::vector<std::string> names = config.host_names;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ListenAddress& address = config.listen[i];
    std::vector<std::string> hosts = config.host_names;
    if (address.host.empty() || address.is_local()) hosts.emplace_back("localhost");
    if (!address.host.empty()) hosts.push_back(url_host(address));
    for (const std::string& host : hosts) {
      names.push_back(host);
      if (places[i].listener.port != 0) {
        names.push_back(host + ":" + std::to_string(places[i].listener.port));
      }
    }
  }
  return names;
}

std::string place_of(const ListenAddress& address, const Place& place) {
  if (!address.unix_path.empty()) return "unix:" + address.unix_path;
  return std::string(place.is_tls ? "https://" : "http://") + url_host(address) + ":" +
         std::to_string(place.listener.port);
}

// As clients write it.
std::string url_of(const ListenAddress& address, const Place& place) {
  if (address.unix_path.empty()) return place_of(address, place);
  return "http+unix://" + std::filesystem::absolute(address.unix_path).string();
}

// Where people reach the server, as far as its configuration says: for links that the command line
// makes. "" when it doesn't: a wildcard address or a proxy's socket is nothing to connect to.
std::string public_url(const Config& config, const std::vector<Place>& places) {
  if (!config.server_url.empty()) return config.server_url;
  const Place& place = places.front();
  const ListenAddress& address = config.listen.front();
  if (config.host_names.empty()) {
    const bool is_any = address.host == "0.0.0.0" || address.host == "::";
    return is_any || config.behind_proxy ? "" : url_of(address, place);
  }
  // A name may carry the port at which a proxy listens; without one it is the scheme's own.
  const std::string& name = config.host_names.front();
  if (config.behind_proxy) return "https://" + name;
  if (!address.unix_path.empty()) return url_of(address, place);
  const std::uint16_t usual = place.is_tls ? 443 : 80;
  const bool has_port =
      name.find(':', name.rfind(']') == name.npos ? 0 : name.rfind(']')) != name.npos;
  const bool needs_port = !has_port && place.listener.port != usual;
  return std::string(place.is_tls ? "https://" : "http://") + name +
         (needs_port ? ":" + std::to_string(place.listener.port) : "");
}

struct Announcement {
  Announce how;
  std::string fingerprint{};  // of a certificate that no authority vouches for: people compare it
  std::string made{};         // the data folder, where it is a new server's
};

// Where it serves comes first: programs read that.
void announce(const Config& config, const std::vector<Place>& places, const Announcement& what) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string place = place_of(config.listen[i], places[i]);
    nlohmann::json said{{"url", place}};
    if (places[i].is_tls && !what.fingerprint.empty())
      said["certificate_sha256"] = what.fingerprint;
    const std::string line =
        what.how == Announce::json ? said.dump() : "sealift: serving at " + place;
    std::printf("%s\n", line.c_str());
  }
  if (what.how == Announce::text && !what.fingerprint.empty())
    std::printf("sealift: its certificate's SHA-256 fingerprint is %s\n", what.fingerprint.c_str());
  if (what.how == Announce::text && !what.made.empty())
    std::printf("sealift: made the data folder of a new server: %s\n", what.made.c_str());
  std::fflush(stdout);
}

// What would end the vault at every start is found before there is one, and said once. The catalog
// is closed again before anything is forked.
Result<void> look_at_catalog(const vault::DataFolder& folder,
                             const std::optional<Account>& account) {
  const AsAccount as(account);
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY_VOID(vault::claim_catalog(*catalog, vault::VaultKeys(folder.vault_key())));
  return catalog->read([](const catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto keys, vault::reopen_keys(records));
    if (keys.empty()) log_line(LogEvent::no_reopen_keys);
    SEALIFT_TRY(const std::uint64_t administrators, records.accounts->active_administrators());
    if (administrators < 2) {
      log_line(LogEvent::few_administrators, {{"there", std::to_string(administrators)}});
    }
    return {};
  });
}

// What an error is about, for the person who typed it.
template <typename Value>
Result<Value> named(const std::string& path, Result<Value> result) {
  if (result) return result;
  return tl::unexpected(std::move(result).error().with_context(path));
}

struct CertificatePaths {
  std::string certificate;
  std::string private_key;
};

Result<void> write_file(const std::string& path, std::string_view content) {
  constexpr unsigned kMode = 0600;
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kMode));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(content)));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

// The self-made certificate is made once: clients pin it.
Result<CertificatePaths> certificate_paths(const Config& config, const vault::DataFolder& folder) {
  if (config.tls != TlsUse::self_made) {
    return CertificatePaths{config.certificate_path, config.private_key_path};
  }
  const CertificatePaths paths{folder.tls_path() + "/certificate.pem",
                               folder.tls_path() + "/private_key.pem"};
  if (::access(paths.certificate.c_str(), F_OK) == 0) return paths;
  constexpr mode_t kFolderMode = 0700;
  if (::mkdir(folder.tls_path().c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return tl::unexpected(base::error_of_errno(errno, folder.tls_path()));
  }
  const std::string name =
      config.host_names.empty() ? config.listen.front().host : config.host_names.front();
  SEALIFT_TRY(const tls::SelfMade made, tls::make_certificate(name, kCertificateDays));
  SEALIFT_TRY_VOID(write_file(paths.private_key, made.private_key_pem));
  SEALIFT_TRY_VOID(write_file(paths.certificate, made.certificate_pem));
  return paths;
}

// `key` is the configuration's, for the person who has to put it right.
Result<base::Bytes> read_pem(const std::string& key, const std::string& path) {
  SEALIFT_TRY(const FileDescriptor file,
              base::open_regular(path, base::Links::followed, key + " = " + path));
  base::Bytes bytes(limits::kPemSizeMax);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  bytes.resize(size);
  return bytes;
}

Result<FileDescriptor> in_memory(base::ByteView content) {
  FileDescriptor file(::memfd_create("certificate", MFD_CLOEXEC));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "certificate"));
  SEALIFT_TRY_VOID(base::write_full(file.get(), content));
  return file;
}

// What fronts serve with: the files as they were when they last made sense. Broken ones change
// nothing, for a front that is started meanwhile neither: it could not start, again and again.
class ServedCertificate {
 public:
  // `expires_ms` is told until when the certificate is good; borrowed.
  ServedCertificate(CertificatePaths paths, Counter& expires_ms)
      : paths_(std::move(paths)), expires_ms_(expires_ms) {}

  Result<void> read() {
    SEALIFT_TRY(const base::Bytes chain, read_pem("certificate", paths_.certificate));
    SEALIFT_TRY(base::Bytes key, read_pem("private_key", paths_.private_key));
    const auto context = tls::Context::server(chain, key);
    auto chain_file = in_memory(chain);
    auto key_file = in_memory(key);
    std::fill(key.begin(), key.end(), std::byte{0});
    if (!context) return tl::unexpected(no_context(context.error()));
    if (!chain_file) return tl::unexpected(chain_file.error());
    if (!key_file) return tl::unexpected(key_file.error());
    note(chain);
    good_.clear();
    good_.push_back(*std::move(chain_file));
    good_.push_back(*std::move(key_file));
    return {};
  }

  // Of what was read, where no authority vouches for it; "" elsewhere.
  std::string fingerprint_to_compare() const {
    const auto shown = tls::fingerprint_of(chain_);
    const auto vouching = tls::vouching_for(base::text_of(chain_), base::SystemClock().now());
    return shown && vouching == tls::Vouching::itself ? tls::fingerprint_text(*shown) : "";
  }

  // In a role, which is sent what it needs: the key is the fronts' alone.
  void forget() { good_.clear(); }

  // Reads again; chain and key, in this order.
  std::vector<FileDescriptor> open() {
    if (const auto done = read(); !done) {
      log_line(LogEvent::certificate_not_read, {{"why", done.error().text}});
    }
    std::vector<FileDescriptor> files;
    for (const FileDescriptor& each : good_)
      files.emplace_back(::fcntl(each.get(), F_DUPFD_CLOEXEC, 0));
    return files;
  }

 private:
  base::Error no_context(base::Error error) const {
    if (error.code == base::ErrorCode::malformed) {
      error.text = error.text == "certificate"
                       ? "certificate = " + paths_.certificate + " is no chain of PEM certificates"
                       : "private_key = " + paths_.private_key +
                             " is no PEM key, or not the key of the certificate " +
                             paths_.certificate;
    }
    return error;
  }
  // A chain that makes sense: until when, and whether it is another than before.
  void note(base::ByteView chain) {
    const auto expiry = tls::expiry_of(std::string(base::text_of(chain)));
    const auto ms = expiry ? expiry->time_since_epoch().count() : 0;
    expires_ms_ = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0));
    const bool is_other = !chain_.empty() && !std::ranges::equal(chain_, chain);
    chain_ = base::copy_of(chain);
    if (is_other) log_line(LogEvent::certificate_renewed, {{"expires", std::to_string(ms / 1000)}});
  }

  const CertificatePaths paths_;
  Counter& expires_ms_;
  base::Bytes chain_;
  std::vector<FileDescriptor> good_;
};

vault::VaultPlan vault_plan(const ServerOptions& options, Figures& figures) {
  vault::VaultPlan plan;
  plan.figures = &figures;
  plan.login_names = options.config.login_names;
  plan.settings.name = options.config.name;
  plan.settings.version = options.version;
  plan.settings.incident_recipient = options.config.incident_recipient;
  plan.settings.finish_within_ms =
      options.config.finish_within_ms.value_or(plan.settings.finish_within_ms);
  plan.settings.has_mail_server = options.config.mail.has_value();
  for (const front::WebFile& file : options.web_files) {
    if (file.path == "/manifest.json") plan.web_manifest = file.plain;
  }
  if (options.config.requests_per_second) {
    plan.rates.ordinary.per_second = *options.config.requests_per_second;
    plan.rates.ordinary.burst = 4.0 * *options.config.requests_per_second;
  }
  if (options.config.entries_per_hour) {
    plan.rates = plan.rates.with_entries_per_hour(*options.config.entries_per_hour);
  }
  return plan;
}

front::FrontPlan front_plan(const ServerOptions& options, const Config& config,
                            const std::vector<Place>& places,
                            std::span<const front::FrontRoute> routes, Figures& figures) {
  front::FrontPlan plan;
  plan.figures = &figures;
  plan.web_files = options.web_files;
  plan.settings.host_names = host_names(config, places);
  plan.routes = routes;
  plan.settings.is_behind_proxy = config.behind_proxy;
  for (const Place& place : places) {
    plan.listeners.push_back(
        {place.listener.socket.get(), place.is_tls ? http::Channel::tls : http::Channel::plain});
  }
  return plan;
}

// Refuses what the logger could only fail with, again and again.
Result<LoggerPlan> logger_plan(const ServerOptions& options, const vault::DataFolder& folder) {
  LoggerPlan plan{folder.journal_path(), options.config.log_file_bytes_max, options.config.syslog,
                  options.version};
  constexpr mode_t kFolderMode = 0700;
  if (plan.bytes_max > 0 && ::mkdir(plan.folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return tl::unexpected(base::error_of_errno(errno, plan.folder));
  }
  if (plan.syslog) {
    const auto wire = make_syslog_wire(*plan.syslog);
    if (!wire) return tl::unexpected(wire.error());
  }
  return plan;
}

// From here on lines go to the logger; what no logger took, because there was none in the end, goes
// to standard error.
class Speaking {
 public:
  explicit Speaking(const LogChannels& channels) : channels_(channels) { channels.speak(); }
  Speaking(const Speaking&) = delete;
  Speaking& operator=(const Speaking&) = delete;
  ~Speaking() { channels_.drain(); }

 private:
  const LogChannels& channels_;
};

}  // namespace

Result<void> run_server(const ServerOptions& options) {
  crypto::SystemRandom random;
  Config config = options.config;
  if (config.listen.empty()) {
    SEALIFT_TRY(ListenAddress address, ListenAddress::parse(kDefaultAddress));
    config.listen.push_back(std::move(address));
  }
  const bool is_new = ::access((options.data + "/vault.key").c_str(), F_OK) != 0;
  if (is_new) {
    SEALIFT_TRY_VOID(vault::refuse_place_of_others(options.data, vault::MadeAs::owner));
  }
  SupervisorSettings settings;
  settings.account = account_of(options.data);
  std::optional<AsAccount> as_account(settings.account);
  if (!as_account->is_good()) {
    return base::fail(base::ErrorCode::forbidden,
                      "the account that owns " + options.data + " can't be taken on");
  }
  auto opened = vault::DataFolder::open(options.data, random);
  if (!opened) return tl::unexpected(std::move(opened).error().with_context(options.data));
  const vault::DataFolder& folder = *opened;
  SEALIFT_TRY(const FileDescriptor lock, named(options.data, folder.lock()));
  SEALIFT_TRY_VOID(named(options.data, folder.refuse_open_to_others()));
  SEALIFT_TRY_VOID(named(options.data, folder.refuse_unfinished_restore()));
  SEALIFT_TRY(CertificatePaths paths, certificate_paths(config, folder));
  SEALIFT_TRY(const auto figures, Figures::make());
  const std::string certificate_path =
      config.tls == TlsUse::by_address ? "" : std::filesystem::absolute(paths.certificate).string();
  ServedCertificate certificate(std::move(paths), figures->server.certificate_expires_ms);
  SEALIFT_TRY(LoggerPlan logger, logger_plan(options, folder));
  as_account.reset();

  SEALIFT_TRY(const std::vector<Place> places, open_places(config));
  as_account.emplace(settings.account);
  SEALIFT_TRY_VOID(named(
      options.data, folder.set_last_start({.server_url = public_url(config, places),
                                           .has_mail_server = config.mail.has_value(),
                                           .has_incident_key = !config.incident_recipient.empty(),
                                           .config_path = options.config_path,
                                           .certificate_path = certificate_path})));
  as_account.reset();
  SEALIFT_TRY(LogChannels channels, LogChannels::make());
  const Speaking speaking(channels);
  SEALIFT_TRY_VOID(named(options.data, look_at_catalog(folder, settings.account)));
  const std::vector<front::FrontRoute> routes = front::rest_front_routes();
  vault::VaultPlan vault = vault_plan(options, *figures);
  SEALIFT_TRY(auto clock_memory, vault::ClockMemory::make());
  vault.clock_memory = clock_memory.get();
  const front::FrontPlan front = front_plan(options, config, places, routes, *figures);
  Roles roles;
  settings.roles_ended = &figures->server.roles_ended;
  roles.logger = [&](FileDescriptor control) {
    certificate.forget();
    clock_memory.reset();
    return run_logger(logger, channels.take_ends(), std::move(control));
  };
  roles.vault = [&](FileDescriptor control) {
    channels.become(LogSource::vault);
    certificate.forget();
    return vault::run_vault(vault, folder, std::move(control));
  };
  roles.front = [&](FileDescriptor to_vault, FileDescriptor control) {
    channels.become(LogSource::front);
    certificate.forget();
    clock_memory.reset();
    return front::run_front(front, std::move(to_vault), std::move(control));
  };
  if (config.mail) {
    roles.mailer = [&](FileDescriptor to_vault, FileDescriptor control) {
      channels.become(LogSource::mailer);
      certificate.forget();
      clock_memory.reset();
      return run_mailer(*config.mail, std::move(to_vault), std::move(control));
    };
  }
  roles.fronts = config.fronts != 0 ? config.fronts : options.cpu_count;
  if (config.tls != TlsUse::by_address) {
    SEALIFT_TRY_VOID(certificate.read());
    roles.open_certificate = [&] { return certificate.open(); };
  }
  announce(
      config, places,
      {.how = options.announce,
       .fingerprint =
           std::ranges::any_of(places, &Place::is_tls) ? certificate.fingerprint_to_compare() : "",
       .made = is_new ? options.data : ""});
  settings.on_serving = [&options] {
    if (const auto told = notify_service_manager(options.notify_socket, "READY=1"); !told) {
      log_line(LogEvent::service_manager_not_told, {{"why", told.error().text}});
    }
  };
  return supervise(roles, settings);
}

}  // namespace sealift::server
