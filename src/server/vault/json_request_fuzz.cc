// Request bodies, read as handlers do: values keep to their limits, and nothing unknown gets by.
#include <cstdint>
#include <span>

#include "base/check.h"
#include "server/vault/json_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sealift::server::vault::JsonRequest;
  auto body = JsonRequest::parse(std::as_bytes(std::span(data, size)));
  if (!body) return 0;
  const auto id = body->id<sealift::catalog::ParcelId>("id");
  const auto count = body->integer("count", {1, 5});
  const auto bytes = body->bytes("bytes", 10);
  std::size_t entries = 0;
  body->each("list", 2, [&](JsonRequest& one) {
    one.boolean("is_good");
    ++entries;
  });
  if (!body->done()) return 0;
  SEALIFT_CHECK(id.view().size() == 16 && count >= 1 && count <= 5);
  SEALIFT_CHECK(bytes.size() <= 10 && entries <= 2);
  return 0;
}
