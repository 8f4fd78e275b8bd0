#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define IS_OFFICER "a.state = 1 AND a.recovery_officer = 1"
// Approvals of those who may give one now.
#define COUNT_APPROVALS                                                             \
  "(SELECT count(*) FROM recovery_approvals v JOIN accounts a ON a.id = v.officer " \
  "WHERE v.recovery = recoveries.id AND " IS_OFFICER ")"
#define SELECT_RECOVERY                                                        \
  "SELECT id, account, asked_by, state, created, not_before, " COUNT_APPROVALS \
  ", recipient FROM recoveries "
constexpr Sql kAsk{
    "INSERT INTO recoveries(id, account, asked_by, state, created, not_before, recipient) "
    "VALUES(?1, ?2, ?3, 1, ?4, ?5, ?6) ON CONFLICT DO NOTHING"};
constexpr Sql kFind{SELECT_RECOVERY "WHERE id = ?1"};
constexpr Sql kWaiting{SELECT_RECOVERY "WHERE state = 1 ORDER BY seq"};
constexpr Sql kIsOfficer{"SELECT count(*) FROM accounts a WHERE a.id = ?1 AND " IS_OFFICER};
constexpr Sql kApprove{
    "INSERT INTO recovery_approvals(recovery, officer, approved, wrapped_share) "
    "VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"};
constexpr Sql kApprovedShares{
    "SELECT v.officer, v.wrapped_share FROM recovery_approvals v JOIN accounts a "
    "ON a.id = v.officer WHERE v.recovery = ?1 AND length(v.wrapped_share) > 0 AND " IS_OFFICER
    " ORDER BY v.approved, v.officer"};
constexpr Sql kDeal{"INSERT INTO recovery_halves(slot, threshold, wrapped) VALUES(?1, ?2, ?3)"};
constexpr Sql kDealShare{"INSERT INTO recovery_shares(slot, officer, wrapped) VALUES(?1, ?2, ?3)"};
constexpr Sql kDealt{"SELECT slot, threshold, wrapped FROM recovery_halves WHERE slot = ?1"};
constexpr Sql kShares{
    "SELECT officer, wrapped FROM recovery_shares WHERE slot = ?1 ORDER BY officer"};
constexpr Sql kRelease{
    "UPDATE recoveries SET state = 2 WHERE id = ?1 AND state = 1 AND not_before <= ?3 "
    "AND " COUNT_APPROVALS " >= ?2"};
constexpr Sql kCancel{"UPDATE recoveries SET state = 3 WHERE id = ?1 AND state = 1"};
constexpr Sql kExists{"SELECT count(*) FROM recoveries WHERE id = ?1"};

Recovery read_recovery(Row& row) {
  Recovery recovery;
  row.into(recovery.id, recovery.account, recovery.asked_by, recovery.state, recovery.created,
           recovery.not_before, recovery.approvals, recovery.recipient);
  return recovery;
}

RecoveryShare read_share(Row& row) {
  RecoveryShare share;
  row.into(share.officer, share.wrapped);
  return share;
}

DealtRecovery read_dealt(Row& row) {
  DealtRecovery dealt;
  row.into(dealt.slot, dealt.threshold, dealt.wrapped_half);
  return dealt;
}

class SqliteRecoveries final : public Recoveries {
 public:
  explicit SqliteRecoveries(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> ask(const Recovery& recovery) override {
    return insert_of(database_.run(kAsk, recovery.id, recovery.account, recovery.asked_by,
                                   recovery.created, recovery.not_before, recovery.recipient));
  }
  base::Result<std::optional<Recovery>> find(const RecoveryId& id) const override {
    return database_.first(kFind, read_recovery, id);
  }
  base::Result<std::vector<Recovery>> waiting() const override {
    return database_.all(kWaiting, read_recovery);
  }
  base::Result<Approve> approve(const RecoveryId& id, const AccountId& officer,
                                base::ByteView wrapped_share, base::UnixTime now) override {
    SEALIFT_TRY(const auto recovery, find(id));
    if (!recovery || recovery->state != RecoveryState::waiting) return Approve::not_waiting;
    if (recovery->account == officer) return Approve::own_account;
    SEALIFT_TRY(const bool is_officer, database_.only<bool>(kIsOfficer, officer));
    if (!is_officer) return Approve::not_an_officer;
    SEALIFT_TRY(const auto approved, database_.run(kApprove, id, officer, now, wrapped_share));
    return approved == 0 ? Approve::again : Approve::approved;
  }
  base::Result<Release> release(const RecoveryId& id, std::uint32_t approvals_min,
                                base::UnixTime now) override {
    SEALIFT_TRY(const auto released, database_.run(kRelease, id, approvals_min, now));
    if (released != 0) return Release::released;
    SEALIFT_TRY(const auto recovery, find(id));
    if (!recovery || recovery->state != RecoveryState::waiting) return Release::not_waiting;
    return recovery->not_before > now ? Release::too_early : Release::too_few;
  }
  base::Result<std::vector<RecoveryShare>> approved_shares(const RecoveryId& id) const override {
    return database_.all(kApprovedShares, read_share, id);
  }
  base::Result<void> deal(const DealtRecovery& dealt) override {
    SEALIFT_TRY_VOID(
        nothing_of(database_.run(kDeal, dealt.slot, dealt.threshold, dealt.wrapped_half)));
    for (const RecoveryShare& share : dealt.shares) {
      SEALIFT_TRY_VOID(
          nothing_of(database_.run(kDealShare, dealt.slot, share.officer, share.wrapped)));
    }
    return {};
  }
  base::Result<std::optional<DealtRecovery>> dealt(const SlotId& slot) const override {
    SEALIFT_TRY(auto found, database_.first(kDealt, read_dealt, slot));
    if (!found) return found;
    SEALIFT_TRY(found->shares, database_.all(kShares, read_share, slot));
    return found;
  }
  base::Result<Change> cancel(const RecoveryId& id) override {
    return change_or_stale(database_, database_.run(kCancel, id), kExists, id);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Recoveries> sqlite_recoveries(SqliteDatabase& database) {
  return std::make_unique<SqliteRecoveries>(database);
}

}  // namespace sealift::catalog::internal
