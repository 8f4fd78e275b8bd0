#include "cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "cli/phrase.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::fail;
using crypto::SecretBuffer;

constexpr char kInterrupt = 0x03, kEndOfInput = 0x04, kBackspace = 0x08, kKillLine = 0x15,
               kDelete = 0x7f;

// Keys come one by one and unseen while this lives.
class QuietTerminal {
 public:
  static base::Result<QuietTerminal> open(std::string_view no_terminal) {
    QuietTerminal terminal;
    terminal.fd_ = base::FileDescriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.fd_.is_open()) return fail(ErrorCode::io, std::string(no_terminal));
    if (::tcgetattr(terminal.fd_.get(), &terminal.before_) != 0)
      return tl::unexpected(base::error_of_errno(errno, "terminal"));
    termios quiet = terminal.before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    if (::tcsetattr(terminal.fd_.get(), TCSAFLUSH, &quiet) != 0)
      return tl::unexpected(base::error_of_errno(errno, "terminal"));
    return terminal;
  }
  QuietTerminal(QuietTerminal&&) = default;
  QuietTerminal& operator=(QuietTerminal&&) = delete;
  ~QuietTerminal() { restore(); }

  void show(std::string_view text) const {
    // Nothing better can be done about a terminal that takes no text.
    static_cast<void>(base::write_full(fd_.get(), base::bytes_of(text)));
  }

  // nullopt when the terminal is gone.
  std::optional<char> key() {
    for (;;) {
      char c = 0;
      const ssize_t count = ::read(fd_.get(), &c, 1);
      if (count == 1) return c;
      if (count == 0 || errno != EINTR) return std::nullopt;
    }
  }

  void restore() {
    if (!fd_.is_open()) return;
    show("\n");
    ::tcsetattr(fd_.get(), TCSAFLUSH, &before_);
    fd_.reset();
  }

 private:
  QuietTerminal() = default;
  base::FileDescriptor fd_;
  termios before_{};
};

// The line as it grows; a whole UTF-8 character goes at a backspace.
class Line {
 public:
  bool add(char c) {
    if (size_ == bytes_.size()) return false;
    bytes_.mutable_view()[size_++] = static_cast<std::byte>(c);
    return true;
  }
  void remove_last() {
    while (size_ > 0) {
      const auto byte = std::to_integer<unsigned>(bytes_.view()[--size_]);
      if ((byte & 0xc0u) != 0x80u) return;
    }
  }
  void clear() { size_ = 0; }
  bool empty() const { return size_ == 0; }
  SecretBuffer take() && {
    bytes_.truncate(size_);
    return std::move(bytes_);
  }

 private:
  SecretBuffer bytes_{limits::kPassphraseSizeMax};
  std::size_t size_ = 0;
};

static_assert(limits::kPassphraseSizeMax == 1024);  // as the errors say

// What is said when there is nothing to take.
struct Errors {
  std::string_view no_terminal, none, too_long;
};
constexpr Errors kOfPassphrase{"there is no terminal on which to ask for a passphrase",
                               "no passphrase was given",
                               "the passphrase is longer than 1024 bytes"};
constexpr Errors kOfReopenKey{"there is no terminal on which to ask for the reopen key",
                              "no reopen key was given",
                              "the reopen key is longer than 1024 bytes"};

base::Result<SecretBuffer> read_unseen(const std::string& prompt, const Errors& errors) {
  SEALIFT_TRY(QuietTerminal terminal, QuietTerminal::open(errors.no_terminal));
  terminal.show(prompt);
  Line line;
  for (;;) {
    const auto key = terminal.key();
    if (!key || (*key == kEndOfInput && line.empty()))
      return fail(ErrorCode::io, std::string(errors.none));
    if (*key == '\n' || *key == '\r') return std::move(line).take();
    if (*key == kInterrupt) {
      terminal.restore();
      std::raise(SIGINT);
    } else if (*key == kBackspace || *key == kDelete) {
      line.remove_last();
    } else if (*key == kKillLine) {
      line.clear();
    } else if (!line.add(*key)) {
      return fail(ErrorCode::limit, std::string(errors.too_long));
    }
  }
}

constexpr Errors kOfPassword{
    "there is no terminal on which to ask for the password or passphrase, and neither "
    "SEALIFT_PASSWORD_FD nor SEALIFT_PASSWORD is set",
    "nothing was typed", "what was typed is longer than 1024 bytes"};

}  // namespace

base::Result<SecretBuffer> read_password(const std::string& prompt) {
  return read_unseen(prompt, kOfPassword);
}

base::Result<SecretBuffer> read_passphrase(const std::string& prompt) {
  return read_unseen(prompt, kOfPassphrase);
}

base::Result<SecretBuffer> read_reopen_key(const std::string& prompt) {
  return read_unseen(prompt, kOfReopenKey);
}

SecretBuffer generate_passphrase(crypto::Random& random) {
  // Crockford's base 32: no i, l, o, u.
  constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
  constexpr std::size_t kGroups = 4;
  constexpr std::size_t kGroupSize = 5;
  const auto bytes = random.secret<kGroups * kGroupSize>();
  SecretBuffer out(kGroups * (kGroupSize + 1) - 1);
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.kSize; ++i) {
    if (i > 0 && i % kGroupSize == 0) out.mutable_view()[at++] = std::byte{'-'};
    const auto index = std::to_integer<std::size_t>(bytes.view()[i]) % kLetters.size();
    out.mutable_view()[at++] = static_cast<std::byte>(kLetters[index]);
  }
  return out;
}

base::Result<SecretBuffer> choose_passphrase(crypto::Random& random, base::Language language) {
  SEALIFT_TRY(SecretBuffer first,
              read_passphrase(phrase(language, "Passphrase (leave empty to generate one): ")));
  if (first.empty()) {
    SecretBuffer made = generate_passphrase(random);
    tell(phrase(language, "Passphrase: ") + std::string(base::text_of(made.view())));
    return made;
  }
  SEALIFT_TRY(const SecretBuffer second,
              read_passphrase(phrase(language, "Repeat the passphrase: ")));
  if (!crypto::equal(first.view(), second.view()))
    return fail(ErrorCode::usage, "the two passphrases differ");
  return first;
}

bool has_terminal() {
  const base::FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  return terminal.is_open() && ::tcgetpgrp(terminal.get()) == ::getpgrp();
}

base::Result<std::string> ask_line(const std::string& prompt) {
  const base::FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.is_open()) return fail(ErrorCode::io, "there is no terminal on which to ask");
  SEALIFT_TRY_VOID(base::write_full(terminal.get(), base::bytes_of(prompt)));
  std::string line;
  for (char c = 0; c != '\n' && line.size() < 100;) {
    if (::read(terminal.get(), &c, 1) != 1) return fail(ErrorCode::io, "the terminal was closed");
    if (c != '\n') line.push_back(c);
  }
  return line;
}

base::Result<bool> confirm(const std::string& prompt) {
  SEALIFT_TRY(const std::string line, ask_line(prompt));
  constexpr std::string_view kAgreeing[] = {"y", "yes", "o", "oui"};
  std::string typed;
  for (const char c : line)
    if (c != ' ' && c != '\t' && c != '\r')
      typed.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return std::ranges::find(kAgreeing, typed) != std::end(kAgreeing);
}

void tell(const std::string& line) {
  const base::FileDescriptor terminal(::open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY));
  const int fd = terminal.is_open() ? terminal.get() : STDERR_FILENO;
  static_cast<void>(base::write_full(fd, base::bytes_of(line + "\n")));
}

}  // namespace sealift::cli
