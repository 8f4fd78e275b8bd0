#include "client/transfer/receive_parcel.h"

#include <sys/statvfs.h>

#include <cerrno>

#include "age/open/open_identity.h"
#include "base/atomic_file.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "client/transfer/api_streams.h"
#include "client/transfer/named_recipient.h"
#include "client/transfer/opening_note.h"
#include "parcel/receipt.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

Result<base::Bytes> read_whole(PayloadOrigin& origin, std::uint64_t size) {
  if (size > limits::kManifestSizeMax + limits::kManifestSizeMax / 1024)
    return base::fail(ErrorCode::limit, "the manifest has " + std::to_string(size) +
                                            " bytes, and may have " +
                                            std::to_string(limits::kManifestSizeMax));
  SEALIFT_TRY_VOID(origin.open(0, size));
  base::Bytes bytes(static_cast<std::size_t>(size));
  for (std::size_t at = 0; at < bytes.size();) {
    SEALIFT_TRY(const std::size_t got, origin.read(base::MutableByteView(bytes).subspan(at)));
    if (got == 0) return base::fail(ErrorCode::io, "the server stopped sending");
    at += got;
  }
  // To its end, so that the connection can be used again.
  std::byte more{};
  SEALIFT_TRY(const std::size_t behind, origin.read({&more, 1}));
  if (behind != 0) return base::fail(ErrorCode::malformed, "the server sent more than was asked");
  return bytes;
}

class Receiving {
 public:
  Receiving(const ReceiveOrder& order, ParcelKey& key, const ReceiveTools& tools)
      : order_(order), key_(key), tools_(tools), notes_(tools.folder) {}

  Result<ReceivedParcel> run();

 private:
  Result<void> open();
  Result<void> read_manifest(std::span<const age::Identity> identities);
  Result<ReceiveSummary> receive(const age::FileKey& file_key, std::vector<bool> wanted);
  Result<void> save_sealed(base::ByteView header);
  Result<void> hand_in_receipt();
  api::Api with_ticket() const {
    return api::Api(tools_.http, {Credential::Kind::ticket, note_.ticket.text});
  }

  const ReceiveOrder& order_;
  ParcelKey& key_;
  const ReceiveTools& tools_;
  const OpeningNotes notes_;
  OpeningNote note_;
  crypto::Sha256Digest manifest_hash_{};
  ReceivedParcel received_;
};

Result<ReceivedParcel> Receiving::run() {
  SEALIFT_TRY_VOID(open());
  SEALIFT_TRY(const std::vector<age::Identity> identities, key_.identities(note_.server_half));
  SEALIFT_TRY_VOID(read_manifest(identities));
  if (order_.wish == ReceiveWish::list) return std::move(received_);
  const parcel::Manifest& manifest = received_.manifest.manifest;
  SEALIFT_TRY(std::vector<bool> wanted, choose_entries(manifest, order_.only));
  SEALIFT_TRY(const api::Octets header,
              with_ticket().call(api::kOpeningReadHeader, {}, note_.opening, api::Part::content));
  SEALIFT_TRY(const age::FileKey file_key, open_content_header(header.bytes, order_.parcel.bytes,
                                                               manifest.content_key, identities));
  if (order_.wish == ReceiveWish::sealed) {
    SEALIFT_TRY_VOID(save_sealed(header.bytes));
    return std::move(received_);
  }
  SEALIFT_TRY(received_.summary, receive(file_key, std::move(wanted)));
  if (order_.only.empty() && received_.summary.left_out == 0) {
    SEALIFT_TRY_VOID(hand_in_receipt());
    // An account's opening may be used again while its ticket is good, so that repeating the
    // command uses up no other one. A link's half is not kept for longer than it is needed.
    if (!note_.server_half.empty()) notes_.remove(order_.parcel);
  }
  return std::move(received_);
}

// An opening that is still good, or a new one.
Result<void> Receiving::open() {
  if (auto note = notes_.load(order_.parcel)) {
    note_ = *std::move(note);
    const auto opening = with_ticket().call(api::kOpeningRead, {}, note_.opening);
    if (opening && opening->parcel == order_.parcel) return {};
    const bool is_over = opening || opening.error().code == ErrorCode::not_found ||
                         opening.error().code == ErrorCode::unauthorized;
    if (!is_over) return tl::unexpected(opening.error());
    notes_.remove(order_.parcel);
  }
  SEALIFT_TRY(const api::Ticket ticket, key_.open());
  if (ticket.opening.parcel != order_.parcel)
    return base::fail(ErrorCode::damaged, "the server opened another parcel");
  received_.is_new_opening = true;
  SEALIFT_TRY(note_, OpeningNote::of(ticket));
  return notes_.save(order_.parcel, note_);
}

