// Api: asks a server for the operations of client/api/calls.h.
//
//   Api api(http);                                   // asks what anyone may ask
//   Api mine = api.with(Credential{kind, token});    // proves its right with a session, a ticket
//   ...
//
// A refusal becomes an Error with the code that the server named, in our own words
// (refusal_of). Borrows the HttpClient; belongs to its thread.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/check.h"
#include "client/api/calls.h"
#include "client/http_client.h"

namespace sealift::client::api {

// A request that the account's owner signs.
struct Acted {
  std::string_view operation;
  std::string_view target;  // the first id of the path, or empty
  base::ByteView body;
};
// Gives the field that carries the signature (parcel/account_act.h).
using SignAct = std::function<std::string(const Acted&)>;

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
    SEALIFT_CHECK(row.by == Signed::nobody);
    return call_as(row, {}, asked, path...);
  }
  // As call(), signed by `sign`; empty: by nobody.
  template <typename Asked, typename Answer, typename... Path>
  base::Result<Answer> call_as(const Call<Asked, Answer, Path...>& row, const SignAct& sign,
                               const std::type_identity_t<Asked>& asked,
                               const std::type_identity_t<Path>&... path) const {
    const std::vector<std::string> parts = {path_text(path)...};
    Request request{
        .method = row.method, .target = target_of(row.pattern, parts), .repeat = row.repeat};
    if (row.proof == Proof::held) request.credential = credential_;
    request.wants_session_key = std::is_same_v<Answer, Begun>;
    const Body body = body_of(asked);
    if (sign) request.act = sign({row.operation, first_id(parts), body.view()});
    base::Result<base::Bytes> answer = exchange(std::move(request), body);
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
    base::ByteView view() const {
      return type == ContentType::octets ? octets : base::bytes_of(json);
    }
  };
  static std::string_view first_id(const std::vector<std::string>& parts) {
    return parts.empty() ? std::string_view() : std::string_view(parts.front());
  }
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
