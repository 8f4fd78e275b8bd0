/* What libsodium asks of a machine, answered for WebAssembly: which vector instructions there are,
 * and where randomness comes from. Compiled in the place of libsodium's own runtime.c and of
 * randombytes_sysrandom.c; nothing here computes anything. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "randombytes_sysrandom.h"
#include "runtime.h"

/* -msimd128 gives SSSE3's operations (the emscripten headers), and nothing wider. */
int _sodium_runtime_get_cpu_features(void) { return 0; }
int sodium_runtime_has_neon(void) { return 0; }
int sodium_runtime_has_sse2(void) { return 1; }
int sodium_runtime_has_sse3(void) { return 1; }
int sodium_runtime_has_ssse3(void) { return 1; }
int sodium_runtime_has_sse41(void) { return 0; }
int sodium_runtime_has_avx(void) { return 0; }
int sodium_runtime_has_avx2(void) { return 0; }
int sodium_runtime_has_avx512f(void) { return 0; }
int sodium_runtime_has_pclmul(void) { return 0; }
int sodium_runtime_has_aesni(void) { return 0; }
int sodium_runtime_has_rdrand(void) { return 0; }

static const char* name(void) { return "getentropy"; }

static void fill(void* const buffer, const size_t size) {
  unsigned char* out = buffer;
  for (size_t done = 0; done < size; done += 256) {
    const size_t piece = size - done < 256 ? size - done : 256;
    if (getentropy(out + done, piece) != 0) abort();
  }
}

static uint32_t one(void) {
  uint32_t value;
  fill(&value, sizeof value);
  return value;
}

struct randombytes_implementation randombytes_sysrandom_implementation = {
    .implementation_name = name,
    .random = one,
    .stir = NULL,
    .uniform = NULL,
    .buf = fill,
    .close = NULL};
