// The machine's limit for sealing: reads a file with pread, 1 MiB at a time, and runs OpenSSL's
// ChaCha20-Poly1305 over 64 KiB pieces of it on several threads. No format, no order, no output.
//
//   age_limit seal|open THREADS FILE
//
// Opening decrypts without looking at the result of the tag's check. Buffers are in huge pages and
// touched before the work begins, as any long-running program's would be.
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kPieceSize = std::size_t{64} << 10;
constexpr std::size_t kBlockSize = std::size_t{1} << 20;
constexpr std::size_t kHugePageSize = std::size_t{2} << 20;

unsigned char* make_buffer() {
  void* memory = std::aligned_alloc(kHugePageSize, kHugePageSize);
  if (memory == nullptr) std::abort();
  ::madvise(memory, kHugePageSize, MADV_HUGEPAGE);
  std::memset(memory, 1, kHugePageSize);
  return static_cast<unsigned char*>(memory);
}

void run_cipher(EVP_CIPHER_CTX* context, unsigned char* piece, int size, int seal) {
  static constexpr unsigned char kNonce[12] = {};
  unsigned char tag[16] = {};
  int moved = 0;
  EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, kNonce, seal);
  if (seal == 0) EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag);
  EVP_CipherUpdate(context, piece, &moved, piece, size);
  EVP_CipherFinal_ex(context, tag, &moved);
  if (seal == 1) EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag);
}

void work(int fd, std::atomic<off_t>& next, const EVP_CIPHER* cipher, int seal) {
  static constexpr unsigned char kKey[32] = {};
  unsigned char* buffer = make_buffer();
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_CipherInit_ex(context, cipher, nullptr, kKey, nullptr, seal);
  while (true) {
    const ssize_t got = ::pread(fd, buffer, kBlockSize, next.fetch_add(kBlockSize));
    if (got <= 0) break;
    for (ssize_t at = 0; at < got; at += kPieceSize) {
      const ssize_t left = got - at;
      const auto piece = static_cast<ssize_t>(kPieceSize);
      run_cipher(context, buffer + at, static_cast<int>(left < piece ? left : piece), seal);
    }
  }
  EVP_CIPHER_CTX_free(context);
  std::free(buffer);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: age_limit seal|open THREADS FILE\n", stderr);
    return 2;
  }
  const int seal = std::string_view(argv[1]) == "seal" ? 1 : 0;
  const long threads = std::strtol(argv[2], nullptr, 10);
  const int fd = ::open(argv[3], O_RDONLY | O_CLOEXEC);
  if (fd < 0 || threads < 1) return 1;
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  std::atomic<off_t> next{0};
  std::vector<std::thread> others;
  for (long i = 1; i < threads; ++i) others.emplace_back([&] { work(fd, next, cipher, seal); });
  work(fd, next, cipher, seal);
  for (std::thread& other : others) other.join();
  EVP_CIPHER_free(cipher);
  return 0;
}
