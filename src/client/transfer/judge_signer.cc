#include "client/transfer/judge_signer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "client/account/event_proof.h"
#include "http/json_body.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

tl::unexpected<base::Error> too_late() {
  return base::fail(ErrorCode::damaged,
                    "the parcel is signed by keys that the sender has replaced since, and nothing "
                    "proves that it was sent before: ask the sender to send it again");
}

// The event, which the log had at `last` already.
Result<nlohmann::json> prove_before(const api::Api& api, LogWatch& watch, const log::TreeHead& last,
                                    const std::optional<api::EventId>& event, std::string_view kind,
                                    const EventFacts& facts) {
  if (!event) return too_late();
  const auto text = prove_event(api, watch, *event, kind, facts, {});
  if (!text &&
      (text.error().code == ErrorCode::not_found || text.error().code == ErrorCode::conflict))
    return too_late();
  if (!text) return tl::unexpected(text.error());
  SEALIFT_TRY(const log::Receipt receipt, log::parse_receipt(*text));
  if (receipt.index >= last.size) return too_late();
  const base::ByteView salt_and_event = *receipt.extra;
  return http::parse_json_body(salt_and_event.subspan(std::tuple_size_v<log::EventSalt>));
}

}  // namespace

Result<void> judge_signer(const api::Api& api, LogWatch& watch, const FoundKeys& found,
                          const crypto::Ed25519Public& key, Signature what,
                          const SignedParcel& parcel) {
  SEALIFT_TRY(const auto last, last_log_of(found, key));
  if (parcel.about.sender != found.account)
    return base::fail(ErrorCode::damaged, "the parcel is not signed by the sender it names");
  if (!last) return {};
  SEALIFT_TRY_VOID(watch.accept_head(*last));
  const std::string id = parcel.about.id.text();
  SEALIFT_TRY_VOID(
      prove_before(api, watch, *last, parcel.about.completed_event, "parcel_completed",
                   {{"parcel", id}, {"manifest", base::hex_encode(parcel.sealed_manifest)}}));
  if (what == Signature::of_manifest) return {};
  SEALIFT_TRY(const nlohmann::json addition,
              prove_before(api, watch, *last, parcel.about.added_event, "recipients_changed",
                           {{"parcel", id}}));
  const auto added = addition.find("added");
  const bool is_reader = added != addition.end() && added->is_array() &&
                         std::ranges::count(*added, nlohmann::json(parcel.reader.text())) == 1;
  if (!is_reader) return too_late();
  return {};
}

}  // namespace sealift::client
