// An officer set: who may bring back accounts' keys, as the organisation says it itself.
//
//   text = "sealift-officers/v1" LF log-name LF
//          "number " decimal LF                  each set has a greater one than those before
//          "needed " decimal LF                  how many have to agree: two at least
//          2*32( "officer " 32 hex SP age recipient SP address LF )
//   note = signed-note (log/note.h) by the organisation key, whose name is log-name "-organisation"
//
// The organisation key is Ed25519, made on a client and kept off the server. A client that knows it
// gives shares of its account's recovery to nobody else, whatever the server and its administrators
// say (docs/decisions/0220). Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "log/note.h"
#include "parcel/address.h"

namespace sealift::parcel {

struct SetOfficer {
  std::array<std::byte, 16> account{};
  std::string recipient;
  Address address;

  friend bool operator==(const SetOfficer&, const SetOfficer&) = default;
};

struct OfficerSet {
  std::string log_name;
  std::uint64_t number = 0;
  std::uint64_t needed = 2;
  std::vector<SetOfficer> officers;

  friend bool operator==(const OfficerSet&, const OfficerSet&) = default;
};

// The organisation's public key, under the name that it signs with.
std::string organisation_key_name(std::string_view log_name);
log::VerifierKey organisation_key(std::string_view log_name, const crypto::Ed25519Public& key);

// Errors: usage (fewer than two officers, more than 32, fewer than are needed, or one of them
// twice).
base::Result<std::string> sign_officer_set(const OfficerSet& set,
                                           const crypto::Ed25519Secret& organisation);

// Errors: malformed, limit, no_match (not signed by `organisation`), damaged (a wrong signature, or
// a set of another server).
base::Result<OfficerSet> open_officer_set(std::string_view note,
                                          const log::VerifierKey& organisation);

}  // namespace sealift::parcel
