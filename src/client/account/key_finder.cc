#include "client/account/key_finder.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "crypto/sha256.h"
#include "http/json_body.h"
#include "parcel/directory_key.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

// The log takes an event up within a fraction of a second.
constexpr int kTriesMax = 12;
constexpr std::chrono::milliseconds kWait{150};

bool has_text(const json& in, const char* name, std::string_view value) {
  const auto at = in.find(name);
  return at != in.end() && at->is_string() && at->get_ref<const std::string&>() == value;
}

}  // namespace

bool publishes(base::ByteView event, const api::DirectoryEntry& entry) {
  const auto in = http::parse_json_body(event);
  if (!in || !in->is_object()) return false;
  const auto digest = parcel::directory_key_digest(
      {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key});
  return has_text(*in, "kind", "key_published") && has_text(*in, "event", entry.event.text()) &&
         has_text(*in, "account", entry.account.text()) &&
         has_text(*in, "key", base::hex_encode(digest));
}

std::string fingerprint_text(const std::string& recipient) {
  const std::string hex = base::hex_encode(crypto::sha256(base::bytes_of(recipient)));
  std::string out;
  for (std::size_t at = 0; at < 32; at += 4) {
    if (at > 0) out += " ";
    out.append(hex, at, 4);
  }
  return out;
}

Result<void> check_logged(LogWatch& watch, const api::DirectoryEntry& entry) {
  if (!entry.proof || !entry.salt || !entry.statement)
    return base::fail(ErrorCode::conflict, "the log doesn't have the key yet");
  if (!publishes(entry.statement->bytes, entry))
    return base::fail(ErrorCode::damaged, "the log's event is of another key");
  return watch.accept_proof(*entry.proof, entry.salt->bytes, entry.statement->bytes);
}

// Oldest first. The newest is asked for by address, the others by the account that it belongs to.
Result<std::vector<api::DirectoryEntry>> KeyFinder::history(const parcel::Address& address) {
  auto found = api_.call(api::kDirectoryFind, {address.text()});
  const auto pin = pins_.keys.find(address.text());
  if (!found && found.error().code == ErrorCode::not_found && pin != pins_.keys.end()) {
    const auto all = api_.call(api::kDirectoryHistory, {}, pin->second.account);
    if (!all && all.error().code == ErrorCode::not_found)
      return base::fail(ErrorCode::damaged,
                        "the server no longer knows an address whose key was seen before");
    if (!all) return tl::unexpected(all.error());
    is_active_ = false;
    return all->entries;
  }
  if (!found) return tl::unexpected(std::move(found).error());
  api::DirectoryEntry newest = *std::move(found);
  for (int tried = 1; !newest.proof && tried < kTriesMax; ++tried) {
    if (wait_) wait_(kWait);
    SEALIFT_TRY(newest, api_.call(api::kDirectoryFind, {address.text()}));
  }
  if (newest.key.generation == 1) return std::vector{std::move(newest)};
  SEALIFT_TRY(api::Directory all, api_.call(api::kDirectoryHistory, {}, newest.account));
  if (all.entries.empty() || all.entries.back().key.generation != newest.key.generation ||
      all.entries.back().key.recipient != newest.key.recipient ||
      all.entries.back().key.signing_key != newest.key.signing_key)
    return base::fail(ErrorCode::damaged, "the directory contradicts itself");
  return std::move(all.entries);
}

Result<FoundKeys> KeyFinder::find(const parcel::Address& address, KeyUse use) {
  is_active_ = true;
  SEALIFT_TRY(const std::vector<api::DirectoryEntry> entries, history(address));
  for (const api::DirectoryEntry& entry : entries) SEALIFT_TRY_VOID(check_logged(watch_, entry));
  std::optional<KeyPin> pinned;
  if (const auto at = pins_.keys.find(address.text()); at != pins_.keys.end()) pinned = at->second;
  SEALIFT_TRY(const KeyPin pin, judge_keys(pinned, entries));
  // Somebody who left or is suspended: their keys are still the ones that were seen.
  if (!is_active_ && use == KeyUse::seal)
    return base::fail(ErrorCode::forbidden,
                      "this person's account is suspended or closed, and takes no parcels");
  FoundKeys found{.account = pin.account, .keys = {}, .is_first_seen = !pinned};
  for (const api::DirectoryEntry& entry : entries) found.keys.push_back(entry.key);
  pins_.keys[address.text()] = pin;
  return found;
}

}  // namespace sealift::client
