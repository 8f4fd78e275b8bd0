#include "cli/password.h"

#include <charconv>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "cli/phrase.h"
#include "cli/terminal.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using crypto::SecretBuffer;

Result<SecretBuffer> read_line(int fd) {
  SecretBuffer line(limits::kPassphraseSizeMax + 1);
  std::size_t size = 0;
  while (size < line.size()) {
    SEALIFT_TRY(const std::size_t read, base::read_full(fd, line.mutable_view().subspan(size, 1)));
    if (read == 0 || line.view()[size] == std::byte{'\n'}) {
      line.truncate(size);
      return line;
    }
    ++size;
  }
  return base::fail(ErrorCode::limit, "the password is longer than " +
                                          std::to_string(limits::kPassphraseSizeMax) + " bytes");
}

bool has_source(const Environment& environment) {
  return !environment.password_fd.empty() || !environment.password.empty();
}

Result<SecretBuffer> read_source(const Environment& environment) {
  if (environment.password_fd.empty())
    return SecretBuffer::copy_of(base::bytes_of(environment.password));
  int fd = -1;
  const std::string& text = environment.password_fd;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), fd);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || fd < 0)
    return base::fail(ErrorCode::usage, "SEALIFT_PASSWORD_FD is not a descriptor");
  return read_line(fd);
}

Result<SecretBuffer> judged(SecretBuffer password) {
  if (password.size() < kPasswordSizeMin)
    return base::fail(ErrorCode::usage, "the password needs at least " +
                                            std::to_string(kPasswordSizeMin) + " characters");
  return password;
}

}  // namespace

bool has_terminal(const Environment& environment) { return !has_source(environment); }

Result<SecretBuffer> ask_password(const Environment& environment, const std::string& prompt) {
  return has_source(environment)
             ? read_source(environment)
             : read_password(std::string(looked_up(environment.language, prompt)));
}

Result<SecretBuffer> choose_password(const Environment& environment) {
  if (has_source(environment)) {
    SEALIFT_TRY(SecretBuffer password, read_source(environment));
    return judged(std::move(password));
  }
  SEALIFT_TRY(SecretBuffer first,
              read_password(phrase(environment.language, "Choose a password: ")));
  SEALIFT_TRY(const SecretBuffer second, read_password(phrase(environment.language, "Again: ")));
  if (!crypto::equal(first.view(), second.view()))
    return base::fail(ErrorCode::usage, "the two passwords differ");
  return judged(std::move(first));
}

}  // namespace sealift::cli
