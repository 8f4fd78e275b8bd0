// Requests: a head that is taken is within its limits, its views lie in the input, and whatever
// follows it does not change it.
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "http/entity_tag.h"
#include "http/request_head.h"
#include "http/router.h"
#include "http/tus.h"

namespace {

using sealift::http::RequestHead;

void judge(const RequestHead& head, std::string_view input) {
  SEALIFT_CHECK(head.size_bytes <= sealift::limits::kHttpHeadSizeMax);
  SEALIFT_CHECK(input.substr(head.size_bytes - 4, 4) == "\r\n\r\n");
  SEALIFT_CHECK(head.path == "*" || head.path.front() == '/');
  const auto* both = &head.fields;
  SEALIFT_CHECK(!(both->has(sealift::http::FieldName::content_length) &&
                  both->has(sealift::http::FieldName::transfer_encoding)));
  const auto again = sealift::http::parse_request_head(input.substr(0, head.size_bytes));
  const auto* same = std::get_if<RequestHead>(&again);
  SEALIFT_CHECK(same && same->path == head.path && same->framing == head.framing &&
                same->body_size_bytes == head.body_size_bytes);
  static constexpr sealift::http::Route kTable[] = {
      {sealift::http::Method::get, "/a/{id}", 1}, {sealift::http::Method::post, "/b/{rest...}", 2}};
  (void)sealift::http::find_route(kTable, head.method, head.path);
  (void)sealift::http::parse_query(head.query);
  (void)sealift::http::parse_tus_creation(head);
  (void)sealift::http::parse_tus_append(head);
  const auto tag = sealift::http::EntityTag::make("0a");
  (void)sealift::http::judge_conditions(head.fields, *tag);
  const auto answer = sealift::http::judge_range(head.fields, *tag, 1000);
  SEALIFT_CHECK(answer.range.offset + answer.range.size_bytes <= 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string_view input = sealift::base::text_of(bytes);
  const auto outcome = sealift::http::parse_request_head(input);
  if (const auto* head = std::get_if<RequestHead>(&outcome)) judge(*head, input);
  return 0;
}
