#include "parcel/officer_set.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/hex.h"
#include "base/limits.h"
#include "log/statement_lines.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kTitle = "sealift-officers/v1";
constexpr std::string_view kSuffix = "-organisation";
constexpr std::uint64_t kNeededMin = 2;
constexpr std::size_t kAccountSize = 16;

// One officer with two shares would be two who agree.
bool is_good(const OfficerSet& set) {
  std::set<std::array<std::byte, 16>> accounts;
  std::set<std::string> recipients;
  for (const SetOfficer& each : set.officers) {
    accounts.insert(each.account);
    recipients.insert(each.recipient);
  }
  return set.number > 0 && set.needed >= kNeededMin && set.officers.size() >= set.needed &&
         set.officers.size() <= limits::kRecoveryOfficersMax &&
         accounts.size() == set.officers.size() && recipients.size() == set.officers.size();
}

std::string text_of(const OfficerSet& set) {
  std::string text = std::string(kTitle) + "\n" + set.log_name + "\n" +
                     log::statement_line("number", set.number) +
                     log::statement_line("needed", set.needed);
  for (const SetOfficer& each : set.officers)
    text += "officer " + base::hex_encode(each.account) + " " + each.recipient + " " +
            each.address.text() + "\n";
  return text;
}

std::optional<SetOfficer> parse_officer(std::string_view value) {
  const std::size_t first = value.find(' ');
  const std::size_t second = first == value.npos ? first : value.find(' ', first + 1);
  if (second == value.npos || second == first + 1) return std::nullopt;
  const auto account = base::hex_decode(value.substr(0, first));
  auto address = Address::parse(value.substr(second + 1));
  if (!account || account->size() != kAccountSize || !address) return std::nullopt;
  SetOfficer officer{.account = {},
                     .recipient = std::string(value.substr(first + 1, second - first - 1)),
                     .address = *std::move(address)};
  std::ranges::copy(*account, officer.account.begin());
  return officer;
}

// Only what text_of() writes is one.
Result<OfficerSet> parse(std::string_view text) {
  const auto malformed = base::fail(ErrorCode::malformed, "the set of recovery officers");
  log::StatementLines lines(text);
  if (lines.next() != kTitle) return malformed;
  OfficerSet set;
  set.log_name = lines.next();
  set.number = lines.number_of("number");
  set.needed = lines.number_of("needed");
  while (!lines.is_at_end()) {
    auto officer = parse_officer(lines.value_of("officer"));
    if (!officer) return malformed;
    set.officers.push_back(*std::move(officer));
  }
  if (!lines.is_done() || !is_good(set) || text_of(set) != text) return malformed;
  return set;
}

}  // namespace

std::string organisation_key_name(std::string_view log_name) {
  return std::string(log_name) + std::string(kSuffix);
}

log::VerifierKey organisation_key(std::string_view log_name, const crypto::Ed25519Public& key) {
  return {organisation_key_name(log_name), key};
}

Result<std::string> sign_officer_set(const OfficerSet& set,
                                     const crypto::Ed25519Secret& organisation) {
  if (!is_good(set))
    return base::fail(ErrorCode::usage, "a set of recovery officers has two to " +
                                            std::to_string(limits::kRecoveryOfficersMax) +
                                            " of them, nobody twice, and as many as have to agree");
  return log::sign_note(text_of(set), organisation_key_name(set.log_name), organisation);
}

Result<OfficerSet> open_officer_set(std::string_view note, const log::VerifierKey& organisation) {
  SEALIFT_TRY(const log::Note parsed, log::parse_note(note));
  SEALIFT_TRY_VOID(log::verify_note(parsed, {&organisation, 1}));
  SEALIFT_TRY(OfficerSet set, parse(parsed.text));
  if (organisation.name() != organisation_key_name(set.log_name))
    return base::fail(ErrorCode::damaged, "the set of recovery officers is another server's");
  return set;
}

}  // namespace sealift::parcel
