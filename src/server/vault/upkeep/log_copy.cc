#include "server/vault/upkeep/log_copy.h"

#include "base/file_system.h"
#include "base/limits.h"
#include "log/log_folder.h"
#include "log/log_verifier.h"
#include "server/vault/upkeep/copying.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int kTriesMax = 5;
constexpr int kJournalTriesMax = 100;

// What is gone when its turn comes was taken back meanwhile.
Result<void> copy_if_there(const std::string& from, const std::string& to) {
  const auto copied = copy_file(from, to);
  if (copied || copied.error().code == ErrorCode::not_found) return {};
  return tl::unexpected(copied.error());
}

// A journal that became a bundle while it was to be copied has a successor, which is copied
// instead.
Result<void> copy_journal(const std::string& from, const std::string& to) {
  const std::string journal = std::string("/").append(log::kJournalFolder);
  for (int tries = 0; tries < kJournalTriesMax; ++tries) {
    SEALIFT_TRY(const auto names, names_in(from + journal));
    SEALIFT_TRY_VOID(copy_tree(from + journal, to + journal));
    SEALIFT_TRY(const auto copied, names_in(to + journal));
    if (names.empty() || !copied.empty()) return {};
  }
  return base::fail(ErrorCode::io, "the log's journal changes too fast");
}

// The checkpoint as it is before the rest is copied, so that the rest is never behind it: a journal
// goes only after its bundle is written, and tiles are written before the checkpoint over them.
Result<void> copy_once(const std::string& from, const std::string& to) {
  SEALIFT_TRY_VOID(make_folder(to));
  const auto inner = [](std::string_view name) { return std::string("/").append(name); };
  const std::string checkpoint = inner(log::kCheckpointPath);
  SEALIFT_TRY_VOID(copy_if_there(from + checkpoint, to + checkpoint));
  SEALIFT_TRY_VOID(copy_journal(from, to));
  SEALIFT_TRY_VOID(copy_tree(from + inner(log::kTileFolderPath), to + inner(log::kTileFolderPath)));
  return copy_if_there(from + inner(log::kKeyPath), to + inner(log::kKeyPath));
}

}  // namespace

Result<std::uint64_t> verify_whole_log(const std::string& folder, const log::VerifierKey& key) {
  SEALIFT_TRY(auto files, base::DiskFileSystem::open_root(folder));
  SEALIFT_TRY(const bool is_begun, files.exists(std::string(log::kCheckpointPath)));
  if (!is_begun) return std::uint64_t{0};
  const auto report = log::verify_log(files, key, std::nullopt);
  if (!report) return base::fail(ErrorCode::damaged, "the log: " + report.error().text);
  if (!report->is_whole()) {
    return base::fail(ErrorCode::damaged, "the log: " + report->problems.front());
  }
  return report->entries + report->unpublished;
}

Result<log::TreeHead> head_of_log(const std::string& folder, const log::VerifierKey& key) {
  SEALIFT_TRY(const std::string note,
              read_text(folder + "/" + std::string(log::kCheckpointPath), limits::kLogNoteSizeMax));
  SEALIFT_TRY(const log::Checkpoint checkpoint, log::open_checkpoint(note, key));
  return checkpoint.head;
}

// A copy that the writer came between is made again; a log that is damaged stays so.
Result<std::uint64_t> copy_whole_log(const std::string& from, const std::string& to,
                                     const log::VerifierKey& key) {
  Result<std::uint64_t> entries = std::uint64_t{0};
  for (int tries = 0; tries < kTriesMax; ++tries) {
    remove_tree(to);
    SEALIFT_TRY_VOID(copy_once(from, to));
    entries = verify_whole_log(to, key);
    if (entries || entries.error().code != ErrorCode::damaged) break;
  }
  return entries;
}

}  // namespace sealift::server::vault
