// Any bytes as a note, a checkpoint and a verifier key. What is taken is what would be written.
#include "base/check.h"
#include "log/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const std::string_view text = base::text_of(std::as_bytes(std::span(data, size)));
  if (const auto note = log::parse_note(text)) {
    const log::VerifierKey key("fuzz", crypto::Ed25519Public{});
    static_cast<void>(log::verify_note(*note, std::span(&key, 1)));
    SEALIFT_CHECK(!note->signatures.empty() && note->text.ends_with('\n'));
  }
  if (const auto checkpoint = log::parse_checkpoint_text(text))
    SEALIFT_CHECK(log::checkpoint_text(*checkpoint) == text);
  if (const auto key = log::VerifierKey::parse(text)) SEALIFT_CHECK(key->text() == text);
  return 0;
}
