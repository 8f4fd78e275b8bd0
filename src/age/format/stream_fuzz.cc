// Opening a payload: what the threads give out is what a slow, obvious reader gives out, for a
// sealed text with any edits, from a source with a size and from one without; ranges agree too.
//
// Input: u32 text size, then edits of 5 bytes each: u8 kind, u32 place.
#include <cstdlib>

#include "age/open/open_payload.h"
#include "age/open/open_reader_at.h"
#include "age/payload/payload_fixture.h"
#include "base/byte_reader.h"

namespace {

using namespace sealift;  // NOLINT(google-build-using-namespace): a fuzz target is one file
using namespace sealift::age;

constexpr std::size_t kTextSizeMax = std::size_t{5} << 18;  // more than a batch

void edit(base::Bytes& sealed, std::uint8_t kind, std::uint32_t place) {
  const std::size_t at = sealed.empty() ? 0 : place % sealed.size();
  if (kind % 4 == 0 && !sealed.empty()) sealed[at] ^= static_cast<std::byte>(1 + kind / 4);
  if (kind % 4 == 1) sealed.resize(at);
  if (kind % 4 == 2) sealed.resize(sealed.size() + place % (2 * kSealedChunkSize));
  if (kind % 4 == 3) sealed.resize(sealed.size() / kSealedChunkSize * kSealedChunkSize);
}

void expect(bool condition) {
  if (!condition) std::abort();
}

void open_from(Source& source, unsigned workers, const FileKey& file_key,
               const internal::SlowlyOpened& expected) {
  Pipeline pipeline(workers);
  base::Bytes out;
  MemorySink sink(out);
  const auto opened = open_payload(pipeline, file_key, PayloadNonce{}, source, sink);
  expect(opened.has_value() == expected.whole);
  expect(out == expected.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::ByteReader in(std::as_bytes(std::span(data, size)));
  const std::size_t text_size = in.u32_le().value_or(0) % (kTextSizeMax + 1);
  const FileKey file_key;
  const PayloadKey key = derive_payload_key(file_key, PayloadNonce{});
  const base::Bytes text = internal::random_text(text_size, 1);
  base::Bytes sealed = internal::seal_slowly(key, text);
  while (in.remaining() >= 5 && sealed.size() < 2 * kTextSizeMax) {
    const std::uint8_t kind = *in.u8();
    edit(sealed, kind, *in.u32_le());
  }
  const internal::SlowlyOpened expected = internal::open_slowly(key, sealed);
  MemorySource sized(sealed);
  internal::UnsizedSource unsized(sealed);
  open_from(sized, 1, file_key, expected);
  open_from(unsized, 2, file_key, expected);
  const auto reader = ReaderAt::create(file_key, PayloadNonce{}, sized);
  expect(!expected.whole || reader.has_value());
  if (reader) {
    base::Bytes out(expected.text.size());
    const auto got = reader->read_at(out, 0);
    expect(!got || out == expected.text);
    expect(got.has_value() || !expected.whole);
  }
  return 0;
}
