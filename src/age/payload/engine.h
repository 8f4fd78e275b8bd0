// Engine: what a Pipeline consists of. Used by one thread at a time.
#pragma once

#include "age/payload/batch_buffers.h"
#include "age/payload/run.h"
#include "age/payload/worker_pool.h"

namespace sealift::age::internal {

class Engine {
 public:
  explicit Engine(unsigned workers);

  // Takes one payload through. Gives the bytes of text that left.
  base::Result<std::uint64_t> run(const Job& job);

 private:
  const unsigned workers_;
  BatchBuffers buffers_;
  WorkerPool helpers_;
};

}  // namespace sealift::age::internal
