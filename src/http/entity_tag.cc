#include "http/entity_tag.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::http {
namespace {

constexpr std::size_t kTagSizeMax = 64;

// One element of an If-Match list. Weak tags are read (W/) so that they can be told apart.
struct ReadTag {
  std::string_view text;
  bool weak = false;
};

std::optional<ReadTag> read_tag(std::string_view text) {
  ReadTag tag;
  if (text.substr(0, 2) == "W/") {
    tag.weak = true;
    text.remove_prefix(2);
  }
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  tag.text = text.substr(1, text.size() - 2);
  if (tag.text.find('"') != std::string_view::npos) return std::nullopt;
  return tag;
}

enum class Comparison { strong, weak };
enum class ListMatch { no, yes, malformed };

ListMatch match_list(std::string_view value, const EntityTag& tag, Comparison comparison) {
  if (value == "*") return ListMatch::yes;
  bool found = false;
  std::size_t count = 0;
  std::optional<std::string_view> rest = value;
  while (const auto element = next_element(rest)) {
    const auto read = read_tag(*element);
    if (!read || ++count > limits::kHttpEntityTagsMax) return ListMatch::malformed;
    if (read->weak && comparison == Comparison::strong) continue;
    found = found || read->text == tag.text();
  }
  return found ? ListMatch::yes : ListMatch::no;
}

}  // namespace

std::optional<EntityTag> EntityTag::make(std::string_view text) {
  if (text.empty() || text.size() > kTagSizeMax) return std::nullopt;
  if (text.find_first_not_of("0123456789abcdef-") != std::string_view::npos) return std::nullopt;
  return EntityTag(text);
}

Condition judge_conditions(const Fields& fields, const EntityTag& tag) {
  if (const auto value = fields.get(FieldName::if_match)) {
    const ListMatch match = match_list(*value, tag, Comparison::strong);
    if (match == ListMatch::malformed) return Condition::malformed;
    if (match == ListMatch::no) return Condition::failed;
  }
  if (const auto value = fields.get(FieldName::if_none_match)) {
    const ListMatch match = match_list(*value, tag, Comparison::weak);
    if (match == ListMatch::malformed) return Condition::malformed;
    if (match == ListMatch::yes) return Condition::not_modified;
  }
  return Condition::proceed;
}

std::optional<RangeSpec> parse_range(std::string_view value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos || !equal_ignoring_case(value.substr(0, equals), "bytes")) {
    return std::nullopt;
  }
  const std::string_view range = value.substr(equals + 1);
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view first_text = range.substr(0, dash);
  const std::string_view last_text = range.substr(dash + 1);
  const auto first = parse_decimal(first_text, limits::kHttpBodySizeMax);
  const auto last = parse_decimal(last_text, limits::kHttpBodySizeMax);
  if (first_text.empty()) {
    if (!last) return std::nullopt;
    return RangeSpec{RangeSpec::Kind::suffix, *last, 0};
  }
  if (!first) return std::nullopt;
  if (last_text.empty()) return RangeSpec{RangeSpec::Kind::from, *first, 0};
  if (!last || *last < *first) return std::nullopt;
  return RangeSpec{RangeSpec::Kind::from_to, *first, *last};
}

std::optional<ByteRange> resolve_range(const RangeSpec& spec, std::uint64_t content_size_bytes) {
  if (spec.kind == RangeSpec::Kind::suffix) {
    const std::uint64_t size = std::min(spec.first, content_size_bytes);
    if (size == 0) return std::nullopt;
    return ByteRange{content_size_bytes - size, size};
  }
  if (spec.first >= content_size_bytes) return std::nullopt;
  const std::uint64_t rest = content_size_bytes - spec.first;
  if (spec.kind == RangeSpec::Kind::from) return ByteRange{spec.first, rest};
  return ByteRange{spec.first, std::min(spec.last - spec.first + 1, rest)};
}

RangeAnswer judge_range(const Fields& fields, const EntityTag& tag,
                        std::uint64_t content_size_bytes) {
  const RangeAnswer whole{RangeAnswer::Kind::whole, {0, content_size_bytes}};
  const auto value = fields.get(FieldName::range);
  if (!value) return whole;
  if (const auto condition = fields.get(FieldName::if_range)) {
    // A date, a weak tag or another tag: the content may have changed, so all of it is sent.
    const auto read = read_tag(*condition);
    if (!read || read->weak || read->text != tag.text()) return whole;
  }
  const auto spec = parse_range(*value);
  const auto range = spec ? resolve_range(*spec, content_size_bytes) : std::nullopt;
  if (!range) return {RangeAnswer::Kind::refused, {}};
  return {RangeAnswer::Kind::partial, *range};
}

}  // namespace sealift::http
