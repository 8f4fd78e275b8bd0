// Catalog: everything the server knows besides blobs and the log, as typed operations.
//
// One class per aggregate (accounts.h, parcels.h, ...) is all that the vault sees; which database
// answers is its implementation's business. Reading operations are const: what `read` hands out
// can't change anything.
//
//   auto found = catalog.read([&](const Records& records) { return records.accounts->find(id); });
//   auto changed = catalog.transact([&](Records& records) -> Result<Change> {
//     SEALIFT_TRY(const Change change, records.parcels->recall(id, now));
//     if (change == Change::done) SEALIFT_TRY(..., records.custody->add(event));
//     return change;
//   });
//
// Contract of all implementations, tested by one suite (catalog_suite.h):
//   * `transact` returns after its changes would survive a power cut.
//   * A work that returns an error leaves no trace; its neighbours in a batch are not touched.
//   * A work may be run again from the start when the database asks for it: it has no effect but on
//     the records and on what it returns.
//   * A work sees what the works before it in the same batch changed.
#pragma once

#include <functional>
#include <span>
#include <type_traits>

#include "catalog/accounts.h"
#include "catalog/acts.h"
#include "catalog/blobs.h"
#include "catalog/custody.h"
#include "catalog/delays.h"
#include "catalog/directory.h"
#include "catalog/enrolments.h"
#include "catalog/links.h"
#include "catalog/lockdowns.h"
#include "catalog/marks.h"
#include "catalog/openings.h"
#include "catalog/outbox.h"
#include "catalog/parcels.h"
#include "catalog/policies.h"
#include "catalog/proposals.h"
#include "catalog/recoveries.h"
#include "catalog/requests.h"
#include "catalog/sessions.h"
#include "catalog/slots.h"
#include "catalog/uploads.h"

namespace sealift::catalog {

// A borrowed aggregate that is as const as who holds it.
template <typename Aggregate>
class Borrowed {
 public:
  explicit Borrowed(Aggregate& aggregate) : aggregate_(&aggregate) {}
  Borrowed(const Borrowed&) = delete;  // a copy of a const one would not be const
  Borrowed& operator=(const Borrowed&) = delete;

  Aggregate* operator->() { return aggregate_; }
  const Aggregate* operator->() const { return aggregate_; }

 private:
  Aggregate* aggregate_;
};

// Good inside the work that it was given to, and no longer.
struct Records {
  Borrowed<Accounts> accounts;
  Borrowed<Enrolments> enrolments;
  Borrowed<Slots> slots;
  Borrowed<Sessions> sessions;
  Borrowed<Directory> directory;
  Borrowed<Parcels> parcels;
  Borrowed<Blobs> blobs;
  Borrowed<Uploads> uploads;
  Borrowed<Links> links;
  Borrowed<Openings> openings;
  Borrowed<FileRequests> requests;
  Borrowed<Outbox> outbox;
  Borrowed<Delays> delays;
  Borrowed<Lockdowns> lockdowns;
  Borrowed<Recoveries> recoveries;
  Borrowed<Policies> policies;
  Borrowed<Custody> custody;
  Borrowed<Marks> marks;
  Borrowed<Acts> acts;
  Borrowed<Proposals> proposals;
};

using Work = std::function<base::Result<void>(Records&)>;
using ReadWork = std::function<base::Result<void>(const Records&)>;

// Thread-safe. For many threads that write, see commit_queue.h.
class Catalog {
 public:
  virtual ~Catalog() = default;

  // All works in order in one transaction, committed once; outcome i is work i's. When the commit
  // fails, every outcome is its error and nothing was changed.
  virtual std::vector<base::Result<void>> transact_batch(std::span<const Work> batch) = 0;

  // One consistent state, unmoved by writers meanwhile.
  virtual base::Result<void> read_work(const ReadWork& work) = 0;

  // The latest time that this catalog was ever told, `now` included: an expiry that has passed has
  // passed, even when the machine's clock is set back. Kept durably, to the minute.
  virtual base::Result<base::UnixTime> advance_clock(base::UnixTime now) = 0;

  // Makes what was deleted unreadable in the files too, as far as the database can.
  virtual base::Result<void> scrub() = 0;

  // Whether every page, index and reference is what it has to be. Reads everything.
  virtual base::Result<bool> is_sound() = 0;

  // A consistent copy of the whole catalog, at a path that holds nothing yet, while others work.
  virtual base::Result<void> back_up_to(const std::string& path) = 0;

  // `work` gives Result<T>; so does this.
  template <typename Function>
  auto transact(const Function& work) -> std::invoke_result_t<Function, Records&> {
    std::optional<std::invoke_result_t<Function, Records&>> answer;
    const Work one = [&](Records& records) { return keep(answer, work(records)); };
    auto outcomes = transact_batch(std::span(&one, 1));
    if (!outcomes.front()) return tl::unexpected(std::move(outcomes.front()).error());
    return *std::move(answer);
  }

  template <typename Function>
  auto read(const Function& work) -> std::invoke_result_t<Function, const Records&> {
    std::optional<std::invoke_result_t<Function, const Records&>> answer;
    auto outcome = read_work([&](const Records& records) { return keep(answer, work(records)); });
    if (!outcome) return tl::unexpected(std::move(outcome).error());
    return *std::move(answer);
  }

 private:
  template <typename Answer>
  static base::Result<void> keep(std::optional<Answer>& kept, Answer answer) {
    kept = std::move(answer);
    if (!*kept) return tl::unexpected(kept->error());
    return {};
  }
};

}  // namespace sealift::catalog
