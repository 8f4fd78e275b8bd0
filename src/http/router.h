// From method and path to an operation, by a constant table.
//
//   {Method::get, "/api/parcels/{id}/content", 7}
//
// A pattern's segments are literal, `{name}` for one segment, or, last, `{name...}` for all that
// are left. Paths are what our own links are made of: letters, digits and "-._~" between slashes.
// Percent-encoding, empty segments, "." and ".." name nothing here, so no two spellings name one
// thing and there is nothing to normalise. Pure, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "http/response_head.h"
#include "http/status.h"

namespace sealift::http {

struct Route {
  Method method = Method::get;
  std::string_view pattern;
  std::uint16_t operation = 0;
};

inline constexpr std::size_t kCapturesMax = 4;
inline constexpr std::size_t kCaptureSizeMax = 128;

struct RouteMatch {
  std::uint16_t operation = 0;
  std::size_t count = 0;
  std::array<std::string_view, kCapturesMax> captures{};  // in the order of the path; borrowed
};
struct NoSuchPath {};
struct MethodRefused {
  MethodSet allowed = 0;
};
using RouteOutcome = std::variant<RouteMatch, NoSuchPath, MethodRefused>;

// HEAD finds its own row, or else the row of GET.
RouteOutcome find_route(std::span<const Route> table, Method method, std::string_view path);

// "key=value" pairs between '&'; keys and values are letters, digits and "-._~". Nothing when the
// query is anything else, names a key twice, or has more than 8 pairs.
struct QueryPair {
  std::string_view key;
  std::string_view value;
};
std::optional<std::vector<QueryPair>> parse_query(std::string_view query);

}  // namespace sealift::http
