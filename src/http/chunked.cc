#include "http/chunked.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"

namespace sealift::http {
namespace {

constexpr unsigned kDigitsMax = 16;

std::optional<unsigned> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

bool ChunkedDecoder::take(char c) {
  switch (state_) {
    case State::size_first:
    case State::size:
      if (const auto digit = hex_value(c)) {
        digits_ = state_ == State::size_first ? 1 : digits_ + 1;
        state_ = State::size;
        left_ = left_ * 16 + *digit;
        return digits_ <= kDigitsMax && left_ <= limits::kHttpBodySizeMax;
      }
      if (state_ != State::size || c != '\r') return false;
      state_ = State::size_lf;
      return true;
    case State::size_lf:
      state_ = left_ == 0 ? State::end_cr : State::data;
      return c == '\n';
    case State::data_cr:
      state_ = State::data_lf;
      return c == '\r';
    case State::data_lf:
      state_ = State::size_first;
      return c == '\n';
    case State::end_cr:
      state_ = State::end_lf;
      return c == '\r';
    case State::end_lf:
    case State::data:
      return c == '\n';
  }
  return false;
}

ChunkedDecoder::Step ChunkedDecoder::next(base::ByteView input) {
  std::size_t at = 0;
  while (at < input.size()) {
    if (state_ == State::data) {
      const std::size_t size =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
      left_ -= size;
      if (left_ == 0) state_ = State::data_cr;
      return {Status::data, at + size, input.subspan(at, size)};
    }
    const bool is_last = state_ == State::end_lf;
    if (!take(static_cast<char>(input[at]))) return {Status::refused, at, {}};
    ++at;
    if (is_last) return {Status::end, at, {}};
  }
  return {Status::need_input, at, {}};
}

}  // namespace sealift::http
