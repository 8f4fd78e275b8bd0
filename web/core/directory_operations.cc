// The directory: which key an address has, and that it has no other (docs/formats/directory.md).
#include <array>

#include "core/fetched_tiles.h"
#include "core/operations.h"
#include "directory/told_keys.h"
#include "parcel/directory_key.h"

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

// size, root, tiles -> the path that is still needed, or "" and the VRF's key of entry 0
Result<void> read_first_entry(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const log::TreeHead head, head_of(in));
  FetchedTiles tiles;
  SEALIFT_TRY_VOID(tiles.take(in));
  const auto first = directory::read_first(tiles, head);
  if (!first && first.error().code == ErrorCode::io) {
    out.text(tiles.needed());
    return {};
  }
  if (!first) return tl::unexpected(first.error());
  out.text("");
  out.bytes(first->vrf_key);
  return {};
}

// lookup, verifier key -> checkpoint, its note; nothing but the signature is proved
Result<void> open_lookup(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const std::string_view key_text, in.text());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(key_text));
  SEALIFT_TRY(const directory::Lookup lookup, directory::parse_lookup(text));
  SEALIFT_TRY(const log::Checkpoint checkpoint, log::open_checkpoint(lookup.note, key));
  give_checkpoint(checkpoint, out);
  out.text(lookup.note);
  return {};
}

Result<directory::ToldKey> told_key(Arguments& in) {
  parcel::DirectoryKey key;
  SEALIFT_TRY(key.account, in.id());
  SEALIFT_TRY(const std::int64_t generation, in.number());
  SEALIFT_TRY(key.recipient, in.text());
  SEALIFT_TRY(key.signing_key, in.array<crypto::kEd25519PublicSize>());
  SEALIFT_TRY(const base::ByteView opening, in.bytes());
  key.generation = static_cast<std::uint64_t>(generation);
  return directory::ToldKey{key.generation, parcel::directory_key_text(key),
                            base::copy_of(opening)};
}

// lookup, address, verifier key, VRF's key, keys (how many; account, generation, recipient, signing
// key, opening or "") -> nothing. No keys: nobody published any for the address.
Result<void> judge_lookup(Arguments& in, Answer&, Host&) {
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const std::string_view address, in.text());
  SEALIFT_TRY(const std::string_view key_text, in.text());
  SEALIFT_TRY(const auto vrf_key, in.array<std::tuple_size_v<crypto::VrfPublic>>());
  SEALIFT_TRY(const std::size_t many, in.count());
  std::vector<directory::ToldKey> told;
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(directory::ToldKey key, told_key(in));
    told.push_back(std::move(key));
  }
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(key_text));
  SEALIFT_TRY(const directory::Lookup lookup, directory::parse_lookup(text));
  SEALIFT_TRY(const directory::Found found,
              directory::verify_lookup(lookup, address, key, vrf_key));
  if (told.empty()) return directory::judge_free(found);
  return directory::judge_told_keys(found, address, told);
}

constexpr std::array kOperations = {
    NamedOperation{"directory.read_first", read_first_entry},
    NamedOperation{"lookup.open", open_lookup},
    NamedOperation{"lookup.judge", judge_lookup},
};

}  // namespace

std::span<const NamedOperation> directory_operations() { return kOperations; }

}  // namespace sealift::web
