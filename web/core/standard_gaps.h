// What emscripten 3.1.6's C++ library (LLVM 13's) lacks of C++20 and the rooms use: some algorithms
// on ranges, the order of strings as one operator, and a span over a text. Included before every
// file of this build, and by no other build; with a newer library it is empty. Each does what the
// standard says of it for the arguments that are passed here: whole ranges, no projections.
#pragma once

#include <__config>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 15000

#include <algorithm>
#include <compare>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

_LIBCPP_BEGIN_NAMESPACE_STD
span(string_view)->span<const char>;
_LIBCPP_END_NAMESPACE_STD

namespace std {

inline strong_ordering operator<=>(const string& a, const string& b) { return a.compare(b) <=> 0; }

namespace ranges {

template <typename In, typename Out>
struct CopyResult {
  In in;
  Out out;
};

template <typename Range, typename Out>
constexpr auto copy(Range&& range, Out out) {
  return CopyResult<decltype(std::end(range)), Out>{
      std::end(range), std::copy(std::begin(range), std::end(range), out)};
}

template <typename Range, typename Predicate>
constexpr bool all_of(Range&& range, Predicate predicate) {
  return std::all_of(std::begin(range), std::end(range), predicate);
}

template <typename Range, typename Predicate>
constexpr bool any_of(Range&& range, Predicate predicate) {
  return std::any_of(std::begin(range), std::end(range), predicate);
}

template <typename Range, typename Predicate>
constexpr bool none_of(Range&& range, Predicate predicate) {
  return std::none_of(std::begin(range), std::end(range), predicate);
}

template <typename A, typename B>
constexpr bool equal(A&& a, B&& b) {
  return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b));
}

template <typename Range, typename Value>
constexpr void fill(Range&& range, const Value& value) {
  std::fill(std::begin(range), std::end(range), value);
}

template <typename Range, typename Value>
constexpr auto find(Range&& range, const Value& value) {
  return std::find(std::begin(range), std::end(range), value);
}
template <typename Range>
constexpr void reverse(Range&& range) {
  std::reverse(std::begin(range), std::end(range));
}

template <typename Range, typename Out, typename Change>
constexpr Out transform(Range&& range, Out out, Change change) {
  return std::transform(std::begin(range), std::end(range), out, change);
}

}  // namespace ranges
}  // namespace std

#endif
