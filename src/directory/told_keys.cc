#include "directory/told_keys.h"

#include "log/merkle.h"
#include "log/proof.h"

namespace sealift::directory {
namespace {

using base::ErrorCode;
using base::Result;

tl::unexpected<base::Error> contradiction(const char* text) {
  return base::fail(ErrorCode::damaged, text);
}

}  // namespace

Result<void> judge_told_keys(const Found& found, std::string_view address,
                             std::span<const ToldKey> keys) {
  if (!found.state || keys.empty() || found.state->generation < keys.back().generation)
    return base::fail(ErrorCode::conflict, "the directory doesn't have the key yet");
  if (found.state->is_removed() || found.state->generation != keys.back().generation)
    return contradiction("the directory has another key for this address");
  Commitment expected = found.state->commitment;
  for (std::size_t i = keys.size(); i-- > 0;) {
    if (keys[i].opening.empty())
      return contradiction("the server doesn't open what its directory has");
    SEALIFT_TRY(const Opening opening, parse_opening(keys[i].opening));
    if (commitment_of(opening, address, keys[i].key_text) != expected)
      return contradiction("the directory has another key for this address");
    if (opening.how != (i == 0 ? How::enrolled : How::rotated))
      return contradiction("a key of the directory came about as none may");
    expected = opening.previous;
  }
  if (expected != Commitment{} || found.state->how == How::restarted)
    return contradiction("the directory leaves keys of this address out");
  return {};
}

Result<void> judge_free(const Found& found) {
  if (!found.state || found.state->is_removed()) return {};
  return base::fail(ErrorCode::conflict,
                    "a key was published for this address before: somebody else has it");
}

Result<FirstEntry> read_first(log::TileSource& tiles, const log::TreeHead& head) {
  if (head.size == 0) return contradiction("the server's directory is empty");
  log::TileId id{.kind = log::TileKind::entries, .level = 0, .number = 0};
  id.width = log::tile_width(head.size, id);
  SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles, id));
  SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, id.width));
  log::TileHashes hashes(tiles, head.size);
  SEALIFT_TRY(const auto path, log::inclusion_path(hashes, {0, head.size}));
  if (!log::verify_inclusion(log::leaf_hash(entries.front()), {0, head.size}, path, head.root))
    return contradiction("the first entry is not in the server's directory");
  SEALIFT_TRY(const Entry entry, parse_entry(entries.front()));
  const auto* first = std::get_if<FirstEntry>(&entry);
  if (first == nullptr) return contradiction("the server's directory has no first entry");
  return *first;
}

}  // namespace sealift::directory
