#include "cli/verbs/openings.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/done.h"
#include "cli/known_people.h"
#include "cli/phrase.h"
#include "cli/time_text.h"
#include "cli/verbs/transfer.h"
#include "client/transfer/judge_receipt.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using base::Result;
using client::JudgedReceipt;
using client::ReceiptStanding;
using nlohmann::json;

// Oldest first.
Result<std::vector<api::Opening>> all_openings(const ServerSession& session,
                                               const api::ParcelId& parcel) {
  std::vector<api::Opening> all;
  api::Before before;
  do {
    SEALIFT_TRY(const api::Openings page,
                session.api().call(api::kParcelListOpenings, {}, parcel, before));
    all.insert(all.end(), page.openings.begin(), page.openings.end());
    before = page.next;
  } while (before);
  std::ranges::reverse(all);
  return all;
}

// Judges one parcel's openings.
class Judge {
 public:
  Judge(const Environment& environment, ServerSession& session, const api::ParcelId& parcel)
      : session_(session),
        people_(session, environment.language),
        language_(environment.language),
        parcel_(parcel),
        sent_(client::SentNotes(sent_folder(environment)).load(parcel)) {}

  Result<JudgedReceipt> judge(const api::Opening& opening);
  std::string name(const api::Opening& opening) const {
    return opening.link ? phrase(language_, "link {link}", opening.link->text())
                        : people_.name(opening.account.value_or(api::AccountId{}));
  }
  const KnownPeople& people() const { return people_; }

 private:
  using Keys = std::vector<crypto::Ed25519Public>;
  Result<JudgedReceipt> judge_with(const api::Opening& opening, const Keys& keys) const {
    return client::judge_receipt(opening, parcel_, sent_, keys);
  }

  ServerSession& session_;
  const KnownPeople people_;
  const base::Language language_;
  const api::ParcelId parcel_;
  const std::optional<client::SentNote> sent_;
};

// With the pinned key; and with every generation of it, which the log has, when it was another.
Result<JudgedReceipt> Judge::judge(const api::Opening& opening) {
  Keys keys;
  if (opening.link) {
    if (sent_ && sent_->link_key) keys.push_back(*sent_->link_key);
    auto judged = judge_with(opening, keys);
    if (judged || keys.empty()) return judged;
    // A link that a browser made later has a key that only it knows. That there is one is the
    // server's word, with which it can only make a receipt count for nothing.
    SEALIFT_TRY(const api::Links links, session_.api().call(api::kLinkList, {}, parcel_));
    return links.links.size() > 1 ? judge_with(opening, {}) : judged;
  }
  const auto address = opening.account ? people_.find(*opening.account) : std::nullopt;
  const auto pin = address ? session_.pins().keys.find(*address) : session_.pins().keys.end();
  if (pin == session_.pins().keys.end()) return judge_with(opening, keys);
  keys.push_back(pin->second.signing_key);
  auto judged = judge_with(opening, keys);
  if (judged || !opening.receipt) return judged;
  const auto parsed = parcel::Address::parse(*address);
  if (!parsed) return judged;
  client::KeyFinder finder(session_.api(), session_.pins(), wait_ms);
  const auto found = finder.find(*parsed, client::KeyUse::verify);
  if (!found)
    return found.error().code == ErrorCode::not_found ? judged : tl::unexpected(found.error());
  SEALIFT_TRY_VOID(session_.save_pins());
  for (const api::Key& key : found->keys) keys.push_back(key.signing_key);
  return judge_with(opening, keys);
}

std::string_view standing_word(ReceiptStanding standing) {
  switch (standing) {
    case ReceiptStanding::none:
      return "none";
    case ReceiptStanding::verified:
      return "verified";
    case ReceiptStanding::signed_only:
      return "signed";
    case ReceiptStanding::unknown_key:
      return "unknown key";
  }
  return "";
}

std::string received_text(const JudgedReceipt& judged, base::Language language) {
  const base::UnixTime at(
      std::chrono::milliseconds(judged.receipt ? judged.receipt->received_unix_ms : 0));
  switch (judged.standing) {
    case ReceiptStanding::none:
      return "";
    case ReceiptStanding::verified:
      return phrase(language, "  received {time}, verified receipt", at);
    case ReceiptStanding::signed_only:
      return phrase(language,
                    "  received {time}, signed receipt (sent from another machine: not compared)",
                    at);
    case ReceiptStanding::unknown_key:
      return phrase(language,
                    "  receipt not verified: this machine doesn't know the key of the person who "
                    "opened it");
  }
  return "";
}

json opening_json(const api::Opening& opening, const Judge& judge,
                  const Result<JudgedReceipt>& judged) {
  json one = {{"opening", opening.id.text()}, {"opened", time_text(opening.opened)}};
  if (opening.account) {
    one["account"] = opening.account->text();
    if (auto address = judge.people().find(*opening.account)) one["address"] = *std::move(address);
  }
  if (opening.link) one["link"] = opening.link->text();
  one["receipt"] = judged ? standing_word(judged->standing) : "false";
  if (!judged) one["lie"] = judged.error().text;
  if (judged && judged->receipt)
    one["received"] =
        time_text(base::UnixTime(std::chrono::milliseconds(judged->receipt->received_unix_ms)));
  return one;
}

}  // namespace

Outcome print_openings(const Environment& environment, ServerSession& session,
                       const api::ParcelId& parcel, const Arguments& arguments) {
  const auto openings = or_failure(all_openings(session, parcel));
  if (!openings) return tl::unexpected(openings.error());
  Judge judge(environment, session, parcel);
  json out = json::array();
  std::optional<base::Error> lie;
  for (const api::Opening& each : *openings) {
    const auto judged = judge.judge(each);
    const bool is_lie = !judged && judged.error().code == ErrorCode::damaged;
    if (!judged && !is_lie) return tl::unexpected(call_failure(judged.error()));
    if (is_lie) lie = judged.error();
    out.push_back(opening_json(each, judge, judged));
    if (arguments.has("json")) continue;
    const base::Language language = environment.language;
    std::cout << phrase(language, "{time}  {who}", each.opened, judge.name(each))
              << (judged ? received_text(*judged, language)
                         : phrase(language, "  NOT VERIFIED: {why}",
                                  recognised(language, judged.error().text)))
              << "\n";
  }
  if (arguments.has("json")) std::cout << out.dump() << "\n";
  if (openings->empty())
    say_none(arguments, phrase(environment.language, "sealift: nobody has opened it"));
  if (!lie) return {};
  std::cout.flush();
  return tl::unexpected(call_failure(*std::move(lie)));
}

}  // namespace sealift::cli
