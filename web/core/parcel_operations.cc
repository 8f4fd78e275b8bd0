// Parcels: headers, small sealed objects, layout, hashes, manifests, receipts.
#include <algorithm>
#include <array>
#include <vector>

#include "age/open/open_file.h"
#include "age/seal/seal_header.h"
#include "base/hex.h"
#include "base/limits.h"
#include "client/transfer/sealed_part.h"
#include "client/transfer/widened_headers.h"
#include "core/entry_fields.h"
#include "core/operations.h"
#include "parcel/content_hash.h"
#include "parcel/manifest.h"
#include "parcel/receipt.h"

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

// One worker: this thread. Instances beside this one do the rest.
age::Pipeline pipeline() { return age::Pipeline(1); }

// size -> random bytes
Result<void> random_bytes(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const std::int64_t size, in.number());
  if (size < 0 || size > 4096) return base::fail(ErrorCode::usage, "too many random bytes");
  base::Bytes bytes(static_cast<std::size_t>(size));
  host.random.fill(bytes);
  out.bytes(bytes);
  return {};
}

// file key, recipients -> header
Result<void> seal_header(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const age::FileKey key, in.secret<age::kFileKeySize>());
  SEALIFT_TRY(const auto recipients, in.recipients());
  SEALIFT_TRY(const age::Header header, age::seal_header(key, recipients, host.random));
  out.bytes(header.encoded());
  return {};
}

// parcel, commitment of its manifest, content's header, identities -> file key
Result<void> open_content(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto parcel, in.id());
  SEALIFT_TRY(const auto commitment, in.array<32>());
  SEALIFT_TRY(const base::ByteView header, in.bytes());
  SEALIFT_TRY(const auto identities, in.identities());
  SEALIFT_TRY(const age::FileKey key,
              client::open_content_header(header, parcel, commitment, identities));
  out.bytes(key.view());
  return {};
}

// parcel, manifest's header and payload, content's header, identities, keys one of which
// signed the manifest, its hash (or nothing); address, recipient, who adds them, signing seed, time
// -> content's header, manifest's header
Result<void> widen(Arguments& in, Answer& out, Host& host) {
  client::OwnParcel own;
  client::ServedParcel served;
  SEALIFT_TRY(own.parcel_id, in.id());
  SEALIFT_TRY(served.manifest.header, in.bytes());
  SEALIFT_TRY(served.manifest.payload, in.bytes());
  SEALIFT_TRY(served.content_header, in.bytes());
  SEALIFT_TRY(const auto identities, in.identities());
  own.identities = identities;
  SEALIFT_TRY(const std::size_t signers, in.count());
  for (std::size_t i = 0; i < signers; ++i) {
    SEALIFT_TRY(own.manifest_signed_by.emplace_back(), in.array<crypto::kEd25519PublicSize>());
  }
  SEALIFT_TRY(const base::ByteView hash, in.bytes());
  if (!hash.empty()) {
    if (hash.size() != crypto::kSha256Size)
      return base::fail(ErrorCode::usage, "a hash is of another size");
    std::ranges::copy(hash, own.manifest_hash.emplace().begin());
  }
  SEALIFT_TRY(const std::string_view address, in.text());
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const age::Recipient recipient, age::Recipient::parse(text));
  SEALIFT_TRY(const std::string_view by, in.text());
  SEALIFT_TRY(const auto seed, in.secret<32>());
  SEALIFT_TRY(const std::int64_t created, in.number());
  const auto signing = crypto::Ed25519Secret::from_seed(seed.view());
  age::Pipeline one = pipeline();
  SEALIFT_TRY(const client::WidenedHeaders widened,
              client::widen_headers(one, served, own,
                                    {.address = std::string(address),
                                     .recipient = recipient,
                                     .by = std::string(by),
                                     .signing = signing,
                                     .created_unix_ms = created},
                                    host.random));
  out.bytes(widened.content);
  out.bytes(widened.manifest);
  return {};
}

// entries -> offset of each content, end offset, size
Result<void> lay_out(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto entries, entries_of(in));
  const parcel::TarLayout layout = parcel::lay_out(entries);
  for (const std::uint64_t offset : layout.content_offsets)
    out.number(static_cast<std::int64_t>(offset));
  out.number(static_cast<std::int64_t>(layout.end_offset));
  out.number(static_cast<std::int64_t>(layout.size_bytes));
  return {};
}

// entries -> SHA-256 over their tar headers
Result<void> tree_digest(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto entries, entries_of(in));
  crypto::Sha256 hash;
  for (const parcel::Entry& entry : entries) hash.update(parcel::tar_header(entry));
  out.bytes(hash.finish());
  return {};
}

