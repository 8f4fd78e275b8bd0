// The sealing engine by itself, for bench/age.py: payloads under a fixed key, without a header.
//
//   age_engine seal|open THREADS IN OUT    one payload, file to file
//   age_engine small THREADS COUNT SIZE    seals and opens COUNT texts of SIZE bytes in memory
//
// IN of `seal` and OUT may be special files; `-` means standard input. Not a program for users: the
// key is zeros.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "age/open_payload.h"
#include "age/seal_payload.h"
#include "base/file_descriptor.h"

namespace {

using sealift::base::FileDescriptor;
namespace age = sealift::age;
namespace base = sealift::base;

base::Result<void> seal(age::Pipeline& pipeline, age::Source& source, age::Sink& sink) {
  sealift::crypto::SystemRandom random;
  SEALIFT_TRY_VOID(age::seal_payload(pipeline, age::FileKey(), random, source, sink));
  return {};
}

base::Result<void> move_file(std::string_view verb, age::Pipeline& pipeline, int in, int out) {
  age::FdSink sink(out);
  if (verb == "seal") {
    SEALIFT_TRY(const auto source, age::source_of(in));
    return seal(pipeline, *source, sink);
  }
  age::PayloadNonce nonce;
  SEALIFT_TRY(const std::size_t got, base::read_full(in, nonce));
  if (got != nonce.size()) return base::fail(base::ErrorCode::damaged, "no nonce");
  SEALIFT_TRY(const auto source, age::source_of(in));
  SEALIFT_TRY_VOID(age::open_payload(pipeline, age::FileKey(), nonce, *source, sink));
  return {};
}

base::Result<void> move_small(age::Pipeline& pipeline, long count, std::size_t size) {
  const base::Bytes text(size);
  base::Bytes sealed;
  base::Bytes opened;
  for (long i = 0; i < count; ++i) {
    sealed.clear();
    opened.clear();
    age::MemorySource source(text);
    age::MemorySink sink(sealed);
    SEALIFT_TRY_VOID(seal(pipeline, source, sink));
    age::PayloadNonce nonce;
    std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
    age::MemorySource chunks(base::ByteView(sealed).subspan(nonce.size()));
    age::MemorySink out(opened);
    SEALIFT_TRY_VOID(age::open_payload(pipeline, age::FileKey(), nonce, chunks, out));
  }
  return {};
}

// The kernel's own figure for this program; what wait4() tells includes the parent before exec.
long peak_resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return -1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: age_engine seal|open THREADS IN OUT, or small THREADS COUNT SIZE\n", stderr);
    return 2;
  }
  const std::string_view verb = argv[1];
  age::Pipeline pipeline(static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
  base::Result<void> done;
  if (verb == "small") {
    done =
        move_small(pipeline, std::strtol(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10));
  } else {
    const FileDescriptor in(
        std::string_view(argv[3]) == "-" ? ::dup(0) : ::open(argv[3], O_RDONLY | O_CLOEXEC));
    const FileDescriptor out(::open(argv[4], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!in.is_open() || !out.is_open()) return 1;
    done = move_file(verb, pipeline, in.get(), out.get());
  }
  std::printf("%ld\n", peak_resident_kib());
  if (done) return 0;
  std::fprintf(stderr, "age_engine: %s\n", done.error().text.c_str());
  return 1;
}
