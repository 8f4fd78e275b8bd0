#include <algorithm>

#include "catalog/internal/sqlite_records.h"

namespace sealift::catalog::internal {
namespace {

constexpr Sql kAdd{
    "INSERT INTO outbox(id, letter, language, wrapped_parameters, created, due) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(id) DO NOTHING"};
constexpr Sql kClaim{
    "UPDATE outbox SET attempts = attempts + 1, due = ?2 WHERE seq IN "
    "(SELECT seq FROM outbox WHERE due <= ?1 ORDER BY due, seq LIMIT ?3) "
    "RETURNING id, letter, language, wrapped_parameters, attempts, created, due"};
constexpr Sql kSent{"DELETE FROM outbox WHERE id = ?1"};
constexpr Sql kRetry{"UPDATE outbox SET due = ?2 WHERE id = ?1 AND due IS NOT NULL"};
constexpr Sql kGiveUp{
    "UPDATE outbox SET due = NULL, wrapped_parameters = x'' WHERE id = ?1 AND due IS NOT NULL"};
constexpr Sql kCounts{"SELECT count(due), count(*) - count(due) FROM outbox"};

Mail read_mail(Row& row) {
  Mail mail;
  row.into(mail.id, mail.letter, mail.language, mail.wrapped_parameters, mail.attempts,
           mail.created, mail.due);
  return mail;
}

Outbox::Counts read_counts(Row& row) {
  Outbox::Counts counts;
  row.into(counts.waiting, counts.given_up);
  return counts;
}

class SqliteOutbox final : public Outbox {
 public:
  explicit SqliteOutbox(SqliteDatabase& database) : database_(database) {}

  base::Result<Insert> add(const Mail& mail) override {
    return insert_of(database_.run(kAdd, mail.id, mail.letter, mail.language,
                                   mail.wrapped_parameters, mail.created, mail.due));
  }
  base::Result<std::vector<Mail>> claim(base::UnixTime now, base::UnixTime lease,
                                        std::uint32_t rows_max) override {
    SEALIFT_TRY(std::vector<Mail> mails, database_.all(kClaim, read_mail, now, lease, rows_max));
    // the statement gives them in no particular order
    std::ranges::sort(mails, {}, &Mail::created);
    return mails;
  }
  base::Result<Change> sent(const MailId& id) override {
    return change_of(database_.run(kSent, id));
  }
  base::Result<Change> retry_at(const MailId& id, base::UnixTime due) override {
    return change_of(database_.run(kRetry, id, due));
  }
  base::Result<Change> give_up(const MailId& id) override {
    return change_of(database_.run(kGiveUp, id));
  }
  base::Result<Counts> counts() const override {
    SEALIFT_TRY(const auto counts, database_.first(kCounts, read_counts));
    return counts.value_or(Counts{});
  }

 private:
  SqliteDatabase& database_;
};

}  // namespace

std::unique_ptr<Outbox> sqlite_outbox(SqliteDatabase& database) {
  return std::make_unique<SqliteOutbox>(database);
}

}  // namespace sealift::catalog::internal
