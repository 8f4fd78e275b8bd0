// The sealing engine by itself, for bench/age.py: payloads under a fixed key without a header, and
// many small files with theirs.
//
//   age_engine seal|open THREADS IN OUT    one payload, file to file
//   age_engine files THREADS FOLDER COUNT  whole age files of FOLDER/0, FOLDER/1, ..., and back
//
// The first prints its peak resident size in KiB, the second the microseconds per file, to seal and
// to open. IN of `seal` and OUT may be special files; `-` means standard input. Not a program for
// users: the key of a payload is zeros.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "age/open/open_file.h"
#include "age/seal/seal_file.h"
#include "base/file_descriptor.h"

namespace {

using sealift::base::FileDescriptor;
namespace age = sealift::age;
namespace base = sealift::base;
namespace crypto = sealift::crypto;

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

base::Result<FileDescriptor> open_to_read(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return base::fail(base::ErrorCode::not_found, "no such file");
  return file;
}

base::Result<FileDescriptor> create(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return base::fail(base::ErrorCode::io, "the file can't be made");
  return file;
}

// FOLDER/N to FOLDER/N.age and back to FOLDER/N.back, each with a header and a file key of its own.
base::Result<void> move_files(age::Pipeline& pipeline, const std::string& folder, long count) {
  crypto::SystemRandom random;
  SEALIFT_TRY(const auto identity, age::Identity::generate(age::KeyKind::x25519, random));
  SEALIFT_TRY(const auto recipient, identity.recipient());
  const auto began = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) {
    const std::string path = folder + "/" + std::to_string(i);
    SEALIFT_TRY(const FileDescriptor in, open_to_read(path));
    SEALIFT_TRY(const FileDescriptor out, create(path + ".age"));
    SEALIFT_TRY(const auto source, age::source_of(in.get()));
    age::FdSink sink(out.get());
    SEALIFT_TRY_VOID(age::seal_file(pipeline, {&recipient, 1}, random, *source, sink));
  }
  const auto sealed = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) {
    const std::string path = folder + "/" + std::to_string(i);
    SEALIFT_TRY(const FileDescriptor in, open_to_read(path + ".age"));
    SEALIFT_TRY(const FileDescriptor out, create(path + ".back"));
    SEALIFT_TRY(const auto source, age::source_of(in.get()));
    age::FdSink sink(out.get());
    if (!age::open_file(pipeline, {&identity, 1}, *source, sink))
      return base::fail(base::ErrorCode::damaged, "a file does not open");
  }
  const std::chrono::duration<double, std::micro> to_seal = sealed - began;
  const std::chrono::duration<double, std::micro> to_open =
      std::chrono::steady_clock::now() - sealed;
  const double files = static_cast<double>(count);
  std::printf("%.1f %.1f\n", to_seal.count() / files, to_open.count() / files);
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
    std::fputs("usage: age_engine seal|open THREADS IN OUT, or files THREADS FOLDER COUNT\n",
               stderr);
    return 2;
  }
  const std::string_view verb = argv[1];
  age::Pipeline pipeline(static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
  base::Result<void> done;
  if (verb == "files") {
    done = move_files(pipeline, argv[3], std::strtol(argv[4], nullptr, 10));
  } else {
    const FileDescriptor in(
        std::string_view(argv[3]) == "-" ? ::dup(0) : ::open(argv[3], O_RDONLY | O_CLOEXEC));
    const FileDescriptor out(::open(argv[4], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!in.is_open() || !out.is_open()) return 1;
    done = move_file(verb, pipeline, in.get(), out.get());
    std::printf("%ld\n", peak_resident_kib());
  }
  if (done) return 0;
  std::fprintf(stderr, "age_engine: %s\n", done.error().text.c_str());
  return 1;
}
