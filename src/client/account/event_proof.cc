#include "client/account/event_proof.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "http/json_body.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// The log takes an event up within a fraction of a second.
constexpr int kTriesMax = 20;
constexpr std::chrono::milliseconds kWait{150};

bool says(base::ByteView event, const EventFacts& facts) {
  const auto in = http::parse_json_body(event);
  if (!in || !in->is_object()) return false;
  return std::ranges::all_of(facts, [&](const auto& fact) {
    const auto at = in->find(fact.first);
    return at != in->end() && at->is_string() &&
           at->template get_ref<const std::string&>() == fact.second;
  });
}

}  // namespace

Result<std::string> prove_event(const api::Api& api, LogWatch& watch, const api::EventId& event,
                                std::string_view kind, const EventFacts& facts,
                                const std::function<void(std::chrono::milliseconds)>& wait) {
  auto proof = api.call(api::kLogProve, {}, event);
  for (int tried = 1; !proof && proof.error().code == ErrorCode::conflict && tried < kTriesMax;
       ++tried) {
    if (wait) wait(kWait);
    proof = api.call(api::kLogProve, {}, event);
  }
  if (!proof) return tl::unexpected(proof.error());
  EventFacts all = facts;
  all["kind"] = kind;
  all["event"] = event.text();
  if (!says(proof->statement.bytes, all))
    return base::fail(ErrorCode::damaged, "the log's proof is of another event");
  SEALIFT_TRY_VOID(watch.accept_proof(proof->proof, proof->salt.bytes, proof->statement.bytes));
  SEALIFT_TRY(log::Receipt receipt, log::parse_receipt(proof->proof));
  receipt.extra = proof->salt.bytes;
  receipt.extra->insert(receipt.extra->end(), proof->statement.bytes.begin(),
                        proof->statement.bytes.end());
  return log::receipt_text(receipt);
}

Result<ProvedReceipt> read_event_receipt(std::string_view text, const log::VerifierKey& key) {
  SEALIFT_TRY(const log::Receipt receipt, log::parse_receipt(text));
  log::EventSalt salt{};
  if (!receipt.extra || receipt.extra->size() <= salt.size())
    return base::fail(ErrorCode::malformed, "the receipt does not say what it is of");
  const base::ByteView extra(*receipt.extra);
  std::ranges::copy(extra.first(salt.size()), salt.begin());
  const base::ByteView event = extra.subspan(salt.size());
  const auto parsed = http::parse_json_body(event);
  if (!parsed || !parsed->is_object())
    return base::fail(ErrorCode::malformed, "the receipt's event is not one");
  SEALIFT_TRY(log::Checkpoint checkpoint,
              log::verify_receipt(receipt, log::event_entry(salt, event), key));
  return ProvedReceipt{std::move(checkpoint), receipt.index, std::string(base::text_of(event))};
}

}  // namespace sealift::client
