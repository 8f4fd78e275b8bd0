#include "client/account/directory_watch.h"

#include <algorithm>

#include "base/refusal.h"
#include "directory/replay.h"
#include "directory/told_keys.h"
#include "log/tree_edge.h"
#include "parcel/directory_key.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kName = "/directory";  // after the name of the server's log

tl::unexpected<base::Error> contradiction(std::string text) {
  return base::fail(ErrorCode::damaged, std::move(text));
}

std::string key_text_of(const api::DirectoryEntry& entry) {
  return parcel::directory_key_text(
      {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key});
}

}  // namespace

// The pinned one; or, the first time, the one that the server names beside its log's.
Result<log::VerifierKey> DirectoryWatch::key() {
  if (pins_.directory) return log::VerifierKey::parse(pins_.directory->key);
  SEALIFT_TRY(const api::ServerDescription server, api_.call(api::kServerDescribe));
  if (!server.directory_key)
    return base::fail(ErrorCode::unsupported, "the server keeps no provable directory");
  SEALIFT_TRY(log::VerifierKey key, log::VerifierKey::parse(*server.directory_key));
  std::string origin = server.log_origin;
  if (pins_.log) {
    SEALIFT_TRY(const log::VerifierKey log_key, log::VerifierKey::parse(pins_.log->key));
    origin = log_key.name();
  }
  if (key.name() != origin.append(kName))
    return base::fail(ErrorCode::malformed, "the directory's key is not of the directory's name");
  return key;
}

Result<void> DirectoryWatch::begin(const log::Checkpoint& checkpoint, std::string_view note,
                                   const log::VerifierKey& key) {
  if (pins_.directory) return {};
  ServerTiles tiles(api_, ServerLog::directory);
  SEALIFT_TRY(const directory::FirstEntry first, directory::read_first(tiles, checkpoint.head));
  pins_.directory = LogPin{key.text(), checkpoint.head, std::string(note)};
  pins_.vrf_key = first.vrf_key;
  return {};
}

// Of a directory that went back, the statement about the server's log says why.
Result<directory::Found> DirectoryWatch::accept(std::string_view lookup,
                                                const parcel::Address& address) {
  auto found = judge(lookup, address);
  if (found || found.error().code != ErrorCode::damaged) return found;
  const auto stated = LogWatch(api_, pins_.log).stated_restore();
  if (stated && *stated) return base::refuse("log_restored");
  return found;
}

Result<directory::Found> DirectoryWatch::judge(std::string_view lookup,
                                               const parcel::Address& address) {
  SEALIFT_TRY(const log::VerifierKey verifier, key());
  SEALIFT_TRY(const directory::Lookup parsed, directory::parse_lookup(lookup));
  SEALIFT_TRY(const log::Checkpoint checkpoint, log::open_checkpoint(parsed.note, verifier));
  const Pins before = pins_;
  SEALIFT_TRY_VOID(begin(checkpoint, parsed.note, verifier));
  auto found = directory::verify_lookup(parsed, address.text(), verifier, pins_.vrf_key);
  if (!found) {
    pins_ = before;
    return found;
  }
  // An older map than the one seen has an older answer: the newest is asked for, and nothing else.
  if (checkpoint.head.size < pins_.directory->head.size)
    return contradiction("the server's directory went back to an older state");
  SEALIFT_TRY_VOID(watch_.accept(checkpoint, parsed.note));
  return found;
}

bool has_generation(const std::optional<std::string>& lookup, std::uint64_t generation) {
  const auto parsed =
      lookup ? directory::parse_lookup(*lookup) : base::fail(ErrorCode::not_found, "no lookup");
  const auto* state = parsed ? std::get_if<directory::State>(&parsed->map.end) : nullptr;
  return state != nullptr && state->generation >= generation;
}

Result<void> judge_openings(const directory::Found& found, const parcel::Address& address,
                            const std::vector<api::DirectoryEntry>& entries) {
  std::vector<directory::ToldKey> told;
  for (const api::DirectoryEntry& entry : entries)
    told.push_back({entry.key.generation, key_text_of(entry),
                    entry.opening ? entry.opening->bytes : base::Bytes()});
  return directory::judge_told_keys(found, address.text(), told);
}

Result<void> check_free(const api::Api& api, const std::optional<std::string>& lookup,
                        const parcel::Address& address, Pins& pins) {
  if (!lookup) return contradiction("the server gives no proof of what its directory has");
  SEALIFT_TRY(const directory::Found found, DirectoryWatch(api, pins).accept(*lookup, address));
  return directory::judge_free(found);
}

Result<DirectoryCheck> check_whole_directory(
    const api::Api& api, Pins& pins,
    const std::function<void(std::uint64_t, const directory::ChangeEntry&)>& on_change) {
  LogWatch watch(api, pins.directory, ServerLog::directory);
  SEALIFT_TRY(const log::Checkpoint newest, watch.follow());
  ServerTiles tiles(api, ServerLog::directory);
  directory::Replay replay;
  log::TreeEdge edge;
  for (std::uint64_t number = 0; number * log::kTileWidth < newest.head.size; ++number) {
    log::TileId id{.kind = log::TileKind::entries, .level = 0, .number = number};
    id.width = log::tile_width(newest.head.size, id);
    SEALIFT_TRY(const base::Bytes bytes, log::read_bundle(tiles, id));
    SEALIFT_TRY(const auto entries, log::parse_bundle(bytes, id.width));
    for (const base::ByteView bytes_of_entry : entries) {
      SEALIFT_TRY_VOID(replay.take(bytes_of_entry));
      static_cast<void>(edge.add(log::leaf_hash(bytes_of_entry)));
      SEALIFT_TRY(const directory::Entry entry, directory::parse_entry(bytes_of_entry));
      if (const auto* change = std::get_if<directory::ChangeEntry>(&entry); change && on_change)
        on_change(replay.size() - 1, *change);
    }
  }
  if (edge.root() != newest.head.root)
    return contradiction("the entries of the server's directory are not what its checkpoint says");
  if (pins.vrf_key != crypto::VrfPublic{} && replay.first()->vrf_key != pins.vrf_key)
    return contradiction("the server's directory is not the one seen before");
  pins.vrf_key = replay.first()->vrf_key;
  return DirectoryCheck{newest.head, replay.map().size()};
}

}  // namespace sealift::client
