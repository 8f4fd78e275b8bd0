// Output: where a verb's bytes go: a file that appears when whole, or a stream.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "age/format/payload_io.h"
#include "base/atomic_file.h"
#include "base/file_descriptor.h"
#include "base/result.h"
#include "cli/arguments.h"

namespace sealift::cli {

class Output {
 public:
  // `path` "" or "-": standard output. A device or pipe is written to as it is. Anything else is
  // a file: it appears under its name at commit(), replaces what stood there (keeping that file's
  // permissions, and following a symbolic link to it), and without commit() nothing changes.
  // Errors: as AtomicFile::create.
  static base::Result<Output> open(const std::string& path);

  int fd() const;
  bool is_terminal() const;
  bool is_standard_output() const { return !file_ && !stream_.is_open(); }
  // Whether this would overwrite the file that `fd` has open.
  bool is_same_file_as(int fd) const;

  base::Result<void> commit();

 private:
  std::optional<base::AtomicFile> file_;
  base::FileDescriptor stream_;
  std::string target_;
};

// The input and output that an `age`-like verb was given: one operand, and -o.
struct Files {
  base::FileDescriptor input;
  std::unique_ptr<age::Source> source;  // borrows input
  Output output;
};
// Errors: as for opening each; usage (both are one file).
tl::expected<Files, Failure> open_files(const Arguments& arguments);

// What can't be written is found before anything is done. Errors: not_found.
Outcome need_folder_above(const std::string& path);

// Opens `path` for reading; "" or "-" is standard input. Errors: not_found, forbidden, io.
base::Result<base::FileDescriptor> open_input(const std::string& path);

}  // namespace sealift::cli
