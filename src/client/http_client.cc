#include "client/http_client.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/refusal.h"
#include "client/internal/connection.h"
#include "client/internal/request_text.h"
#include "http/chunked.h"
#include "http/response_head.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using http::FieldName;

constexpr std::size_t kReadSize = std::size_t{64} << 10;
// A server that sends interim answers without end is one that never answers.
constexpr int kInterimMax = 4;
// Who asks for the keys of a thousand recipients is asked to go slowly: a second or two is waited
// for without a word, so often for one request. A guesser's pauses soon are longer.
constexpr std::uint64_t kWaitSecondsMax = 2;
constexpr unsigned kWaitsMax = 5;
constexpr unsigned kSilencesMax = 2;

tl::unexpected<base::Error> answer_too_large(std::size_t size_bytes_max) {
  return base::fail(ErrorCode::limit, "the server's answer has more than " +
                                          std::to_string(size_bytes_max) + " bytes");
}

bool may_have_body(http::Method method) {
  return method == http::Method::post || method == http::Method::put ||
         method == http::Method::patch;
}

std::optional<std::uint64_t> number_of(const http::Fields& fields, FieldName name,
                                       std::uint64_t max) {
  const auto value = fields.get(name);
  return value ? http::parse_decimal(*value, max) : std::nullopt;
}

std::string text_of(const http::Fields& fields, FieldName name) {
  return std::string(fields.get(name).value_or(""));
}

ReplyHead head_of(const http::ReadResponse& read) {
  ReplyHead head{.status = read.status, .body_size_bytes = 0};
  if (read.framing == http::BodyFraming::sized) head.body_size_bytes = read.body_size_bytes;
  if (read.framing == http::BodyFraming::chunked) head.body_size_bytes = std::nullopt;
  head.content_type = text_of(read.fields, FieldName::content_type);
  head.location = text_of(read.fields, FieldName::location);
  const auto etag = read.fields.get(FieldName::etag);
  if (etag && etag->size() >= 2 && etag->front() == '"' && etag->back() == '"')
    head.etag = http::EntityTag::make(etag->substr(1, etag->size() - 2));
  if (const auto range = read.fields.get(FieldName::content_range))
    head.content_range = http::parse_content_range(*range);
  head.upload_offset = number_of(read.fields, FieldName::upload_offset, limits::kHttpBodySizeMax);
  head.upload_length = number_of(read.fields, FieldName::upload_length, limits::kHttpBodySizeMax);
  if (const auto date = read.fields.get(FieldName::date)) head.date = http::parse_http_date(*date);
  head.retry_after_seconds = number_of(read.fields, FieldName::retry_after, 86'400);
  return head;
}

const ReplyHead& head_of(const Reply& reply) { return reply.head; }
const ReplyHead& head_of(const Download& download) { return download.head(); }

bool is_passing_trouble(unsigned status) { return status == 502 || status == 503 || status == 504; }

bool was_silent(const base::Error& error) {
  const auto refusal = base::refusal_of(error);
  return refusal && std::ranges::any_of(refusal->facts, [](const base::Fact& fact) {
           return fact.name == "waited_ms";
         });
}

// A lock-down is a 503 too, and lasts longer than anybody's patience.
bool says_locked_down(base::ByteView body) {
  return base::text_of(body).substr(0, 512).find("\"locked_down\"") != std::string_view::npos;
}

}  // namespace

struct HttpClient::State {
  explicit State(HttpSettings its) : settings(std::move(its)) {}

  HttpSettings settings;
  std::optional<tls::Context> context;
  std::optional<Connection> connection;
  // What was read past the head, and of the chunked coding past the data given out.
  base::Bytes buffer = base::Bytes(kReadSize);
  std::size_t begin = 0;
  std::size_t end = 0;
  // Of the answer that is being read.
  http::BodyFraming framing = http::BodyFraming::none;
  std::uint64_t body_left = 0;
  http::ChunkedDecoder chunks;
  bool is_mid_exchange = false;  // an answer, or the rest of one, is still to come
  bool closes_after = false;
  // How far the server's clock is before ours, as far as it has said: what proves a login names the
  // time (http/request_proof.h).
  std::chrono::milliseconds ahead{0};

