#include "server/vault/notary.h"

#include "base/byte_writer.h"
#include "base/hex.h"

namespace sealift::server::vault {

// nlohmann's objects are sorted by key; ours hold ASCII and whole numbers alone, for which its
// shortest form is the canonical one.
base::Bytes canonical_event(const catalog::EventId& id, const Note& note) {
  nlohmann::json event = note.facts;
  event["event"] = base::hex_encode(id.view());
  event["kind"] = logged_name(note.kind);
  event["happened"] = note.happened.time_since_epoch().count();
  if (note.account) event["account"] = base::hex_encode(note.account->view());
  if (note.parcel) event["parcel"] = base::hex_encode(note.parcel->view());
  return base::copy_of(base::bytes_of(event.dump()));
}

std::string kind_of(const catalog::CustodyEvent& event) {
  const auto read = nlohmann::json::parse(base::text_of(event.event), nullptr, false);
  return read.is_object() ? read.value("kind", "") : "";
}

bool is_of_kind(const catalog::CustodyEvent& event, Logged kind) {
  return kind_of(event) == logged_name(kind);
}

// message = id(16) salt(32) time(u64) account(0 or 16) parcel(0 or 16) event, each after its length
base::Bytes custody_authenticator(const VaultKeys& keys, const catalog::CustodyEvent& event) {
  base::ByteWriter message;
  const auto put = [&](base::ByteView bytes) {
    message.u32_be(static_cast<std::uint32_t>(bytes.size()));
    message.bytes(bytes);
  };
  put(event.id.view());
  put(event.salt);
  message.u64_be(static_cast<std::uint64_t>(event.happened.time_since_epoch().count()));
  put(event.account ? event.account->view() : base::ByteView());
  put(event.parcel ? event.parcel->view() : base::ByteView());
  put(event.event);
  return base::copy_of(keys.authenticator(VaultKeys::Queue::custody, message.written()));
}

base::Result<catalog::EventId> Notary::note(catalog::Records& records, const Note& note) {
  const catalog::EventId id{random_.array<16>()};
  SEALIFT_TRY(const catalog::Insert added, note_once(records, id, note));
  if (added != catalog::Insert::added) {
    return base::fail(base::ErrorCode::internal, "event id is taken");
  }
  return id;
}

base::Result<catalog::Insert> Notary::note_once(catalog::Records& records,
                                                const catalog::EventId& id, const Note& note) {
  catalog::CustodyEvent event;
  event.id = id;
  event.salt.resize(32);
  random_.fill(event.salt);
  event.event = canonical_event(event.id, note);
  event.account = note.account;
  event.parcel = note.parcel;
  event.happened = note.happened;
  event.authenticator = custody_authenticator(keys_, event);
  SEALIFT_TRY(const catalog::Insert added, records.custody->add(event));
  if (added == catalog::Insert::added) on_noted_();
  return added;
}

}  // namespace sealift::server::vault
