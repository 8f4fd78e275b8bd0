#include <algorithm>
#include <iostream>

#include "cli/arguments.h"
#include "cli/event_receipt.h"
#include "cli/given_link.h"
#include "cli/phrase.h"
#include "cli/verbs/request.h"
#include "cli/verbs/transfer.h"
#include "parcel/link.h"
#include "parcel/request_link.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::ErrorCode;
using base::Result;

constexpr Option kOptions[] = {
    {'\0', "note", Takes::value},        {'\0', "leave-out", Takes::nothing},
    {'\0', "certificate", Takes::value}, {'\0', "authorities", Takes::value},
    {'\0', "json", Takes::nothing},      {'\0', "receipt", Takes::value},
};

api::RequestId id_of(const parcel::RequestLink& link) {
  api::RequestId id;
  id.bytes = link.request_id;
  return id;
}

// To whom the link says that everything is sealed, and nobody else.
Result<age::Recipient> recipient_of(const parcel::RequestLink& link, const api::RequestPage& page) {
  if (parcel::recipient_fingerprint(page.key.recipient) != link.fingerprint)
    return base::fail(ErrorCode::damaged, "the server names a different key from the link's");
  return age::Recipient::parse(page.key.recipient);
}

Outcome hand_in(const Environment& environment, const Arguments& arguments,
                const parcel::RequestLink& link, Sources sources, client::HttpClient& http) {
  const api::Api api(http);
  const auto page = or_failure(api.call(api::kRequestLook, {}, id_of(link)));
  if (!page) return tl::unexpected(page.error());
  auto recipient = or_failure(recipient_of(link, *page));
  if (!recipient) return tl::unexpected(std::move(recipient).error());
  if (const auto title = parcel::open_title(link.secret, link.request_id, page->sealed_title.bytes))
    std::cerr << phrase(environment.language, "sealift: asked for: {title}",
                        client::printable_name(*title))
              << "\n";
  client::SendOrder order{.paths = std::move(sources.paths),
                          .tree = std::move(sources.tree),
                          .to = {},
                          .sender_address = "",
                          .server_url = link.server_url,
                          .note = arguments.value("note").value_or("")};
  order.to.push_back({.address = "", .recipient = *std::move(recipient)});
  order.purpose = id_of(link).text();
  order.begin = [&](const api::ParcelId& parcel) { return begin_hand_in(api, link, parcel); };
  // It binds what is handed in to the request, and says of the outsider only that they have the
  // link.
  const auto signing = parcel::request_manifest_key(link.secret, link.request_id);
  return send_and_print(environment, arguments, order,
                        {.http = http, .session = {}, .signing = signing, .doing = "handing in"});
}

}  // namespace

Result<client::Credential> begin_hand_in(const api::Api& api, const parcel::RequestLink& link,
                                         const api::ParcelId& parcel) {
  SEALIFT_TRY(const api::RequestPage page, api.call(api::kRequestLook, {}, id_of(link)));
  parcel::LinkChallenge challenge{};
  if (page.challenge.bytes.size() != challenge.size())
    return base::fail(ErrorCode::malformed, "the server's challenge is malformed");
  std::ranges::copy(page.challenge.bytes, challenge.begin());
  const auto key = parcel::request_proof_key(link.secret, link.request_id);
  const api::HandIn wish{.challenge = page.challenge,
                         .verifier = key.public_key(),
                         .proof = parcel::sign_challenge(key, challenge),
                         .parcel = parcel};
  const auto handed = api.call(api::kRequestHandIn, wish, id_of(link));
  if (!handed && handed.error().code == ErrorCode::conflict && page.is_full.value_or(false))
    return base::fail(ErrorCode::limit, "this link takes no more files: ask for another one");
  if (!handed) return tl::unexpected(handed.error());
  return client::Credential{client::Credential::Kind::hand_in_key, handed->key.text};
}

Outcome run_hand_in(const Environment& environment, std::span<const std::string> words) {
  const auto arguments = parse_arguments(kOptions, words);
  if (!arguments) return tl::unexpected(arguments.error());
  const auto& operands = arguments->operands();
  if (operands.size() < 2) return fail_usage("hand-in takes a link and something to hand in");
  if (auto judged = judge_note(*arguments); !judged) return judged;
  if (auto judged = judge_receipt_path(*arguments); !judged) return judged;
  const auto given = given_link(operands[0], environment.language);
  if (!given) return tl::unexpected(given.error());
  const auto link = parcel::RequestLink::parse(*given);
  if (!link)
    return tl::unexpected(Failure(
        link.error(), parcel::Link::parse(*given) ? "`sealift receive` takes this one" : ""));
  auto sources =
      find_sources(environment, std::span(operands).subspan(1), arguments->has("leave-out"));
  if (!sources) return tl::unexpected(std::move(sources).error());
  auto http = connect_as_visitor(environment, link->server_url, *arguments);
  if (!http) return tl::unexpected(std::move(http).error());
  return hand_in(environment, *arguments, *link, *std::move(sources), *http);
}

}  // namespace sealift::cli
