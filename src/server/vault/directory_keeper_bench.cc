// What a lookup costs where a million addresses have keys: its bytes, the server's time to prove
// it, the client's to verify it, a change until it is published, and a start.
#include <benchmark/benchmark.h>

#include <random>

#include "base/file_system.h"
#include "base/temporary_folder.h"
#include "catalog/sqlite_catalog.h"
#include "log/log_folder.h"
#include "server/vault/directory_keeper.h"

namespace sealift::server::vault {
namespace {

using catalog::Records;
using directory::How;

constexpr std::string_view kAddress = "marie@example.org";
constexpr std::uint64_t kBatch = 1024;

template <typename Value>
Value must(base::Result<Value> result) {
  SEALIFT_CHECK(result);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

// A directory of `addresses`, most of which nobody can ask for: their places are random.
class Filled {
 public:
  explicit Filled(std::uint64_t addresses) {
    open();
    keeper_.reset();
    fill(addresses - 1);
    open();
    note(kAddress);
  }

  void open() {
    keeper_.reset();
    keeper_ = must(DirectoryKeeper::open({*catalog_, commits_, files_, keys_, kName, seed_}));
  }
  void note(std::string_view address) {
    must(catalog_->transact([&](Records& records) {
      return keeper_->note(records, address, {How::enrolled, 1, random_index()}, {});
    }));
    while (must(keeper_->log_some())) {
    }
  }
  DirectoryKeeper& keeper() { return *keeper_; }
  crypto::VrfPublic vrf_key() {
    const auto first = must(directory::parse_entry(first_entry()));
    return std::get<directory::FirstEntry>(first).vrf_key;
  }

 private:
  directory::Index random_index() {
    directory::Index index;
    for (std::byte& each : index) each = static_cast<std::byte>(engine_());
    return index;
  }
  base::Bytes first_entry() {
    log::FolderTiles tiles(files_);
    for (const unsigned width : {log::kTileWidth, 1U}) {
      const auto bytes = tiles.read({log::TileKind::entries, 0, 0, width});
      if (bytes) return base::copy_of(must(log::parse_bundle(*bytes, width)).front());
    }
    SEALIFT_CHECK(false);
    return {};
  }
  // Straight into the log, as if it had been years; the catalog knows of the last one, as it would.
  void fill(std::uint64_t count) {
    directory::Replay replay;
    must(replay.take(first_entry()));
    const auto writer = must(log::LogWriter::open(files_, directory_log_key(kName, seed_)));
    catalog::DirectoryChange last{
        .generation = {1}, .commitment = base::Bytes(32), .authenticator = base::Bytes(32)};
    for (std::uint64_t done = 0; done < count;) {
      std::vector<base::Bytes> entries;
      for (; done < count && entries.size() < kBatch; ++done) {
        const auto index = random_index();
        last.place = base::copy_of(index);
        entries.push_back(directory::encode_entry(
            must(replay.add(index, {How::enrolled, 1, random_index()}, done))));
      }
      must(writer->append(entries));
    }
    must(writer->publish());
    must(catalog_->transact([&](Records& records) -> base::Result<void> {
      SEALIFT_TRY_VOID(records.directory->add_change(last));
      SEALIFT_TRY_VOID(records.directory->change_logged({1}, {count}));
      return {};
    }));
  }

  base::TemporaryFolder folder_;
  std::unique_ptr<catalog::Catalog> catalog_ =
      must(catalog::open_sqlite_catalog(folder_.path() + "/catalog.db"));
  catalog::CommitQueue commits_{*catalog_};
  base::DiskFileSystem files_ = must(base::DiskFileSystem::open_root(folder_.path()));
  crypto::SystemRandom random_;
  const VaultKeys keys_{random_.secret<32>()};
  const std::string kName = "bench";
  const crypto::SecretBytes<32> seed_ = random_.secret<32>();
  std::mt19937_64 engine_{1};
  std::unique_ptr<DirectoryKeeper> keeper_;
};

// One at a time: a million are 80 MB of nodes.
Filled& filled(std::int64_t addresses) {
  static std::int64_t of = 0;
  static std::unique_ptr<Filled> one;
  if (of != addresses) {
    one.reset();
    one = std::make_unique<Filled>(static_cast<std::uint64_t>(addresses));
    of = addresses;
  }
  return *one;
}

void BM_Look(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  std::size_t bytes = 0;
  for (auto _ : state) bytes = must(all.keeper().look(kAddress)).size();
  state.counters["lookup_bytes"] = static_cast<double>(bytes);
}
void BM_VerifyLookup(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  const std::string text = must(all.keeper().look(kAddress));
  const log::VerifierKey key = all.keeper().log().key();
  const crypto::VrfPublic vrf_key = all.vrf_key();
  for (auto _ : state) {
    const auto lookup = must(directory::parse_lookup(text));
    SEALIFT_CHECK(must(directory::verify_lookup(lookup, kAddress, key, vrf_key)).state);
  }
}
void BM_NoteAndPublish(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  static std::uint64_t number = 0;
  for (auto _ : state) all.note("person" + std::to_string(++number) + "@example.org");
}
void BM_Start(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  for (auto _ : state) all.open();
}
BENCHMARK(BM_Look)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_VerifyLookup)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_NoteAndPublish)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Start)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sealift::server::vault
