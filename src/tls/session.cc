#include "tls/session.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <cstring>

namespace sealift::tls {

struct Session::State {
  struct Free {
    void operator()(SSL* session) const { SSL_free(session); }
  };
  std::unique_ptr<SSL, Free> ssl;
  base::ByteView input;  // borrowed, or a view of `parked`
  base::Bytes parked;
  Output* sink = nullptr;  // during a call
};

namespace {

// The BIO between OpenSSL and our buffers: reads from State::input, writes to State::sink.
template <typename State>
int read_input(BIO* bio, char* into, std::size_t size, std::size_t* taken) {
  auto* state = static_cast<State*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *taken = std::min(size, state->input.size());
  if (*taken == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(into, state->input.data(), *taken);
  state->input = state->input.subspan(*taken);
  return 1;
}

template <typename State>
int write_output(BIO* bio, const char* from, std::size_t size, std::size_t* taken) {
  auto* state = static_cast<State*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *taken = state->sink ? state->sink->append(base::bytes_of({from, size})) : 0;
  if (*taken == 0) {
    BIO_set_retry_write(bio);
    return 0;
  }
  return 1;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// Made once, at first use, and kept: OpenSSL wants a method to outlive every BIO.
template <typename State>
const BIO_METHOD* buffers_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "buffers");
    if (!made) return made;
    BIO_meth_set_read_ex(made, read_input<State>);
    BIO_meth_set_write_ex(made, write_output<State>);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

base::Result<Session> Session::make(const Context& context) {
  ERR_clear_error();
  auto state = std::make_unique<State>();
  state->ssl.reset(SSL_new(context.get()));
  const BIO_METHOD* method = buffers_method<State>();
  BIO* bio = method ? BIO_new(method) : nullptr;
  if (!state->ssl || !bio) {
    BIO_free(bio);
    return base::fail(base::ErrorCode::internal, "tls session");
  }
  BIO_set_data(bio, state.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(state->ssl.get(), bio, bio);
  return Session(std::move(state));
}

base::Result<Session> Session::accept(const Context& context) {
  SEALIFT_TRY(Session session, make(context));
  SSL_set_accept_state(session.state_->ssl.get());
  return session;
}

base::Result<Session> Session::connect(const Context& context, const std::string& server_name) {
  SEALIFT_TRY(Session session, make(context));
  SSL* ssl = session.state_->ssl.get();
  SSL_set_connect_state(ssl);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(wanted, server_name.c_str()) == 1;
  const bool good =
      is_address || (X509_VERIFY_PARAM_set1_host(wanted, server_name.c_str(), 0) == 1 &&
                     SSL_set_tlsext_host_name(ssl, server_name.c_str()) == 1);
  ERR_clear_error();
  if (!good) return base::fail(base::ErrorCode::malformed, "server name");
  return session;
}

void Session::feed(base::ByteView ciphertext) {
  SEALIFT_CHECK(state_->input.empty());
  state_->input = ciphertext;
}

bool Session::has_unread() const { return !state_->input.empty(); }

std::size_t Session::unread_size() const { return state_->input.size(); }

void Session::park() {
  base::Bytes rest = base::copy_of(state_->input);  // it may be a view of `parked`
  rest.shrink_to_fit();
  state_->parked = std::move(rest);
  state_->input = state_->parked;
}

Session::Status Session::status_of(int returned) const {
  switch (SSL_get_error(state_->ssl.get(), returned)) {
    case SSL_ERROR_NONE:
      return Status::done;
    case SSL_ERROR_WANT_READ:
      return Status::want_input;
    case SSL_ERROR_WANT_WRITE:
      return Status::want_room;
    case SSL_ERROR_ZERO_RETURN:
      return Status::closed;
    default:
      return Status::failed;
  }
}

// Every call clears the thread's error queue first: an error that another session left there would
// be taken for this one's.
Session::CertificateProblem Session::certificate_problem() const {
  switch (SSL_get_verify_result(state_->ssl.get())) {
    case X509_V_OK:
      return CertificateProblem::none;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return CertificateProblem::other_name;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return CertificateProblem::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return CertificateProblem::not_yet_valid;
    case kNotPinned:
      return CertificateProblem::not_pinned;
    default:
      return CertificateProblem::unknown_authority;
  }
}

std::optional<CertificateFingerprint> Session::shown_certificate() const {
  // The chain is there before it is judged; its first is the peer's own.
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(state_->ssl.get());
  if (chain == nullptr || sk_X509_num(chain) == 0) return std::nullopt;
  return fingerprint_of(sk_X509_value(chain, 0));
}

Session::Status Session::handshake(Output& output) {
  state_->sink = &output;
  ERR_clear_error();
  const Status status = status_of(SSL_do_handshake(state_->ssl.get()));
  state_->sink = nullptr;
  return status;
}

Session::Moved Session::read(base::MutableByteView into, Output& output) {
  state_->sink = &output;
  Moved moved{Status::want_input, 0};
  while (moved.size < into.size()) {
    std::size_t size = 0;
    ERR_clear_error();
    const int returned =
        SSL_read_ex(state_->ssl.get(), into.data() + moved.size, into.size() - moved.size, &size);
    if (returned != 1) {
      moved.status = status_of(returned);
      break;
    }
    moved.size += size;
  }
  state_->sink = nullptr;
  // What was read counts first; the other status comes again with the next call.
  if (moved.size > 0) moved.status = Status::done;
  return moved;
}

Session::Moved Session::write(base::ByteView plain, Output& output) {
  const std::size_t records = output.room() / (kRecordSize + kRecordOverhead);
  if (records == 0 || plain.empty()) return {Status::want_room, 0};
  const std::size_t wanted = std::min(plain.size(), records * kRecordSize);
  state_->sink = &output;
  Moved moved;
  ERR_clear_error();
  // All of it fits, so OpenSSL never comes back half-way.
  const int returned = SSL_write_ex(state_->ssl.get(), plain.data(), wanted, &moved.size);
  moved.status = status_of(returned);
  state_->sink = nullptr;
  return moved;
}

void Session::close(Output& output) {
  state_->sink = &output;
  ERR_clear_error();
  if (SSL_is_init_finished(state_->ssl.get()) == 1) SSL_shutdown(state_->ssl.get());
  ERR_clear_error();
  state_->sink = nullptr;
}

}  // namespace sealift::tls
