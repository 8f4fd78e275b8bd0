// Durable blob writing beside a bare loop of the same system calls, and beside one sync at the end.
// Read the figures as ratios within one run: --benchmark_enable_random_interleaving=true
// --benchmark_repetitions=5. Files go to the folder that TMPDIR names.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/check.h"
#include "base/temporary_folder.h"
#include "store/blob_writer.h"
#include "store/disk_blob_store.h"

namespace sealift::store {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr std::uint64_t kWindowBytes = std::uint64_t{16} << 20;

void blob_store(benchmark::State& state) {
  const auto size = static_cast<std::uint64_t>(state.range(0));
  const base::TemporaryFolder folder;
  base::DiskFileSystem files = *base::DiskFileSystem::open_root(folder.path());
  const auto store = *DiskBlobStore::open(files);
  const base::Bytes piece(std::min<std::uint64_t>(kPieceBytes, size), std::byte{0x5a});
  std::uint64_t next = 0;
  for (auto _ : state) {
    BlobId id;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::byte>(next >> (8 * i));
    ++next;
    SEALIFT_CHECK(store->create(id, size).has_value());
    BlobWriter writer(*store->open_to_write(id));
    while (writer.missing_bytes() > 0) SEALIFT_CHECK(writer.write(piece).has_value());
    SEALIFT_CHECK(store->finish(id).has_value());
    state.PauseTiming();
    SEALIFT_CHECK(store->remove(id).has_value());
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

enum class Start { never, every_window };

// What dd would do: a file, the bytes, one fdatasync, the folder's fsync.
void bare_loop(benchmark::State& state, Start start) {
  const auto size = static_cast<std::uint64_t>(state.range(0));
  const base::TemporaryFolder folder;
  const base::FileDescriptor parent(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  const base::Bytes piece(std::min<std::uint64_t>(kPieceBytes, size), std::byte{0x5a});
  for (auto _ : state) {
    const base::FileDescriptor fd(::openat(parent.get(), "blob", O_CREAT | O_RDWR, 0600));
    if (start == Start::every_window)
      SEALIFT_CHECK(::fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) == 0);
    for (std::uint64_t at = 0; at < size; at += piece.size()) {
      SEALIFT_CHECK(base::pwrite_full(fd.get(), piece, at).has_value());
      const std::uint64_t end = at + piece.size();
      if (start == Start::every_window && end % kWindowBytes == 0) {
        ::sync_file_range(fd.get(), static_cast<off_t>(end - kWindowBytes),
                          static_cast<off_t>(kWindowBytes), SYNC_FILE_RANGE_WRITE);
      }
    }
    SEALIFT_CHECK(::fdatasync(fd.get()) == 0 && ::fsync(parent.get()) == 0);
    state.PauseTiming();
    ::unlinkat(parent.get(), "blob", 0);
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void bare_loop_started_early(benchmark::State& state) { bare_loop(state, Start::every_window); }
void bare_loop_one_sync(benchmark::State& state) { bare_loop(state, Start::never); }

constexpr std::int64_t kSmall = 4096;
constexpr std::int64_t kLarge = std::int64_t{512} << 20;

BENCHMARK(blob_store)->Arg(kSmall)->Arg(kLarge)->UseRealTime();
BENCHMARK(bare_loop_started_early)->Arg(kSmall)->Arg(kLarge)->UseRealTime();
BENCHMARK(bare_loop_one_sync)->Arg(kSmall)->Arg(kLarge)->UseRealTime();

}  // namespace
}  // namespace sealift::store
