// Reads a pile of files in sandboxed processes, and hands on what they hold.
//
//   Result<void> result = extract_files(files, options, consumer);
//
// The parent opens each file and passes the descriptor; a reader process (program sealift-extract)
// parses it behind a sandbox and sends frames (document/wire.h). When a reader crashes, hangs or
// sends nonsense, the file it was in is ended as failed with a reason, a new reader takes its
// place, and the files beside it in the same archive are read on. No parser is linked into the
// parent.
//
// Files are read by `jobs` threads in the order given; each file's events come in the same order
// whatever the number of jobs. Pictures of text come last, in a pass of their own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/limits.h"
#include "base/result.h"
#include "document/document.h"
#include "extract/request.h"

namespace sealift::extract {

struct InputFile {
  std::string path;       // as it is shown: relative, UTF-8
  std::string disk_path;  // what is opened
  std::uint64_t size_bytes = 0;
  std::string unreadable{};  // why it is listed and not read (a link, a pipe); empty: it is read
};

enum class Ocr : std::uint8_t { off, last };

struct PoolOptions {
  std::string program;  // path of sealift-extract
  unsigned jobs = 1;
  Ocr ocr = Ocr::last;
  // How long a reader may work, or sleep, and send nothing before it is taken to hang. One that the
  // machine does not let work has ten times as long.
  std::chrono::milliseconds wait_max = std::chrono::seconds(limits::kFileWaitSecondsMax);
  const std::atomic<bool>* stop = nullptr;  // when it becomes true, no further file is begun
};

// Called from `jobs` threads at once, but for one file from one thread alone. Outlives the call.
class Consumer {
 public:
  virtual ~Consumer() = default;

  // Where the events of files[index] go. In Pass::documents: the file and everything nested in it,
  // each begun and ended once. A picture of text ends as partial with kWaitsForOcr when `ocr` is
  // on and then comes again in Pass::scans, where only such files are begun and ended, one after
  // the other with their whole paths; the status given there is the final one.
  virtual std::unique_ptr<document::Sink> begin(std::size_t index, Pass pass) = 0;

  // The last event of the file has been delivered.
  virtual void end(std::size_t index, Pass pass, std::unique_ptr<document::Sink> sink) = 0;

  // Before the pass over scans: how many files wait for it.
  virtual void scans_begin(std::size_t file_count) { static_cast<void>(file_count); }
};

// Reads all files. Errors: unsupported or not_found (no reader can be started), internal.
base::Result<void> extract_files(std::span<const InputFile> files, const PoolOptions& options,
                                 Consumer& consumer);

}  // namespace sealift::extract
