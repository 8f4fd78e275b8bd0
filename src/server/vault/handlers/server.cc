// server.*, health.*, upload.describe: what anyone may know.
#include "base/limits.h"
#include "server/vault/handler.h"
#include "server/vault/reopen_key.h"

// api/document.S
extern "C" const char sealift_api_document_begin[];
extern "C" const char sealift_api_document_end[];

namespace sealift::server::vault {
namespace {

using base::Result;

Result<Answer> describe(Services& services, const Ask& ask) {
  nlohmann::json server = {{"name", services.settings.name},
                           {"version", services.settings.version},
                           {"log_origin", services.log.key().name()},
                           {"log_key", services.log.key().text()},
                           {"directory_key", services.directory->log().key().text()},
                           {"now", json_of(ask.now)}};
  SEALIFT_TRY_VOID(services.catalog.read([&](const catalog::Records& records) -> Result<void> {
    SEALIFT_TRY(const auto current, records.lockdowns->current());
    server["lockdown"] = current.has_value();
    SEALIFT_TRY(const auto keys, reopen_keys(records));
    server["reopen_keys"] = nlohmann::json::array();
    for (const log::VerifierKey& key : keys) server["reopen_keys"].push_back(key.text());
    SEALIFT_TRY(const auto note, records.marks->find(catalog::Mark::restore_statement));
    if (note) server["restore_statement"] = std::string(base::text_of(*note));
    SEALIFT_TRY(const auto organisation, records.marks->find(catalog::Mark::organisation_key));
    if (organisation) server["organisation_key"] = std::string(base::text_of(*organisation));
    return {};
  }));
  if (!services.settings.incident_recipient.empty()) {
    server["incident_recipient"] = services.settings.incident_recipient;
  }
  return json_reply(http::Status::ok, server);
}

Result<Answer> document(Services&, const Ask&) {
  Reply reply;
  reply.head.media_type = http::MediaType::json;
  reply.body = base::copy_of(base::bytes_of(
      {sealift_api_document_begin,
       static_cast<std::size_t>(sealift_api_document_end - sealift_api_document_begin)}));
  return reply;
}

Result<Answer> live(Services&, const Ask&) {
  return json_reply(http::Status::ok, {{"status", "live"}});
}

// The front is up when it asks and the vault when it answers; left are the disk's two uses.
Result<Answer> ready(Services& services, const Ask& ask) {
  const bool can_write = services.catalog.advance_clock(ask.now).has_value();
  const auto space = services.blobs.space();
  const bool has_room = space && (!*space || (*space)->free_bytes >= limits::kFreeSpaceMin);
  if (can_write && has_room) return json_reply(http::Status::ok, {{"status", "ready"}});
  return json_reply(http::Status::unavailable, {{"status", "not_ready"}});
}

Result<Answer> describe_uploads(Services& services, const Ask&) {
  SEALIFT_TRY(const catalog::Policy policy,
              services.catalog.read(
                  [](const catalog::Records& records) { return records.policies->current(); }));
  Reply reply = empty_reply();
  reply.head.tus = http::TusFields::capabilities;
  reply.head.tus_max_size_bytes = policy.parcel_size_bytes_max;
  return reply;
}

constexpr HandlerRow kRows[] = {
    {"server.describe", describe}, {"server.document", document},         {"health.live", live},
    {"health.ready", ready},       {"upload.describe", describe_uploads},
};

}  // namespace

std::span<const HandlerRow> server_handlers() { return kRows; }

}  // namespace sealift::server::vault
