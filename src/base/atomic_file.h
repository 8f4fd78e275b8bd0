// AtomicFile: a file that appears under its name whole, or not at all.
//
// It is written without a name (O_TMPFILE), so that whatever ends the process - a kill, a power cut
// - leaves nothing behind. Where the file system has no O_TMPFILE it is written under a random
// name beside the final one, and removed unless committed.
#pragma once

#include <string>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace sealift::base {

enum class Replace { no, yes };
// Whether commit() waits until the file would survive a power cut.
enum class Durability { none, synced };

class AtomicFile {
 public:
  // Prepares to write `path`, with permission bits `mode` less the process's umask.
  // Errors: not_found (no such folder), forbidden, no_space, io.
  static Result<AtomicFile> create(const std::string& path, unsigned mode);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();  // without commit(): nothing is left

  int fd() const { return fd_.get(); }

  // Gives the file its name. Errors: conflict (Replace::no and the name is taken), io, no_space.
  Result<void> commit(Replace replace, Durability durability);

 private:
  AtomicFile() = default;
  Result<void> link_beside();

  FileDescriptor fd_;
  std::string path_;
  std::string temporary_;  // empty while the file has no name at all
};

}  // namespace sealift::base
