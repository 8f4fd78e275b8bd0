// A call of the core, as the page makes it: fields in, fields or an error out.
//
//   request := field(operation name) field*        answer := field*       field := u32 size, bytes
//
// Numbers are fields of 8 bytes, little-endian, two's complement; a list is a number (how many) and
// its items. The page is trusted to call right, not to hold good data: a field that is missing or
// of another size ends the call with `usage`. web/src/crypto/core_instance.ts is the other side.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "age/open/open_identity.h"
#include "age/keys/recipient.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/result.h"
#include "crypto/random.h"

namespace sealift::web {

class Arguments {
 public:
  // Borrows `request`.
  explicit Arguments(base::ByteView request) : reader_(request) {}

  base::Result<base::ByteView> bytes();
  base::Result<std::string_view> text();
  base::Result<std::int64_t> number();
  // Of a list whose items follow; each has at least one field.
  base::Result<std::size_t> count();
  base::Result<void> end() const;

  template <std::size_t N>
  base::Result<std::array<std::byte, N>> array() {
    SEALIFT_TRY(const base::ByteView value, bytes());
    if (value.size() != N) return base::fail(base::ErrorCode::usage, "a field of another size");
    std::array<std::byte, N> result;
    std::copy(value.begin(), value.end(), result.begin());
    return result;
  }
  template <std::size_t N>
  base::Result<crypto::SecretBytes<N>> secret() {
    SEALIFT_TRY(const base::ByteView value, bytes());
    if (value.size() != N) return base::fail(base::ErrorCode::usage, "a secret of another size");
    return crypto::SecretBytes<N>::copy_of(std::span<const std::byte, N>(value));
  }
  // 16 bytes as 32 hexadecimal digits.
  base::Result<std::array<std::byte, 16>> id();
  base::Result<std::vector<age::Recipient>> recipients();
  base::Result<std::vector<age::Identity>> identities();

 private:
  base::ByteReader reader_;
};

class Answer {
 public:
  void bytes(base::ByteView value);
  void text(std::string_view value) { bytes(base::bytes_of(value)); }
  void number(std::int64_t value);

  base::Bytes take() && { return std::move(out_).take(); }

 private:
  base::ByteWriter out_;
};

// What operations are lent.
struct Host {
  crypto::Random& random;
};

using Operation = base::Result<void> (*)(Arguments&, Answer&, Host&);
struct NamedOperation {
  std::string_view name;
  Operation run;
};

}  // namespace sealift::web
