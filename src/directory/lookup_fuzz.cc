// Any bytes as a lookup, a map proof and an entry. What is taken is what would be written.
#include "base/check.h"
#include "directory/lookup.h"
#include "directory/replay.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  const std::string_view text = base::text_of(bytes);
  if (const auto lookup = directory::parse_lookup(text)) {
    SEALIFT_CHECK(directory::lookup_text(*lookup) == text);
    const log::VerifierKey key("fuzz", crypto::Ed25519Public{});
    SEALIFT_CHECK(!directory::verify_lookup(*lookup, "a@example.org", key, {}));
  }
  if (const auto proof = directory::parse_map_proof(bytes)) {
    SEALIFT_CHECK(base::text_of(directory::encode_map_proof(*proof)) == text);
    static_cast<void>(directory::verify_map_proof(*proof, {}, {}));
  }
  if (const auto entry = directory::parse_entry(bytes))
    SEALIFT_CHECK(base::text_of(directory::encode_entry(*entry)) == text);
  if (const auto opening = directory::parse_opening(bytes))
    SEALIFT_CHECK(base::text_of(directory::encode_opening(*opening)) == text);
  // A log of entries of any sizes: the first byte says how long each is.
  directory::Replay replay;
  for (base::ByteView rest = bytes; !rest.empty();) {
    const std::size_t length =
        std::min(rest.size() - 1, std::to_integer<std::size_t>(rest.front()));
    if (!replay.take(rest.subspan(1, length))) break;
    rest = rest.subspan(1 + length);
  }
  return 0;
}
