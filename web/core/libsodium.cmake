# sealift_sodium: libsodium for WebAssembly, from Debian's source (libsodium_source.sh), with its SSSE3
# code translated to WebAssembly's vectors by emscripten's headers. docs/decisions/0091-web-core.md.
set(sodium ${SEALIFT_SODIUM_SOURCE}/src/libsodium)
if(NOT EXISTS ${sodium}/sodium/core.c)
  message(FATAL_ERROR "SEALIFT_SODIUM_SOURCE: run web/core/libsodium_source.sh first")
endif()

# What the core uses, and what that needs. Each file guards its own instructions: those for wider
# vectors compile to nothing.
set(sodium_sources
  crypto_aead/chacha20poly1305/sodium/aead_chacha20poly1305.c
  crypto_auth/hmacsha256/auth_hmacsha256.c
  crypto_core/ed25519/core_ed25519.c
  crypto_core/ed25519/core_ristretto255.c
  crypto_core/ed25519/ref10/ed25519_ref10.c
  crypto_core/hchacha20/core_hchacha20.c
  crypto_core/salsa/ref/core_salsa_ref.c
  crypto_generichash/blake2b/ref/blake2b-compress-ref.c
  crypto_generichash/blake2b/ref/blake2b-compress-ssse3.c
  crypto_generichash/blake2b/ref/blake2b-ref.c
  crypto_generichash/blake2b/ref/generichash_blake2b.c
  crypto_generichash/blake2b/generichash_blake2.c
  crypto_hash/sha256/cp/hash_sha256_cp.c
  crypto_hash/sha256/hash_sha256.c
  crypto_hash/sha512/cp/hash_sha512_cp.c
  crypto_hash/sha512/hash_sha512.c
  crypto_onetimeauth/poly1305/donna/poly1305_donna.c
  crypto_onetimeauth/poly1305/onetimeauth_poly1305.c
  crypto_onetimeauth/poly1305/sse2/poly1305_sse2.c
  crypto_pwhash/argon2/argon2-core.c
  crypto_pwhash/argon2/argon2-encoding.c
  crypto_pwhash/argon2/argon2-fill-block-ref.c
  crypto_pwhash/argon2/argon2-fill-block-ssse3.c
  crypto_pwhash/argon2/argon2.c
  crypto_pwhash/argon2/blake2b-long.c
  crypto_pwhash/argon2/pwhash_argon2id.c
  crypto_pwhash/scryptsalsa208sha256/crypto_scrypt-common.c
  crypto_pwhash/scryptsalsa208sha256/nosse/pwhash_scryptsalsa208sha256_nosse.c
  crypto_pwhash/scryptsalsa208sha256/pbkdf2-sha256.c
  crypto_pwhash/scryptsalsa208sha256/pwhash_scryptsalsa208sha256.c
  crypto_pwhash/scryptsalsa208sha256/scrypt_platform.c
  crypto_pwhash/scryptsalsa208sha256/sse/pwhash_scryptsalsa208sha256_sse.c
  crypto_scalarmult/curve25519/ref10/x25519_ref10.c
  crypto_scalarmult/curve25519/scalarmult_curve25519.c
  crypto_scalarmult/ristretto255/ref10/scalarmult_ristretto255_ref10.c
  crypto_sign/crypto_sign.c
  crypto_sign/ed25519/ref10/keypair.c
  crypto_sign/ed25519/ref10/open.c
  crypto_sign/ed25519/ref10/sign.c
  crypto_sign/ed25519/sign_ed25519.c
  crypto_stream/chacha20/dolbeau/chacha20_dolbeau-ssse3.c
  crypto_stream/chacha20/ref/chacha20_ref.c
  crypto_stream/chacha20/stream_chacha20.c
  crypto_stream/salsa20/ref/salsa20_ref.c
  crypto_stream/salsa20/stream_salsa20.c
  crypto_stream/salsa20/xmm6int/salsa20_xmm6int-sse2.c
  crypto_verify/sodium/verify.c
  randombytes/randombytes.c
  sodium/codecs.c
  sodium/core.c
  sodium/utils.c)
list(TRANSFORM sodium_sources PREPEND ${sodium}/)

# What ./configure would write into version.h.
set(VERSION 1.0.18)
set(SODIUM_LIBRARY_VERSION_MAJOR 10)
set(SODIUM_LIBRARY_VERSION_MINOR 3)
set(SODIUM_LIBRARY_MINIMAL_DEF "")
configure_file(${sodium}/include/sodium/version.h.in ${CMAKE_BINARY_DIR}/sodium/include/sodium/version.h @ONLY)

add_library(sealift_sodium STATIC ${sodium_sources} ${CMAKE_CURRENT_SOURCE_DIR}/libsodium_platform.c)
target_include_directories(sealift_sodium
  PUBLIC ${sodium}/include ${sodium}/include/sodium ${CMAKE_BINARY_DIR}/sodium/include
  PRIVATE ${CMAKE_BINARY_DIR}/sodium/include/sodium)
# What ./configure would find. Its way to randomness through emscripten's JavaScript is left out:
# libsodium_platform.c has another.
target_compile_definitions(sealift_sodium
  PUBLIC SODIUM_STATIC=1
  PRIVATE CONFIGURED=1 NATIVE_LITTLE_ENDIAN=1 HAVE_WEAK_SYMBOLS=1 HAVE_TI_MODE=1 HAVE_EMMINTRIN_H=1 HAVE_TMMINTRIN_H=1)
target_compile_options(sealift_sodium PRIVATE -w -U__EMSCRIPTEN__)

# Vectors only where somebody wrote them: what clang 14 makes of loops by itself is not needed, and
# libsodium_intrinsics.h says what it makes of loads.
set(vector_sources ${sodium_sources})
list(FILTER vector_sources INCLUDE REGEX "(ssse3|sse2|-sse|_sse)\\.c$")
set_source_files_properties(${vector_sources} PROPERTIES COMPILE_OPTIONS
  "-msimd128;-mssse3;-fno-vectorize;-fno-slp-vectorize;-include;${CMAKE_CURRENT_SOURCE_DIR}/libsodium_intrinsics.h")
