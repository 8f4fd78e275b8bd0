#include "server/vault/locking.h"

#include "server/vault/proposals.h"

namespace sealift::server::vault {

using base::Result;

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
  SEALIFT_TRY_VOID(withdraw_all_proposals(notary, records, locking.now));
  SEALIFT_TRY_VOID(post_announcement(
      office, records, {.text = catalog::MailTemplate::locked_down, .when = locking.now},
      locking.now));
  return locked;
}

}  // namespace sealift::server::vault
