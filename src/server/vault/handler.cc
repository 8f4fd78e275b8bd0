#include "server/vault/handler.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error_table.h"
#include "base/refusal.h"
#include "catalog/ids.h"

namespace sealift::server::vault {

using nlohmann::json;

namespace {

http::Status status_of_error(base::ErrorCode code) {
  const auto status = http::status_of(static_cast<unsigned>(base::error_row(code).http_status));
  return status.value_or(http::Status::internal);
}

// Of every row of the operation table, by its number.
std::vector<Handler> make_table() {
  std::vector<Handler> table(operations().size(), nullptr);
  for (const auto rows :
       {server_handlers(),  parcel_handlers(),   upload_handlers(),    opening_handlers(),
        link_handlers(),    request_handlers(),  log_handlers(),       enrolment_handlers(),
        session_handlers(), account_handlers(),  directory_handlers(), policy_handlers(),
        admin_handlers(),   proposal_handlers(), officers_handlers(),  lockdown_handlers(),
        custody_handlers(), recovery_handlers(), usage_handlers(),     act_handlers(),
        rotation_handlers()}) {
    for (const HandlerRow& row : rows) {
      const Operation* operation = find_operation(row.operation);
      SEALIFT_CHECK(operation != nullptr && row.handler != nullptr);
      auto& place = table.at(static_cast<std::size_t>(operation - operations().data()));
      SEALIFT_CHECK(place == nullptr);
      place = row.handler;
    }
  }
  return table;
}

// Numbers as numbers: how they are shown is up to who shows them.
json facts_json(const base::Refusal& refusal) {
  json facts = json::object();
  for (const base::Fact& fact : refusal.facts) {
    std::uint64_t number = 0;
    const char* end = fact.value.data() + fact.value.size();
    const auto [at, error] = std::from_chars(fact.value.data(), end, number);
    facts[fact.name] = at == end && error == std::errc() ? json(number) : json(fact.value);
  }
  return facts;
}

json refusal_json(const base::Error& error) {
  const base::ErrorRow& row = base::error_row(error.code);
  const auto refusal = base::refusal_of(error);
  if (!refusal)
    return {{"code", row.name}, {"sentence", base::find_refusal(row.name)->sentences[0]}};
  return {{"code", row.name},
          {"reason", refusal->row->reason},
          {"facts", facts_json(*refusal)},
          {"sentence", refusal->sentence(base::Language::english)}};
}

Reply wait_first(std::string_view reason, std::vector<base::Fact> facts,
                 std::chrono::milliseconds retry_after) {
  const auto wait_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, retry_after.count()));
  facts.emplace_back("retry_after_ms", wait_ms);
  nlohmann::json body = refusal_json(base::refuse(reason, facts).value());
  body["retry_after_ms"] = wait_ms;
  Reply reply = json_reply(http::Status::too_many_requests, body);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry_after).count();
  reply.head.retry_after_seconds = static_cast<std::uint32_t>(seconds);
  return reply;
}

}  // namespace

Handler find_handler(std::uint16_t operation) {
  static const std::vector<Handler> table = make_table();
  return operation < table.size() ? table[operation] : nullptr;
}

Reply json_reply(http::Status status, const json& value) {
  Reply reply;
  reply.head.status = status;
  reply.head.media_type = http::MediaType::json;
  reply.body = base::copy_of(base::bytes_of(value.dump()));
  return reply;
}

Reply empty_reply(http::Status status) {
  Reply reply;
  reply.head.status = status;
  return reply;
}

Reply text_reply(std::string_view text) {
  Reply reply;
  reply.head.media_type = http::MediaType::text;
  reply.body = base::copy_of(base::bytes_of(text));
  return reply;
}

Reply refusal(const base::Error& error) {
  Reply reply = json_reply(status_of_error(error.code), refusal_json(error));
  if (error.code == base::ErrorCode::unauthorized) reply.head.challenge = http::Challenge::bearer;
  return reply;
}

Reply too_many(std::chrono::milliseconds retry_after) {
  return wait_first("too_many_attempts", {}, retry_after);
}

Reply too_many_entries(std::uint64_t max_an_hour, std::chrono::milliseconds retry_after) {
  return wait_first("too_many_entries", {{"max", max_an_hour}}, retry_after);
}

std::uint64_t json_of(base::UnixTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
std::string json_of(base::ByteView bytes) {
  return base::base64_encode(bytes, base::Padding::required);
}
std::string json_of(catalog::Cursor cursor) { return std::to_string(cursor.value); }

}  // namespace sealift::server::vault
