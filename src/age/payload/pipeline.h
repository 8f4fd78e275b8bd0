// Pipeline: the threads and buffers that seal and open payloads, kept from one payload to the next.
//
//   Pipeline pipeline(std::thread::hardware_concurrency());
//   seal_payload(pipeline, ...);   // age/seal/seal_payload.h
//   open_payload(pipeline, ...);   // age/open/open_payload.h
//
// Memory is the same for any size of payload: about 1.5 MiB a worker, 48 MiB at most, taken when
// first used. The calling thread is one of the workers; the others are started by the first payload
// of more than one batch (1 MiB), so that many small payloads run at the cost of their bytes.
//
// One payload at a time: a Pipeline belongs to one thread. Several may exist.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace sealift::age {

namespace internal {
class Engine;
}

// What a caller can ask of one sealing or opening.
struct PayloadOptions {
  // Called with the bytes of text that have left so far, once or more often, always growing, from
  // one thread at a time, which may be another than the caller's.
  std::function<void(std::uint64_t)> progress = {};
};

class Pipeline {
 public:
  // As many threads as the caller allows, itself included; 1 to limits::kAgeWorkersMax are used.
  explicit Pipeline(unsigned workers);
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) = delete;
  ~Pipeline();

  internal::Engine& engine() { return *engine_; }

 private:
  std::unique_ptr<internal::Engine> engine_;
};

}  // namespace sealift::age
