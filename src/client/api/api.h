// Api: asks a server for the operations of client/api/calls.h.
//
//   Api api(http);                                   // asks what anyone may ask
//   Api mine = api.with(Credential{kind, token});    // proves its right with a session, a ticket
//   ...
//
// A refusal becomes an Error with the code that the server named, in our own words
// (refusal_of). Borrows the HttpClient; belongs to its thread.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "client/api/calls.h"
#include "client/http_client.h"

namespace sealift::client::api {

class Api {
 public:
  explicit Api(HttpClient& http, Credential credential = {})
      : http_(&http), credential_(std::move(credential)) {}
  Api with(Credential credential) const { return Api(*http_, std::move(credential)); }

  // Errors: what the server answered; io; malformed and limit (its answer is not one).
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> call(const Call<Asked, Answer, Path...>& row,
                            const std::type_identity_t<Asked>& asked = {},
                            const std::type_identity_t<Path>&... path) const {
    Request request{.method = row.method,
                    .target = target_of(row.pattern, {path_text(path)...}),
                    .repeat = row.repeat};
    if (row.proof == Proof::held) request.credential = credential_;
    base::Result<base::Bytes> answer = exchange(std::move(request), body_of(asked));
    if (!answer) return tl::unexpected(std::move(answer).error());
    if constexpr (std::is_same_v<Answer, Nothing>) {
      return Nothing{};
    } else if constexpr (std::is_same_v<Answer, Octets>) {
      return Octets{*std::move(answer)};
    } else {
      return decode<Answer>(*answer);
    }
  }

  HttpClient& http() const { return *http_; }
  const Credential& credential() const { return credential_; }

 private:
  struct Body {
    ContentType type = ContentType::none;
    std::string json{};
    base::ByteView octets{};
  };
  static Body body_of(const Nothing&) { return {}; }
  static Body body_of(const Octets& asked) { return {ContentType::octets, {}, asked.bytes}; }
  template <typename Asked>
  static Body body_of(const Asked& asked) {
    return {ContentType::json, encode(asked), {}};
  }

  template <typename Tag>
  static std::string path_text(const Id<Tag>& id) {
    return id.text();
  }
  static std::string path_text(Part part) { return std::string(name_of(part)); }
  static std::string path_text(const TilePath& tile) { return tile.text; }
  static std::string path_text(const Before& before) {
    return before ? "?before=" + std::to_string(before->value) : "";
  }
  static std::string target_of(std::string_view pattern, const std::vector<std::string>& path);

  base::Result<base::Bytes> exchange(Request request, const Body& body) const;

  HttpClient* http_;
  Credential credential_;
};

}  // namespace sealift::client::api
