/* Included before libsodium's vector code (libsodium.cmake). clang 14 folds a load that is spread
 * over a vector into one instruction (v128.load64_splat) and then lets a later store to the same
 * place move in front of it: libsodium's ChaCha20 read its block counter after it was advanced. The
 * values are held in registers here, so that there is no such load.
 * web/src/crypto/core_differential_test.ts compares the result with another implementation at every
 * size at which the code takes another way. */
#ifndef SEALIFT_LIBSODIUM_INTRINSICS_H
#define SEALIFT_LIBSODIUM_INTRINSICS_H

#include <emmintrin.h>
#include <stdint.h>
#include <wasm_simd128.h>

static inline __m128i sealift_set1_epi64x(int64_t value) {
  __asm__("" : "+r"(value));
  return (__m128i)wasm_i64x2_splat(value);
}

static inline __m128i sealift_set1_epi32(int32_t value) {
  __asm__("" : "+r"(value));
  return (__m128i)wasm_i32x4_splat(value);
}

#define _mm_set1_epi64x(value) sealift_set1_epi64x(value)
#define _mm_set1_epi32(value) sealift_set1_epi32(value)

#endif
