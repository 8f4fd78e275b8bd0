#include "server/vault/reaper.h"

#include <algorithm>

#include "server/log_line.h"
#include "server/vault/letters.h"
#include "server/vault/proposals.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using catalog::Records;

constexpr std::uint32_t kRowsMax = 100;
constexpr std::chrono::seconds kTurn{1};
constexpr std::uint64_t kTurnsToKeepLogins = 10;
constexpr std::uint64_t kTurnsToWatchClock = 2;
constexpr std::uint64_t kTurnsToEnd = 10;
constexpr std::uint64_t kTurnsToForget = 3600;
constexpr std::chrono::hours kCertificateLeftMin{14 * 24};
constexpr std::chrono::hours kSayAgain{24};
constexpr std::chrono::hours kDelaysKept{24};
constexpr std::chrono::hours kKnownClientsKept{90 * 24};
constexpr std::size_t kPage = 1000;
constexpr std::chrono::hours kWarned{24};
// An upload with bytes on the way doesn't end while they come, however slowly.
constexpr std::chrono::minutes kUnderWayLeft{30};
constexpr std::chrono::hours kUnderWayLifetime{1};

void report(std::string_view step, const Result<void>& outcome) {
  if (!outcome) log_line(LogEvent::reaper, {{"step", step}, {"why", outcome.error().text}});
}

// Senders are told once, a day before. Gives how many.
Result<std::size_t> warn_of_expiry(Services& services, Records& records, base::UnixTime now) {
  SEALIFT_TRY(const auto expiring, records.parcels->take_expiring(now + kWarned, kRowsMax));
  for (const catalog::ParcelId& id : expiring) {
    SEALIFT_TRY(const auto parcel, records.parcels->find(id));
    if (!parcel) continue;
    SEALIFT_TRY_VOID(post_letter(
        services, records,
        {catalog::MailTemplate::parcel_expiring, parcel->owner, std::nullopt, parcel->expires},
        now));
  }
  return expiring.size();
}

struct Ended {
  bool any = false;
  bool is_more = false;
};

// One transaction's worth.
Result<Ended> end_some(Services& services, base::UnixTime now) {
  return commit(services, [&](Records& records) -> Result<Ended> {
    SEALIFT_TRY(const auto parcels, records.parcels->expire_due(now, kRowsMax));
    SEALIFT_TRY(const auto uploads, records.uploads->expire_due(now, kRowsMax));
    SEALIFT_TRY(const std::size_t warned, warn_of_expiry(services, records, now));
    SEALIFT_TRY(const auto halves, records.links->destroy_due_halves(now));
    SEALIFT_TRY_VOID(records.sessions->remove_expired(now));
    SEALIFT_TRY_VOID(records.enrolments->remove_expired(now));
    return Ended{!parcels.empty() || halves > 0,
                 std::max({parcels.size(), uploads.size(), warned}) == kRowsMax};
  });
}

// Parcels past their retention, with the texts of their events; how many. The leaves stay in the
// log, which gets one more: that and how much was erased.
Result<std::size_t> forget_some(Services& services, base::UnixTime now) {
  return commit(services, [&](Records& records) -> Result<std::size_t> {
    SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
    if (lockdown) return std::size_t{0};  // all of it is evidence
    SEALIFT_TRY(const catalog::Policy policy, records.policies->current());
    SEALIFT_TRY(const auto parcels,
                records.parcels->remove_ended(now - policy.record_retention_ms, kRowsMax));
    if (parcels.empty()) return std::size_t{0};
    std::uint64_t events = 0;
    for (const catalog::ParcelId& parcel : parcels) {
      SEALIFT_TRY(const std::uint64_t erased, records.custody->erase_of(parcel));
      events += erased;
    }
    SEALIFT_TRY_VOID(services.notary.note(
        records, {.kind = Logged::records_erased,
                  .happened = now,
                  .facts = {{"parcels", parcels.size()}, {"events", events}}}));
    return parcels.size();
  });
}

}  // namespace

Result<bool> end_due(Services& services, base::UnixTime now) {
  bool any = false;
  while (true) {
    SEALIFT_TRY(const Ended ended, end_some(services, now));
    any = any || ended.any;
    if (!ended.is_more) return any;
  }
}

Result<void> keep_under_way(Services& services, const std::vector<catalog::UploadId>& uploads,
                            base::UnixTime now) {
  std::vector<catalog::UploadId> ending;
  SEALIFT_TRY_VOID(services.catalog.read([&](const Records& records) -> Result<void> {
    for (const catalog::UploadId& id : uploads) {
      SEALIFT_TRY(const auto upload, records.uploads->find_live(id, now));
      if (upload && upload->expires < now + kUnderWayLeft) ending.push_back(id);
    }
    return {};
  }));
  if (ending.empty()) return {};
  return commit(services, [&](Records& records) -> Result<void> {
    for (const catalog::UploadId& id : ending) {
      SEALIFT_TRY_VOID(records.uploads->postpone(id, now + kUnderWayLifetime));
    }
    return {};
  });
}

