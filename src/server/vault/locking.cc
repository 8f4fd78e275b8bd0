#include "server/vault/locking.h"

namespace sealift::server::vault {

using base::Result;

Result<void> tell_everyone_in_charge(const PostOffice& office, catalog::Records& records,
                                     catalog::MailTemplate text, base::UnixTime now) {
  catalog::Page page{std::nullopt, 1000};
  while (true) {
    SEALIFT_TRY(const auto accounts, records.accounts->list(page));
    for (const catalog::Account& account : accounts) {
      if (!account.roles.administrator && !account.roles.recovery_officer) continue;
      SEALIFT_TRY_VOID(
          post_letter(office, records,
                      {.text = text, .to = account.id, .who = std::nullopt, .when = now}, now));
    }
    if (accounts.size() < page.rows_max) return {};
    page.before = accounts.back().cursor;
  }
}

Result<catalog::Insert> lock_down(const PostOffice& office, Notary& notary,
                                  catalog::Records& records, const Locking& locking) {
  SEALIFT_TRY(const auto locked, records.lockdowns->lock(locking.id, locking.by, locking.now));
  if (locked != catalog::Insert::added) return locked;
  SEALIFT_TRY_VOID(records.sessions->end_all());
  SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
  if (policy.lockdown_halves == catalog::LockdownHalves::destroyed) {
    SEALIFT_TRY_VOID(records.links->destroy_all_halves());
  }
  SEALIFT_TRY_VOID(notary.note(records, {.kind = Logged::locked_down,
                                         .happened = locking.now,
                                         .account = locking.by,
                                         .facts = {{"lockdown", json_of(locking.id)}}}));
  SEALIFT_TRY_VOID(
      tell_everyone_in_charge(office, records, catalog::MailTemplate::locked_down, locking.now));
  return locked;
}

}  // namespace sealift::server::vault