// leaves, 32 bytes each -> root
Result<void> content_root(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(base::ByteView leaves, in.bytes());
  if (leaves.size() % crypto::kSha256Size != 0)
    return base::fail(ErrorCode::usage, "a leaf is cut short");
  parcel::ContentHash tree;
  for (; !leaves.empty(); leaves = leaves.subspan(crypto::kSha256Size)) {
    crypto::Sha256Digest leaf;
    std::copy_n(leaves.begin(), leaf.size(), leaf.begin());
    tree.add_leaf(leaf);
  }
  out.bytes(tree.root());
  return {};
}

// text, recipients -> age file
Result<void> seal_small(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const base::ByteView text, in.bytes());
  SEALIFT_TRY(const auto recipients, in.recipients());
  age::Pipeline one = pipeline();
  SEALIFT_TRY(const base::Bytes sealed, client::seal_small(one, recipients, host.random, text));
  out.bytes(sealed);
  return {};
}

// header, payload with its nonce, identities -> text
Result<void> open_small(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView header, in.bytes());
  SEALIFT_TRY(const base::ByteView payload, in.bytes());
  SEALIFT_TRY(const auto identities, in.identities());
  age::Pipeline one = pipeline();
  SEALIFT_TRY(const base::Bytes text, client::open_small(one, header, payload, identities));
  out.bytes(text);
  return {};
}

std::string_view name_of(age::OpenFailure failure) {
  switch (failure) {
    case age::OpenFailure::armor:
      return "armor failure";
    case age::OpenFailure::header:
      return "header failure";
    case age::OpenFailure::no_match:
      return "no match";
    case age::OpenFailure::hmac:
      return "HMAC failure";
    case age::OpenFailure::payload:
      return "payload failure";
    case age::OpenFailure::other:
      break;
  }
  return "another failure";
}

// age file, 1 when it has to be armored, identities, passphrases
// -> how it ended in the words of age's test kit, text that left until then
Result<void> open_age_file(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(const std::int64_t is_armored, in.number());
  SEALIFT_TRY(auto identities, in.identities());
  SEALIFT_TRY(const std::size_t passphrases, in.count());
  for (std::size_t i = 0; i < passphrases; ++i) {
    SEALIFT_TRY(const base::ByteView passphrase, in.bytes());
    identities.push_back(age::Identity::passphrase(
        [passphrase](age::PassphraseFor) { return crypto::SecretBuffer::copy_of(passphrase); },
        limits::kAgeScryptLogNMax));
  }
  age::MemorySource source(file);
  base::Bytes text;
  age::MemorySink sink(text);
  age::Pipeline one = pipeline();
  const auto opened =
      age::open_file(one, identities, source, sink,
                     is_armored == 1 ? age::ArmorRule::required : age::ArmorRule::detect);
  out.text(opened ? "success" : name_of(opened.error().failure));
  out.bytes(text);
  return {};
}

// A parcel's id, or nothing.
Result<void> take_previous(Arguments& in, parcel::ManifestRecipient& recipient) {
  SEALIFT_TRY(const std::string_view text, in.text());
  if (text.empty()) return {};
  const auto bytes = base::hex_decode(text);
  if (!bytes || bytes->size() != parcel::ParcelIdBytes{}.size())
    return base::fail(ErrorCode::usage, "the parcel before is not one");
  std::ranges::copy(*bytes, recipient.previous.emplace().begin());
  return {};
}

// content's file key, manifest's file key; parcel, created, sender address, recipients (address,
// fingerprint, parcel before), expires, opens max, needs passphrase, note, payload nonce, entries
// (entry, hash), signing seed -> signed manifest
Result<void> sign_manifest(Arguments& in, Answer& out, Host&) {
  parcel::Manifest manifest;
  SEALIFT_TRY(const age::FileKey content_key, in.secret<age::kFileKeySize>());
  SEALIFT_TRY(const age::FileKey manifest_key, in.secret<age::kFileKeySize>());
  SEALIFT_TRY(manifest.parcel_id, in.id());
  manifest.content_key =
      parcel::commit_to_file_key(content_key, manifest.parcel_id, parcel::CommittedPart::content);
  manifest.manifest_key =
      parcel::commit_to_file_key(manifest_key, manifest.parcel_id, parcel::CommittedPart::manifest);
  SEALIFT_TRY(manifest.created_unix_ms, in.number());
  SEALIFT_TRY(manifest.sender_address, in.text());
  SEALIFT_TRY(const std::size_t recipients, in.count());
  for (std::size_t i = 0; i < recipients; ++i) {
    parcel::ManifestRecipient& recipient = manifest.recipients.emplace_back();
    SEALIFT_TRY(recipient.address, in.text());
    SEALIFT_TRY(recipient.fingerprint, in.array<crypto::kSha256Size>());
    SEALIFT_TRY_VOID(take_previous(in, recipient));
  }
  SEALIFT_TRY(manifest.policy.expires_unix_ms, in.number());
  SEALIFT_TRY(manifest.policy.opens_max, in.number());
  SEALIFT_TRY(const std::int64_t needs_passphrase, in.number());
  manifest.policy.needs_passphrase = needs_passphrase == 1;
  SEALIFT_TRY(manifest.note, in.text());
  SEALIFT_TRY(manifest.payload_nonce, in.array<16>());
  SEALIFT_TRY(const std::size_t entries, in.count());
  for (std::size_t i = 0; i < entries; ++i) {
    SEALIFT_TRY(parcel::Entry entry, entry_of(in));
    SEALIFT_TRY(const auto hash, in.array<crypto::kSha256Size>());
    manifest.entries.push_back({std::move(entry), hash});
  }
  SEALIFT_TRY(const auto seed, in.secret<32>());
  const base::Bytes text =
      parcel::sign_manifest(manifest, crypto::Ed25519Secret::from_seed(seed.view()));
  // What others would refuse is not sent: too many entries, a path twice, a note that is too long.
  SEALIFT_TRY_VOID(parcel::read_manifest(text));
  out.bytes(text);
  return {};
}

