#include "client/account/unlocking.h"

#include <algorithm>
#include <array>
#include <string>

#include "age/format/bech32.h"
#include "base/limits.h"
#include "crypto/hkdf.h"
#include "crypto/password_hash.h"
#include "crypto/sha256.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kSalt = "sealift/v1/login-salt\n";

// The labels of what a key is for.
struct Labels {
  std::string_view authentication;
  std::string_view slot;
};
constexpr Labels kPassword = {"sealift/v1/password/authentication-key\n",
                              "sealift/v1/password/slot-identity\n"};
constexpr Labels kPaper = {"sealift/v1/paper-key/authentication-key\n",
                           "sealift/v1/paper-key/slot-identity\n"};
constexpr std::string_view kEndorsing = "sealift/v1/paper-key/endorsing-key\n";

crypto::SecretBytes<32> derive(base::ByteView from, std::string_view label,
                               const parcel::Address& address) {
  const std::string info = std::string(label) + address.text();
  return crypto::hkdf_sha256<32>({.key = from, .salt = {}, .info = base::bytes_of(info)});
}

Result<Unlocking> split(base::ByteView from, const Labels& labels, const parcel::Address& address) {
  const crypto::SecretBytes<32> scalar = derive(from, labels.slot, address);
  std::string text = age::bech32_encode("AGE-SECRET-KEY-", scalar.view());
  auto identity = age::Identity::parse(text);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  if (!identity) return tl::unexpected(std::move(identity).error());
  return Unlocking{derive(from, labels.authentication, address), *std::move(identity)};
}

}  // namespace

Result<Unlocking> unlock_with_password(base::ByteView password,
                                       const parcel::LoginParameters& parameters,
                                       const parcel::Address& address) {
  if (password.empty()) return base::fail(ErrorCode::usage, "the password is empty");
  if (password.size() > limits::kPassphraseSizeMax)
    return base::fail(ErrorCode::limit, "the password is longer than " +
                                            std::to_string(limits::kPassphraseSizeMax) + " bytes");
  base::Bytes salted;
  base::append(salted, base::bytes_of(kSalt));
  base::append(salted, parameters.salt);
  base::append(salted, base::bytes_of(address.text()));
  const crypto::Sha256Digest salt = crypto::sha256(salted);
  SEALIFT_TRY(const crypto::SecretBytes<32> stretched,
              crypto::argon2id(password, std::span(salt).first<crypto::kArgon2SaltSize>(),
                               {.passes = parameters.passes,
                                .memory_bytes = std::size_t{parameters.memory_kib} * 1024}));
  return split(stretched.view(), kPassword, address);
}

Result<Unlocking> unlock_with_paper_key(const PaperKey& key, const parcel::Address& address) {
  return split(key.bytes().view(), kPaper, address);
}

crypto::Ed25519Secret endorsing_key(const PaperKey& key, const parcel::Address& address) {
  return crypto::Ed25519Secret::from_seed(derive(key.bytes().view(), kEndorsing, address).view());
}

}  // namespace sealift::client
