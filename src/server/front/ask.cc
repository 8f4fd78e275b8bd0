#include "server/front/ask.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace sealift::server::front {
namespace {

using http::FieldName;
using http::Refusal;
using http::Status;

constexpr std::string_view kBase64Url =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::size_t kCredentialSize = 43;

bool is_credential(std::string_view text) {
  return text.size() == kCredentialSize &&
         text.find_first_not_of(kBase64Url) == std::string_view::npos;
}

bool is_act(std::string_view text) {
  constexpr std::size_t kActSize = 235;
  return text.size() == kActSize && text.find_first_not_of(kBase64Url) == std::string_view::npos;
}

// The right to go on with one thing is in a field of its own, whoever else is logged in.
constexpr std::pair<FieldName, CredentialKind> kOwnFields[] = {
    {FieldName::sealift_upload_key, CredentialKind::upload_key},
    {FieldName::sealift_ticket, CredentialKind::ticket},
    {FieldName::sealift_hand_in_key, CredentialKind::hand_in_key},
};

// A credential that is not in the form of one is none: the vault's answer to both is the same.
// None is a cookie: nothing that a browser sends by itself proves anything.
void put_credential(const http::RequestHead& head, AskFrame& ask) {
  static constexpr std::string_view kScheme = "Bearer ";
  for (const auto& [field, kind] : kOwnFields) {
    const auto value = head.fields.get(field);
    if (!value) continue;
    if (!is_credential(*value)) return;
    ask.credential_kind = kind;
    ask.credential = *value;
    return;
  }
  const std::string_view value = head.fields.get(FieldName::authorization).value_or("");
  if (!http::equal_ignoring_case(value.substr(0, kScheme.size()), kScheme)) return;
  const std::string_view token = value.substr(kScheme.size());
  if (!is_credential(token)) return;
  ask.credential_kind = CredentialKind::bearer;
  ask.credential = token;
}

// A tag as ours look, alone; weak or not where that makes no difference.
std::optional<std::string> own_tag(std::optional<std::string_view> value) {
  if (!value || value->size() < 2 || value->front() != '"' || value->back() != '"') {
    return std::nullopt;
  }
  const auto tag = http::EntityTag::make(value->substr(1, value->size() - 2));
  return tag ? std::optional(tag->text()) : std::nullopt;
}

std::optional<Refusal> put_range(const http::RequestHead& head, AskFrame& ask) {
  const auto if_none_match = head.fields.get(FieldName::if_none_match);
  const bool is_weak = if_none_match && if_none_match->substr(0, 2) == "W/";
  ask.if_none_match = own_tag(is_weak ? std::optional(if_none_match->substr(2)) : if_none_match);
  const auto range = head.fields.get(FieldName::range);
  if (!range) return std::nullopt;
  const auto if_range = head.fields.get(FieldName::if_range);
  ask.if_range = own_tag(if_range);
  // Not a tag of ours: the content is another, so all of it is asked for.
  if (if_range && !ask.if_range) return std::nullopt;
  ask.range = http::parse_range(*range);
  if (!ask.range) return Refusal{Status::bad_request, "malformed range"};
  return std::nullopt;
}

// Lists take one parameter: where the page begins.
std::optional<Refusal> put_query(const http::RequestHead& head, AskFrame& ask) {
  if (head.query.empty()) return std::nullopt;
  const auto pairs = http::parse_query(head.query);
  const bool is_before = pairs && pairs->size() == 1 && pairs->front().key == "before";
  if (is_before) ask.before = http::parse_decimal(pairs->front().value, limits::kHttpBodySizeMax);
  if (!ask.before) return Refusal{Status::bad_request, "malformed query"};
  return std::nullopt;
}

std::optional<Refusal> judge_type(const http::RequestHead& head, std::string_view wanted) {
  const auto type = head.fields.get(FieldName::content_type);
  const std::string_view name = type ? type->substr(0, type->find(';')) : "";
  if (http::equal_ignoring_case(http::trim_white_space(name), wanted)) return std::nullopt;
  return Refusal{Status::unsupported_media_type, "content type"};
}

std::optional<Refusal> put_form(Form form, const http::RequestHead& head, AskFrame& ask) {
  switch (form) {
    case Form::plain:
      return put_range(head, ask);
    case Form::json:
      return judge_type(head, "application/json");
    case Form::octets:
      return judge_type(head, "application/octet-stream");
    case Form::tus:
      return http::judge_tus_version(head);
    case Form::tus_create: {
      const auto creation = http::parse_tus_creation(head);
      if (const auto* refusal = std::get_if<Refusal>(&creation)) return *refusal;
      ask.upload_length = std::get<http::TusCreation>(creation).length_bytes;
      return judge_type(head, "application/json");
    }
    case Form::tus_append: {
      auto append = http::parse_tus_append(head);
      if (const auto* refusal = std::get_if<Refusal>(&append)) return *refusal;
      ask.upload_offset = std::get<http::TusAppend>(append).offset;
      ask.checksum = std::move(std::get<http::TusAppend>(append).checksum);
      return std::nullopt;
    }
  }
  return Refusal{Status::internal, "form"};
}

// As PeerAddress has them.
std::optional<PeerAddress> parse_address(std::string_view text) {
  PeerAddress address{};
  const std::string terminated(text);
  if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  constexpr std::size_t kMapped = 12;
  if (::inet_pton(AF_INET, terminated.c_str(), address.data() + kMapped) != 1) return std::nullopt;
  address[kMapped - 2] = address[kMapped - 1] = std::byte{0xff};
  return address;
}

}  // namespace

Peer forwarded_peer(const http::RequestHead& head, const Peer& peer) {
  const std::string_view value = head.fields.get(FieldName::x_forwarded_for).value_or("");
  const std::size_t comma = value.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? value : value.substr(comma + 1);
  const auto address = parse_address(http::trim_white_space(last));
  return address ? Peer{*address, peer.channel} : peer;
}

std::variant<AskFrame, Refusal> make_ask(const FrontRoute& route, const http::RouteMatch& match,
                                         const http::RequestHead& head, const Peer& peer) {
  AskFrame ask;
  ask.operation = route.route.operation;
  ask.peer = peer.address;
  put_credential(head, ask);
  const auto repeat = head.fields.get(FieldName::sealift_repeat);
  if (repeat && !is_credential(*repeat)) return Refusal{Status::bad_request, "malformed repeat"};
  ask.repeat = repeat.value_or("");
  const auto act = head.fields.get(FieldName::sealift_act);
  if (act && !is_act(*act)) return Refusal{Status::bad_request, "malformed act"};
  ask.act = act.value_or("");
  const auto proof = http::parse_request_proof(head.fields);
  if (const auto* refusal = std::get_if<Refusal>(&proof)) return *refusal;
  ask.proof = std::get<std::optional<http::RequestProof>>(proof);
  const auto session_key = head.fields.get(FieldName::sealift_session_key);
  if (session_key && *session_key != http::kSessionKeyAlgorithm)
    return Refusal{Status::bad_request, "malformed session key"};
  ask.wants_session_key = session_key.has_value();
  for (std::size_t i = 0; i < match.count; ++i) ask.names.at(i) = match.captures.at(i);
  if (head.framing == http::BodyFraming::sized) ask.content_length = head.body_size_bytes;
  if (head.framing == http::BodyFraming::none) ask.content_length = 0;
  if (const auto refusal = put_query(head, ask)) return *refusal;
  if (const auto refusal = put_form(route.form, head, ask)) return *refusal;
  return ask;
}

}  // namespace sealift::server::front
