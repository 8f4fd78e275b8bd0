// Bytes and views of them, and the only places where text and bytes are seen as one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sealift::base {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;
using MutableByteView = std::span<std::byte>;

inline ByteView bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// The view borrows from `bytes`.
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// For C libraries that take unsigned char. `bytes` is an array, vector or view of bytes; the result
// is as const as its bytes are.
template <typename Container>
auto* unsigned_data(Container&& bytes) {
  const std::span view(bytes);
  using Byte = typename decltype(view)::element_type;
  using Unsigned = std::conditional_t<std::is_const_v<Byte>, const unsigned char, unsigned char>;
  static_assert(std::is_same_v<std::remove_const_t<Byte>, std::byte>);
  return reinterpret_cast<Unsigned*>(view.data());
}

inline Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

inline void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

}  // namespace sealift::base
