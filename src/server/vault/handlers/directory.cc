// The key directory: which public keys belong to which account, with what proves it; and its log.
#include "base/refusal.h"
#include "server/vault/handlers/person_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

// The same answer for an address that has no account and for one whose account is not active.
Result<Answer> find(Services& services, const Ask& ask) {
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  SEALIFT_TRY(const parcel::Address address, take_address(body, "address"));
  SEALIFT_TRY_VOID(body.done());
  const auto lookup = services.keys.address_lookup(address.text());
  SEALIFT_TRY(
      const auto entry,
      services.catalog.read(
          [&](const catalog::Records& records) -> Result<std::optional<catalog::DirectoryEntry>> {
            SEALIFT_TRY(const auto account, records.accounts->find_by_address(lookup));
            if (!account || account->state != catalog::AccountState::active) {
              return std::nullopt;
            }
            return records.directory->newest(account->id);
          }));
  if (!entry) return base::refuse("no_account");
  SEALIFT_TRY(json spoken, directory_json(services, *entry));
  SEALIFT_TRY(spoken["lookup"], services.directory->look(address.text()));
  return json_reply(http::Status::ok, spoken);
}

Result<Answer> checkpoint(Services& services, const Ask&) {
  SEALIFT_TRY(const std::string note, services.directory->log().checkpoint());
  return text_reply(note);
}

Result<Answer> tile(Services& services, const Ask& ask) {
  Reply reply;
  SEALIFT_TRY(reply.body, services.directory->log().tile(ask.frame.names.front()));
  reply.head.media_type = http::MediaType::octet_stream;
  // A full tile never changes, nor does a partial one: its name says its width.
  reply.head.cache = http::CacheControl::immutable;
  return reply;
}

// Of accounts that are no longer active too: what they signed must stay verifiable.
Result<Answer> history(Services& services, const Ask& ask) {
  SEALIFT_TRY(const auto id, ask.id<catalog::AccountId>(0));
  SEALIFT_TRY(const auto entries, services.catalog.read([&](const catalog::Records& records) {
    return records.directory->history(id);
  }));
  if (entries.empty()) return base::refuse("no_account");
  json all = json::array();
  for (const catalog::DirectoryEntry& entry : entries) {
    SEALIFT_TRY(json spoken, directory_json(services, entry));
    all.push_back(std::move(spoken));
  }
  return json_reply(http::Status::ok, {{"entries", std::move(all)}});
}

constexpr HandlerRow kHandlers[] = {
    {"directory.find", find},
    {"directory.history", history},
    {"directory.checkpoint", checkpoint},
    {"directory.tile", tile},
};

}  // namespace

std::span<const HandlerRow> directory_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
