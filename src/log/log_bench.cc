// Appending to the log, durably: batch sizes, and with a checkpoint after each batch. Beside it a
// bare loop that writes and syncs as many bytes: what the disk alone takes.
#include <benchmark/benchmark.h>

#include "base/check.h"
#include "base/temporary_folder.h"
#include "log/log_writer.h"

namespace sealift::log {
namespace {

LogKey some_key() {
  const std::array<std::byte, 32> seed{std::byte{1}};
  return {"sealift.example/log", crypto::Ed25519Secret::from_seed(seed)};
}

enum class Publish { no, yes };

void append(benchmark::State& state, Publish publish) {
  const base::TemporaryFolder folder;
  base::DiskFileSystem files = *base::DiskFileSystem::open_root(folder.path());
  const auto writer = *LogWriter::open(files, some_key());
  const std::vector<base::Bytes> batch(static_cast<std::size_t>(state.range(0)), base::Bytes(33));
  for (auto _ : state) {
    SEALIFT_CHECK(writer->append(batch).has_value());
    if (publish == Publish::yes) SEALIFT_CHECK(writer->publish().has_value());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void log_append(benchmark::State& state) { append(state, Publish::no); }
void log_append_and_publish(benchmark::State& state) { append(state, Publish::yes); }

void bare_write_and_sync(benchmark::State& state) {
  const base::TemporaryFolder folder;
  base::DiskFileSystem files = *base::DiskFileSystem::open_root(folder.path());
  const auto fd = *files.open("bare", base::OpenFor::creating);
  const base::Bytes bytes(static_cast<std::size_t>(state.range(0)) * 35 + 56);
  std::uint64_t at = 0;
  for (auto _ : state) {
    SEALIFT_CHECK(files.write_at(fd.get(), bytes, at).has_value());
    SEALIFT_CHECK(files.sync_data(fd.get()).has_value());
    at += bytes.size();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void receipt(benchmark::State& state) {
  const base::TemporaryFolder folder;
  base::DiskFileSystem files = *base::DiskFileSystem::open_root(folder.path());
  const auto writer = *LogWriter::open(files, some_key());
  const std::vector<base::Bytes> batch(1000, base::Bytes(33));
  for (int i = 0; i < 10; ++i) SEALIFT_CHECK(writer->append(batch).has_value());
  SEALIFT_CHECK(writer->publish().has_value());
  std::uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(writer->receipt(index));
    index = (index + 977) % writer->size();
  }
}

BENCHMARK(log_append)->Arg(1)->Arg(64)->Arg(256)->UseRealTime();
BENCHMARK(log_append_and_publish)->Arg(1)->Arg(64)->Arg(256)->UseRealTime();
BENCHMARK(bare_write_and_sync)->Arg(1)->Arg(64)->Arg(256)->UseRealTime();
BENCHMARK(receipt);

}  // namespace
}  // namespace sealift::log
