// Any text may be handed in as a receipt. Without a key of its signer it is never one.
#include "base/check.h"
#include "parcel/receipt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const auto note = base::text_of(std::as_bytes(std::span(data, size)));
  const crypto::Ed25519Public nobody{};
  SEALIFT_CHECK(!parcel::read_receipt(note, {&nobody, 1}));
  return 0;
}
