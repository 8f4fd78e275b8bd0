#include "http/response_reader.h"

#include "base/limits.h"
#include "http/internal/lines.h"

namespace sealift::http {
namespace {

using Refused = std::optional<Refusal>;

// Where no status of ours fits, a refusal of a response says bad_request: it is never sent.
Refused refuse(std::string_view reason) { return Refusal{Status::bad_request, reason}; }

Refused parse_status_line(std::string_view line, ReadResponse& response, bool& is_1_0) {
  is_1_0 = line.substr(0, 9) == "HTTP/1.0 ";
  if (!is_1_0 && line.substr(0, 9) != "HTTP/1.1 ") return refuse("malformed version");
  const auto status = parse_decimal(line.substr(9, 3), 599);
  if (!status || *status < 100) return refuse("malformed status");
  const std::string_view rest = line.substr(12);
  if (!rest.empty() && (rest.front() != ' ' || !is_field_value(rest))) {
    return refuse("malformed status line");
  }
  response.status = static_cast<unsigned>(*status);
  return std::nullopt;
}

Refused judge_framing(ReadResponse& response, Method asked, bool is_1_0) {
  const auto coding = response.fields.get(FieldName::transfer_encoding);
  const auto length = response.fields.get(FieldName::content_length);
  if (coding && length) return refuse("length and transfer coding");
  std::optional<std::uint64_t> size;
  if (length) {
    size = parse_decimal(*length, limits::kHttpBodySizeMax);
    if (!size) return refuse("malformed content length");
  }
  if (coding && (is_1_0 || !equal_ignoring_case(*coding, "chunked"))) {
    return refuse("transfer coding not implemented");
  }
  const bool no_body = asked == Method::head || response.status < 200 || response.status == 204 ||
                       response.status == 304;
  if (no_body) return std::nullopt;
  if (!coding && !length) return refuse("body of unknown length");
  if (coding) {
    response.framing = BodyFraming::chunked;
  } else if (*size > 0) {
    response.framing = BodyFraming::sized;
    response.body_size_bytes = *size;
  }
  return std::nullopt;
}

Refused judge_rest(ReadResponse& response, bool is_1_0) {
  response.persistence = is_1_0 ? Persistence::close : Persistence::keep_alive;
  std::optional<std::string_view> rest = response.fields.get(FieldName::connection);
  while (const auto option = next_element(rest)) {
    if (equal_ignoring_case(*option, "close")) response.persistence = Persistence::close;
  }
  const auto coding = response.fields.get(FieldName::content_encoding);
  if (coding && !equal_ignoring_case(*coding, "identity")) {
    return refuse("content coding not supported");
  }
  return std::nullopt;
}

}  // namespace

ResponseOutcome parse_response_head(std::string_view input, Method asked) {
  ReadResponse response;
  bool is_1_0 = false;
  Refusal refusal;
  internal::Lines lines(input);
  const internal::LineStatus first = lines.next();
  if (first == internal::LineStatus::refused) return lines.refusal();
  if (first == internal::LineStatus::incomplete) return Incomplete{};
  if (const auto refused = parse_status_line(lines.line(), response, is_1_0)) return *refused;
  const internal::LineStatus rest = internal::take_fields(lines, response.fields, refusal);
  if (rest == internal::LineStatus::refused) return refusal;
  if (rest == internal::LineStatus::incomplete) return Incomplete{};
  response.size_bytes = lines.size_taken();
  if (const auto refused = judge_framing(response, asked, is_1_0)) return *refused;
  if (const auto refused = judge_rest(response, is_1_0)) return *refused;
  return response;
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
  if (value.substr(0, 6) != "bytes ") return std::nullopt;
  value.remove_prefix(6);
  const std::size_t dash = value.find('-');
  const std::size_t slash = value.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash) {
    return std::nullopt;
  }
  const std::uint64_t max = limits::kHttpBodySizeMax;
  const auto first = parse_decimal(value.substr(0, dash), max);
  const auto last = parse_decimal(value.substr(dash + 1, slash - dash - 1), max);
  const auto whole = parse_decimal(value.substr(slash + 1), max);
  if (!first || !last || !whole || *first > *last || *last >= *whole) return std::nullopt;
  return ContentRange{{*first, *last - *first + 1}, *whole};
}

}  // namespace sealift::http
