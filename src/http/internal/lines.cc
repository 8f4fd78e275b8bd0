#include "http/internal/lines.h"

#include "base/limits.h"

namespace sealift::http::internal {

LineStatus Lines::refuse(Status status, std::string_view reason) {
  refusal_ = {status, reason};
  return LineStatus::refused;
}

LineStatus Lines::next() {
  const std::string_view rest = input_.substr(at_);
  const std::size_t feed = rest.find('\n');
  const std::size_t seen = feed == std::string_view::npos ? rest.size() : feed + 1;
  if (at_ + seen > limits::kHttpHeadSizeMax) {
    return at_ == 0 ? refuse(Status::uri_too_long, "request line too long")
                    : refuse(Status::fields_too_large, "head too large");
  }
  if (feed == std::string_view::npos) {
    // A lone CR is known to be wrong as soon as another byte follows it.
    const std::size_t cr = rest.find('\r');
    if (cr != std::string_view::npos && cr + 1 < rest.size()) {
      return refuse(Status::bad_request, "bare carriage return");
    }
    return LineStatus::incomplete;
  }
  if (feed == 0 || rest[feed - 1] != '\r') {
    return refuse(Status::bad_request, "bare line feed");
  }
  line_ = rest.substr(0, feed - 1);
  if (line_.find('\r') != std::string_view::npos) {
    return refuse(Status::bad_request, "bare carriage return");
  }
  at_ += seen;
  return LineStatus::line;
}

// A proxy may add its line of X-Forwarded-For behind one that the client made up: the last counts,
// and where no proxy is, none does.
void put_last(Fields& fields, FieldName name, std::string_view value) {
  Fields others;
  for (std::size_t i = 0; i < kFieldNames; ++i) {
    const auto each = static_cast<FieldName>(i);
    const auto kept = fields.get(each);
    if (each != name && kept) others.put(each, *kept);
  }
  others.put(name, value);
  fields = others;
}

std::optional<Refusal> take_field(std::string_view line, Fields& fields) {
  if (line.front() == ' ' || line.front() == '\t') {
    return Refusal{Status::bad_request, "folded field line"};
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{Status::bad_request, "field without colon"};
  // White space before the colon is no token, as RFC 9112 section 5.1 wants it.
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return Refusal{Status::bad_request, "malformed field name"};
  const std::string_view value = trim_white_space(line.substr(colon + 1));
  if (!is_field_value(value)) return Refusal{Status::bad_request, "malformed field value"};
  const auto known = field_name_of(name);
  if (!known || fields.put(*known, value)) return std::nullopt;
  if (*known != FieldName::x_forwarded_for) {
    return Refusal{Status::bad_request, "field stands twice"};
  }
  put_last(fields, *known, value);
  return std::nullopt;
}

LineStatus take_fields(Lines& lines, Fields& fields, Refusal& refusal) {
  for (std::size_t count = 0;; ++count) {
    const LineStatus status = lines.next();
    if (status == LineStatus::refused) refusal = lines.refusal();
    if (status != LineStatus::line || lines.line().empty()) return status;
    if (count == limits::kHttpFieldsMax) {
      refusal = {Status::fields_too_large, "too many fields"};
      return LineStatus::refused;
    }
    if (const auto refused = take_field(lines.line(), fields)) {
      refusal = *refused;
      return LineStatus::refused;
    }
  }
}

}  // namespace sealift::http::internal