Result<void> keep_logins(Services& services, const std::vector<catalog::UploadId>& uploads,
                         base::UnixTime now) {
  if (uploads.empty()) return {};
  return commit(services, [&](Records& records) -> Result<void> {
    for (const catalog::UploadId& id : uploads) {
      SEALIFT_TRY_VOID(records.uploads->keep_login(id, now));
    }
    return {};
  });
}

Result<std::uint64_t> forget_ended(Services& services, base::UnixTime now) {
  std::uint64_t forgotten = 0;
  while (true) {
    SEALIFT_TRY(const std::size_t some, forget_some(services, now));
    forgotten += some;
    if (some < kRowsMax) return forgotten;
  }
}

Result<std::size_t> remove_doomed(Services& services) {
  SEALIFT_TRY(const auto doomed, services.catalog.read([](const Records& records) {
    return records.blobs->doomed(kRowsMax);
  }));
  for (const catalog::BlobId& id : doomed) {
    SEALIFT_TRY_VOID(services.blobs.remove({id.bytes}));
    const auto forgotten = services.commits.transact([&](Records& records) -> Result<void> {
      SEALIFT_TRY_VOID(records.blobs->removed(id));
      return {};
    });
    if (!forgotten) return tl::unexpected(forgotten.error());
  }
  return doomed.size();
}

Result<void> end_and_scrub(Services& services, base::UnixTime now) {
  SEALIFT_TRY(const bool has_ended, end_due(services, now));
  bool has_removed = false;
  while (true) {
    SEALIFT_TRY(const std::size_t removed, remove_doomed(services));
    has_removed = has_removed || removed > 0;
    if (removed < kRowsMax) break;
  }
  // Headers and halves that were destroyed leave the write-ahead log too.
  if (has_ended || has_removed) (void)services.catalog.scrub();
  return {};
}

// The catalog is asked after the store was listed: what it does not know by then was never begun,
// or is forgotten for good.
Result<std::optional<store::BlobId>> remove_orphans(Services& services,
                                                    const std::optional<store::BlobId>& after,
                                                    std::uint64_t& bytes) {
  SEALIFT_TRY(const auto page, services.blobs.list({after, kPage}));
  for (const store::BlobId& id : page) {
    SEALIFT_TRY(const bool is_known, services.catalog.read([&](const Records& records) {
      return records.blobs->is_known({id.bytes});
    }));
    if (is_known) continue;
    SEALIFT_TRY(const auto status, services.blobs.status(id));
    if (status) bytes += status->durable_bytes;
    SEALIFT_TRY_VOID(services.blobs.remove(id));
  }
  if (page.size() < kPage) return std::nullopt;
  return page.back();
}

Reaper::Reaper(Services& services, Desk& desk, Rates& rates, SteadyTime& time)
    : services_(services), desk_(desk), rates_(rates), time_(time), thread_([this] { run(); }) {}

Reaper::~Reaper() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Reaper::run() {
  std::uint64_t number = 0;
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    turn(number++);
    lock.lock();
    wake_.wait_for(lock, kTurn, [this] { return stop_; });
  }
}

void Reaper::turn(std::uint64_t number) {
  if (number % kTurnsToWatchClock == 0) report("clock", watch_clock(time_.now()));
  const base::UnixTime now = time_.now();
  report("cut_off", cut_off(now));
  report("changes", make_due_changes(services_, now));
  if (number % kTurnsToKeepLogins == 0)
    report("logins", keep_logins(services_, desk_.under_way().uploads, now));
  if (number % kTurnsToEnd == 0) {
    report("end", end_what_is_due(now));
    watch_certificate(now);
    if (services_.observer != nullptr) services_.observer->tell_repeated();
  }
  if (number % kTurnsToForget == 0) {
    report("orphans", remove_orphans());
    report("forget", forget(now));
    rates_.sweep();
  }
}

