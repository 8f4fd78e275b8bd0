// How people's records stand in the API: accounts, sessions, slots, keys. Shared by the handlers of
// accounts, sessions, the directory and administration; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "parcel/address.h"
#include "parcel/retirement.h"
#include "server/vault/handler.h"
#include "server/vault/json_request.h"

namespace sealift::server::vault {

// ---- addresses

// Whom a request names. Errors: malformed.
base::Result<parcel::Address> take_address(JsonRequest& body, std::string_view key);
// Errors: damaged.
base::Result<parcel::Address> address_of(const VaultKeys& keys, const catalog::Account& account);

// What a client needs before it logs in to the address's account, if there is one: the same
// whether there is.
base::Bytes login_parameters_of(const Services& services, const catalog::AddressLookup& lookup);

// ---- records as JSON

nlohmann::json roles_json(catalog::Roles roles);
catalog::Roles take_roles(JsonRequest& object);
std::string_view language_word(catalog::Language language);
catalog::Language take_language(JsonRequest& body);
std::string_view state_word(catalog::AccountState state);

// Errors: damaged.
base::Result<nlohmann::json> account_json(const Services& services,
                                          const catalog::Account& account);
nlohmann::json session_json(const catalog::Session& session);
// Errors: damaged.
base::Result<nlohmann::json> slot_json(const Services& services, const catalog::Slot& slot);

// ---- sessions

struct BegunSession {
  Token token;
  catalog::Session session;
};
// A login for `account`, as the policy has it, logged; bound to a key where `ask` wants one:
// clients of 0.1.0 know none. Errors: limit (too many of them).
base::Result<BegunSession> begin_session(Services& services, catalog::Records& records,
                                         const catalog::AccountId& account, const Ask& ask);
// The answer to whoever has begun one: the only time that the token and its key leave the server.
base::Result<Answer> begun_answer(const Services& services, const BegunSession& begun,
                                  const catalog::Account& account);

// ---- keys

// A key as it came, in good form. Errors: malformed.
struct KeyInput {
  catalog::Generation generation{};
  std::string recipient;
  crypto::Ed25519Public signing_key{};
  std::optional<crypto::Ed25519Signature> endorsement{};
  // What endorses from this generation on; and the one before's word for it.
  std::optional<crypto::Ed25519Public> endorsing_key{};
  std::optional<crypto::Ed25519Signature> countersignature{};
  // Where in the log the generations before it end.
  std::optional<parcel::RetirementBytes> retirement{};
};
KeyInput take_key(JsonRequest& object);

// Adds the key to the directory and its event to the log, in one transaction.
// Errors: conflict (not the next generation), forbidden (not endorsed by the generation before, or
// not countersigned where an endorsing key is in place), damaged.
// One that is there already is given back: entering an account again brings its own key.
base::Result<catalog::DirectoryEntry> publish_key(Services& services, catalog::Records& records,
                                                  const catalog::AccountId& account,
                                                  const KeyInput& key, base::UnixTime now);
// The same for the account of `ask`, whose act it is: only a repetition of that act finds its key
// there. Who brings the present one would seal the account's ways in again without any endorsement.
base::Result<catalog::DirectoryEntry> publish_next_key(Services& services,
                                                       catalog::Records& records, const Ask& ask,
                                                       const KeyInput& key);
nlohmann::json key_json(const catalog::DirectoryEntry& entry);
// With the event that stands for it in the log, and the proof once there is one.
base::Result<nlohmann::json> directory_json(Services& services,
                                            const catalog::DirectoryEntry& entry);

// The officers' newest keys: who gets shares of an account's recovery. With their proofs, so that
// no other key can be passed off as one.
base::Result<nlohmann::json> recovery_officers_json(Services& services);
// What the organisation's key signed of them (parcel/officer_set.h), as the field `officer_set`.
base::Result<void> add_officer_set(const catalog::Records& records, nlohmann::json& made);

}  // namespace sealift::server::vault
