// Any bytes as a receipt: what is taken is what would be written, and judging it is safe.
#include "base/check.h"
#include "log/proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const auto receipt = log::parse_receipt(base::text_of(bytes));
  if (!receipt) return 0;
  SEALIFT_CHECK(log::receipt_text(*receipt) == base::text_of(bytes));
  const auto note = log::parse_note(receipt->checkpoint_note);
  const auto checkpoint = log::parse_checkpoint_text(note->text);
  static_cast<void>(log::verify_inclusion(log::leaf_hash(bytes),
                                          {receipt->index, checkpoint->head.size}, receipt->path,
                                          checkpoint->head.root));
  static_cast<void>(log::verify_consistency({receipt->index, checkpoint->head.root},
                                            checkpoint->head, receipt->path));
  return 0;
}
