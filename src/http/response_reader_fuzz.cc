// Responses: a head that is taken is within its limits and says where its body ends.
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "http/json_body.h"
#include "http/response_reader.h"

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sealift::http::Method;
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string_view input = sealift::base::text_of(bytes);
  for (const Method asked : {Method::get, Method::head}) {
    const auto outcome = sealift::http::parse_response_head(input, asked);
    const auto* head = std::get_if<sealift::http::ReadResponse>(&outcome);
    if (!head) continue;
    SEALIFT_CHECK(head->size_bytes <= sealift::limits::kHttpHeadSizeMax);
    SEALIFT_CHECK(head->status >= 100 && head->status < 600);
    SEALIFT_CHECK(asked == Method::get || head->framing == sealift::http::BodyFraming::none);
  }
  if (const auto value = sealift::http::parse_json_body(bytes)) {
    const std::string text = value->dump();
    const auto again = sealift::http::parse_json_body(sealift::base::bytes_of(text));
    SEALIFT_CHECK(again && *again == *value);
  }
  return 0;
}
