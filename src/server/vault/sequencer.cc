#include "server/vault/sequencer.h"

#include <algorithm>

#include "base/hex.h"
#include "base/limits.h"
#include "log/tile.h"
#include "server/log_line.h"
#include "server/vault/custody_leaf.h"
#include "server/vault/notary.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::CustodyEvent;

constexpr std::chrono::milliseconds kGather{50};      // so that a burst shares one checkpoint
constexpr std::chrono::milliseconds kLookAgain{200};  // for what other processes queue
constexpr std::uint32_t kBatchMax = 1024;
static_assert(kBatchMax <= limits::kLogBatchEntriesMax);

Result<base::Bytes> read_entry(base::FileSystem& files, std::uint64_t index, std::uint64_t size) {
  SEALIFT_TRY(const auto entries, read_entries(files, index / log::kTileWidth, size));
  return entries.at(index % log::kTileWidth);
}

// For whoever watches the server: what happened, and where it is read; not to whom.
void tell(const CustodyEvent& event, std::uint64_t index) {
  log_line(LogEvent::custody, {{"kind", kind_of(event)},
                               {"id", base::hex_encode(event.id.view())},
                               {"index", std::to_string(index)}});
}

}  // namespace

// What waits, without what isn't the vault's.
Result<std::vector<CustodyEvent>> Sequencer::queued() {
  SEALIFT_TRY(std::vector<CustodyEvent> events,
              needs_.catalog.read([](const catalog::Records& records) {
                return records.custody->queued(kBatchMax);
              }));
  std::vector<CustodyEvent> good;
  for (CustodyEvent& event : events) {
    if (event.authenticator == custody_authenticator(needs_.keys, event)) {
      good.push_back(std::move(event));
      continue;
    }
    SEALIFT_TRY_VOID(needs_.catalog.transact(
        [&](catalog::Records& records) { return records.custody->refuse(event.id); }));
    log_line(LogEvent::custody_event_refused,
             {{"id", base::hex_encode(event.id.view())},
              {"why", "something else than this server wrote it into the catalog"}});
  }
  // A whole batch of others' work: there may be some of ours behind it.
  if (good.empty() && !events.empty()) return queued();
  return good;
}

Result<void> Sequencer::open_log() {
  writer_.reset();
  SEALIFT_TRY(writer_,
              log::LogWriter::open(needs_.files, {needs_.log_name, crypto::Ed25519Secret::from_seed(
                                                                       needs_.log_seed.view())}));
  return reconcile();
}

// Leaves beyond what the catalog noted are the first events of its queue, or this is another log.
Result<void> Sequencer::reconcile() {
  SEALIFT_TRY_VOID(writer_->publish());
  const std::uint64_t size = writer_->size();
  SEALIFT_TRY(std::uint64_t noted, needs_.catalog.read([](const catalog::Records& records) {
    return records.custody->logged_count();
  }));
  if (noted > size) {
    return base::fail(ErrorCode::damaged, "the log is older than the catalog: run admin fsck");
  }
  while (noted < size) {
    SEALIFT_TRY(const auto events, queued());
    if (events.empty()) return base::fail(ErrorCode::damaged, "the log has more than the catalog");
    for (const CustodyEvent& event : events) {
      if (noted == size) break;
      SEALIFT_TRY(const base::Bytes entry, read_entry(needs_.files, noted, size));
      if (entry != entry_of(event)) {
        return base::fail(ErrorCode::damaged, "the log is not the catalog's");
      }
      SEALIFT_TRY_VOID(needs_.catalog.transact(
          [&](catalog::Records& records) { return records.custody->logged(event.id, {noted}); }));
      ++noted;
    }
  }
  return {};
}

Result<std::unique_ptr<Sequencer>> Sequencer::start(const Needs& needs) {
  std::unique_ptr<Sequencer> sequencer(new Sequencer(needs));
  SEALIFT_TRY_VOID(sequencer->open_log());
  sequencer->thread_ = std::thread([raw = sequencer.get()] { raw->run(); });
  return sequencer;
}

Sequencer::~Sequencer() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sequencer::notify() {
  {
    const std::scoped_lock lock(mutex_);
    has_news_ = true;
  }
  wake_.notify_all();
}

// True when there may be more.
Result<bool> Sequencer::log_some() {
  if (!writer_) SEALIFT_TRY_VOID(open_log());
  SEALIFT_TRY(const auto events, queued());
  if (events.empty()) return false;
  std::vector<base::Bytes> entries;
  for (const CustodyEvent& event : events) entries.push_back(entry_of(event));
  SEALIFT_TRY(const std::uint64_t first, writer_->append(entries));
  const auto noted = needs_.commits.transact([&](catalog::Records& records) -> Result<void> {
    std::uint64_t index = first;
    for (const CustodyEvent& event : events) {
      SEALIFT_TRY_VOID(records.custody->logged(event.id, {index++}));
    }
    return {};
  });
  if (!noted) return tl::unexpected(noted.error());
  SEALIFT_TRY_VOID(writer_->publish());
  for (std::uint64_t i = 0; i < events.size(); ++i) tell(events[i], first + i);
  return true;
}

Result<void> Sequencer::log_all() {
  for (bool more = true; more;) {
    SEALIFT_TRY(more, log_some());
  }
  for (bool more = needs_.directory != nullptr; more;) {
    SEALIFT_TRY(more, needs_.directory->log_some());
  }
  return {};
}

void Sequencer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool is_last = stop_;
    has_news_ = false;
    lock.unlock();
    if (const auto logged = log_all(); !logged) {
      log_line(LogEvent::log_not_written, {{"why", logged.error().text}});
      writer_.reset();  // opened again, and reconciled, at the next turn
    }
    lock.lock();
    if (is_last) return;
    wake_.wait_for(lock, kLookAgain, [this] { return stop_ || has_news_; });
    if (!stop_) wake_.wait_for(lock, kGather, [this] { return stop_; });
  }
}

}  // namespace sealift::server::vault
