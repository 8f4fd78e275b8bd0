// ML-KEM-768 by PQClean's "clean" C source, which the build compiles beside this file.
#include "base/check.h"
#include "crypto/mlkem768.h"
#include "crypto/random.h"

// From PQClean's kem.h and randombytes.h, which have no extern "C" of their own.
extern "C" {
int PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(unsigned char* pk, unsigned char* sk,
                                                     const unsigned char* coins);
int PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(unsigned char* ct, unsigned char* ss,
                                                 const unsigned char* pk,
                                                 const unsigned char* coins);
int PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(unsigned char* ss, const unsigned char* ct,
                                          const unsigned char* sk);

// Linked because kem.c names it. The calls below bring their own randomness and never reach it.
int PQCLEAN_randombytes(unsigned char* output, std::size_t size) {
  sealift::crypto::SystemRandom().fill(
      std::as_writable_bytes(std::span<unsigned char>(output, size)));
  return 0;
}
}

namespace sealift::crypto {

using base::unsigned_data;

namespace {

constexpr std::size_t kExpandedSize = 2400;

struct KeyPair {
  MlKem768Public public_key;
  SecretBytes<kExpandedSize> secret;
};

KeyPair expand(const MlKem768Seed& seed) {
  KeyPair pair;
  SEALIFT_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(
                    unsigned_data(pair.public_key), unsigned_data(pair.secret.mutable_view()),
                    unsigned_data(seed.view())) == 0);
  return pair;
}

}  // namespace

bool mlkem768_available() { return true; }

MlKem768Public mlkem768_public(const MlKem768Seed& seed) { return expand(seed).public_key; }

std::optional<MlKem768Encapsulated> mlkem768_encapsulate(
    std::span<const std::byte, kMlKem768PublicSize> key, const SecretBytes<32>& randomness) {
  if (!mlkem768_is_public(key)) return std::nullopt;
  MlKem768Encapsulated result;
  SEALIFT_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(
                    unsigned_data(result.ciphertext), unsigned_data(result.shared.mutable_view()),
                    unsigned_data(key), unsigned_data(randomness.view())) == 0);
  return result;
}

MlKem768Shared mlkem768_decapsulate(
    const MlKem768Seed& seed, std::span<const std::byte, kMlKem768CiphertextSize> ciphertext) {
  const KeyPair pair = expand(seed);
  MlKem768Shared shared;
  SEALIFT_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(unsigned_data(shared.mutable_view()),
                                                      unsigned_data(ciphertext),
                                                      unsigned_data(pair.secret.view())) == 0);
  return shared;
}

}  // namespace sealift::crypto
