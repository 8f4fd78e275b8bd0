#include "http/request_head.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "http/internal/lines.h"

namespace sealift::http {
namespace {

using Refused = std::optional<Refusal>;

Refused refuse(Status status, std::string_view reason) { return Refusal{status, reason}; }

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986 section 3.2.2, narrowed to what names and addresses are written with.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > limits::kHttpHostSizeMax) return false;
  std::size_t port_at = text.rfind(':');
  std::string_view name = text;
  if (text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end == 1) return false;
    const std::string_view address = text.substr(1, end - 1);
    if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return false;
    if (end + 1 == text.size()) return true;
    if (text[end + 1] != ':') return false;
    port_at = end + 1;
  } else {
    name = text.substr(0, port_at);
    const bool good = std::all_of(name.begin(), name.end(), [](char c) {
      return is_alphanumeric(c) || c == '-' || c == '.';
    });
    if (name.empty() || !good) return false;
    if (port_at == std::string_view::npos) return true;
  }
  return parse_decimal(text.substr(port_at + 1), 65535).has_value();
}

// Printable, and nothing that needs escaping in a URL (RFC 3986 appendix A has none of these).
bool is_target(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"#<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

// absolute-form (RFC 9112 section 3.2.2) is cut to its path; its authority has to be the Host.
Refused take_authority(std::string_view& target, std::optional<std::string_view>& authority) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    target.remove_prefix(scheme.size());
    const std::size_t slash = target.find('/');
    if (slash == std::string_view::npos) return refuse(Status::bad_request, "target has no path");
    authority = target.substr(0, slash);
    target.remove_prefix(slash);
  }
  return std::nullopt;
}

struct RequestLine {
  std::string_view version;
  std::optional<std::string_view> authority;
};

Refused parse_request_line(std::string_view line, RequestHead& head, RequestLine& parts) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return refuse(Status::bad_request, "malformed request line");
  }
  const std::string_view method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  parts.version = line.substr(last + 1);
  if (!is_token(method)) return refuse(Status::bad_request, "malformed method");
  if (target.size() > limits::kHttpTargetSizeMax) {
    return refuse(Status::uri_too_long, "target too long");
  }
  if (target.empty() || !is_target(target)) return refuse(Status::bad_request, "malformed target");
  if (parts.version != "HTTP/1.1" && parts.version != "HTTP/1.0") {
    const bool is_http = parts.version.substr(0, 5) == "HTTP/";
    return is_http ? refuse(Status::version_not_supported, "version not supported")
                   : refuse(Status::bad_request, "malformed version");
  }
  const auto known = method_of(method);
  if (!known) return refuse(Status::not_implemented, "method not implemented");
  head.method = *known;
  if (target == "*" && *known == Method::options) {
    head.path = target;
    return std::nullopt;
  }
  if (auto refused = take_authority(target, parts.authority)) return refused;
  if (target.front() != '/') return refuse(Status::bad_request, "malformed target");
  const std::size_t question = target.find('?');
  head.path = target.substr(0, question);
  head.query = question == std::string_view::npos ? "" : target.substr(question + 1);
  return std::nullopt;
}

Refused judge_host(RequestHead& head, const RequestLine& line) {
  const auto host = head.fields.get(FieldName::host);
  if (!host) return refuse(Status::bad_request, "no host");
  if (!is_host(*host)) return refuse(Status::bad_request, "malformed host");
  if (line.authority && !equal_ignoring_case(*line.authority, *host)) {
    return refuse(Status::bad_request, "target and host differ");
  }
  head.host = *host;
  return std::nullopt;
}

// RFC 9112 section 6.3, without the cases in which a length would have to be guessed.
Refused judge_framing(RequestHead& head, bool is_1_0) {
  const auto coding = head.fields.get(FieldName::transfer_encoding);
  const auto length = head.fields.get(FieldName::content_length);
  if (coding && length) return refuse(Status::bad_request, "length and transfer coding");
  if (coding) {
    if (is_1_0) return refuse(Status::bad_request, "transfer coding in HTTP/1.0");
    if (!equal_ignoring_case(*coding, "chunked")) {
      return refuse(Status::not_implemented, "transfer coding not implemented");
    }
    head.framing = BodyFraming::chunked;
  }
  if (length) {
    const auto size = parse_decimal(*length, limits::kHttpBodySizeMax);
    if (!size) return refuse(Status::bad_request, "malformed content length");
    head.body_size_bytes = *size;
    if (*size > 0) head.framing = BodyFraming::sized;
  }
  const bool may_carry =
      head.method == Method::post || head.method == Method::put || head.method == Method::patch;
  if (head.framing != BodyFraming::none && !may_carry) {
    return refuse(Status::bad_request, "body on a method without one");
  }
  return std::nullopt;
}

Refused judge_connection(RequestHead& head, bool is_1_0) {
  bool close = is_1_0;
  std::optional<std::string_view> rest = head.fields.get(FieldName::connection);
  while (const auto option = next_element(rest)) {
    if (!is_token(*option)) return refuse(Status::bad_request, "malformed connection field");
    if (equal_ignoring_case(*option, "close")) close = true;
  }
  head.persistence = close ? Persistence::close : Persistence::keep_alive;
  return std::nullopt;
}

Refused judge_rest(RequestHead& head, bool is_1_0) {
  if (const auto expect = head.fields.get(FieldName::expect)) {
    if (!equal_ignoring_case(*expect, "100-continue")) {
      return refuse(Status::expectation_failed, "expectation not known");
    }
    head.expects_continue = !is_1_0 && head.framing != BodyFraming::none;
  }
  // Nothing is ever decompressed here.
  const auto coding = head.fields.get(FieldName::content_encoding);
  if (coding && !equal_ignoring_case(*coding, "identity")) {
    return refuse(Status::unsupported_media_type, "content coding not supported");
  }
  // tus lets a client hide a method in a field; a method that only some readers see is refused.
  if (head.fields.has(FieldName::x_http_method_override)) {
    return refuse(Status::bad_request, "method override");
  }
  return std::nullopt;
}

}  // namespace

RequestOutcome parse_request_head(std::string_view input) {
  // A TLS hello or a port scan, told from a slow client at its first byte.
  if (!input.empty() && (input.front() < 'A' || input.front() > 'Z')) {
    return Refusal{Status::bad_request, "not HTTP"};
  }
  RequestHead head;
  RequestLine line;
  internal::Lines lines(input);
  Refusal refusal;
  const internal::LineStatus first = lines.next();
  if (first == internal::LineStatus::refused) return lines.refusal();
  if (first == internal::LineStatus::incomplete) return Incomplete{};
  if (const auto refused = parse_request_line(lines.line(), head, line)) return *refused;
  const internal::LineStatus rest = internal::take_fields(lines, head.fields, refusal);
  if (rest == internal::LineStatus::refused) return refusal;
  if (rest == internal::LineStatus::incomplete) return Incomplete{};
  head.size_bytes = lines.size_taken();
  const bool is_1_0 = line.version == "HTTP/1.0";
  if (const auto refused = judge_host(head, line)) return *refused;
  if (const auto refused = judge_framing(head, is_1_0)) return *refused;
  if (const auto refused = judge_connection(head, is_1_0)) return *refused;
  if (const auto refused = judge_rest(head, is_1_0)) return *refused;
  return head;
}

HostNames::HostNames(std::vector<std::string> names) : names_(std::move(names)) {}

bool HostNames::contains(std::string_view host) const {
  return std::any_of(names_.begin(), names_.end(),
                     [&](const std::string& name) { return equal_ignoring_case(name, host); });
}

}  // namespace sealift::http
