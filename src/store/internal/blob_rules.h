// What every BlobStore answers alike: the judgements of blob_store.h on offsets and lengths.
#pragma once

#include "base/limits.h"
#include "store/blob_store.h"

namespace sealift::store::internal {

inline base::Error no_such_blob() { return {base::ErrorCode::not_found, "no such blob"}; }
inline base::Error blob_is_whole() { return {base::ErrorCode::conflict, "the blob is whole"}; }

inline base::Result<void> judge_size(std::uint64_t size_bytes) {
  if (size_bytes <= limits::kBlobSizeMax) return {};
  return base::fail(base::ErrorCode::limit, "blob longer than a blob may be");
}

struct WriteAsked {
  std::uint64_t offset = 0;
  std::uint64_t length_bytes = 0;
  std::uint64_t written_bytes = 0;  // end of what was written so far
};

inline base::Result<void> judge_write(const BlobStatus& status, const WriteAsked& asked) {
  if (asked.offset != asked.written_bytes && asked.offset != status.durable_bytes)
    return base::fail(base::ErrorCode::conflict, "not where the blob goes on");
  if (asked.offset > status.size_bytes || asked.length_bytes > status.size_bytes - asked.offset)
    return base::fail(base::ErrorCode::limit, "write past the declared size");
  return {};
}

struct AcknowledgeAsked {
  std::uint64_t length_bytes = 0;
  std::uint64_t written_bytes = 0;
};

inline base::Result<void> judge_acknowledge(const BlobStatus& status,
                                            const AcknowledgeAsked& asked) {
  if (asked.length_bytes <= asked.written_bytes && asked.length_bytes <= status.size_bytes)
    return {};
  return base::fail(base::ErrorCode::conflict, "not so many bytes were written");
}

// A descriptor's holder may have written too much as well as too little.
inline base::Result<void> judge_finish(const BlobStatus& status, std::uint64_t written_bytes) {
  if (status.size_bytes == written_bytes) return {};
  return base::fail(base::ErrorCode::conflict, "the blob does not have its declared size");
}

}  // namespace sealift::store::internal