// What was recalled, has expired or is locked down; and whoever writes to an upload that somebody
// else with its key waits for: a connection that died unnoticed.
Result<void> Reaper::cut_off(base::UnixTime now) {
  const Desk::UnderWay under_way = desk_.under_way();
  Desk::UnderWay dead;
  dead.uploads = services_.upload_locks.take_wanted();
  SEALIFT_TRY_VOID(services_.catalog.read([&](const Records& records) -> Result<void> {
    SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
    for (const catalog::TokenHash& ticket : under_way.tickets) {
      SEALIFT_TRY(const auto opening, records.openings->find_live(ticket, now));
      if (!opening) dead.tickets.push_back(ticket);
    }
    for (const catalog::UploadId& id : under_way.uploads) {
      SEALIFT_TRY(const auto upload, records.uploads->find_live(id, now));
      if (!upload || lockdown) dead.uploads.push_back(id);
    }
    return {};
  }));
  desk_.cut(dead);
  return {};
}

Result<bool> note_clock(Services& services, const std::optional<HeldClock>& held,
                        base::UnixTime now) {
  SEALIFT_TRY(const auto known, services.catalog.read([](const Records& records) {
    return records.marks->find(catalog::Mark::clock_held);
  }));
  if (known && base::text_of(*known) == kClockAccepted) {
    // First the time, then no mark: the process after this one would hold the clock again.
    if (held) SEALIFT_TRY_VOID(services.catalog.advance_clock(held->shows));
    SEALIFT_TRY_VOID(services.commits.transact(
        [](Records& records) { return records.marks->remove(catalog::Mark::clock_held); }));
    return true;
  }
  if (known.has_value() == held.has_value()) return false;
  const auto shown = held ? held->shows.time_since_epoch().count() : 0;
  log_line(held ? LogEvent::clock_held : LogEvent::clock_came_back,
           {{"shows", std::to_string(shown)}});
  const auto noted = services.commits.transact([&](Records& records) -> Result<void> {
    if (!held) return records.marks->remove(catalog::Mark::clock_held);
    SEALIFT_TRY_VOID(
        records.marks->put(catalog::Mark::clock_held, base::bytes_of(held_clock_text(*held))));
    SEALIFT_TRY_VOID(services.notary.note(
        records, {.kind = Logged::clock_held, .happened = now, .facts = {{"shows", shown}}}));
    return {};
  });
  if (!noted) return tl::unexpected(noted.error());
  return false;
}

Result<void> Reaper::watch_clock(base::UnixTime now) {
  std::optional<HeldClock> held;
  if (const auto shows = time_.held()) held = HeldClock{*shows, time_.room()};
  SEALIFT_TRY(const bool is_accepted, note_clock(services_, held, now));
  if (!is_accepted) return {};
  time_.accept();
  log_line(LogEvent::clock_accepted);
  return {};
}

std::optional<LogEvent> CertificateWatch::look(const std::optional<base::UnixTime>& expires,
                                               base::UnixTime now) {
  std::optional<LogEvent> found;
  if (expires && *expires <= now) {
    found = LogEvent::certificate_expired;
  } else if (expires && *expires - now <= kCertificateLeftMin) {
    found = LogEvent::certificate_expires_soon;
  }
  const bool is_news = found && (found != said_ || now - said_at_ >= kSayAgain);
  if (is_news || !found) {
    said_ = found;
    said_at_ = now;
  }
  return is_news ? found : std::nullopt;
}

void Reaper::watch_certificate(base::UnixTime now) {
  if (services_.figures == nullptr) return;
  const std::uint64_t expires_ms = services_.figures->server.certificate_expires_ms;
  std::optional<base::UnixTime> expires;
  if (expires_ms > 0) expires = base::UnixTime(std::chrono::milliseconds(expires_ms));
  const auto event = certificate_.look(expires, now);
  if (!event) return;
  const auto left = std::chrono::duration_cast<std::chrono::hours>(*expires - now).count() / 24;
  log_line(*event, {{"days_left", std::to_string(left)}});
}

Result<void> Reaper::end_what_is_due(base::UnixTime now) {
  SEALIFT_TRY_VOID(services_.catalog.advance_clock(now));
  SEALIFT_TRY_VOID(keep_under_way(services_, desk_.under_way().uploads, now));
  return end_and_scrub(services_, now);
}

Result<void> Reaper::remove_orphans() {
  std::optional<store::BlobId> after;
  std::uint64_t bytes = 0;
  do {
    SEALIFT_TRY(after, vault::remove_orphans(services_, after, bytes));
  } while (after);
  SEALIFT_TRY(const std::uint64_t foreign, services_.blobs.foreign_bytes());
  if (services_.observer != nullptr) services_.observer->found_unexplained(bytes + foreign);
  return {};
}

Result<void> Reaper::forget(base::UnixTime now) {
  SEALIFT_TRY(const std::uint64_t forgotten, forget_ended(services_, now));
  if (forgotten > 0) (void)services_.catalog.scrub();
  return services_.commits.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.delays->remove_older(now - kDelaysKept, now - kKnownClientsKept));
    return {};
  });
}

}  // namespace sealift::server::vault
