// Sending a parcel, from files on the disk to a parcel that is whole: or an error, after which the
// same order continues where this one stopped.
//
//   begin (parcel, upload) -> link -> content -> manifest -> complete
//
// What was begun is remembered in a SendFolder before the server hears of it, and forgotten when
// the parcel is whole. A login that ends by its time while the content is sent is not needed any
// more: the upload's key does the rest. When files change between the attempts the parcel that was
// begun is recalled and another begun, with new keys.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "age/keys/recipient.h"
#include "age/open/open_identity.h"
#include "base/clock.h"
#include "client/api/api.h"
#include "client/transfer/send_content.h"
#include "client/transfer/send_state.h"
#include "parcel/link.h"

namespace sealift::client {

// Somebody to whom a parcel is sealed. Without a grant: sealed to, and not told (the sender's own
// key; whoever asked for files).
struct Addressee {
  std::string address;
  age::Recipient recipient;
  std::optional<api::NewRecipient> grant{};
};

enum class LinkWish : std::uint8_t { none, plain, with_passphrase };

struct SendOrder {
  std::vector<std::string> paths;  // absolute
  SourceTree tree;                 // of the paths
  std::vector<Addressee> to;       // with the sender's own key, so that others can be added later
  std::string sender_address;      // "" for an outsider
  std::string server_url;          // as links begin
  LinkWish link = LinkWish::none;
  std::chrono::milliseconds lifetime{};      // 0: as whoever asked for the files has it
  std::optional<std::uint64_t> opens_max{};  // of the link, and for the manifest
  std::string note{};
  // Makes the parcel known to the server; gives what the further calls prove their right with.
  std::function<base::Result<Credential>(const api::ParcelId& parcel)> begin{};
  std::string purpose{};  // what else makes two orders different ones
};

// Borrowed for the call.
struct SendTools {
  HttpClient& http;
  Credential session;  // of an account; none for an outsider
  const crypto::Ed25519Secret& signing;
  age::Pipeline& pipeline;
  crypto::Random& random;
  const base::Clock& clock;
  std::string folder;       // for what is under way
  std::string sent_folder;  // for what receipts are compared with; "": an outsider gets none
  std::string correspondence_folder{};  // "": an outsider has no correspondents
  // A new passphrase for a link.
  std::function<crypto::SecretBuffer(crypto::Random&)> make_passphrase;
  Patience patience{};
  std::function<void(std::uint64_t)> progress{};
};

struct SentParcel {
  api::ParcelId id{};
  std::optional<api::EventId> event{};  // when this process completed it
  Credential proof_right{};             // what asks for the log's proof of it
  std::string link;                     // "" for none; holds the secret
  crypto::SecretBuffer passphrase;      // of the link
  std::size_t entries = 0;
  std::uint64_t content_bytes = 0;
  std::size_t changed_while_read = 0;
  bool was_continued = false;
};

// `order.tree` is walked anew when files change. Errors: conflict (the files keep changing, or
// another process sends the same); those of the server and of the disk.
base::Result<SentParcel> send_parcel(SendOrder& order, const SendTools& tools);

// The X25519 identity of a link, as age has it. Errors: limit.
base::Result<age::Identity> identity_of_link(const parcel::Link& link,
                                             const parcel::ServerHalf& half,
                                             const parcel::StretchedPassphrase& passphrase);

}  // namespace sealift::client
