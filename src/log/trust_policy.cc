#include "log/trust_policy.h"

#include <algorithm>

#include "base/limits.h"
#include "log/checkpoint.h"

namespace sealift::log {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kNone = "none";
// A witness whose clock is a little ahead is not from the future.
constexpr std::chrono::minutes kClockSlack{5};

tl::unexpected<base::Error> malformed(const char* what) {
  return base::fail(ErrorCode::malformed, std::string("trust policy: ") + what);
}

std::vector<std::string> items_of(std::string_view line) {
  std::vector<std::string> items;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == line.npos) return items;
    const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    items.emplace_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

}  // namespace

Result<TrustPolicy> TrustPolicy::parse(std::string_view text) {
  if (text.size() > limits::kLogNoteSizeMax) return base::fail(ErrorCode::limit, "trust policy");
  TrustPolicy policy;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return malformed("a line without an end");
    const auto items = items_of(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!items.empty() && !items[0].starts_with('#')) SEALIFT_TRY_VOID(policy.take_line(items));
  }
  if (!policy.quorum_) return malformed("no quorum line");
  return policy;
}

Result<void> TrustPolicy::take_line(const std::vector<std::string>& items) {
  if (items[0] == "log") return take_log(items);
  if (items[0] == "witness") return take_witness(items);
  if (items[0] == "group") return take_group(items);
  if (items[0] != "quorum") return malformed("a line that is none");
  if (items.size() != 2 || quorum_) return malformed("quorum line");
  if (items[1] != kNone && !parties_.contains(items[1])) return malformed("a quorum of nobody");
  quorum_ = items[1];
  return {};
}

Result<void> TrustPolicy::take_log(const std::vector<std::string>& items) {
  if (items.size() < 2 || items.size() > 3) return malformed("log line");
  SEALIFT_TRY(VerifierKey key, VerifierKey::parse(items[1]));
  const auto is_same = [&](const VerifierKey& other) { return other.text() == key.text(); };
  if (std::ranges::any_of(logs_, is_same)) return malformed("a log twice");
  logs_.push_back(std::move(key));
  return {};
}

Result<void> TrustPolicy::take_witness(const std::vector<std::string>& items) {
  if (items.size() < 3 || items.size() > 4) return malformed("witness line");
  SEALIFT_TRY(const CosignerKey key, CosignerKey::parse(items[2]));
  for (const auto& [name, party] : parties_)
    if (party.witness && party.witness->key() == key.key()) return malformed("a witness twice");
  Party party{.witness = key, .url = items.size() == 4 ? items[3] : ""};
  if (items[1] == kNone || !parties_.try_emplace(items[1], std::move(party)).second)
    return malformed("a name twice");
  return {};
}

Result<void> TrustPolicy::take_group(const std::vector<std::string>& items) {
  if (items.size() < 4) return malformed("group line");
  Party group{
      .witness = std::nullopt, .url = {}, .needed = 0, .members = {items.begin() + 3, items.end()}};
  const std::size_t count = group.members.size();
  const auto number = parse_log_number(items[2]);
  if (items[2] == "all") group.needed = count;
  if (items[2] == "any") group.needed = 1;
  if (number) group.needed = *number;
  if (group.needed < 1 || group.needed > count) return malformed("a group of so many");
  for (const std::string& member : group.members)
    if (!parties_.contains(member)) return malformed("a member that isn't defined");
  if (items[1] == kNone || !parties_.try_emplace(items[1], std::move(group)).second)
    return malformed("a name twice");
  return {};
}

std::vector<TrustPolicy::Named> TrustPolicy::witnesses() const {
  std::vector<Named> all;
  for (const auto& [name, party] : parties_)
    if (party.witness) all.push_back({*party.witness, party.url});
  return all;
}

// Members are defined before their group: this ends.
bool TrustPolicy::is_satisfied(const std::string& name, std::span<const Note> notes,
                               const Times& times) const {
  const Party& party = parties_.at(name);
  if (party.witness)
    return std::ranges::any_of(notes, [&](const Note& note) {
      const auto time_s = party.witness->cosigned(note);
      return time_s && *time_s >= times.earliest_s && *time_s <= times.latest_s;
    });
  const auto count = std::ranges::count_if(
      party.members, [&](const std::string& member) { return is_satisfied(member, notes, times); });
  return static_cast<std::size_t>(count) >= party.needed;
}

Result<void> TrustPolicy::judge(std::span<const Note> notes, base::UnixTime now,
                                std::chrono::hours age_max) const {
  if (*quorum_ == kNone) return {};
  const auto seconds = [](base::UnixTime time) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()));
  };
  const Times times{seconds(now - age_max), seconds(now + kClockSlack)};
  if (is_satisfied(*quorum_, notes, times)) return {};
  return base::fail(ErrorCode::no_match, "too few of the witnesses signed the log's state of late");
}

}  // namespace sealift::log
