#include "age/payload/engine.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::age::internal {
namespace {

// One worker never waits for another; several need room for what has to wait for its turn.
std::size_t buffer_count(unsigned workers) {
  return workers == 1 ? 1 : workers + std::max(2u, workers / 2);
}

}  // namespace

Engine::Engine(unsigned workers)
    : workers_(std::clamp(workers, 1u, limits::kAgeWorkersMax)),
      buffers_(buffer_count(workers_)),
      helpers_(workers_ - 1) {}

base::Result<std::uint64_t> Engine::run(const Job& job) {
  Run run(job, buffers_.batches());
  const auto work = [&run, &job] {
    crypto::Aead aead(job.key.view());
    while (run.step(aead)) {
    }
  };
  crypto::Aead aead(job.key.view());
  run.step(aead);
  if (const std::uint64_t left = run.batches_left(); left > 0) {
    helpers_.start(left - 1, work);
    while (run.step(aead)) {
    }
    helpers_.wait();
  }
  return run.result();
}

}  // namespace sealift::age::internal
