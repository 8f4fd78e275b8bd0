#include "log/log_verifier.h"

#include <algorithm>

#include "base/limits.h"
#include "log/internal/journal.h"
#include "log/log_folder.h"
#include "log/tree_edge.h"

namespace sealift::log {

using base::ByteView;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kProblemsMax = 100;  // enough to see what happened

std::string name_of(const TileId& tile) {
  const std::string kind = tile.kind == TileKind::entries
                               ? "entry bundle "
                               : "tile of level " + std::to_string(tile.level) + " ";
  const std::string width = tile.width == kTileWidth ? "" : " of " + std::to_string(tile.width);
  return kind + std::to_string(tile.number) + width;
}

class Verifier {
 public:
  Verifier(base::FileSystem& files, const TreeHead& head, const std::optional<TreeHead>& kept)
      : files_(files), tiles_(files), kept_(kept) {
    report_.head = head;
  }

  Result<LogReport> run() {
    if (kept_ && kept_->size > report_.head.size)
      problem("the log went back: a kept checkpoint is larger");
    pass_kept();
    if (read_entries()) {
      compare_partial_tiles();
      if (edge_.root() != report_.head.root) problem("the entries are not those of the checkpoint");
    }
    SEALIFT_TRY_VOID(walk(std::string(kTileFolderPath)));
    check_journal();
    return std::move(report_);
  }

 private:
  void problem(std::string what) {
    if (report_.problems.size() < kProblemsMax) report_.problems.push_back(std::move(what));
  }

  void pass_kept() {
    if (kept_ && kept_->size == edge_.size() && kept_->root != edge_.root())
      problem("not the log of the kept checkpoint");
  }

  // False when an entry could not be read: nothing after it can be judged.
  bool read_entries() {
    const std::uint64_t size = report_.head.size;
    for (std::uint64_t number = 0; number * kTileWidth < size; ++number) {
      TileId bundle{.kind = TileKind::entries, .number = number};
      bundle.width = tile_width(size, bundle);
      const auto bytes = read_bundle(tiles_, bundle);
      const auto entries =
          bytes ? parse_bundle(*bytes, bundle.width) : tl::unexpected(bytes.error());
      if (!entries) {
        problem(name_of(bundle) + ": " + entries.error().text);
        return false;
      }
      for (const ByteView entry : *entries) {
        for (const FullTile& tile : edge_.add(leaf_hash(entry))) compare(tile.id, tile.hashes);
        pass_kept();
      }
      report_.entries = edge_.size();
    }
    return true;
  }

  void compare_partial_tiles() {
    for (unsigned level = 0; level < kTileLevels; ++level) {
      const std::vector<Hash>& hashes = edge_.partial(level);
      if (hashes.empty()) continue;
      TileId tile{.level = level, .number = level_size(edge_.size(), level) / kTileWidth};
      tile.width = static_cast<unsigned>(hashes.size());
      compare(tile, hashes);
    }
  }

  void compare(const TileId& tile, const std::vector<Hash>& truth) {
    const auto found = read_hashes(tiles_, tile);
    if (!found) return problem(name_of(tile) + ": " + found.error().text);
    if (*found != truth) problem(name_of(tile) + " does not fit the entries");
  }

  // Every file under tile/, whether the checkpoint needs it or not.
  Result<void> walk(const std::string& path) {
    const auto names = files_.list_folder(path);
    if (!names) {
      if (names.error().code != ErrorCode::not_found) judge_file(path);
      return {};
    }
    for (const std::string& name : *names) SEALIFT_TRY_VOID(walk(path + "/" + name));
    return {};
  }

  void judge_file(const std::string& path) {
    const auto tile = parse_tile_path(path);
    if (!tile) {
      if (!path.ends_with(".new")) problem("a file that is not the log's");  // else: cut short
      return;
    }
    const unsigned width = tile_width(report_.head.size, *tile);
    if (tile->width >= width) return;  // compared already, or beyond the checkpoint
    TileId whole = *tile;
    whole.width = width;
    if (!is_beginning(*tile, whole)) problem(name_of(*tile) + " is not the beginning of its tile");
  }

  bool is_beginning(const TileId& part, const TileId& whole) {
    const auto part_bytes = tiles_.read(part);
    if (!part_bytes) return false;
    if (part.kind == TileKind::hashes) {
      const auto found = parse_tile(*part_bytes, part.width);
      auto truth = read_hashes(tiles_, whole);
      if (truth) truth->resize(part.width);
      return found && truth && *found == *truth;
    }
    const auto truth = read_bundle(tiles_, whole);
    return truth && parse_bundle(*part_bytes, part.width) && part_bytes->size() <= truth->size() &&
           std::ranges::equal(*part_bytes, ByteView(*truth).first(part_bytes->size()));
  }

  // A copy may be without the journal: it holds nothing that the tiles do not, once published.
  void check_journal() {
    const auto journals = list_journals(files_);
    if (!journals || journals->empty()) return;
    const std::uint64_t number = journals->back();
    const auto file = base::read_file(files_, journal_path(number), kLogFileSizeMax);
    if (!file) return problem("journal: " + file.error().text);
    const auto journal = internal::read_journal(*file, number * kTileWidth);
    if (!journal) return problem("journal: " + journal.error().text);
    const std::uint64_t end = number * kTileWidth + journal->entries.size();
    if (end < report_.head.size) return problem("the journal ends before the checkpoint");
    report_.unpublished = end - report_.head.size;
    compare_journal(number, journal->entries);
  }

  void compare_journal(std::uint64_t number, std::span<const ByteView> entries) {
    TileId bundle{.kind = TileKind::entries, .number = number};
    bundle.width = tile_width(report_.head.size, bundle);
    if (bundle.width == 0 || report_.entries != report_.head.size) return;
    const auto bytes = read_bundle(tiles_, bundle);
    base::Bytes part;
    for (const ByteView entry : entries.first(std::min<std::size_t>(entries.size(), bundle.width)))
      append_to_bundle(part, entry);
    if (!bytes || *bytes != part) problem("the journal does not fit the entries");
  }

  base::FileSystem& files_;
  FolderTiles tiles_;
  const std::optional<TreeHead> kept_;
  TreeEdge edge_;
  LogReport report_;
};

}  // namespace

Result<LogReport> verify_log(base::FileSystem& files, const VerifierKey& key,
                             const std::optional<TreeHead>& kept) {
  SEALIFT_TRY(const base::Bytes note,
              base::read_file(files, std::string(kCheckpointPath), limits::kLogNoteSizeMax));
  SEALIFT_TRY(const Checkpoint checkpoint, open_checkpoint(base::text_of(note), key));
  return Verifier(files, checkpoint.head, kept).run();
}

}  // namespace sealift::log