// file key, signed manifest, recipients -> age file
Result<void> seal_manifest(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const age::FileKey key, in.secret<age::kFileKeySize>());
  SEALIFT_TRY(const base::ByteView text, in.bytes());
  SEALIFT_TRY(const auto recipients, in.recipients());
  age::Pipeline one = pipeline();
  SEALIFT_TRY(const base::Bytes sealed,
              client::seal_small(one, recipients, key, host.random, text));
  out.bytes(sealed);
  return {};
}

// parcel, header, payload with its nonce, identities -> key that signed it, SHA-256 of it, its
// JSON, addenda (address, fingerprint, who added them, key that signed that, time)
Result<void> open_manifest(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto parcel, in.id());
  client::ServedManifest served;
  SEALIFT_TRY(served.header, in.bytes());
  SEALIFT_TRY(served.payload, in.bytes());
  SEALIFT_TRY(const auto identities, in.identities());
  age::Pipeline one = pipeline();
  SEALIFT_TRY(const client::OpenedManifest opened,
              client::open_manifest(one, parcel, served, identities));
  out.bytes(opened.content.signed_by);
  out.bytes(opened.hash);
  out.text(parcel::manifest_json(opened.content.manifest));
  out.number(static_cast<std::int64_t>(opened.addenda.size()));
  for (const parcel::SignedAddendum& each : opened.addenda) {
    out.text(each.addendum.address);
    out.bytes(each.addendum.fingerprint);
    out.text(each.addendum.by);
    out.bytes(each.signed_by);
    out.number(each.addendum.created_unix_ms);
  }
  return {};
}

// parcel, opening, manifest's hash, entries, received, signing seed -> signed note
Result<void> sign_receipt(Arguments& in, Answer& out, Host&) {
  parcel::Receipt receipt;
  SEALIFT_TRY(receipt.parcel_id, in.id());
  SEALIFT_TRY(receipt.opening_id, in.id());
  SEALIFT_TRY(receipt.manifest_hash, in.array<32>());
  SEALIFT_TRY(const std::int64_t entries, in.number());
  receipt.entries = static_cast<std::uint64_t>(entries);
  SEALIFT_TRY(receipt.received_unix_ms, in.number());
  SEALIFT_TRY(const auto seed, in.secret<32>());
  out.text(parcel::sign_receipt(receipt, crypto::Ed25519Secret::from_seed(seed.view())));
  return {};
}

// note, keys that may have signed it -> parcel, opening, manifest's hash, entries, received
Result<void> read_receipt(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view note, in.text());
  SEALIFT_TRY(const std::size_t count, in.count());
  std::vector<crypto::Ed25519Public> keys(count);
  for (crypto::Ed25519Public& key : keys) {
    SEALIFT_TRY(key, in.array<crypto::kEd25519PublicSize>());
  }
  SEALIFT_TRY(const parcel::Receipt receipt, parcel::read_receipt(note, keys));
  out.text(base::hex_encode(receipt.parcel_id));
  out.text(base::hex_encode(receipt.opening_id));
  out.bytes(receipt.manifest_hash);
  out.number(static_cast<std::int64_t>(receipt.entries));
  out.number(receipt.received_unix_ms);
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"random.bytes", random_bytes},   NamedOperation{"header.seal", seal_header},
    NamedOperation{"content.open", open_content},   NamedOperation{"parcel.widen", widen},
    NamedOperation{"entries.lay_out", lay_out},     NamedOperation{"entries.digest", tree_digest},
    NamedOperation{"content.root", content_root},   NamedOperation{"small.seal", seal_small},
    NamedOperation{"small.open", open_small},       NamedOperation{"age_file.open", open_age_file},
    NamedOperation{"manifest.sign", sign_manifest}, NamedOperation{"manifest.seal", seal_manifest},
    NamedOperation{"manifest.open", open_manifest}, NamedOperation{"receipt.sign", sign_receipt},
    NamedOperation{"receipt.read", read_receipt},
};

}  // namespace

std::span<const NamedOperation> parcel_operations() { return kOperations; }

}  // namespace sealift::web
