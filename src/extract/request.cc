#include "extract/request.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/limits.h"

namespace sealift::extract {
namespace {

using base::ErrorCode;
using base::fail;

void put_string(base::ByteWriter& out, const std::string& text) {
  out.u32_le(static_cast<std::uint32_t>(text.size()));
  out.text(text);
}

std::optional<std::string> take_string(base::ByteReader& in) {
  const auto size = in.u32_le();
  const auto bytes = size ? in.take(*size) : std::nullopt;
  if (!bytes) return std::nullopt;
  return std::string(base::text_of(*bytes));
}

}  // namespace

base::Bytes encode_request(const Request& request) {
  base::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(request.pass));
  out.u64_le(request.size_bytes);
  put_string(out, request.path);
  out.u32_le(static_cast<std::uint32_t>(request.skips.size()));
  for (const Skip& skip : request.skips) {
    out.u32_le(skip.ordinal);
    put_string(out, skip.reason);
  }
  out.u32_le(static_cast<std::uint32_t>(request.only.size()));
  for (const std::uint32_t ordinal : request.only) out.u32_le(ordinal);
  return std::move(out).take();
}

base::Result<Request> decode_request(base::ByteView bytes) {
  const auto malformed = [] { return fail(ErrorCode::malformed, "extraction request"); };
  base::ByteReader in(bytes);
  Request request;
  const auto pass = in.u8();
  if (!pass || *pass < 1 || *pass > 2) return malformed();
  request.pass = static_cast<Pass>(*pass);
  const auto size = in.u64_le();
  auto path = take_string(in);
  if (!size || !path) return malformed();
  request.size_bytes = *size;
  request.path = *std::move(path);
  const auto skips = in.u32_le();
  if (!skips || *skips > in.remaining()) return malformed();
  for (std::uint32_t i = 0; i < *skips; ++i) {
    const auto ordinal = in.u32_le();
    auto reason = take_string(in);
    if (!ordinal || !reason) return malformed();
    request.skips.push_back({*ordinal, *std::move(reason)});
  }
  const auto only = in.u32_le();
  if (!only || *only > in.remaining()) return malformed();
  for (std::uint32_t i = 0; i < *only; ++i) {
    const auto ordinal = in.u32_le();
    if (!ordinal) return malformed();
    request.only.push_back(*ordinal);
  }
  if (!in.at_end()) return malformed();
  return request;
}

}  // namespace sealift::extract
