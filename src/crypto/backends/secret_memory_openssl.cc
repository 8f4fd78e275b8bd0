// Secrets in OpenSSL's secure heap, and what does not fit there in pages of its own.
#include "crypto/backends/secret_memory.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crypto/secret_bytes.h"

namespace sealift::crypto {
namespace {

// 256 KiB holds thousands of keys and stays far below the usual RLIMIT_MEMLOCK of 8 MiB.
constexpr std::size_t kHeapSize = std::size_t{256} << 10;
constexpr int kHeapBlockMin = 32;

// The heap is the process's, as malloc's is; OpenSSL keeps its own private keys there too.
SecretMemory initialize_heap() {
  return CRYPTO_secure_malloc_init(kHeapSize, kHeapBlockMin) == 1 ? SecretMemory::locked
                                                                  : SecretMemory::not_locked;
}

std::size_t whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

std::byte* map_pages(std::size_t size) {
  void* pages = ::mmap(nullptr, whole_pages(size), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SEALIFT_CHECK(pages != MAP_FAILED);
  // Both are protection in depth: a system that refuses them still gets a working program.
  static_cast<void>(::mlock(pages, whole_pages(size)));
  static_cast<void>(::madvise(pages, whole_pages(size), MADV_DONTDUMP));
  return static_cast<std::byte*>(pages);
}

}  // namespace

SecretMemory secret_memory() {
  static const SecretMemory memory = initialize_heap();
  return memory;
}

void wipe(base::MutableByteView bytes) {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

bool equal(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::byte* internal::allocate_secret(std::size_t size) {
  if (secret_memory(); CRYPTO_secure_malloc_initialized() != 0) {
    if (void* block = CRYPTO_secure_zalloc(size, __FILE__, __LINE__); block != nullptr)
      return static_cast<std::byte*>(block);
  }
  return map_pages(size);
}

void internal::release_secret(std::byte* data, std::size_t size) {
  if (CRYPTO_secure_allocated(data) != 0) {
    CRYPTO_secure_clear_free(data, size, __FILE__, __LINE__);
  } else {
    wipe({data, size});
    ::munmap(data, whole_pages(size));
  }
}

}  // namespace sealift::crypto
