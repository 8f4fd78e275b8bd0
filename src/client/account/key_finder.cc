#include "client/account/key_finder.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "client/account/retired_keys.h"
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

Result<KeyFinder::Told> KeyFinder::newest(const parcel::Address& address) {
  SEALIFT_TRY(api::DirectoryEntry entry, api_.call(api::kDirectoryFind, {address.text()}));
  const auto is_there = [&] {
    return entry.proof && has_generation(entry.lookup, entry.key.generation);
  };
  for (int tried = 1; !is_there() && tried < kTriesMax && wait_; ++tried) {
    wait_(kWait);
    SEALIFT_TRY(entry, api_.call(api::kDirectoryFind, {address.text()}));
  }
  if (!entry.lookup)
    return base::fail(ErrorCode::damaged, "the server gives no proof of what its directory has");
  std::optional<std::string> lookup = std::move(entry.lookup);
  return Told{{std::move(entry)}, std::move(lookup)};
}

// The newest is asked for by address, the others by the account that it belongs to.
Result<KeyFinder::Told> KeyFinder::history(const parcel::Address& address) {
  auto told = newest(address);
  const auto pin = pins_.keys.find(address.text());
  if (!told && told.error().code == ErrorCode::not_found && pin != pins_.keys.end()) {
    auto all = api_.call(api::kDirectoryHistory, {}, pin->second.account);
    if (!all && all.error().code == ErrorCode::not_found)
      return base::fail(ErrorCode::damaged,
                        "the server no longer knows an address whose key was seen before");
    if (!all) return tl::unexpected(std::move(all).error());
    return Told{std::move(all->entries), std::nullopt};
  }
  if (!told) return told;
  const api::DirectoryEntry& last = told->entries.back();
  if (last.key.generation == 1) return told;
  SEALIFT_TRY(api::Directory all, api_.call(api::kDirectoryHistory, {}, last.account));
  if (all.entries.empty() || all.entries.back().key.generation != last.key.generation ||
      all.entries.back().key.recipient != last.key.recipient ||
      all.entries.back().key.signing_key != last.key.signing_key)
    return base::fail(ErrorCode::damaged, "the directory contradicts itself");
  told->entries = std::move(all.entries);
  return told;
}

Result<FoundKeys> KeyFinder::find(const parcel::Address& address, KeyUse use) {
  SEALIFT_TRY(const Told told, history(address));
  for (const api::DirectoryEntry& entry : told.entries)
    SEALIFT_TRY_VOID(check_logged(watch_, entry));
  std::optional<KeyPin> pinned;
  if (const auto at = pins_.keys.find(address.text()); at != pins_.keys.end()) pinned = at->second;
  SEALIFT_TRY(const KeyPin pin, judge_keys(pinned, told.entries));
  if (told.lookup) {
    SEALIFT_TRY(const directory::Found in_map, directory_.accept(*told.lookup, address));
    SEALIFT_TRY_VOID(judge_openings(in_map, address, told.entries));
  }
  // Somebody who left or is suspended: their keys are still the ones that were seen.
  if (!told.lookup && use == KeyUse::seal)
    return base::fail(ErrorCode::forbidden, "the account of " + address.text() +
                                                " is suspended or closed, and takes no parcels");
  FoundKeys found{.account = pin.account, .keys = {}, .is_first_seen = !pinned};
  for (const api::DirectoryEntry& entry : told.entries) {
    found.keys.push_back(entry.key);
    SEALIFT_TRY(found.retirements.emplace_back(), retirement_of(entry));
  }
  pins_.keys[address.text()] = pin;
  if (use == KeyUse::seal) pins_.to_check_again.insert(address.text());
  return found;
}

Result<void> KeyFinder::check_again() {
  const std::set<std::string> addresses = pins_.to_check_again;
  for (const std::string& text : addresses) {
    const auto address = parcel::Address::parse(text);
    const auto found =
        address ? find(*address, KeyUse::verify) : base::fail(ErrorCode::malformed, "an address");
    if (!found && found.error().code == ErrorCode::damaged) {
      base::Error error = found.error();
      return tl::unexpected(
          std::move(error).with_context("a key that was sealed to before, looked at again"));
    }
    if (found) pins_.to_check_again.erase(text);
  }
  return {};
}

Result<FoundKeys> find_own(KeyFinder& finder, const AccountKeys& keys,
                           const api::AccountId& account) {
  SEALIFT_TRY(FoundKeys found, finder.find(keys.address, KeyUse::verify));
  SEALIFT_TRY(const std::string recipient, keys.recipient());
  if (found.account != account || found.newest().generation != keys.generation ||
      found.newest().recipient != recipient ||
      found.newest().signing_key != keys.signing.public_key())
    return base::fail(ErrorCode::damaged, "the directory has another key for this account");
  return found;
}

}  // namespace sealift::client
