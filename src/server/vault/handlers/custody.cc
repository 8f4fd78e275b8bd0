// The readable record of what happened: one's own, or for an administrator all of it. Events are
// ids, times and words of ours; what was erased shows that it was there, and no more.
#include "server/vault/handler.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using nlohmann::json;

constexpr std::uint32_t kPageRows = 100;

std::string kind_of(const catalog::CustodyEvent& event) {
  const json statement = json::parse(base::text_of(event.event), nullptr, false);
  return statement.is_object() ? statement.value("kind", "erased") : "erased";
}

json event_json(const catalog::CustodyEvent& event) {
  json made = {
      {"id", json_of(event.id)}, {"happened", json_of(event.happened)}, {"kind", kind_of(event)}};
  if (event.log_index) made["log_index"] = event.log_index->value;
  put_optional(made, "account", event.account);
  put_optional(made, "parcel", event.parcel);
  if (!event.event.empty()) made["statement"] = json_of(base::ByteView(event.event));
  return made;
}

Result<Answer> list(Services& services, const Ask& ask) {
  catalog::CustodyFilter filter;
  const bool sees_all = ask.caller.session->roles.administrator &&
                        ask.session().scopes.has(catalog::Scope::administration);
  if (!sees_all) filter.concerned = ask.account();
  const catalog::Page page = ask.page(kPageRows);
  SEALIFT_TRY(const auto events, services.catalog.read([&](const catalog::Records& records) {
    return records.custody->list(filter, page);
  }));
  json all = json::array();
  for (const catalog::CustodyEvent& event : events) all.push_back(event_json(event));
  json answer = {{"events", std::move(all)}};
  if (events.size() == kPageRows) answer["next"] = json_of(events.back().cursor);
  return json_reply(http::Status::ok, answer);
}

constexpr HandlerRow kHandlers[] = {
    {"custody.list", list},
};

}  // namespace

std::span<const HandlerRow> custody_handlers() { return kHandlers; }

}  // namespace sealift::server::vault
