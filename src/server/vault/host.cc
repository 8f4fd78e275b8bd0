#include "server/vault/host.h"

#include <unistd.h>

#include "base/hex.h"
#include "catalog/sqlite_catalog.h"
#include "server/vault/locking.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Records;

constexpr std::chrono::hours kInvitationLifetime{7 * 24};

}  // namespace

Result<std::unique_ptr<Host>> Host::open(const std::string& data, Begin begin,
                                         crypto::Random& random, const base::Clock& clock) {
  if (begin == Begin::no && ::access((data + "/vault.key").c_str(), F_OK) != 0) {
    return base::fail(ErrorCode::not_found, "no server has this data folder");
  }
  SEALIFT_TRY(DataFolder folder, DataFolder::open(data, random));
  SEALIFT_TRY(auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  return std::unique_ptr<Host>(new Host(std::move(folder), std::move(catalog), random, clock));
}

Result<Invitation> Host::invite(const parcel::Address& address, catalog::Roles roles) {
  SEALIFT_TRY(const base::UnixTime now, catalog_->advance_clock(clock_.now()));
  Invitation made{make_token(random_), now + kInvitationLifetime};
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
  SEALIFT_TRY(const base::UnixTime now, catalog_->advance_clock(clock_.now()));
  const Locking locking{{random_.array<16>()}, std::nullopt, now};
  const PostOffice office{keys_, random_, folder_.last_start().has_mail_server};
  SEALIFT_TRY(const catalog::Insert locked, catalog_->transact([&](Records& records) {
    return lock_down(office, notary_, records, locking);
  }));
  if (locked != catalog::Insert::added) return catalog::Change::stale;
  (void)catalog_->scrub();  // of halves that were destroyed; busy: the server does it later
  return catalog::Change::done;
}

Result<std::optional<catalog::Lockdown>> Host::lockdown() {
  return catalog_->read([](const Records& records) { return records.lockdowns->current(); });
}

}  // namespace sealift::server::vault
