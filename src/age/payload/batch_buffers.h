// BatchBuffers: the text buffers of a pipeline, made once and used for every payload.
//
// One mapping in huge pages: on virtual machines the first touch of small pages costs more than
// sealing what is in them. Left out of core dumps. A run wipes what it used (internal/run.h).
#pragma once

#include "age/payload/batch.h"

namespace sealift::age::internal {

class BatchBuffers {
 public:
  explicit BatchBuffers(std::size_t count);
  BatchBuffers(const BatchBuffers&) = delete;
  BatchBuffers& operator=(const BatchBuffers&) = delete;
  ~BatchBuffers();

  std::vector<Batch>& batches() { return batches_; }

 private:
  void* mapping_;
  std::size_t mapping_size_;
  std::vector<Batch> batches_;
};

}  // namespace sealift::age::internal
