// HttpClient: one server, one kept connection, one request at a time (HTTP/1.1).
//
//   HttpClient http(settings);
//   http.call({.method = Method::get, .target = "/api/v1/server"});      // small bodies, retried
//
//   auto upload = http.begin_upload(request, size);   // a body as it comes into being
//   upload->write(pieces); ... ; upload->finish();    // its answer
//
//   auto download = http.begin_download(request);     // a body of any size
//   while (... download->read(into) ...)
//
// The server may be hostile: heads are read by http/response_reader.h, redirections are refused,
// whole bodies have a limit, and a body that is cut short is an error. Belongs to one thread; an
// Upload or Download borrows the client, and nothing else is asked for while it lives.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"
#include "client/http_settings.h"
#include "http/entity_tag.h"
#include "http/response_reader.h"
#include "http/status.h"

namespace sealift::client {

// What a request proves its right with (docs/formats/http.md, src/server/api/openapi.json).
struct Credential {
  enum class Kind : std::uint8_t { none, session, ticket, upload_key, hand_in_key };
  Kind kind = Kind::none;
  std::string token{};  // 43 characters of base64url
  // Of a login: its requests prove it (http/request_proof.h).
  std::optional<std::array<std::byte, 32>> key{};
};

enum class ContentType : std::uint8_t { none, json, octets, upload_piece };
// Whether asking twice does what asking once does. keyed: when the server can tell by a random text
// of its own that it is the same request. until_gone: what is to go away may be gone by the second
// time, and that is success.
enum class Repeat : std::uint8_t { never, safe, keyed, until_gone };

struct Request {
  http::Method method = http::Method::get;
  std::string target{};  // path and query, of our own making
  Credential credential{};
  ContentType content_type = ContentType::none;
  Repeat repeat = Repeat::never;
  std::string repeat_key{};        // set by HttpClient, for Repeat::keyed
  std::string act{};               // the owner's signature (parcel/account_act.h), or none
  bool wants_session_key = false;  // for the login that begins with this
  bool is_tus = false;             // Tus-Resumable goes along
  std::optional<std::uint64_t> upload_offset{};
  std::optional<std::uint64_t> upload_length{};
  std::optional<http::ByteRange> range{};
  std::optional<http::EntityTag> if_range{};
};

// An answer's head, in memory of its own.
struct ReplyHead {
  unsigned status = 0;
  std::optional<std::uint64_t> body_size_bytes{};  // nullopt: chunked
  std::string content_type{};
  std::string location{};
  std::optional<http::EntityTag> etag{};
  std::optional<http::ContentRange> content_range{};
  std::optional<std::uint64_t> upload_offset{};
  std::optional<std::uint64_t> upload_length{};
  std::optional<std::uint64_t> retry_after_seconds{};
  std::optional<base::UnixTime> date{};
  bool is_success() const { return status >= 200 && status < 300; }
};

struct Reply {
  ReplyHead head;
  base::Bytes body;
  unsigned attempts = 1;  // how often it was asked for
};

class HttpClient;

class Upload {
 public:
  // Errors: io. After `answered_early` the rest is not wanted: finish() has the reason.
  enum class Written { all, answered_early };
  base::Result<Written> write(std::span<const base::ByteView> pieces);
  // The answer; every byte announced was written, or it came early. Errors: io, malformed, limit.
  base::Result<Reply> finish();

 private:
  friend class HttpClient;
  Upload(HttpClient& client, http::Method method, std::uint64_t size_bytes)
      : client_(&client), method_(method), left_(size_bytes) {}
  HttpClient* client_;
  http::Method method_;
  std::uint64_t left_;
  bool is_answered_ = false;
};

class Download {
 public:
  const ReplyHead& head() const { return head_; }
  // At least one byte, straight into `into`; 0 at the end of the whole body. Errors: io, malformed.
  base::Result<std::size_t> read(base::MutableByteView into);

 private:
  friend class HttpClient;
  Download(HttpClient& client, ReplyHead head) : client_(&client), head_(std::move(head)) {}
  HttpClient* client_;
  ReplyHead head_;
};

class HttpClient {
 public:
  // Connects when it is first asked for something. Errors of Trust and HTTPS_PROXY: malformed,
  // internal.
  static base::Result<HttpClient> make(HttpSettings settings);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Any status is a Reply but a redirection, which is refused. A request that may be repeated is,
  // after a broken connection and after 502, 503 and 504.
  // Errors: io, forbidden (certificate), malformed, limit (answer over `answer_size_max`).
  base::Result<Reply> call(const Request& request, base::ByteView body = {},
                           std::size_t answer_size_max = limits::kApiAnswerSizeMax);

  // Exactly `size_bytes` are to be written. Never repeated. Errors: io, forbidden.
  base::Result<Upload> begin_upload(const Request& request, std::uint64_t size_bytes);

  // Repeated until a head has come. Errors: as call().
  base::Result<Download> begin_download(const Request& request);

  const ServerAddress& address() const;
  // Forgets the connection; the next request makes a new one.
  void disconnect();

 private:
  friend class Upload;
  friend class Download;
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sealift::client
