// Any bytes may claim to be a compound file: every entry is read, none for more bytes than the file
// can hold in all its chains.
#include <cstdint>

#include "base/check.h"
#include "readers/pack/cfb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::readers;
  const auto file = CompoundFile::open(std::as_bytes(std::span(data, size)));
  if (!file) return 0;
  SEALIFT_CHECK(!file->entries().empty());
  constexpr std::uint32_t kEntriesLooked = 64;
  for (std::uint32_t at = 0; at < file->entries().size() && at < kEntriesLooked; ++at) {
    SEALIFT_CHECK(file->read(at).size() <= size);
    for (const std::uint32_t child : file->children(at))
      SEALIFT_CHECK(child < file->entries().size());
  }
  static_cast<void>(file->find("Workbook"));
  return 0;
}
