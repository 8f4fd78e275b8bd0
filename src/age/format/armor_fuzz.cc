// Any bytes as armor: it ends, in bytes or a failure; what is accepted round-trips.
#include "age/format/armor.h"

#include "base/check.h"

using namespace sealift;  // NOLINT(google-build-using-namespace): a program of its own

namespace {

base::Result<base::Bytes> unarmor(base::ByteView text) {
  age::ArmorSource source(std::make_unique<age::MemorySource>(text));
  base::Bytes bytes(text.size() + 1);
  const base::MutableByteView piece(bytes);
  SEALIFT_TRY(const std::size_t count, source.read_at(std::span(&piece, 1), 0));
  bytes.resize(count);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = unarmor(std::as_bytes(std::span(data, size)));
  if (!bytes) return 0;
  base::Bytes text;
  age::MemorySink sink(text);
  age::ArmorSink armor(sink);
  const base::ByteView piece(*bytes);
  SEALIFT_CHECK(armor.write(std::span(&piece, 1)) && armor.finish());
  const auto again = unarmor(text);
  SEALIFT_CHECK(again && *again == *bytes);
  return 0;
}
