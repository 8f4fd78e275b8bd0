// Notary: writes custody events, in the transaction of what they tell of.
//
// An event's canonical bytes are JSON as RFC 8785 has it: ids, times, words and numbers of ours;
// never a name, an address or a text of a client. The sequencer (sequencer.h) gives it its leaf in
// the log within a fraction of a second, if its authenticator is the vault's: what somebody else
// wrote into the catalog is never signed.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "catalog/catalog.h"
#include "crypto/random.h"
#include "server/operations.h"
#include "server/vault/vault_keys.h"

namespace sealift::server::vault {

struct Note {
  Logged kind = Logged::nothing;
  base::UnixTime happened{};
  std::optional<catalog::AccountId> account{};  // who did it, or whom it concerns
  std::optional<catalog::ParcelId> parcel{};
  nlohmann::json facts = nlohmann::json::object();  // more: hexadecimal, words and whole numbers
};

// The bytes that the log's leaf commits to.
base::Bytes canonical_event(const catalog::EventId& id, const Note& note);

// As in the event; "" when it was erased.
std::string kind_of(const catalog::CustodyEvent& event);
bool is_of_kind(const catalog::CustodyEvent& event, Logged kind);

// What CustodyEvent::authenticator has to be.
base::Bytes custody_authenticator(const VaultKeys& keys, const catalog::CustodyEvent& event);

// Thread-safe.
class Notary {
 public:
  // Borrows `random` and `keys`. `on_noted` is called from any thread when there is something to
  // log.
  Notary(crypto::Random& random, const VaultKeys& keys, std::function<void()> on_noted)
      : random_(random), keys_(keys), on_noted_(std::move(on_noted)) {}

  base::Result<catalog::EventId> note(catalog::Records& records, const Note& note);
  // Of what has an id by itself. taken: it was noted before.
  base::Result<catalog::Insert> note_once(catalog::Records& records, const catalog::EventId& id,
                                          const Note& note);

 private:
  crypto::Random& random_;
  const VaultKeys& keys_;
  std::function<void()> on_noted_;
};

}  // namespace sealift::server::vault
