// Observer: counts what an operator should know of, and says it in the server's own log.
//
// A flood doesn't flood the log: of each event and class a few lines a minute are written, then
// only their number. Who failed to log in stands there as pseudonyms under a key of the vault's,
// the same for the same account or client, so that lines can be joined and nobody is named;
// LoginNames::shown is the operator's choice. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "server/figures.h"
#include "server/log_event.h"
#include "server/operations.h"
#include "server/vault/guessing.h"
#include "store/blob_id.h"

namespace sealift::server::vault {

enum class LoginNames : std::uint8_t { pseudonyms, shown };

class Observer {
 public:
  // All borrowed.
  Observer(ServerFigures& figures, const VaultKeys& keys, LoginNames names,
           const base::Clock& clock)
      : figures_(figures), keys_(keys), names_(names), clock_(clock) {}
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  ~Observer();  // tells the numbers that are left, also of a minute that isn't over

  void attempt_failed(const Attempt& attempt);
  void throttled(const Operation& operation);
  void disk_full(std::string_view operation);
  void blob_missing(const store::BlobId& blob);
  void mail_failed(std::string_view mail, std::uint32_t attempts, bool is_given_up);
  // Of the reaper's: how many bytes of the store no row of the catalog explains.
  void found_unexplained(std::uint64_t bytes) { figures_.unexplained_bytes = bytes; }
  // Called every some seconds: tells the numbers of what came too often.
  void tell_repeated();

 private:
  struct Window {
    LogEvent event = LogEvent::repeated;
    std::chrono::milliseconds begun{0};
    std::uint32_t lines = 0;
    std::uint64_t untold = 0;
  };
  // Whether a line may be written now.
  bool may_say(LogEvent event, std::string_view what);
  void tell(const std::string& what, Window& window);
  std::string pseudonym(std::string_view label, base::ByteView subject) const;

  ServerFigures& figures_;
  const VaultKeys& keys_;
  const LoginNames names_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;  // by event and class; guarded by mutex_
};

}  // namespace sealift::server::vault
