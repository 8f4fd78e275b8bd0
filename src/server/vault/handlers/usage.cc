// How the server is doing: for administrators at a glance, and for Prometheus
// (https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4). Numbers alone:
// nothing is by person, parcel or address.
#include <algorithm>
#include <charconv>

#include "server/vault/handler.h"
#include "server/vault/handlers/exposition.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using nlohmann::json;

struct Usage {
  catalog::AccountTotals accounts;
  catalog::ParcelTotals parcels;
  catalog::Outbox::Counts mails;
  std::uint64_t events_queued = 0;
  std::uint64_t events_logged = 0;
  std::optional<base::UnixTime> oldest_queued{};
  std::uint64_t recoveries_waiting = 0;
  bool is_locked = false;
  bool is_clock_held = false;
  std::uint64_t backed_up_seconds = 0;  // 0: never
  std::uint64_t blobs_undigested = 0;
  std::uint64_t free_bytes = 0;
};

constexpr std::uint32_t kQueuedCountedMax = 10'000;

std::uint64_t number_of(base::ByteView digits) {
  std::uint64_t number = 0;
  const std::string_view text = base::text_of(digits);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<Usage> usage_of(Services& services) {
  SEALIFT_TRY(Usage usage,
              services.catalog.read([](const catalog::Records& records) -> Result<Usage> {
                Usage found;
                SEALIFT_TRY(found.accounts, records.accounts->totals());
                SEALIFT_TRY(found.parcels, records.parcels->totals());
                SEALIFT_TRY(found.mails, records.outbox->counts());
                SEALIFT_TRY(const auto queued, records.custody->queued(kQueuedCountedMax));
                found.events_queued = queued.size();
                if (!queued.empty()) found.oldest_queued = queued.front().happened;
                SEALIFT_TRY(found.events_logged, records.custody->logged_count());
                SEALIFT_TRY(const auto waiting, records.recoveries->waiting());
                found.recoveries_waiting = waiting.size();
                SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
                found.is_locked = lockdown.has_value();
                SEALIFT_TRY(const auto held, records.marks->find(catalog::Mark::clock_held));
                found.is_clock_held = held.has_value();
                SEALIFT_TRY(const auto made, records.marks->find(catalog::Mark::backed_up));
                if (made) found.backed_up_seconds = number_of(*made) / 1000;
                SEALIFT_TRY(const auto undigested, records.blobs->undigested(kQueuedCountedMax));
                found.blobs_undigested = undigested.size();
                return found;
              }));
  SEALIFT_TRY(const auto space, services.blobs.space());
  if (space) usage.free_bytes = space->free_bytes;
  return usage;
}

Result<Answer> read_usage(Services& services, const Ask&) {
  SEALIFT_TRY(const Usage usage, usage_of(services));
  return json_reply(http::Status::ok,
                    {{"accounts", usage.accounts.active + usage.accounts.suspended},
                     {"parcels", usage.parcels.uploading + usage.parcels.whole},
                     {"used_bytes", usage.accounts.used_bytes},
                     {"free_bytes", usage.free_bytes},
                     {"mails_waiting", usage.mails.waiting},
                     {"mails_given_up", usage.mails.given_up}});
}

// How long the log has been behind: the age of the oldest event that it lacks.
std::uint64_t lag_seconds(const Usage& usage, base::UnixTime now) {
  if (!usage.oldest_queued) return 0;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - *usage.oldest_queued);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(age.count(), 0));
}

Result<Answer> read_metrics(Services& services, const Ask& ask) {
  SEALIFT_TRY(const Usage usage, usage_of(services));
  std::string text;
  put_gauge(text, "sealift_accounts", "Accounts by state.",
            {{"{state=\"active\"}", usage.accounts.active},
             {"{state=\"suspended\"}", usage.accounts.suspended},
             {"{state=\"closed\"}", usage.accounts.closed}});
  put_gauge(text, "sealift_parcels", "Parcels by state.",
            {{"{state=\"uploading\"}", usage.parcels.uploading},
             {"{state=\"whole\"}", usage.parcels.whole},
             {"{state=\"ended\"}", usage.parcels.ended}});
  put_gauge(text, "sealift_blobs_bytes", "Room that sealed payloads take.",
            {{"", usage.accounts.used_bytes}});
  put_gauge(text, "sealift_free_bytes", "Room that is left for sealed payloads.",
            {{"", usage.free_bytes}});
  put_gauge(text, "sealift_mails", "Letters that wait, or were given up.",
            {{"{state=\"waiting\"}", usage.mails.waiting},
             {"{state=\"given_up\"}", usage.mails.given_up}});
  put_gauge(text, "sealift_custody_events_queued", "Custody events that the log has not yet.",
            {{"", usage.events_queued}});
  put_gauge(text, "sealift_log_lag_seconds", "Age of the oldest event that the log has not yet.",
            {{"", lag_seconds(usage, ask.now)}});
  put_gauge(text, "sealift_log_leaves", "Events that the log has; a witness tells how many it saw.",
            {{"", usage.events_logged}});
  put_gauge(text, "sealift_recoveries_waiting", "Recoveries that wait for approval or time.",
            {{"", usage.recoveries_waiting}});
  put_gauge(text, "sealift_locked_down", "1 while the server is locked down.",
            {{"", usage.is_locked ? 1U : 0U}});
  put_gauge(text, "sealift_clock_held", "1 while a clock that jumped ahead waits to be accepted.",
            {{"", usage.is_clock_held ? 1U : 0U}});
  put_gauge(text, "sealift_backup_time_seconds", "When the last backup was made; 0: never.",
            {{"", usage.backed_up_seconds}});
  put_gauge(text, "sealift_blobs_undigested", "Payloads that were not read back since they came.",
            {{"", usage.blobs_undigested}});
  if (services.figures != nullptr) {
    put_requests(text, *services.figures);
    put_events(text, services.figures->server);
  }
  return text_reply(text);
}

constexpr HandlerRow kHandlers[] = {
    {"admin.read_usage", read_usage},
    {"metrics.read", read_metrics},
};

}  // namespace

std::span<const HandlerRow> usage_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
