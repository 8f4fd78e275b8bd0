#include "admin/admin_doctor.h"

#include <netdb.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <memory>

#include "admin/admin_certificate.h"
#include "base/limits.h"
#include "cli/checkup.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "client/server_address.h"
#include "server/config.h"
#include "server/vault/upkeep/backup.h"

namespace sealift::cli {
namespace {

using server::vault::DataFolder;
using server::vault::Host;
using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;

// What is found is said in English; a checkup translates it where it is shown.
constexpr auto kEnglish = base::Language::english;
constexpr Days kBackupAgeGood{2};
constexpr std::uint64_t kFreePercentGood = 10;
constexpr std::uint32_t kMailAnswerMs = 10'000;

void check_folder(Checkup& checkup, const DataFolder& folder) {
  const auto closed = folder.refuse_open_to_others();
  checkup.judge("permissions", closed.has_value(), Finding::problem,
                closed ? "only their owner can read the keys and the folder" : closed.error().text,
                "sealift admin --data " + folder.path() + " fsck --repair-what-is-safe");
  const auto restored = folder.refuse_unfinished_restore();
  if (!restored) {
    checkup.add("restore", Finding::problem, restored.error().text,
                "see /usr/share/doc/sealift-server/operate/restore-day.md");
  }
}

// Whether the server runs, and so whether the rest is what it does or what it left behind.
bool check_server(Checkup& checkup, const DataFolder& folder) {
  const auto lock = folder.lock();
  const bool is_running = !lock && lock.error().code == base::ErrorCode::conflict;
  checkup.judge(
      "server", is_running, Finding::attention,
      is_running ? "it is running"
                 : "it isn't running: lockdown, clock, backup and mail are as its data folder has "
                   "them from its last run",
      "start it");
  return is_running;
}

// What the folders that are named lack; nullopt: a backup and its keys are there.
std::optional<std::string> missing_backup(const Arguments& arguments) {
  if (const auto path = arguments.value("backup")) {
    const auto chosen =
        server::vault::choose_generation(server::vault::BackupFolder(*path), std::nullopt);
    if (!chosen) return *path + ": " + chosen.error().text;
  }
  if (const auto path = arguments.value("keys")) {
    const bool has_keys = ::access((*path + "/vault.key").c_str(), F_OK) == 0;
    if (!has_keys) return *path + ": no server's keys are in this folder";
  }
  return std::nullopt;
}

// Of the folders that are named: a backup that others can read or change is found out on the day
// when it is needed.
void check_backup_folders(Checkup& checkup, const Arguments& arguments) {
  if (!arguments.has("backup") && !arguments.has("keys")) return;
  const auto closed = server::vault::refuse_open_to_others(
      {arguments.value("backup").value_or(""), arguments.value("keys").value_or("")});
  if (const auto missing = missing_backup(arguments)) {
    return checkup.add("backup folders", Finding::problem, *missing,
                       "see /usr/share/doc/sealift-server/operate/backup.md");
  }
  checkup.judge(
      "backup folders", closed.has_value(), Finding::problem,
      closed ? "other accounts can't read the keys in them, or write to them" : closed.error().text,
      "see /usr/share/doc/sealift-server/operate/backup.md");
}

void check_disk(Checkup& checkup, const DataFolder& folder) {
  struct statvfs room {};
  if (::statvfs(folder.store_path().c_str(), &room) != 0) {
    return checkup.add("disk", Finding::problem, "its free space cannot be read",
                       "look at the disk of " + folder.path());
  }
  const std::uint64_t free_bytes = std::uint64_t{room.f_bavail} * room.f_frsize;
  const std::uint64_t percent = room.f_blocks == 0 ? 0 : room.f_bavail * 100 / room.f_blocks;
  const std::string says = std::to_string(free_bytes >> 20) + " MiB of the disk are free, " +
                           std::to_string(percent) + " %";
  const std::string hint =
      "make room on the disk of " + folder.path() + ": below 64 MiB uploads are refused";
  if (free_bytes < limits::kFreeSpaceMin)
    return checkup.add("disk", Finding::problem, says + ": uploads are refused", hint);
  const bool is_good = percent >= kFreePercentGood && free_bytes >= 2 * limits::kFreeSpaceMin;
  checkup.judge("disk", is_good, Finding::attention, says, hint);
}

void check_people(Checkup& checkup, const Host::Condition& found) {
  checkup.judge("administrators", found.administrators > 1,
                found.administrators == 0 ? Finding::problem : Finding::attention,
                phrase(kEnglish, "{count} {count:active administrator|active administrators}",
                       found.administrators),
                found.administrators == 0
                    ? "invite one: `sealift admin --data DIR invite ADDRESS --admin`"
                    : "invite another: `sealift admin --data DIR invite ADDRESS --admin`");
  checkup.judge("officers", found.recovery_officers > 1, Finding::attention,
                phrase(kEnglish, "{count} {count:recovery officer|recovery officers}",
                       found.recovery_officers),
                "two have to approve the recovery of keys that someone lost: invite them with "
                "--recovery-officer");
  checkup.judge("reopen keys", found.has_reopen_keys, Finding::attention,
                found.has_reopen_keys ? "they were made" : "none were made",
                "make and print them: `sealift admin --data DIR reopen-keys`");
}

void check_state(Checkup& checkup, const Host::Condition& found, bool is_running,
                 base::UnixTime now) {
  checkup.judge("lockdown", !found.is_locked, Finding::attention,
                found.is_locked ? "the server is locked down"
                : is_running    ? "the server is open"
                                : "the server will be open when it starts",
                "see /usr/share/doc/sealift-server/operate/lockdown-day.md");
  checkup.judge("clock", !found.is_clock_held, Finding::problem,
                found.is_clock_held ? "it jumped ahead and is held: nothing expires"
                : is_running        ? "it runs steadily"
                                    : "it wasn't held when the server last ran",
                "see /usr/share/doc/sealift-server/operate/clock-day.md");
  const bool is_recent = found.backed_up && now - *found.backed_up <= kBackupAgeGood;
  checkup.judge("backup", is_recent, Finding::attention,
                found.backed_up ? "the last was made at " + time_text(*found.backed_up)
                                : "there is no backup yet",
                "see /usr/share/doc/sealift-server/operate/backup.md");
  checkup.judge("mail", found.has_mail_server && found.letters_given_up == 0, Finding::attention,
                !found.has_mail_server
                    ? "no mail server is configured: nobody is notified"
                    : (found.letters_given_up == 1
                           ? "1 letter was given up"
                           : std::to_string(found.letters_given_up) + " letters were given up"),
                found.has_mail_server ? "the server's log says why"
                                      : "set mail_host and the keys that belong to it");
}

bool has_address(const std::string& host) {
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, [](addrinfo* list) {
    if (list != nullptr) ::freeaddrinfo(list);
  });
  return failed == 0;
}

void check_name(Checkup& checkup, const std::string& url) {
  if (url.empty()) {
    return checkup.add("name", Finding::attention,
                       "nothing says where people reach the server: links are secrets alone",
                       "start the server once, with server_url or host_name in its configuration");
  }
  const auto address = client::ServerAddress::parse(url);
  if (!address || address->channel() == client::Channel::unix_socket) return;
  const std::string& host = address->host();
  const bool is_known = has_address(host);
  checkup.judge("name", is_known, Finding::attention,
                is_known ? host + " has an address" : host + " has no address here",
                "add it to the DNS");
}

// As the mailer does for each letter, up to where it would hand one over.
void check_mail_server(Checkup& checkup, const server::MailerPlan& mail) {
  const std::string& host = mail.smtp.host;
  const std::string port = std::to_string(mail.smtp.port);
  const auto problem = [&](std::string says, std::string next) {
    checkup.add("mail server", Finding::problem, std::move(says), std::move(next));
  };
  server::SmtpSettings settings = mail.smtp;
  settings.timeout_ms = kMailAnswerMs;
  const auto smtp = server::Smtp::create(settings);
  if (!smtp)
    return problem("its settings can't be used: " + smtp.error().text,
                   "correct mail_host, mail_password_file or mail_certificates");
  switch ((*smtp)->reach(mail.head.from)) {
    case server::MailReach::good:
      return checkup.add("mail server", Finding::good,
                         phrase(kEnglish, "{host}, port {port} takes letters", host, port));
    case server::MailReach::no_address:
      return problem(host + " has no address here: no letter is sent",
                     "correct mail_host, or add it to the DNS");
    case server::MailReach::no_answer:
      return problem(phrase(kEnglish, "no mail server answers at {host}, port {port}", host, port),
                     "correct mail_host and mail_port, or let this machine through to it");
    case server::MailReach::no_tls:
      return problem(phrase(kEnglish, "{host}, port {port} offers no TLS", host, port),
                     "correct mail_port and mail_security");
    case server::MailReach::unproved:
      return problem(phrase(kEnglish, "{host}, port {port} doesn't prove its name", host, port),
                     "correct mail_host and mail_security, or name its authority in "
                     "mail_certificates");
    case server::MailReach::login_refused:
      return problem(phrase(kEnglish, "{host}, port {port} refuses the login", host, port),
                     "correct mail_user and mail_password_file");
  }
}

// The configuration that is named, or else that of the last start; nullopt: nobody knows any.
tl::expected<std::optional<server::Config>, Failure> configuration_of(Checkup& checkup, Host& host,
                                                                      const Arguments& arguments) {
  if (const auto path = arguments.value("config")) {
    auto read = server::read_config(*path);
    if (!read) return tl::unexpected(Failure(std::move(read).error().with_context(*path)));
    return *std::move(read);
  }
  const std::string path = host.last_start().config_path;
  if (path.empty()) return std::nullopt;
  auto read = server::read_config(path);
  checkup.judge("configuration", read.has_value(), Finding::problem,
                read ? path : path + ": " + read.error().text,
                "the server read this file when it last started: put it right, or name another "
                "with --config FILE");
  if (!read) return std::nullopt;
  return *std::move(read);
}

}  // namespace

