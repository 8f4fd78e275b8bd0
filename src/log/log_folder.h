// The log's folder: names in it, and reading tiles from it. Layout: docs/formats/log.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "log/tile.h"

namespace sealift::log {

inline constexpr std::string_view kCheckpointPath = "checkpoint";
inline constexpr std::string_view kKeyPath = "vkey";
inline constexpr std::string_view kJournalFolder = "journal";
inline constexpr std::string_view kTileFolderPath = "tile";
// A bundle of the longest entries there can be, or as many frames of one entry each.
inline constexpr std::size_t kLogFileSizeMax = std::size_t{256} * (65535 + 2 + 56);

// Tiles as files under one root. As thread-safe as `files`, which outlives it.
class FolderTiles final : public TileSource {
 public:
  explicit FolderTiles(base::FileSystem& files) : files_(files) {}
  base::Result<base::Bytes> read(const TileId& tile) override;

 private:
  base::FileSystem& files_;
};

std::string journal_path(std::uint64_t bundle);
// Bundle numbers of the journals there are, in order: one, or two after a crash, or none in a new
// log. Errors: io.
base::Result<std::vector<std::uint64_t>> list_journals(base::FileSystem& files);

}  // namespace sealift::log
