// Receiving a parcel: open it (which counts), read its manifest, judge who sent it, write the
// files, hand in a receipt.
//
// The manifest comes first: nothing of a parcel is shown or written before its signature was found
// good, its parcel is the one asked for, the sender's key is the one that is expected, and it or an
// addendum names us: what somebody passed on is refused. An
// opening that was begun is remembered until everything was received, so that going on, or taking
// another entry, does not count again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "client/api/api.h"
#include "client/transfer/receive_content.h"
#include "client/transfer/sealed_part.h"

namespace sealift::client {

// How a parcel is opened: by an account, or by a link.
class ParcelKey {
 public:
  virtual ~ParcelKey() = default;
  // Counts. Errors: not_found (no such parcel for us, or no more), forbidden, locked_down, io.
  virtual base::Result<api::Ticket> open() = 0;
  // What opens the parts. `server_half`: of a link, from the ticket; else empty.
  virtual base::Result<std::vector<age::Identity>> identities(base::ByteView server_half) = 0;
  // What signs the receipt.
  virtual const crypto::Ed25519Secret& signing() = 0;
};

// `list`: read the manifest, and write nothing. `sealed`: write the content as the age file it is,
// unopened, for stock age and tar.
enum class ReceiveWish : std::uint8_t { files, list, sealed };

struct ReceiveOrder {
  api::ParcelId parcel{};
  std::string output;  // a folder; with ReceiveWish::sealed a file, which must not be there
  // Names of entries; a folder's stands for everything below it. Empty: all.
  std::vector<std::string> only;
  ReceiveWish wish = ReceiveWish::files;
  DecideConflict decide{};  // empty: what is in the way fails
  Room room = Room::judged;
};

// Who made a parcel, as it says itself, before anything of it is shown. Borrowed for the call.
struct ManifestToJudge {
  const parcel::SignedManifest& manifest;
  const parcel::SignedAddendum* added;      // names us where the manifest doesn't; else null
  const crypto::Sha256Digest& sealed_hash;  // of the manifest's payload as it came
};

// Borrowed for the call.
struct ReceiveTools {
  HttpClient& http;
  age::Pipeline& pipeline;
  const base::Clock& clock;
  unsigned workers = 1;
  std::string folder;  // for openings that are not done with
  // Whether the manifest's signer is who it says, and the addendum's too. An error ends the
  // receiving before a name is shown. Called before anything is written.
  std::function<base::Result<void>(const ManifestToJudge&)> judge;
  Patience patience{};
  // How many bytes of the stream there are to take; then how many are done, from any thread.
  std::function<void(std::uint64_t)> begin{};
  std::function<void(std::uint64_t)> progress{};
};

struct ReceivedParcel {
  parcel::SignedManifest manifest;
  // Whose word it is that we are a recipient, when the manifest doesn't name us.
  std::optional<parcel::SignedAddendum> added{};
  // The parcel that the sender's client sent us before this one.
  std::optional<api::ParcelId> previous{};
  ReceiveSummary summary;
  bool is_new_opening = false;  // one more was counted; not: an earlier one was gone on with
  // What the log was given of our receipt, when it was made now; and what asks for its proof.
  std::optional<api::EventId> receipt{};
  crypto::Sha256Digest receipt_hash{};
  api::OpeningId opening{};
  Credential proof_right{};
};

// Errors: those of opening and of receive_content(); damaged (not to us, by the sender's word);
// not_found (an entry asked for is not in it);
// conflict (the output is in use, or with ReceiveWish::sealed there). What was left out because its
// name was taken is in the summary; then there is no receipt, and going on doesn't count.
base::Result<ReceivedParcel> receive_parcel(const ReceiveOrder& order, ParcelKey& key,
                                            const ReceiveTools& tools);

// Which entries of a manifest those names mean. Errors: not_found.
base::Result<std::vector<bool>> choose_entries(const parcel::Manifest& manifest,
                                               const std::vector<std::string>& only);

}  // namespace sealift::client