  Result<void> connect();
  Result<Connection::Written> send(std::span<const base::ByteView> pieces);
  Result<Connection::Written> send_head(const Request& request,
                                        std::optional<std::uint64_t> size_bytes,
                                        base::ByteView body);
  Result<ReplyHead> read_head(http::Method asked);
  Result<ReplyHead> ask(const Request& request, base::ByteView body);
  Result<ReplyHead> ask_in_time(const Request& request, base::ByteView body);
  base::UnixTime now() const { return (settings.now ? settings.now() : base::UnixTime{}) + ahead; }
  void follow_clock(const ReplyHead& head);
  Result<std::size_t> read_body(base::MutableByteView into);
  Result<std::size_t> read_sized(base::MutableByteView into);
  Result<std::size_t> read_chunked(base::MutableByteView into);
  Result<base::Bytes> read_whole(std::size_t size_bytes_max);
  Result<std::size_t> refill();
  void end_of_body();
  bool is_asked_to_wait(const ReplyHead& head) const;
  void wait_before(unsigned attempt);
  template <typename Value, typename Attempt, typename IsPassing>
  Result<Value> repeat(const Request& request, Attempt attempt, IsPassing is_passing);
};

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::make(HttpSettings settings) {
  auto state = std::make_unique<State>(std::move(settings));
  const Trust& trust = state->settings.trust;
  // A proxy's address that can't be used is said at once.
  if (const auto proxy = proxy_for(state->settings.address, state->settings.proxy); !proxy)
    return tl::unexpected(proxy.error());
  if (state->settings.address.channel() == Channel::tls) {
    auto context = trust.pinned ? tls::Context::client_pinning(*trust.pinned)
                   : trust.authorities_pem.empty()
                       ? tls::Context::client()
                       : tls::Context::client_trusting(base::bytes_of(trust.authorities_pem));
    if (!context) return tl::unexpected(std::move(context).error());
    state->context.emplace(*std::move(context));
  }
  return HttpClient(std::move(state));
}

const ServerAddress& HttpClient::address() const { return state_->settings.address; }
void HttpClient::disconnect() { state_->connection.reset(); }

// A kept connection that the server closed meanwhile is noticed before anything is sent on it.
Result<void> HttpClient::State::connect() {
  if (connection && (is_mid_exchange || !connection->is_idle())) connection.reset();
  if (connection) return {};
  SEALIFT_TRY(connection, Connection::open(settings, context ? &*context : nullptr));
  return {};
}

Result<Connection::Written> HttpClient::State::send(std::span<const base::ByteView> pieces) {
  auto written = connection->write(pieces);
  if (!written) connection.reset();
  return written;
}

Result<Connection::Written> HttpClient::State::send_head(const Request& request,
                                                         std::optional<std::uint64_t> size_bytes,
                                                         base::ByteView body) {
  SEALIFT_TRY(const std::string head,
              request_text(request, {.authority = settings.address.authority(),
                                     .size_bytes = size_bytes,
                                     .body = body,
                                     .now = now()}));
  SEALIFT_TRY_VOID(connect());
  begin = end = 0;
  is_mid_exchange = true;
  closes_after = false;
  const std::array<base::ByteView, 2> pieces = {base::bytes_of(head), body};
  return send(std::span(pieces).first(body.empty() ? 1 : 2));
}

Result<std::size_t> HttpClient::State::refill() {
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  SEALIFT_TRY(const std::size_t size, connection->read(std::span(buffer).subspan(end)));
  if (size == 0) return base::fail(ErrorCode::io, "the server closed the connection");
  end += size;
  return size;
}

Result<ReplyHead> HttpClient::State::read_head(http::Method asked) {
  connection->expect_answer();
  int interim = 0;
  while (true) {
    const base::ByteView input = base::ByteView(buffer).subspan(begin, end - begin);
    const auto outcome = http::parse_response_head(base::text_of(input), asked);
    if (std::holds_alternative<http::Incomplete>(outcome)) {
      if (input.size() == buffer.size()) return base::fail(ErrorCode::limit, "the answer's head");
      SEALIFT_TRY_VOID(refill());
      continue;
    }
    if (const auto* refusal = std::get_if<http::Refusal>(&outcome))
      return base::fail(ErrorCode::malformed,
                        "the server's answer: " + std::string(refusal->reason));
    const auto& read = std::get<http::ReadResponse>(outcome);
    ReplyHead head = head_of(read);
    begin += read.size_bytes;
    if (head.status < 200) {
      if (++interim > kInterimMax || head.status == 101)
        return base::fail(ErrorCode::malformed, "the server's answer: interim answers");
      continue;
    }
    framing = read.framing;
    body_left = read.framing == http::BodyFraming::sized ? read.body_size_bytes : 0;
    chunks = http::ChunkedDecoder();
    if (read.persistence == http::Persistence::close) closes_after = true;
    connection->expect_body();
    if (framing == http::BodyFraming::none) end_of_body();
    if (head.status < 400 && head.status >= 300 && head.status != 304)
      return base::fail(ErrorCode::forbidden, "the server sends us elsewhere; that is refused");
    return head;
  }
}

