// Journal: the lines in files of our own, within a limit, so that none is lost when nobody reads.
//
//   <folder>/sealift.log     the newest lines
//   <folder>/sealift.log.1   those before, and so on to .4; what is older is removed
//
// A fifth of the limit each. A line that can't be written whole isn't there at all, and is counted:
// lost() is how many since the count was last told. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"

namespace sealift::server {

class Journal {
 public:
  static constexpr int kFilesMax = 5;

  // `files` is borrowed. The file is opened with the first line, and again after a failure or where
  // its name has another file or none.
  Journal(base::FileSystem& files, std::uint64_t bytes_max)
      : files_(files), file_bytes_max_(bytes_max / kFilesMax) {}

  // `line` ends with a newline. False: it isn't in the file, and counted.
  bool append(std::string_view line);
  std::uint64_t lost() const { return lost_; }
  void lost_was_told() { lost_ = 0; }

 private:
  base::Result<void> open_file();
  base::Result<void> rotate();
  bool is_current() const;
  base::Result<void> write(std::string_view line);

  base::FileSystem& files_;
  const std::uint64_t file_bytes_max_;
  base::FileDescriptor file_;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace sealift::server
