// DrillLoot: everything that a thief of a server carries away, in pieces that can be searched.
//
//   files        every file below a folder, whatever it is called
//   environment  /proc/PID/environ and cmdline
//   memory       every readable mapping of a process, through /proc/PID/mem
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace sealift::cli {

// Called for each piece, in order; pieces of one place overlap by `overlap` bytes, so that nothing
// is missed at a seam.
using PieceSink = std::function<void(base::ByteView piece)>;

struct LootSize {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable_pages = 0;  // of memory: mapped, and not given out to anyone

  LootSize& operator+=(const LootSize& more);
};

// Errors: io, not_found.
base::Result<LootSize> read_file_loot(const std::string& path, std::size_t overlap,
                                      const PieceSink& sink);
// All files below `folder`, links not followed; one that is gone meanwhile is passed over.
base::Result<LootSize> read_folder_loot(const std::string& folder, std::size_t overlap,
                                        const PieceSink& sink);
// Environment and arguments. Errors: as above.
base::Result<LootSize> read_process_loot(pid_t process, std::size_t overlap, const PieceSink& sink);
// Pages that cannot be read (secret memory) are counted. Errors: forbidden (it takes root), io.
base::Result<LootSize> read_memory_loot(pid_t process, std::size_t overlap, const PieceSink& sink);

}  // namespace sealift::cli
