// Any bytes may be given to read_manifest. What it takes, it takes in one spelling only: the
// entries' layout is the one that the manifest states, and no path leaves a folder.
#include "base/check.h"
#include "parcel/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const auto read = parcel::read_manifest(std::as_bytes(std::span(data, size)));
  if (!read) return 0;
  for (const parcel::ManifestEntry& item : read->manifest.entries)
    SEALIFT_CHECK(!item.entry.path.text().starts_with("/"));
  return 0;
}
