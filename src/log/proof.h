// Receipts (C2SP tlog-proof): a file that shows, offline, that an entry is in the log.
//
//   proof = "c2sp.org/tlog-proof@v1" newline
//           [ "extra " base64 newline ]
//           "index " decimal newline
//           *( base64(hash) newline )              inclusion path, from the leaf's sibling up
//           newline checkpoint-note
//
// And leaves (sealift's own): the log holds no event, only a salted commitment to it, so that an
// event can be erased from the catalog and the log still verifies.
//
//   entry = 0x01 SHA-256( "sealift log event v1" newline salt event )       33 bytes
//   salt  = 32 random bytes, kept with the event and erased with it
//   event = canonical bytes of the event, chosen by the caller
//
// All functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/checkpoint.h"

namespace sealift::log {

using EventSalt = std::array<std::byte, 32>;

// The entry that commits to `event`.
base::Bytes event_entry(const EventSalt& salt, base::ByteView event);

struct Receipt {
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint_note;
  std::optional<base::Bytes> extra;  // not authenticated

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

std::string receipt_text(const Receipt& receipt);
// Nothing of it is authentic before verify_receipt(). Errors: malformed, limit.
base::Result<Receipt> parse_receipt(std::string_view text);

// Gives the checkpoint that the log, known by `key`, signed over `entry`. Whether that checkpoint
// belongs to the same log as others seen before is for verify_consistency() to say.
// Errors: malformed, limit, no_match (another log's key), damaged (signature or path is wrong).
base::Result<Checkpoint> verify_receipt(const Receipt& receipt, base::ByteView entry,
                                        const VerifierKey& key);

}  // namespace sealift::log
