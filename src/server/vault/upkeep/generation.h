// Generation: one state of a server in a backup, and how it is known to be whole.
//
//   <backup>/generations/<8 digits>/catalog.db     a consistent copy
//                                  /log/...        never ahead of what the catalog's copy explains
//                                  /log/directory/...   likewise
//                                  /blobs          one line a blob: id, size, SHA-256
//                                  /whole          the marker: written last, everything synced
//   <backup>/store/<xx>/<id>                       blobs, shared by the generations
//   <keys>/vault.key, log.key, tls/                in another place
//
//   blobs  = *( id SP size SP sha256 LF )          in the order of the ids
//   whole  = JSON object: format, generation, made, catalog, list, blobs, log_entries,
//            directory_entries, log_name, lost
//
// A folder without a marker is what an interrupted backup left: it is never restored from, and goes
// with the next backup. docs/formats/backup.md has the fields. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/result.h"
#include "catalog/blobs.h"
#include "server/vault/upkeep/copying.h"

namespace sealift::server::vault {

struct ListedBlob {
  catalog::BlobId id{};
  FileDigest content{};
};

struct Marker {
  std::uint64_t generation = 0;
  base::UnixTime made{};
  catalog::BlobDigest catalog{};  // of catalog.db
  catalog::BlobDigest list{};     // of `blobs`
  std::uint64_t blobs = 0;
  std::uint64_t log_entries = 0;        // that its log has, published or not
  std::uint64_t directory_entries = 0;  // that the directory's log has
  std::string log_name;
  std::uint64_t lost = 0;  // blobs that were missing or damaged when it was made
};

std::string marker_text(const Marker& marker);
// Errors: malformed, unsupported (a newer Sealift wrote it).
base::Result<Marker> parse_marker(std::string_view text);
std::string list_text(const std::vector<ListedBlob>& blobs);
// Errors: malformed.
base::Result<std::vector<ListedBlob>> parse_list(std::string_view text);

// Paths within one backup.
class BackupFolder {
 public:
  explicit BackupFolder(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  std::string generations() const { return path_ + "/generations"; }
  std::string generation(std::uint64_t number) const;
  std::string marker(std::uint64_t number) const { return generation(number) + "/whole"; }
  std::string store() const { return path_ + "/store"; }
  std::string readers() const { return path_ + "/readers"; }
  std::string blob(const catalog::BlobId& id) const;

  // Numbers of all that are there, whole or not, oldest first. Errors: io.
  base::Result<std::vector<std::uint64_t>> numbers() const;
  // nullopt: interrupted. Errors: malformed, unsupported, io.
  base::Result<std::optional<Marker>> marker_of(std::uint64_t number) const;
  // Errors: damaged (not the list that the marker means), io.
  base::Result<std::vector<ListedBlob>> list_of(const Marker& marker) const;

 private:
  const std::string path_;
};

// A restore or a check reads, for hours perhaps, what a backup made meanwhile would remove as too
// old: while anyone reads, nothing is removed. Held while open; of a folder that can't be written
// to, which nothing can be removed from, nothing is held. Errors: conflict (something is being
// removed), io.
base::Result<base::FileDescriptor> hold_generations(const BackupFolder& folder);
// Held while open; nullopt: somebody reads.
base::Result<std::optional<base::FileDescriptor>> take_generations(const BackupFolder& folder);

struct Chosen {
  Marker marker{};
  std::uint64_t interrupted = 0;  // folders without a marker that can be read, beside it
};
// The newest that is whole, or `wanted`. A damaged marker counts as none, unless it is the wanted
// one's. Errors: not_found (none, or it was interrupted), those of marker_of(); unsupported also
// where the newest is of a newer Sealift and `wanted` doesn't name another.
base::Result<Chosen> choose_generation(const BackupFolder& folder,
                                       const std::optional<std::uint64_t>& wanted);

// <store>/blobs/<xx>/<id>, as store/disk_blob_store.h has it.
std::string whole_blob_path(const std::string& store, const catalog::BlobId& id);

}  // namespace sealift::server::vault
