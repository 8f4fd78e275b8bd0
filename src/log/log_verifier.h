// Verifies a log's folder, or a copy of it, without the server: from the bytes and the log's public
// key alone.
//
// The tree is built again from the entries, and everything else is compared with it: the signed
// root, every tile, every partial tile, the journal, and an older checkpoint that the caller kept.
// Only the kept checkpoint can tell a log that was rolled back, or written anew with the log's own
// key, from the true one. Memory does not grow with the log. Thread-safe as `files` is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "log/checkpoint.h"

namespace sealift::log {

struct LogReport {
  TreeHead head{};                    // as the checkpoint says
  std::uint64_t entries = 0;          // read and hashed, of head.size
  std::uint64_t unpublished = 0;      // in the journal, beyond the checkpoint
  std::vector<std::string> problems;  // empty: the log is whole. Numbers, never content

  bool is_whole() const { return problems.empty(); }
};

// `kept` is a checkpoint of this log that was verified before. What is wrong with the log is in the
// report; an error means that the folder could not be judged: not_found (no checkpoint), io, and
// for the checkpoint itself malformed, limit, no_match (another key), damaged (signature).
base::Result<LogReport> verify_log(base::FileSystem& files, const VerifierKey& key,
                                   const std::optional<TreeHead>& kept);

}  // namespace sealift::log
