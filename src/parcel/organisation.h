// What a server tells of an organisation's key and its officers, judged by what was seen before.
//
// The server's word counts for nothing: the key counts once a person knew it by its fingerprint,
// out of an enrolment link or off a paper, and is told again from then on, with sets whose numbers
// only grow (docs/decisions/0220). Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/sha256.h"
#include "parcel/officer_set.h"

namespace sealift::parcel {

// As the server tells it: the public key to anyone, the set (with people's addresses) to those who
// deal shares.
struct ToldOrganisation {
  std::optional<std::string> key{};
  std::optional<std::string> set{};
};

// What a client remembers of a key that a person knew.
struct SeenOrganisation {
  std::string key;                // the verifier key, as text
  std::uint64_t number = 0;       // of the newest set; 0: none yet
  crypto::Sha256Digest digest{};  // of that set's note

  friend bool operator==(const SeenOrganisation&, const SeenOrganisation&) = default;
};

struct Organisation {
  log::VerifierKey key;
  std::optional<OfficerSet> set;  // signed by it; absent: none yet
  std::string note;               // the set as it came
  bool is_known = false;          // to a person, by its fingerprint
};

// `named`: a fingerprint that a person gave, or "". nullopt: the organisation has no key, and none
// was expected.
// Errors: damaged (another key than the one seen or named, none where there was one, an older set
// than seen, another one of the same number, or a wrong signature), and those of
// open_officer_set().
base::Result<std::optional<Organisation>> judge_organisation(
    const ToldOrganisation& told, const std::optional<SeenOrganisation>& seen,
    std::string_view named);

SeenOrganisation seen_of(const Organisation& organisation);

// The first 32 hexadecimal digits of the SHA-256 of the key's text.
std::string organisation_fingerprint(std::string_view key_text);

}  // namespace sealift::parcel
