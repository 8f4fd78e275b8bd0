#include "server/vault/host.h"

#include <charconv>

#include "base/hex.h"
#include "catalog/sqlite_catalog.h"
#include "crypto/sha256.h"
#include "parcel/officer_set.h"
#include "server/vault/key_mark.h"
#include "server/vault/locking.h"
#include "server/vault/place_of_data.h"
#include "server/vault/steady_time.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Records;

// Of a mark that holds milliseconds in decimal.
base::UnixTime time_of(base::ByteView mark) {
  std::int64_t ms = 0;
  const std::string_view text = base::text_of(mark);
  std::from_chars(text.data(), text.data() + text.size(), ms);
  return base::UnixTime(std::chrono::milliseconds(ms));
}

}  // namespace

Result<std::unique_ptr<Host>> Host::open(const std::string& data, Begin begin,
                                         crypto::Random& random, const base::Clock& clock) {
  const auto server = need_server(data);
  const bool has_begun = server.has_value();
  const bool may_begin =
      begin == Begin::yes && !server && server.error().code == ErrorCode::not_found;
  if (!has_begun && !may_begin) return tl::unexpected(server.error());
  if (!has_begun) SEALIFT_TRY_VOID(refuse_place_of_others(data, MadeAs::caller));
  SEALIFT_TRY(DataFolder folder, DataFolder::open(data, random));
  SEALIFT_TRY_VOID(folder.refuse_unfinished_restore());
  if (begin == Begin::no) SEALIFT_TRY_VOID(need_catalog(data));
  SEALIFT_TRY(auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY_VOID(claim_catalog(*catalog, VaultKeys(folder.vault_key())));
  return std::unique_ptr<Host>(new Host(std::move(folder), std::move(catalog), random, clock));
}

Result<base::UnixTime> Host::time() { return host_time(*catalog_, folder_, clock_); }

Result<base::UnixTime> host_time(catalog::Catalog& catalog, const DataFolder& folder,
                                 const base::Clock& clock) {
  SEALIFT_TRY(const base::UnixTime latest, catalog.advance_clock({}));
  SEALIFT_TRY(const auto mark, catalog.read([](const Records& records) {
    return records.marks->find(catalog::Mark::clock_held);
  }));
  // Whatever this one would tell the catalog, the server would believe when it next starts.
  if (mark && parse_held_clock(base::text_of(*mark))) return latest;
  // A running server told the catalog its time seconds ago: further ahead is a jump.
  const bool is_running = !folder.lock();
  const base::UnixTime wall = clock.now();
  if (is_running && latest != base::UnixTime() && wall - latest > kClockJumpMax) return latest;
  return catalog.advance_clock(believed(wall, latest));
}

Result<std::optional<base::UnixTime>> Host::held_clock() {
  SEALIFT_TRY(const auto mark, catalog_->read([](const Records& records) {
    return records.marks->find(catalog::Mark::clock_held);
  }));
  const auto held = mark ? parse_held_clock(base::text_of(*mark)) : std::nullopt;
  if (!held) return std::nullopt;
  return held->shows;
}

Result<catalog::Change> Host::accept_clock() {
  SEALIFT_TRY(const auto shows, held_clock());
  if (!shows) return catalog::Change::stale;
  SEALIFT_TRY(const base::UnixTime now, time());
  return catalog_->transact([&](Records& records) -> Result<catalog::Change> {
    SEALIFT_TRY_VOID(records.marks->put(catalog::Mark::clock_held, base::bytes_of(kClockAccepted)));
    SEALIFT_TRY_VOID(
        notary_.note(records, {.kind = Logged::clock_accepted,
                               .happened = now,
                               .facts = {{"shows", shows->time_since_epoch().count()}}}));
    return catalog::Change::done;
  });
}

Result<std::string> Host::make_metrics_token() {
  Token made = make_token(random_);
  SEALIFT_TRY_VOID(catalog_->transact([&](Records& records) {
    return records.marks->put(catalog::Mark::metrics_token, made.hash.view());
  }));
  return std::move(made.text);
}

Result<void> Host::end_metrics_token() {
  return catalog_->transact(
      [](Records& records) { return records.marks->remove(catalog::Mark::metrics_token); });
}

Result<Invitation> Host::invite(const parcel::Address& address, catalog::Roles roles,
                                std::chrono::milliseconds lifetime) {
  SEALIFT_TRY(const base::UnixTime now, time());
  Invitation made{make_token(random_), now + lifetime};
  catalog::Enrolment enrolment;
  enrolment.id = {random_.array<16>()};
  enrolment.token = made.token.hash;
  enrolment.lookup = keys_.address_lookup(address.text());
  enrolment.sealed_address =
      keys_.wrap(WrapFor::address, enrolment.id.view(), base::bytes_of(address.text()), random_);
  enrolment.roles = roles;
  enrolment.created = now;
  enrolment.expires = made.expires;
  const auto done = catalog_->transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
    if (lockdown) return base::fail(ErrorCode::locked_down, "locked down");
    SEALIFT_TRY(const auto account, records.accounts->find_by_address(enrolment.lookup));
    if (account && account->state == catalog::AccountState::closed) {
      return base::fail(ErrorCode::conflict, "the account of this address was closed");
    }
    SEALIFT_TRY_VOID(records.enrolments->add(enrolment));
    SEALIFT_TRY_VOID(notary_.note(records, {Logged::account_invited,
                                            now,
                                            std::nullopt,
                                            std::nullopt,
                                            {{"enrolment", base::hex_encode(enrolment.id.view())},
                                             {"administrator", roles.administrator},
                                             {"recovery_officer", roles.recovery_officer}}}));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return made;
}

Result<catalog::Change> Host::lock() {
  SEALIFT_TRY(const base::UnixTime now, time());
  const Locking locking{{random_.array<16>()}, std::nullopt, now};
  const PostOffice office{keys_, random_, folder_.last_start().has_mail_server};
  SEALIFT_TRY(const catalog::Insert locked, catalog_->transact([&](Records& records) {
    return lock_down(office, notary_, records, locking);
  }));
  if (locked != catalog::Insert::added) return catalog::Change::stale;
  (void)catalog_->scrub();  // of halves that were destroyed; busy: the server does it later
  return catalog::Change::done;
}

Result<ReopenKeyTexts> Host::make_reopen_keys(
    const std::function<Result<void>(const ReopenKeyTexts&)>& show) {
  SEALIFT_TRY(const base::UnixTime now, time());
  return vault::make_reopen_keys(*catalog_, folder_.log_name(), notary_, random_, now, show);
}

Result<Host::Reopening> Host::reopening() {
  return catalog_->read([](const Records& records) -> Result<Reopening> {
    Reopening found;
    SEALIFT_TRY(const auto keys, reopen_keys(records));
    found.has_keys = !keys.empty();
    SEALIFT_TRY(found.administrators, records.accounts->active_administrators());
    return found;
  });
}

Result<Host::Condition> Host::condition() {
  return catalog_->read([this](const Records& records) -> Result<Condition> {
    Condition found;
    SEALIFT_TRY(found.administrators, records.accounts->active_administrators());
    SEALIFT_TRY(const auto officers, records.accounts->active_recovery_officers());
    found.recovery_officers = officers.size();
    SEALIFT_TRY(const auto keys, reopen_keys(records));
    found.has_reopen_keys = !keys.empty();
    SEALIFT_TRY(const auto locked, records.lockdowns->current());
    found.is_locked = locked.has_value();
    SEALIFT_TRY(const auto held, records.marks->find(catalog::Mark::clock_held));
    found.is_clock_held = held.has_value();
    SEALIFT_TRY(const auto made, records.marks->find(catalog::Mark::backed_up));
    if (made) found.backed_up = time_of(*made);
    SEALIFT_TRY(const auto mails, records.outbox->counts());
    found.letters_given_up = mails.given_up;
    found.has_mail_server = folder_.last_start().has_mail_server;
    return found;
  });
}

Result<catalog::Change> Host::set_organisation_key(std::string_view text) {
  const auto key = log::VerifierKey::parse(text);
  if (!key)
    return base::fail(
        ErrorCode::malformed,
        "this is not an organisation's public key: `sealift organisation init` prints "
        "it");
  if (key->name() != parcel::organisation_key_name(folder_.log_name()))
    return base::fail(ErrorCode::no_match, "this organisation key was made for another server");
  SEALIFT_TRY(const base::UnixTime now, time());
  return catalog_->transact([&](Records& records) -> Result<catalog::Change> {
    SEALIFT_TRY(const auto before, records.marks->find(catalog::Mark::organisation_key));
    if (before && base::text_of(*before) == key->text()) return catalog::Change::stale;
    SEALIFT_TRY_VOID(
        records.marks->put(catalog::Mark::organisation_key, base::bytes_of(key->text())));
    SEALIFT_TRY_VOID(records.marks->remove(catalog::Mark::officer_set));
    const auto digest = crypto::sha256(base::bytes_of(key->text()));
    SEALIFT_TRY_VOID(notary_.note(records, {.kind = Logged::officers_signed,
                                            .happened = now,
                                            .facts = {{"key", base::hex_encode(digest)}}}));
    return catalog::Change::done;
  });
}

Result<catalog::Change> Host::reopen(std::string_view typed_key) {
  SEALIFT_TRY(const ReopenKey key, take_reopen_key(*catalog_, typed_key));
  SEALIFT_TRY(const base::UnixTime now, time());
  const PostOffice office{keys_, random_, folder_.last_start().has_mail_server};
  return catalog_->transact(
      [&](Records& records) { return reopen_by_key(office, notary_, records, key, now); });
}

Result<log::RestoreStatement> Host::state_restore(std::string_view typed_key) {
  SEALIFT_TRY(const ReopenKey key, take_reopen_key(*catalog_, typed_key));
  SEALIFT_TRY(const base::UnixTime now, time());
  return vault::state_restore(*catalog_, notary_, key, now);
}

Result<std::optional<catalog::Lockdown>> Host::lockdown() {
  return catalog_->read([](const Records& records) { return records.lockdowns->current(); });
}

}  // namespace sealift::server::vault
