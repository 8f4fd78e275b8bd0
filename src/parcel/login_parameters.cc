#include "parcel/login_parameters.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace sealift::parcel {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

base::Bytes encode_login_parameters(const LoginParameters& parameters) {
  base::ByteWriter out;
  out.u8(kVersion);
  out.u32_le(parameters.passes);
  out.u32_le(parameters.memory_kib);
  out.bytes(parameters.salt);
  return std::move(out).take();
}

base::Result<LoginParameters> parse_login_parameters(base::ByteView bytes) {
  if (bytes.size() != kLoginParametersSize) {
    return base::fail(base::ErrorCode::malformed, "login parameters");
  }
  base::ByteReader reader(bytes);
  const auto version = reader.u8();
  LoginParameters parameters;
  parameters.passes = reader.u32_le().value_or(0);
  parameters.memory_kib = reader.u32_le().value_or(0);
  if (const auto salt = reader.take(kLoginSaltSize))
    std::ranges::copy(*salt, parameters.salt.begin());
  const bool is_ours = version == kVersion && parameters.passes >= kLoginPasses &&
                       parameters.passes <= kLoginPassesMax &&
                       parameters.memory_kib >= kLoginMemoryKib &&
                       parameters.memory_kib <= kLoginMemoryKibMax;
  if (!is_ours) return base::fail(base::ErrorCode::unsupported, "login parameters");
  return parameters;
}

}  // namespace sealift::parcel
