// One sandboxed reader process, seen from the parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "base/file_descriptor.h"
#include "document/wire.h"
#include "extract/internal/patience.h"
#include "extract/request.h"

namespace sealift::extract {

// Why no event came.
enum class Silence {
  done,      // the request is answered
  died,      // crashed, or ended by a limit
  hung,      // nothing for the time allowed, in which it could have worked
  starved,   // nothing for many times that, in which the machine did not let it work
  nonsense,  // broke the protocol
};

enum class Ability { documents, scans };

// Owns the process: it dies with this object. Not thread-safe.
class ReaderProcess {
 public:
  // Starts the program and waits until it has proved its sandbox. Errors: not_found, unsupported.
  static base::Result<ReaderProcess> start(const std::string& program, Ability ability);

  ReaderProcess(ReaderProcess&& other) noexcept;
  ReaderProcess& operator=(ReaderProcess&& other) noexcept;
  ~ReaderProcess() { kill(); }

  // Errors: io (the process is gone).
  base::Result<void> ask(const Request& request, int file);

  // The next event; how `wait_max` is counted: patience.h.
  std::variant<document::Event, Silence> next(std::chrono::milliseconds wait_max);

 private:
  ReaderProcess(pid_t pid, base::FileDescriptor socket) : pid_(pid), socket_(std::move(socket)) {}
  Activity activity() const;
  enum class Filled { more, nothing, ended };
  Filled fill(std::chrono::milliseconds wait);
  void kill();

  pid_t pid_ = -1;
  base::FileDescriptor socket_;
  base::Bytes buffer_;
  std::size_t used_ = 0;   // bytes of the buffer that hold data
  std::size_t begin_ = 0;  // first of them that is not consumed
};

}  // namespace sealift::extract
