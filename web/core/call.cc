#include "core/call.h"

#include "base/hex.h"

namespace sealift::web {

using base::ByteView;
using base::ErrorCode;
using base::Result;

Result<ByteView> Arguments::bytes() {
  const auto size = reader_.u32_le();
  const auto value = size ? reader_.take(*size) : std::nullopt;
  if (!value) return base::fail(ErrorCode::usage, "a field is missing");
  return *value;
}

Result<std::string_view> Arguments::text() {
  SEALIFT_TRY(const ByteView value, bytes());
  return base::text_of(value);
}

Result<std::int64_t> Arguments::number() {
  SEALIFT_TRY(const ByteView value, bytes());
  base::ByteReader reader(value);
  const auto number = reader.u64_le();
  if (!number || !reader.at_end()) return base::fail(ErrorCode::usage, "a field is no number");
  return static_cast<std::int64_t>(*number);
}

Result<std::size_t> Arguments::count() {
  SEALIFT_TRY(const std::int64_t value, number());
  if (value < 0 || static_cast<std::uint64_t>(value) > reader_.remaining())
    return base::fail(ErrorCode::usage, "a list that is longer than the call");
  return static_cast<std::size_t>(value);
}

Result<void> Arguments::end() const {
  if (!reader_.at_end()) return base::fail(ErrorCode::usage, "a field too many");
  return {};
}

Result<std::array<std::byte, 16>> Arguments::id() {
  SEALIFT_TRY(const std::string_view digits, text());
  const auto value = base::hex_decode(digits);
  std::array<std::byte, 16> result;
  if (!value || value->size() != result.size())
    return base::fail(ErrorCode::malformed, "an id has 32 hexadecimal digits");
  std::copy(value->begin(), value->end(), result.begin());
  return result;
}

Result<std::vector<age::Recipient>> Arguments::recipients() {
  SEALIFT_TRY(const std::size_t many, count());
  std::vector<age::Recipient> result;
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(const std::string_view spelled, text());
    SEALIFT_TRY(age::Recipient recipient, age::Recipient::parse(spelled));
    result.push_back(std::move(recipient));
  }
  return result;
}

Result<std::vector<age::Identity>> Arguments::identities() {
  SEALIFT_TRY(const std::size_t many, count());
  std::vector<age::Identity> result;
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(const std::string_view spelled, text());
    SEALIFT_TRY(age::Identity identity, age::Identity::parse(spelled));
    result.push_back(std::move(identity));
  }
  return result;
}

void Answer::bytes(ByteView value) {
  out_.u32_le(static_cast<std::uint32_t>(value.size()));
  out_.bytes(value);
}

void Answer::number(std::int64_t value) {
  out_.u32_le(8);
  out_.u64_le(static_cast<std::uint64_t>(value));
}

}  // namespace sealift::web