void HttpClient::State::end_of_body() {
  framing = http::BodyFraming::none;
  is_mid_exchange = false;
  if (closes_after) connection.reset();
}

Result<std::size_t> HttpClient::State::read_sized(base::MutableByteView into) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), body_left));
  std::size_t size = std::min(wanted, end - begin);
  if (size > 0) {
    std::memcpy(into.data(), buffer.data() + begin, size);
    begin += size;
  } else {
    SEALIFT_TRY(size, connection->read(into.first(wanted)));
    if (size == 0) return base::fail(ErrorCode::io, "the answer was cut short");
  }
  body_left -= size;
  return size;
}

Result<std::size_t> HttpClient::State::read_chunked(base::MutableByteView into) {
  using Status = http::ChunkedDecoder::Status;
  while (true) {
    // No more than fits, so that nothing has to be kept.
    const base::ByteView input =
        base::ByteView(buffer).subspan(begin, std::min(end - begin, into.size()));
    const auto step = chunks.next(input);
    begin += step.size_taken;
    if (step.status == Status::refused)
      return base::fail(ErrorCode::malformed, "the server's answer: chunks");
    if (step.status == Status::end) return 0;
    if (step.status == Status::data) {
      std::memcpy(into.data(), step.data.data(), step.data.size());
      return step.data.size();
    }
    if (begin == end) SEALIFT_TRY_VOID(refill());
  }
}

// 0 at the end of the body, and from then on.
Result<std::size_t> HttpClient::State::read_body(base::MutableByteView into) {
  if (framing == http::BodyFraming::none) return 0;
  Result<std::size_t> size = 0;
  if (framing == http::BodyFraming::chunked) {
    size = read_chunked(into);
  } else if (body_left > 0) {
    size = read_sized(into);
  }
  if (!size) connection.reset();
  const bool is_over =
      size && (framing == http::BodyFraming::chunked ? *size == 0 : body_left == 0);
  if (is_over) end_of_body();
  return size;
}

Result<base::Bytes> HttpClient::State::read_whole(std::size_t size_bytes_max) {
  base::Bytes body;
  if (framing == http::BodyFraming::sized && body_left > size_bytes_max) {
    connection.reset();
    return answer_too_large(size_bytes_max);
  }
  body.reserve(static_cast<std::size_t>(body_left));
  std::array<std::byte, 16384> piece;
  while (true) {
    SEALIFT_TRY(const std::size_t size, read_body(piece));
    if (size == 0) break;
    if (body.size() + size > size_bytes_max) {
      connection.reset();
      return answer_too_large(size_bytes_max);
    }
    base::append(body, base::ByteView(piece).first(size));
  }
  return body;
}

Result<ReplyHead> HttpClient::State::ask(const Request& request, base::ByteView body) {
  const bool has_body = may_have_body(request.method);
  SEALIFT_TRY(const auto written,
              send_head(request,
                        has_body ? std::optional<std::uint64_t>(body.size()) : std::nullopt, body));
  // With the rest of our body still to be sent, the connection can't carry another request.
  closes_after = written == Connection::Written::answered_early;
  auto head = read_head(request.method);
  if (!head) connection.reset();
  return head;
}

void HttpClient::State::follow_clock(const ReplyHead& head) {
  if (head.date) ahead += *head.date - now();
}

// A login is proven for a minute around. Where our clocks are further apart, the first refusal has
// said what time it is, and the second attempt has it.
Result<ReplyHead> HttpClient::State::ask_in_time(const Request& request, base::ByteView body) {
  constexpr unsigned kUnauthorized = 401;
  constexpr std::chrono::seconds kApart{30};
  const std::chrono::milliseconds before = ahead;
  SEALIFT_TRY(ReplyHead head, ask(request, body));
  follow_clock(head);
  const bool was_late = std::chrono::abs(ahead - before) > kApart;
  if (head.status != kUnauthorized || !request.credential.key || !was_late) return head;
  SEALIFT_TRY_VOID(read_whole(limits::kJsonBodySizeMax));
  return ask(request, body);
}

