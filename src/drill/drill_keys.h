// DrillKeys: what opens what on a server, as a thief of the whole of it finds out.
//
// The thief takes the catalog and everything that lies below the data folder beside it, unwraps
// with the vault's key whatever that unwraps (the server's halves of links, slots, verifiers), and
// tries each 32 bytes in a row of all that as a private key. Whether one opens an object is asked
// of its public key: a stanza opens with the private half of the key that it was sealed to, and
// that these are all the keys there are is proved by opening every stanza with them.
#pragma once

#include "drill/drill_people.h"

namespace sealift::cli {

struct KeyTrial {
  std::size_t files = 0;       // of keys, below the data folder
  std::size_t unwrapped = 0;   // halves, slots and verifiers that the vault's key unwrapped
  std::size_t candidates = 0;  // different ones
  std::size_t objects = 0;     // sealed ones: contents and manifests
  std::size_t opened = 0;      // with a candidate
};

// Adds to `people`'s canaries every key that opens an object, so that the search finds it wherever
// it lies. Errors: io; internal (an object is sealed to a key that the drill does not know, so that
// the trial would prove nothing).
base::Result<KeyTrial> try_keys(const std::string& data, DrillPeople& people);

}  // namespace sealift::cli
