// What a server answers to "which key has this address?", with everything that proves it.
//
//   lookup = "sealift directory lookup v1" newline
//            "vrf " base64(proof) newline            that the index is the address's
//            "map " base64(map-proof) newline        what the map has there (map_proof.h)
//            "last " base64(entry) newline           the log's last entry: it has the map's root
//            *( base64(hash) newline )               its path, from the leaf's sibling up
//            newline note                            the log's newest checkpoint, signed
//
// The last entry's place is the tree's size less one, so an answer can't be out of an older map:
// the newest root is the newest leaf. What is left for the caller to judge: whether the note
// continues the one it kept, its cosignatures, and the key's text under the commitment.
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "directory/map_proof.h"
#include "log/checkpoint.h"

namespace sealift::directory {

struct Lookup {
  crypto::VrfProof vrf{};
  MapProof map;
  Entry last;
  std::vector<log::Hash> path;
  std::string note;

  friend bool operator==(const Lookup&, const Lookup&) = default;
};

std::string lookup_text(const Lookup& lookup);
// Nothing of it is authentic before verify_lookup(). Errors: malformed.
base::Result<Lookup> parse_lookup(std::string_view text);

struct Found {
  log::Checkpoint checkpoint;
  Index index{};
  std::optional<State> state;    // nullopt: the address was never there
  std::uint64_t changed_ms = 0;  // when the last change of all was
};

// Of the log that `key` signs, whose entry 0 names `vrf_key`. Errors: malformed, limit, no_match
// (another log's), damaged (signature or a proof is wrong).
base::Result<Found> verify_lookup(const Lookup& lookup, std::string_view address,
                                  const log::VerifierKey& key, const crypto::VrfPublic& vrf_key);

}  // namespace sealift::directory
