#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kAdd{
    "INSERT INTO slots(id, account, kind, generation, wrapped, sealed_label, created) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO NOTHING"};
constexpr Sql kList{
    "SELECT id, account, kind, generation, wrapped, sealed_label, revision, created "
    "FROM slots WHERE account = ?1 ORDER BY seq"};
constexpr Sql kReplace{
    "UPDATE slots SET generation = ?4, wrapped = ?5, sealed_label = ?6, revision = revision + 1 "
    "WHERE id = ?1 AND account = ?2 AND kind = ?3 AND revision = ?7"};
constexpr Sql kExists{"SELECT count(*) FROM slots WHERE id = ?1 AND account = ?2 AND kind = ?3"};
constexpr Sql kRemove{"DELETE FROM slots WHERE account = ?1 AND id = ?2"};

#define SELECT_VERIFIER \
  "SELECT id, account, slot, kind, lookup, public_parameters, wrapped, created FROM verifiers "
constexpr Sql kAddVerifier{
    "INSERT INTO verifiers(id, account, slot, kind, lookup, public_parameters, wrapped, created) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"};
constexpr Sql kVerifiers{SELECT_VERIFIER "WHERE account = ?1 AND kind = ?2 ORDER BY seq"};
constexpr Sql kFindVerifier{SELECT_VERIFIER "WHERE lookup = ?1"};
constexpr Sql kReplaceVerifier{
    "UPDATE verifiers SET public_parameters = ?4, wrapped = ?5, created = ?6 "
    "WHERE id = ?1 AND account = ?2 AND kind = ?3"};
constexpr Sql kRemoveVerifier{"DELETE FROM verifiers WHERE account = ?1 AND id = ?2"};

Slot read_slot(Row& row) {
  Slot slot;
  row.into(slot.id, slot.account, slot.kind, slot.generation, slot.wrapped, slot.sealed_label,
           slot.revision, slot.created);
  return slot;
}

Verifier read_verifier(Row& row) {
  Verifier verifier;
  row.into(verifier.id, verifier.account, verifier.slot, verifier.kind, verifier.lookup,
           verifier.public_parameters, verifier.wrapped, verifier.created);
  return verifier;
}

class SqliteSlots final : public Slots {
 public:
  explicit SqliteSlots(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const Slot& slot) override {
    return insert_of(database_.run(kAdd, slot.id, slot.account, slot.kind, slot.generation,
                                   slot.wrapped, slot.sealed_label, slot.created));
  }
  base::Result<std::vector<Slot>> list(const AccountId& account) const override {
    return database_.all(kList, read_slot, account);
  }
  base::Result<Change> replace(const Slot& slot, Revision expected) override {
    return change_or_stale(
        database_,
        database_.run(kReplace, slot.id, slot.account, slot.kind, slot.generation, slot.wrapped,
                      slot.sealed_label, expected),
        kExists, slot.id, slot.account, slot.kind);
  }
  base::Result<Change> remove(const AccountId& account, const SlotId& id) override {
    return change_of(database_.run(kRemove, account, id));
  }

  base::Result<Insert> add_verifier(const Verifier& verifier) override {
    return insert_of(database_.run(kAddVerifier, verifier.id, verifier.account, verifier.slot,
                                   verifier.kind, verifier.lookup, verifier.public_parameters,
                                   verifier.wrapped, verifier.created));
  }
  base::Result<std::vector<Verifier>> verifiers(const AccountId& account,
                                                VerifierKind kind) const override {
    return database_.all(kVerifiers, read_verifier, account, kind);
  }
  base::Result<std::optional<Verifier>> find_verifier(const VerifierLookup& lookup) const override {
    return database_.first(kFindVerifier, read_verifier, lookup);
  }
  base::Result<Change> replace_verifier(const Verifier& verifier) override {
    return change_of(database_.run(kReplaceVerifier, verifier.id, verifier.account, verifier.kind,
                                   verifier.public_parameters, verifier.wrapped, verifier.created));
  }
  base::Result<Change> remove_verifier(const AccountId& account, const VerifierId& id) override {
    return change_of(database_.run(kRemoveVerifier, account, id));
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Slots> sqlite_slots(SqliteDatabase& database) {
  return std::make_unique<SqliteSlots>(database);
}

}  // namespace sealift::catalog::internal
