#include "log/log_folder.h"

#include <algorithm>

#include "log/checkpoint.h"

namespace sealift::log {

base::Result<base::Bytes> FolderTiles::read(const TileId& tile) {
  return base::read_file(files_, tile_path(tile), kLogFileSizeMax);
}

std::string journal_path(std::uint64_t bundle) {
  return std::string(kJournalFolder) + "/" + std::to_string(bundle);
}

base::Result<std::vector<std::uint64_t>> list_journals(base::FileSystem& files) {
  SEALIFT_TRY(const auto names, files.list_folder(std::string(kJournalFolder)));
  std::vector<std::uint64_t> bundles;
  for (const std::string& name : names) {
    if (const auto bundle = parse_log_number(name)) bundles.push_back(*bundle);
  }
  std::ranges::sort(bundles);
  return bundles;
}

}  // namespace sealift::log
