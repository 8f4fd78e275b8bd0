#include "http/router.h"

#include <algorithm>

namespace sealift::http {
namespace {

constexpr std::string_view kUnreserved =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
constexpr std::size_t kQueryPairsMax = 8;

bool is_unreserved(std::string_view text) {
  return text.find_first_not_of(kUnreserved) == std::string_view::npos;
}

// Takes "/segment" off `path`; nothing when it does not start with a segment.
std::optional<std::string_view> take_segment(std::string_view& path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  const std::size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(1, end - 1);
  path.remove_prefix(end);
  return segment;
}

bool is_path(std::string_view path) {
  if (path == "/") return true;
  while (!path.empty()) {
    const auto segment = take_segment(path);
    if (!segment || segment->empty() || !is_unreserved(*segment)) return false;
    if (*segment == "." || *segment == "..") return false;
  }
  return true;
}

bool capture(std::string_view text, RouteMatch& match) {
  if (match.count == kCapturesMax || text.empty() || text.size() > kCaptureSizeMax) return false;
  match.captures.at(match.count++) = text;
  return true;
}

bool match_pattern(std::string_view pattern, std::string_view path, RouteMatch& match) {
  if (pattern == "/" || path == "/") return pattern == path;
  while (!pattern.empty()) {
    const std::string_view rest = path;
    const auto wanted = take_segment(pattern);
    const auto found = take_segment(path);
    if (!wanted || !found) return false;
    const bool is_name = wanted->front() == '{';
    if (is_name && wanted->find("...}") != std::string_view::npos) {
      return capture(rest.substr(1), match);
    }
    if (is_name ? !capture(*found, match) : *wanted != *found) return false;
  }
  return path.empty();
}

}  // namespace

RouteOutcome find_route(std::span<const Route> table, Method method, std::string_view path) {
  if (!is_path(path)) return NoSuchPath{};
  MethodSet allowed = 0;
  std::optional<RouteMatch> get;
  for (const Route& route : table) {
    RouteMatch match{route.operation, 0, {}};
    if (!match_pattern(route.pattern, path, match)) continue;
    if (route.method == method) return match;
    if (route.method == Method::get) get = match;
    allowed = static_cast<MethodSet>(allowed | method_bit(route.method));
  }
  if (get && method == Method::head) return *get;
  if (allowed == 0) return NoSuchPath{};
  if (get) allowed = static_cast<MethodSet>(allowed | method_bit(Method::head));
  return MethodRefused{allowed};
}

std::optional<std::vector<QueryPair>> parse_query(std::string_view query) {
  std::vector<QueryPair> pairs;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    const QueryPair found{pair.substr(0, equals), pair.substr(equals + 1)};
    const bool is_known = std::any_of(pairs.begin(), pairs.end(),
                                      [&](const QueryPair& p) { return p.key == found.key; });
    if (!is_unreserved(found.key) || !is_unreserved(found.value) || is_known) return std::nullopt;
    if (pairs.size() == kQueryPairsMax) return std::nullopt;
    pairs.push_back(found);
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
    if (query.empty()) return std::nullopt;
  }
  return pairs;
}

}  // namespace sealift::http
