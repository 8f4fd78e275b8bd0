// The first byte is a width; the rest is read as a tile, an entry bundle, a tile's path and a
// journal.
#include <algorithm>

#include "base/check.h"
#include "log/internal/journal.h"
#include "log/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  if (size == 0) return 0;
  const unsigned width = data[0] + 1U;
  const base::ByteView bytes = std::as_bytes(std::span(data, size)).subspan(1);
  if (const auto hashes = log::parse_tile(bytes, width)) {
    const base::Bytes again = log::encode_tile(*hashes);
    SEALIFT_CHECK(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  }
  if (const auto entries = log::parse_bundle(bytes, width)) {
    base::Bytes again;
    for (const base::ByteView entry : *entries) log::append_to_bundle(again, entry);
    SEALIFT_CHECK(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  }
  if (const auto tile = log::parse_tile_path(base::text_of(bytes)))
    SEALIFT_CHECK(log::tile_path(*tile) == base::text_of(bytes));
  if (const auto journal = log::internal::read_journal(bytes, 0))
    SEALIFT_CHECK(journal->valid_bytes <= bytes.size());
  return 0;
}
