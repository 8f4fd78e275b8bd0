#include "client/account/witnessed.h"

#include "log/witness.h"

namespace sealift::client {

using base::Result;

namespace {

constexpr std::chrono::hours kAgeMax{24};

}  // namespace

Result<void> check_witnesses(const api::Api& api, std::optional<LogPin>& pin, ServerLog which,
                             const log::TrustPolicy& policy, base::UnixTime now,
                             const Fetch& fetch) {
  LogWatch watch(api, pin, which);
  if (!pin) SEALIFT_TRY_VOID(watch.follow());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(pin->key));
  std::vector<log::Note> notes;
  for (const log::TrustPolicy::Named& witness : policy.witnesses()) {
    if (witness.url.empty()) continue;
    const auto text = fetch(witness.url + "/" + log::monitoring_path(key.name()));
    if (!text) continue;
    const auto note = log::parse_note(*text);
    const auto checkpoint = log::open_checkpoint(*text, key);
    // Anything but the log's own words, cosigned, is no witness's.
    if (!note || !checkpoint || !witness.key.cosigned(*note)) continue;
    if (auto same = watch.accept(*checkpoint, *text); !same)
      return tl::unexpected(std::move(same).error().with_context("what a witness saw"));
    notes.push_back(*note);
  }
  return policy.judge(notes, now, kAgeMax);
}

}  // namespace sealift::client