Outcome examine(const Environment& environment, Host& host, const Arguments& arguments) {
  Checkup checkup;
  const auto known = configuration_of(checkup, host, arguments);
  if (!known) return tl::unexpected(known.error());
  const server::Config config = known->value_or(server::Config{});
  const auto found = host.condition();
  if (!found) return tl::unexpected(Failure(found.error()));
  const base::UnixTime now = environment.clock.now();
  const DataFolder& folder = host.folder();
  const bool is_running = check_server(checkup, folder);
  check_folder(checkup, folder);
  check_backup_folders(checkup, arguments);
  check_disk(checkup, folder);
  check_people(checkup, *found);
  check_state(checkup, *found, is_running, now);
  check_certificate(checkup, folder, *known, now);
  check_name(checkup, host.last_start().server_url);
  if (config.mail) check_mail_server(checkup, *config.mail);
  const bool has_incident_key =
      *known ? !config.incident_recipient.empty() : host.last_start().has_incident_key;
  checkup.judge(
      "incident key", has_incident_key, Finding::attention,
      has_incident_key ? "it is set" : "inventories are sealed to nobody",
      "make a key with `sealift keygen -o FILE`, and set incident_recipient to its recipient");
  return checkup.print(arguments.has("json"), environment.language);
}

}  // namespace sealift::cli
