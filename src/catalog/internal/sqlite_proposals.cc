#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

#define SELECT_PROPOSAL                                                                        \
  "SELECT id, kind, account, change, proposed_by, proposed, confirmed_by, not_before, state, " \
  "ended FROM proposals "
constexpr Sql kAdd{
    "INSERT INTO proposals(id, kind, account, change, proposed_by, proposed, confirmed_by, "
    "not_before, state) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1) ON CONFLICT DO NOTHING"};
constexpr Sql kFind{SELECT_PROPOSAL "WHERE id = ?1"};
constexpr Sql kWaiting{SELECT_PROPOSAL "WHERE state = 1 ORDER BY seq"};
constexpr Sql kConfirm{
    "UPDATE proposals SET confirmed_by = ?2, not_before = ?3 "
    "WHERE id = ?1 AND state = 1 AND not_before IS NULL"};
constexpr Sql kEnd{"UPDATE proposals SET state = ?2, ended = ?3 WHERE id = ?1 AND state = 1"};
constexpr Sql kRolesGiven{
    "SELECT count(*) FROM proposals WHERE account = ?1 AND proposed_by = ?2 AND kind = 1 "
    "AND state = 2 AND ended >= ?3"};
constexpr Sql kExists{"SELECT count(*) FROM proposals WHERE id = ?1"};

Proposal read_proposal(Row& row) {
  Proposal proposal;
  row.into(proposal.id, proposal.kind, proposal.account, proposal.change, proposal.proposed_by,
           proposal.proposed, proposal.confirmed_by, proposal.not_before, proposal.state,
           proposal.ended);
  return proposal;
}

class SqliteProposals final : public Proposals {
 public:
  explicit SqliteProposals(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const Proposal& proposal) override {
    return insert_of(database_.run(kAdd, proposal.id, proposal.kind, proposal.account,
                                   proposal.change, proposal.proposed_by, proposal.proposed,
                                   proposal.confirmed_by, proposal.not_before));
  }
  base::Result<std::optional<Proposal>> find(const ProposalId& id) const override {
    return database_.first(kFind, read_proposal, id);
  }
  base::Result<std::vector<Proposal>> waiting() const override {
    return database_.all(kWaiting, read_proposal);
  }
  base::Result<Change> confirm(const ProposalId& id, const AccountId& by,
                               base::UnixTime not_before) override {
    return change_or_stale(database_, database_.run(kConfirm, id, by, not_before), kExists, id);
  }
  base::Result<Change> end(const ProposalId& id, ProposalState state, base::UnixTime now) override {
    return change_or_stale(database_, database_.run(kEnd, id, state, now), kExists, id);
  }
  base::Result<std::uint64_t> roles_given(const AccountId& account, const AccountId& by,
                                          base::UnixTime since) const override {
    return database_.only<std::uint64_t>(kRolesGiven, account, by, since);
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Proposals> sqlite_proposals(SqliteDatabase& database) {
  return std::make_unique<SqliteProposals>(database);
}

}  // namespace sealift::catalog::internal
