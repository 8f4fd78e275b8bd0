// Any bytes as a blob's state file: what is taken is what would be written.
#include <algorithm>

#include "base/check.h"
#include "store/internal/blob_state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const auto record = store::internal::read_state_file(bytes);
  if (!record) return 0;
  SEALIFT_CHECK(record->durable_bytes <= record->size_bytes);
  const base::Bytes slot = store::internal::encode_slot(*record);
  const auto at = static_cast<std::size_t>(store::internal::slot_offset(*record));
  SEALIFT_CHECK(std::ranges::equal(slot, bytes.subspan(at, slot.size())));
  return 0;
}
