#include "client/account/officers.h"

#include <algorithm>
#include <set>

#include "base/hex.h"
#include "client/account/key_finder.h"
#include "crypto/sha256.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

// The log takes an event up within a fraction of a second.
constexpr int kTriesMax = 12;
constexpr std::chrono::milliseconds kWait{150};
// What fingerprint_text() shows, and the whole of it.
constexpr std::size_t kShownDigits = 32;
constexpr std::size_t kDigits = 64;

bool has_all_proofs(const Entries& entries) {
  return std::ranges::all_of(entries, [](const auto& each) { return each.proof.has_value(); });
}

bool is_of(const std::string& fingerprint, const std::string& recipient) {
  return base::hex_encode(crypto::sha256(base::bytes_of(recipient))).starts_with(fingerprint);
}

// One officer with two shares would be two who agree.
bool has_repeated(const std::vector<Officer>& officers) {
  std::set<std::string> accounts;
  std::set<std::string> recipients;
  for (const Officer& each : officers) {
    accounts.insert(each.account.text());
    recipients.insert(each.recipient);
  }
  return accounts.size() < officers.size() || recipients.size() < officers.size();
}

}  // namespace

std::vector<std::string> recipients_of(const std::vector<Officer>& officers) {
  std::vector<std::string> recipients;
  for (const Officer& each : officers) recipients.push_back(each.recipient);
  return recipients;
}

Result<std::vector<Officer>> judge_officers(
    const api::Api& api, Entries told, const AskOfficers& again, Pins& pins,
    const std::function<void(std::chrono::milliseconds)>& wait) {
  for (int tried = 1; !has_all_proofs(told) && tried < kTriesMax; ++tried) {
    if (wait) wait(kWait);
    SEALIFT_TRY(told, again());
  }
  LogWatch watch(api, pins.log);
  std::vector<Officer> officers;
  for (const api::DirectoryEntry& entry : told) {
    SEALIFT_TRY_VOID(check_logged(watch, entry));
    officers.push_back({entry.account, entry.key.recipient});
  }
  if (has_repeated(officers))
    return base::fail(ErrorCode::damaged, "the server names a recovery officer twice");
  return officers;
}

std::optional<std::string> parse_fingerprint(std::string_view text) {
  std::string digits;
  for (const char each : text)
    if (each != ' ')
      digits.push_back(each >= 'A' && each <= 'F' ? static_cast<char>(each + 32) : each);
  const bool is_good = (digits.size() == kShownDigits || digits.size() == kDigits) &&
                       digits.find_first_not_of("0123456789abcdef") == digits.npos;
  return is_good ? std::optional(std::move(digits)) : std::nullopt;
}

bool are_named(const std::vector<std::string>& recipients,
               const std::vector<std::string>& fingerprints) {
  const auto is_named = [&](const std::string& recipient) {
    return std::ranges::any_of(fingerprints,
                               [&](const auto& each) { return is_of(each, recipient); });
  };
  const auto is_there = [&](const std::string& fingerprint) {
    return std::ranges::any_of(recipients,
                               [&](const auto& each) { return is_of(fingerprint, each); });
  };
  return std::ranges::all_of(recipients, is_named) && std::ranges::all_of(fingerprints, is_there);
}

}  // namespace sealift::client