Result<void> Receiving::read_manifest(std::span<const age::Identity> identities) {
  SEALIFT_TRY(const api::Octets header,
              with_ticket().call(api::kOpeningReadHeader, {}, note_.opening, api::Part::manifest));
  ApiPayloadOrigin origin(with_ticket(), note_.opening, api::Part::manifest, note_.manifest_bytes);
  SEALIFT_TRY(const base::Bytes payload, read_whole(origin, note_.manifest_bytes));
  SEALIFT_TRY(OpenedManifest opened,
              open_manifest(tools_.pipeline, order_.parcel.bytes,
                            {.header = header.bytes, .payload = payload}, identities));
  SEALIFT_TRY(NamedRecipient named, find_named(opened, identities));
  received_.added = std::move(named.added);
  if (named.previous) received_.previous.emplace().bytes = *named.previous;
  SEALIFT_TRY_VOID(tools_.judge({.manifest = opened.content,
                                 .added = received_.added ? &*received_.added : nullptr,
                                 .sealed_hash = crypto::sha256(payload)}));
  received_.manifest = std::move(opened.content);
  manifest_hash_ = opened.hash;
  return {};
}

Result<ReceiveSummary> Receiving::receive(const age::FileKey& file_key, std::vector<bool> wanted) {
  const parcel::Manifest& manifest = received_.manifest.manifest;
  const std::uint64_t content_bytes =
      age::kPayloadNonceSize + age::sealed_size(parcel::layout_of(manifest).size_bytes);
  if (content_bytes != note_.content_bytes)
    return base::fail(ErrorCode::damaged, "the content's size is not what the manifest says");
  SEALIFT_TRY(OutputTree tree, OutputTree::open(order_.output, order_.parcel.bytes));
  ApiPayloadOrigin origin(with_ticket(), note_.opening, api::Part::content, content_bytes);
  SEALIFT_TRY(const ReceiveSummary summary, receive_content({.manifest = manifest,
                                                             .manifest_hash = manifest_hash_,
                                                             .file_key = file_key,
                                                             .origin = origin,
                                                             .tree = tree,
                                                             .wanted = std::move(wanted),
                                                             .decide = order_.decide,
                                                             .room = order_.room,
                                                             .workers = tools_.workers,
                                                             .patience = tools_.patience,
                                                             .begin = tools_.begin,
                                                             .progress = tools_.progress}));
  tree.end();
  // What was not read of the last range.
  tools_.http.disconnect();
  return summary;
}

Result<void> Receiving::save_sealed(base::ByteView header) {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(order_.output, 0600));
  struct statvfs disk {};
  if (::fstatvfs(file.fd(), &disk) != 0)
    return tl::unexpected(base::error_of_errno(errno, "look at the output's disk"));
  const std::uint64_t free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (order_.room == Room::judged && note_.content_bytes > free_bytes)
    return base::refuse("folder_full",
                        {{"needed_bytes", note_.content_bytes}, {"free_bytes", free_bytes}});
  SEALIFT_TRY_VOID(base::write_full(file.fd(), header));
  ApiPayloadOrigin origin(with_ticket(), note_.opening, api::Part::content, note_.content_bytes);
  SEALIFT_TRY_VOID(origin.open(0, note_.content_bytes));
  base::Bytes buffer(std::size_t{1} << 20);
  for (std::uint64_t done = 0; done < note_.content_bytes;) {
    SEALIFT_TRY(const std::size_t got, origin.read(buffer));
    if (got == 0) return base::fail(ErrorCode::io, "the server stopped sending");
    SEALIFT_TRY_VOID(base::write_full(file.fd(), base::ByteView(buffer).first(got)));
    done += got;
  }
  tools_.http.disconnect();
  return file.commit(base::Replace::no, base::Durability::none);
}

// After the last chunk verified. Once for an opening.
Result<void> Receiving::hand_in_receipt() {
  const parcel::Receipt said{
      .parcel_id = order_.parcel.bytes,
      .opening_id = note_.opening.bytes,
      .manifest_hash = manifest_hash_,
      .entries = received_.manifest.manifest.entries.size(),
      .received_unix_ms = tools_.clock.now().time_since_epoch().count(),
  };
  const api::SignedReceipt receipt{parcel::sign_receipt(said, key_.signing())};
  const auto logged = with_ticket().call(api::kOpeningAddReceipt, receipt, note_.opening);
  if (logged) {
    received_.receipt = logged->event;
    received_.opening = note_.opening;
    received_.receipt_hash = crypto::sha256(base::bytes_of(receipt.receipt));
    received_.proof_right = {Credential::Kind::ticket, note_.ticket.text};
  }
  const bool was_there = !logged && logged.error().code == ErrorCode::conflict;
  if (!logged && !was_there) return tl::unexpected(logged.error());
  return {};
}

}  // namespace

Result<ReceivedParcel> receive_parcel(const ReceiveOrder& order, ParcelKey& key,
                                      const ReceiveTools& tools) {
  return Receiving(order, key, tools).run();
}

Result<std::vector<bool>> choose_entries(const parcel::Manifest& manifest,
                                         const std::vector<std::string>& only) {
  std::vector<bool> wanted(manifest.entries.size(), only.empty());
  for (std::string name : only) {
    while (name.ends_with('/')) name.pop_back();
    bool is_found = false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::string& path = manifest.entries[i].entry.path.text();
      if (path != name && !path.starts_with(name + "/")) continue;
      wanted[i] = true;
      is_found = true;
    }
    if (!is_found)
      return base::fail(ErrorCode::not_found,
                        "the parcel has no entry " + name + ": --list shows those it has");
  }
  return wanted;
}

}  // namespace sealift::client
