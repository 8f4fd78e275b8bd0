// A generation of an account's keys, as what is signed and logged of it: the key's text.
//
//   text        = "sealift/v1/directory-key" LF
//                 "account " 32 hex LF "generation " decimal LF
//                 "recipient " age recipient LF "signing-key " base64 LF
//   endorsement = Ed25519 signature over the text, by the generation before
//   digest      = SHA-256 of the text; stands in the custody event as `key`, in hexadecimal
//
//
// The event may name an endorsing key besides: Ed25519, kept where the account's other keys are not
// (docs/decisions/0118). The next generation then takes its signature too:
//
//   succession       = "sealift/v1/directory-succession" LF text "endorsing-key " base64 LF
//   countersignature = Ed25519 signature over the succession, by the endorsing key before
//
// A client takes a new generation of a key that it has pinned only with the endorsement, and the
// countersignature where there is an endorsing key; and any key only when the log's event has its
// digest. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "crypto/ed25519.h"
#include "crypto/sha256.h"

namespace sealift::parcel {

struct DirectoryKey {
  std::array<std::byte, 16> account{};
  std::uint64_t generation = 0;
  std::string recipient;
  crypto::Ed25519Public signing_key{};
};

std::string directory_key_text(const DirectoryKey& key);
crypto::Sha256Digest directory_key_digest(const DirectoryKey& key);

crypto::Ed25519Signature endorse_directory_key(const DirectoryKey& key,
                                               const crypto::Ed25519Secret& generation_before);
bool is_endorsed(const DirectoryKey& key, const crypto::Ed25519Signature& endorsement,
                 const crypto::Ed25519Public& generation_before);

// `endorsing`: the key that endorses from this generation on.
crypto::Ed25519Signature countersign_directory_key(const DirectoryKey& key,
                                                   const crypto::Ed25519Public& endorsing,
                                                   const crypto::Ed25519Secret& endorsing_before);
bool is_countersigned(const DirectoryKey& key, const crypto::Ed25519Public& endorsing,
                      const crypto::Ed25519Signature& countersignature,
                      const crypto::Ed25519Public& endorsing_before);

}  // namespace sealift::parcel
