// Chunked bodies: the same data come out however the input is cut.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "http/chunked.h"

namespace {

struct Decoded {
  std::string data;
  sealift::http::ChunkedDecoder::Status status;
  std::size_t taken = 0;
};

Decoded decode(sealift::base::ByteView input, std::size_t piece_size) {
  using Status = sealift::http::ChunkedDecoder::Status;
  sealift::http::ChunkedDecoder decoder;
  Decoded decoded{{}, Status::need_input, 0};
  while (decoded.taken < input.size()) {
    const auto rest = input.subspan(decoded.taken);
    const auto step = decoder.next(rest.first(std::min(piece_size, rest.size())));
    decoded.taken += step.size_taken;
    decoded.data += sealift::base::text_of(step.data);
    decoded.status = step.status;
    if (step.status == Status::end || step.status == Status::refused) break;
    SEALIFT_CHECK(step.size_taken > 0);
  }
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Status = sealift::http::ChunkedDecoder::Status;
  const auto input = std::as_bytes(std::span(data, size));
  const Decoded whole = decode(input, size);
  const Decoded pieces = decode(input, 3);
  SEALIFT_CHECK(whole.data == pieces.data && whole.taken == pieces.taken);
  SEALIFT_CHECK((whole.status == Status::end) == (pieces.status == Status::end));
  SEALIFT_CHECK((whole.status == Status::refused) == (pieces.status == Status::refused));
  return 0;
}
