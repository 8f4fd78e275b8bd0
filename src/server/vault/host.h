// What the command line may do on the server's own machine, beside a running server or without one:
// the operations host.* of the table. Whoever can read the data folder has the right to.
//
// The catalog is opened beside the server's; custody events wait there until the server logs them.
// One thread.
#pragma once

#include <memory>

#include "parcel/address.h"
#include "server/vault/data_folder.h"
#include "server/vault/notary.h"
#include "server/vault/reopen_key.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

struct Invitation {
  Token token;
  base::UnixTime expires{};
};

// The time for what the command line writes beside a server: the machine's, unless it jumped.
base::Result<base::UnixTime> host_time(catalog::Catalog& catalog, const DataFolder& folder,
                                       const base::Clock& clock);

inline constexpr std::chrono::hours kInvitationLifetime{7 * 24};

class Host {
 public:
  // Whether a folder that is no server's yet becomes one.
  enum class Begin { no, yes };
  // Errors: not_found (no data folder), damaged, forbidden, io.
  static base::Result<std::unique_ptr<Host>> open(const std::string& data, Begin begin,
                                                  crypto::Random& random, const base::Clock& clock);

  // A token for the monitoring: it reads the figures and nothing else, until another one is made or
  // it is ended. It is no account's, and a lock-down leaves it alone.
  base::Result<std::string> make_metrics_token();
  base::Result<void> end_metrics_token();

  // A one-time enrolment link for the address; an earlier one stops working.
  // With an account, the link lets its owner enter it anew with the keys they have.
  // Errors: conflict (the address's account was closed), locked_down.
  base::Result<Invitation> invite(const parcel::Address& address, catalog::Roles roles,
                                  std::chrono::milliseconds lifetime = kInvitationLifetime);
  // Posts the letters of it where the server has a mail server. stale: locked down already.
  base::Result<catalog::Change> lock();
  base::Result<std::optional<catalog::Lockdown>> lockdown();
  // Two texts, given this once; `show` as in vault/reopen_key.h. Errors: conflict (they were made
  // before).
  base::Result<ReopenKeyTexts> make_reopen_keys(
      const std::function<base::Result<void>(const ReopenKeyTexts&)>& show);
  // Whether they were made; and how many administrators could reopen.
  struct Reopening {
    bool has_keys = false;
    std::uint64_t administrators = 0;
  };
  base::Result<Reopening> reopening();
  // With a reopen key as it was typed. stale: the server is open. Errors: malformed, no_match.
  base::Result<catalog::Change> reopen(std::string_view typed_key);
  // Signs what the last restore lost. Errors: those, not_found (this server was not restored).
  base::Result<log::RestoreStatement> state_restore(std::string_view typed_key);
  // The time that a held clock shows; nullopt: it isn't held.
  base::Result<std::optional<base::UnixTime>> held_clock();
  // What an operator may have to act on.
  struct Condition {
    std::uint64_t administrators = 0;
    std::uint64_t recovery_officers = 0;
    bool has_reopen_keys = false;
    bool is_locked = false;
    bool is_clock_held = false;
    std::optional<base::UnixTime> backed_up;
    std::uint64_t letters_given_up = 0;
    bool has_mail_server = false;
  };
  base::Result<Condition> condition();
  // The organisation's public key, a verifier key as `sealift organisation init` prints it; in the
  // place of another one, whose set of officers goes with it. stale: it is that one already.
  // Errors: malformed, no_match (made for another server).
  base::Result<catalog::Change> set_organisation_key(std::string_view text);
  const DataFolder& folder() const { return folder_; }
  // stale: it isn't held. The server takes it up within seconds.
  base::Result<catalog::Change> accept_clock();
  LastStart last_start() const { return folder_.last_start(); }

 private:
  // The machine's time, unless it is far from what the catalog was told (steady_time.h).
  base::Result<base::UnixTime> time();
  Host(DataFolder folder, std::unique_ptr<catalog::Catalog> catalog, crypto::Random& random,
       const base::Clock& clock)
      : folder_(std::move(folder)),
        catalog_(std::move(catalog)),
        keys_(folder_.vault_key()),
        random_(random),
        clock_(clock),
        notary_(random, keys_, [] {}) {}

  const DataFolder folder_;
  const std::unique_ptr<catalog::Catalog> catalog_;
  const VaultKeys keys_;
  crypto::Random& random_;
  const base::Clock& clock_;
  Notary notary_;
};

}  // namespace sealift::server::vault
