// LogWatch: follows a server's log, and refuses one that went back or forked.
//
// The first checkpoint that is seen is taken as it is, with the key that the server names; from
// then on every other one, whether fetched or found in a proof, has to be of the same key and
// consistent with the newest that was pinned (log/merkle.h). Borrows everything; belongs to one
// thread. A pin changes only after all of it was proved; its owner saves it.
#pragma once

#include <functional>
#include <optional>

#include "client/account/pins.h"
#include "client/api/api.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "log/restore_statement.h"
#include "log/tile.h"

namespace sealift::client {

// A server keeps two logs: of events, and of its directory (directory_watch.h).
enum class ServerLog : std::uint8_t { events, directory };

// A server's tiles, through the API. Errors: those of the call, limit.
class ServerTiles final : public log::TileSource {
 public:
  explicit ServerTiles(const api::Api& api, ServerLog which = ServerLog::events)
      : api_(api), which_(which) {}
  base::Result<base::Bytes> read(const log::TileId& tile) override;

 private:
  const api::Api& api_;
  const ServerLog which_;
};

class LogWatch {
 public:
  LogWatch(const api::Api& api, std::optional<LogPin>& pin, ServerLog which = ServerLog::events)
      : api_(api), pin_(pin), which_(which) {}

  // The newest checkpoint. Errors: damaged (it contradicts what was pinned; `log_restored`: and the
  // operator states a restore), no_match (another key), malformed, io.
  base::Result<log::Checkpoint> follow();

  // Judges an event's proof, and the checkpoint in it. Errors: as follow(); damaged (the event is
  // not in the log).
  base::Result<void> accept_proof(std::string_view proof, base::ByteView salt,
                                  base::ByteView event);

  // What the operator states of a log that went back behind the pin; nullopt: nothing, or nothing
  // that counts (by a key that wasn't pinned, or of a restore that was known before). Errors: io.
  base::Result<std::optional<log::RestoreStatement>> stated_restore();
  // Follows the log from there on, after a person has read it. Other pins stay. Errors: damaged
  // (the log is not what the statement kept), those of the call.
  base::Result<log::Checkpoint> accept_restore(const log::RestoreStatement& statement);
  // Whether the log had this head once, by whose word soever. Errors: as follow().
  base::Result<void> accept_head(const log::TreeHead& head);
  // Judges a checkpoint whose signature was verified. Errors: as follow().
  base::Result<void> accept(const log::Checkpoint& checkpoint, std::string_view note);

  const std::optional<LogPin>& pin() const { return pin_; }

 private:
  base::Result<log::Checkpoint> follow_newest();
  base::Result<void> accept_event(std::string_view proof, base::ByteView salt,
                                  base::ByteView event);
  // A contradiction may be an honest restore, before or after the log grew past what was seen: then
  // the error says so.
  base::Error explained(base::Error error);
  base::Result<log::VerifierKey> key();
  void pin_reopen_keys(const api::ServerDescription& server);

  const api::Api& api_;
  std::optional<LogPin>& pin_;
  const ServerLog which_;
  std::optional<api::ServerDescription> server_;  // as first met, for what is pinned with the log
};

// Reads every entry of the log and builds its tree anew.
struct LogCheck {
  log::TreeHead head{};
  std::uint64_t tiles_checked = 0;
};
// `watch` has followed the log already. Errors: damaged (root, tiles or the pinned beginning are
// not what the entries give), malformed, io. `progress` is called with the entries read.
base::Result<LogCheck> check_whole_log(const api::Api& api, const log::TreeHead& head,
                                       const std::optional<log::TreeHead>& kept,
                                       const std::function<void(std::uint64_t)>& progress);

}  // namespace sealift::client
