// Reaper: ends what is due, and removes what has ended. One thread; every step can be cut short by
// a crash at any point and is simply done again.
//
//   each second    cuts off downloads and uploads whose ticket or key is good no more, all of them
//                  in a lock-down, and writers of an upload that another waits for; makes the
//                  changes whose delay is over
//   each 10 s      parcels, uploads, link halves, logins and enrolments that are due; doomed blobs;
//                  the clock, whether it is held
//   each 10 s      too: the numbers of log lines that came too often; the certificate's end
//   each hour      blobs that the catalog does not know; records past their retention
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/log_event.h"
#include "server/vault/desk.h"
#include "server/vault/handler.h"
#include "server/vault/rates.h"
#include "server/vault/steady_time.h"

namespace sealift::server::vault {

// What is to be said of a certificate, once a day at most, and again when it changed.
class CertificateWatch {
 public:
  // `expires`: nullopt where none is used.
  std::optional<LogEvent> look(const std::optional<base::UnixTime>& expires, base::UnixTime now);

 private:
  std::optional<LogEvent> said_;
  base::UnixTime said_at_{};
};

class Reaper {
 public:
  // All borrowed; starts the thread.
  Reaper(Services& services, Desk& desk, Rates& rates, SteadyTime& time);
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;
  ~Reaper();  // ends it after its present step

 private:
  void run();
  void turn(std::uint64_t number);
  base::Result<void> cut_off(base::UnixTime now);
  base::Result<void> end_what_is_due(base::UnixTime now);
  base::Result<void> watch_clock(base::UnixTime now);
  void watch_certificate(base::UnixTime now);
  base::Result<void> remove_orphans();
  base::Result<void> forget(base::UnixTime now);

  Services& services_;
  Desk& desk_;
  Rates& rates_;
  SteadyTime& time_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;  // guarded by mutex_
  CertificateWatch certificate_;
  std::thread thread_;
};

// The steps by themselves; also for tests.

// Notes that the clock is held, or no more, where the catalog doesn't have it yet; whether a person
// has accepted the clock's time since.
base::Result<bool> note_clock(Services& services, const std::optional<HeldClock>& held,
                              base::UnixTime now);
// Whatever is due by `now`, and the letters that tell so; whether a parcel or half ended.
base::Result<bool> end_due(Services& services, base::UnixTime now);
// That, the blobs of it removed, and no trace of its headers and halves in the catalog's files.
base::Result<void> end_and_scrub(Services& services, base::UnixTime now);
// Uploads with bytes on their way that would end soon: they go on.
base::Result<void> keep_under_way(Services& services, const std::vector<catalog::UploadId>& uploads,
                                  base::UnixTime now);
// Bytes that flow in one long request count as use of the login that began them.
base::Result<void> keep_logins(Services& services, const std::vector<catalog::UploadId>& uploads,
                               base::UnixTime now);
// Every parcel that ended longer ago than the policy keeps it; how many. None in a lock-down.
base::Result<std::uint64_t> forget_ended(Services& services, base::UnixTime now);
// At most a hundred; how many.
base::Result<std::size_t> remove_doomed(Services& services);
// Of one page of the store, after `after`; gives where the next page begins, nullopt at the end.
// Their bytes are added to `bytes`.
base::Result<std::optional<store::BlobId>> remove_orphans(Services& services,
                                                          const std::optional<store::BlobId>& after,
                                                          std::uint64_t& bytes);

}  // namespace sealift::server::vault