bool HttpClient::State::is_asked_to_wait(const ReplyHead& head) const {
  constexpr unsigned kTooMany = 429;
  return settings.wait && head.status == kTooMany && head.retry_after_seconds &&
         *head.retry_after_seconds <= kWaitSecondsMax;
}

void HttpClient::State::wait_before(unsigned attempt) {
  if (settings.wait) settings.wait(settings.first_wait_ms * (1U << std::min(attempt, 10U)));
}

// `attempt` until it succeeds, gives something else than passing trouble, or was tried enough.
template <typename Value, typename Attempt, typename IsPassing>
Result<Value> HttpClient::State::repeat(const Request& request, Attempt attempt,
                                        IsPassing is_passing) {
  const bool is_repeatable =
      request.repeat != Repeat::never &&
      (request.repeat != Repeat::keyed || static_cast<bool>(settings.make_repeat_key));
  unsigned attempts = is_repeatable ? std::max(1U, settings.attempts_max) : 1;
  unsigned waits = 0;
  for (unsigned tried = 1;; ++tried) {
    Result<Value> got = attempt(tried);
    while (got && is_asked_to_wait(head_of(*got)) && waits++ < kWaitsMax) {
      connection.reset();  // whatever is left of that answer
      settings.wait(std::chrono::seconds(*head_of(*got).retry_after_seconds));
      got = attempt(tried);
    }
    const bool passing = got ? is_passing(*got) : got.error().code == ErrorCode::io;
    // Who waited as long as that has waited; another connection is tried once.
    if (!got && was_silent(got.error())) attempts = std::min(attempts, kSilencesMax);
    if (!passing || tried >= attempts) return got;
    connection.reset();
    wait_before(tried - 1);
  }
}

Result<Reply> HttpClient::call(const Request& request, base::ByteView body,
                               std::size_t answer_size_max) {
  State& state = *state_;
  Request keyed = request;
  if (request.repeat == Repeat::keyed && state.settings.make_repeat_key)
    keyed.repeat_key = state.settings.make_repeat_key();
  return state.repeat<Reply>(
      request,
      [&](unsigned attempts) -> Result<Reply> {
        SEALIFT_TRY(ReplyHead head, state.ask_in_time(keyed, body));
        SEALIFT_TRY(base::Bytes answer, state.read_whole(answer_size_max));
        return Reply{std::move(head), std::move(answer), attempts};
      },
      [](const Reply& reply) {
        return is_passing_trouble(reply.head.status) && !says_locked_down(reply.body);
      });
}

Result<Upload> HttpClient::begin_upload(const Request& request, std::uint64_t size_bytes) {
  SEALIFT_TRY(const auto written, state_->send_head(request, size_bytes, {}));
  Upload upload(*this, request.method, size_bytes);
  upload.is_answered_ = written == Connection::Written::answered_early;
  return upload;
}

Result<Download> HttpClient::begin_download(const Request& request) {
  State& state = *state_;
  return state.repeat<Download>(
      request,
      [&](unsigned) -> Result<Download> {
        SEALIFT_TRY(ReplyHead head, state.ask_in_time(request, {}));
        return Download(*this, std::move(head));
      },
      [](const Download& download) { return is_passing_trouble(download.head().status); });
}

Result<Upload::Written> Upload::write(std::span<const base::ByteView> pieces) {
  if (is_answered_) return Written::answered_early;
  for (const base::ByteView piece : pieces) {
    SEALIFT_CHECK(piece.size() <= left_);
    left_ -= piece.size();
  }
  SEALIFT_CHECK(client_->state_->connection.has_value());
  SEALIFT_TRY(const auto written, client_->state_->send(pieces));
  is_answered_ = written == Connection::Written::answered_early;
  return is_answered_ ? Written::answered_early : Written::all;
}

Result<Reply> Upload::finish() {
  auto& state = *client_->state_;
  SEALIFT_CHECK(left_ == 0 || is_answered_);
  if (!state.connection) return base::fail(ErrorCode::io, "the connection broke");
  state.closes_after = is_answered_;
  auto head = state.read_head(method_);
  if (!head) {
    state.connection.reset();
    return tl::unexpected(std::move(head).error());
  }
  SEALIFT_TRY(base::Bytes body, state.read_whole(limits::kApiAnswerSizeMax));
  return Reply{*std::move(head), std::move(body)};
}

Result<std::size_t> Download::read(base::MutableByteView into) {
  return client_->state_->read_body(into);
}

}  // namespace sealift::client
