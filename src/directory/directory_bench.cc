// What the directory costs: an index, a proof, a change and a start, at up to a million addresses.
#include <benchmark/benchmark.h>

#include <random>

#include "directory/lookup.h"
#include "directory/replay.h"

namespace sealift::directory {
namespace {

Index random_index(std::mt19937_64& engine) {
  Index index;
  for (std::byte& each : index) each = static_cast<std::byte>(engine());
  return index;
}

Map filled(std::int64_t addresses, std::mt19937_64& engine) {
  Map map;
  for (std::int64_t i = 0; i < addresses; ++i)
    map.put(random_index(engine), {How::enrolled, 1, random_index(engine)});
  return map;
}

void BM_BuildAtOnce(benchmark::State& state) {
  std::mt19937_64 engine(1);
  for (auto _ : state) {
    Map map = filled(state.range(0), engine);
    benchmark::DoNotOptimize(map.root());
  }
}
BENCHMARK(BM_BuildAtOnce)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_ProveAndVerify(benchmark::State& state) {
  std::mt19937_64 engine(2);
  Map map = filled(state.range(0), engine);
  std::vector<Index> asked;
  for (int i = 0; i < 1000; ++i) {
    asked.push_back(random_index(engine));
    map.put(asked.back(), {How::enrolled, 1, random_index(engine)});
  }
  const log::Hash root = map.root();
  std::size_t at = 0;
  double bytes = 0;
  std::size_t bytes_max = 0;
  for (auto _ : state) {
    const MapProof proof = map.prove(asked[at % asked.size()]);
    const std::size_t size = encode_map_proof(proof).size();
    bytes += static_cast<double>(size);
    bytes_max = std::max(bytes_max, size);
    benchmark::DoNotOptimize(verify_map_proof(proof, asked[at++ % asked.size()], root));
  }
  state.counters["proof_bytes"] = bytes / static_cast<double>(state.iterations());
  state.counters["proof_bytes_max"] = static_cast<double>(bytes_max);
}
BENCHMARK(BM_ProveAndVerify)
    ->Arg(1000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);

void BM_Change(benchmark::State& state) {
  std::mt19937_64 engine(3);
  Map map = filled(state.range(0), engine);
  map.root();
  for (auto _ : state) {
    map.put(random_index(engine), {How::enrolled, 1, {}});
    benchmark::DoNotOptimize(map.root());
  }
}
BENCHMARK(BM_Change)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void BM_VrfProve(benchmark::State& state) {
  std::array<std::byte, 64> bytes{};
  bytes.fill(std::byte{7});
  const auto key = crypto::VrfSecret::from_uniform(bytes);
  for (auto _ : state) benchmark::DoNotOptimize(key.prove(index_input("marie@example.org")));
}
BENCHMARK(BM_VrfProve)->Unit(benchmark::kMicrosecond);

void BM_VrfVerify(benchmark::State& state) {
  std::array<std::byte, 64> bytes{};
  bytes.fill(std::byte{7});
  const auto key = crypto::VrfSecret::from_uniform(bytes);
  const auto proof = key.prove(index_input("marie@example.org"));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        crypto::vrf_verify(key.public_key(), index_input("marie@example.org"), proof));
}
BENCHMARK(BM_VrfVerify)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sealift::directory
