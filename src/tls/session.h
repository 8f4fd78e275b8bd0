// Session: one end of a TLS connection, without a socket.
//
// Ciphertext goes in by feed() and comes out into an Output; the owner moves both over whatever it
// has. Input is read where it lies, so that one large receive serves many records; what a turn
// leaves unread is kept by park(). Not thread-safe. A session that failed or closed stays so.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "tls/context.h"
#include "tls/output.h"

namespace sealift::tls {

// What write() needs in an Output to make progress at all: a whole record.
inline constexpr std::size_t kRecordSize = std::size_t{16} << 10;
inline constexpr std::size_t kRecordOverhead = 64;  // header, nonce and tag of any suite in use

class Session {
 public:
  static base::Result<Session> accept(const Context& context);
  // `server_name`: the name or address that the server's certificate has to be for.
  static base::Result<Session> connect(const Context& context, const std::string& server_name);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  // Ciphertext that arrived; borrowed until it is used up or park() is called. Only when
  // has_unread() is false.
  void feed(base::ByteView ciphertext);
  bool has_unread() const;
  std::size_t unread_size() const;  // bytes
  // Copies what is unread, so that the memory given to feed() may be reused.
  void park();

  enum class Status {
    done,        // `size` bytes moved, at least one; a handshake or closing is complete
    want_input,  // feed() more
    want_room,   // the Output is full: send it first
    closed,      // the peer closed in order
    failed,      // protocol error or a certificate that does not fit; the Output may hold an alert
  };
  struct Moved {
    Status status = Status::failed;
    std::size_t size = 0;
  };

  // Why a handshake failed, as far as the peer's certificate is why.
  enum class CertificateProblem {
    none,
    unknown_authority,
    other_name,
    expired,
    not_yet_valid,
    not_pinned,
  };
  CertificateProblem certificate_problem() const;
  // Of the certificate that the peer showed, trusted or not; nullopt: it showed none.
  std::optional<CertificateFingerprint> shown_certificate() const;

  Status handshake(Output& output);
  // Fills `into` as far as whole records allow. done with size > 0, or another status with 0.
  Moved read(base::MutableByteView into, Output& output);
  // Takes as many whole records of `plain` as the Output has room for.
  Moved write(base::ByteView plain, Output& output);
  // Queues the closing alert; the peer's own is not waited for.
  void close(Output& output);

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  static base::Result<Session> make(const Context& context);
  Status status_of(int returned) const;

  std::unique_ptr<State> state_;
};

}  // namespace sealift::tls
