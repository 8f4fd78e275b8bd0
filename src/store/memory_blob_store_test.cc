#include "store/memory_blob_store.h"

#include "store/blob_descriptor_suite.h"
#include "store/blob_store_suite.h"

namespace sealift::store {
namespace {

class MemoryFixture {
 public:
  BlobStore& store() { return store_; }

 private:
  MemoryBlobStore store_;
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, BlobStoreSuite, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, BlobDescriptorSuite, MemoryFixture);

}  // namespace sealift::store
