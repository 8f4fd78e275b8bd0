// What happens in a drill besides sending: receiving, handing in, and an upload that stops.
#include <algorithm>
#include <filesystem>

#include "age/open/open_identity.h"
#include "age/payload/sealed_file.h"
#include "cli/verbs/request.h"
#include "cli/verbs/transfer.h"
#include "client/api/streams.h"
#include "client/transfer/sealed_part.h"
#include "drill/drill_people.h"
#include "parcel/request_link.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Result;

constexpr std::chrono::hours kLifetime{24};
constexpr std::uint64_t kHandInSizeMax = std::uint64_t{1} << 20;

Result<std::vector<age::Identity>> only(Result<age::Identity> identity) {
  if (!identity) return tl::unexpected(std::move(identity).error());
  std::vector<age::Identity> all;
  all.push_back(*std::move(identity));
  return all;
}

class DrillAccountKey final : public client::ParcelKey {
 public:
  DrillAccountKey(const api::Api& api, const api::ParcelId& parcel, const client::AccountKeys& keys)
      : api_(api), parcel_(parcel), keys_(keys) {}
  Result<api::Ticket> open() override { return api_.call(api::kParcelOpen, {}, parcel_); }
  Result<std::vector<age::Identity>> identities(ByteView) override {
    const crypto::SecretBuffer text = keys_.identity.text();
    return only(age::Identity::parse(base::text_of(text.view())));
  }
  const crypto::Ed25519Secret& signing() override { return keys_.signing; }

 private:
  const api::Api& api_;
  const api::ParcelId parcel_;
  const client::AccountKeys& keys_;
};

class DrillLinkKey final : public client::ParcelKey {
 public:
  DrillLinkKey(const api::Api& api, const api::ParcelId& parcel, const parcel::Link& link)
      : api_(api), parcel_(parcel), link_(link), signing_(parcel::link_signing_key(link, {})) {}
  Result<api::Ticket> open() override {
    SEALIFT_TRY(const api::LinkPage page, api_.call(api::kLinkLook, {}, parcel_));
    parcel::LinkChallenge challenge{};
    if (page.challenge.bytes.size() != challenge.size())
      return base::fail(ErrorCode::malformed, "the server's challenge is malformed");
    std::ranges::copy(page.challenge.bytes, challenge.begin());
    return api_.call(api::kLinkRedeem,
                     api::Redeem{.challenge = page.challenge,
                                 .verifier = signing_.public_key(),
                                 .proof = parcel::sign_challenge(signing_, challenge)},
                     parcel_);
  }
  Result<std::vector<age::Identity>> identities(ByteView half) override {
    if (half.size() != parcel::ServerHalf::kSize)
      return base::fail(ErrorCode::malformed, "the server returned no half of the link");
    const auto server_half =
        parcel::ServerHalf::copy_of(std::span<const std::byte, parcel::ServerHalf::kSize>(half));
    return only(client::identity_of_link(link_, server_half, {}));
  }
  const crypto::Ed25519Secret& signing() override { return signing_; }

 private:
  const api::Api& api_;
  const api::ParcelId parcel_;
  const parcel::Link& link_;
  const crypto::Ed25519Secret signing_;
};

}  // namespace

// By the link, where there is one: as a visitor, without a session.
Result<void> DrillPeople::receive_last() {
  const SentParcel& last = parcels_.back();
  const api::Api theirs(http_, credential(*receiver_));
  const api::Api anyone(http_);
  DrillAccountKey by_account(theirs, last.id, receiver_->entered.keys);
  std::optional<DrillLinkKey> by_link;
  if (last.link) by_link.emplace(anyone, last.id, *last.link);
  const std::string output = work_ + "/received";
  const auto received = client::receive_parcel(
      {.parcel = last.id, .output = output, .only = {}},
      by_link ? static_cast<client::ParcelKey&>(*by_link) : by_account,
      {.http = http_,
       .pipeline = pipeline_,
       .clock = environment_.clock,
       .folder = work_ + "/openings",
       .judge = [](const client::ManifestToJudge&) { return Result<void>(); },
       .patience = patience()});
  if (!received) return tl::unexpected(received.error());
  if (!received->receipt) return base::fail(ErrorCode::internal, "there was no receipt");
  ++counts_.receipts;
  std::error_code ignored;  // the folder is removed at the end
  std::filesystem::remove_all(output, ignored);
  return {};
}

// A request of the receiver's, and what a visitor hands in for it.
Result<void> DrillPeople::hand_in() {
  const client::AccountKeys& keys = receiver_->entered.keys;
  SEALIFT_TRY(const std::string recipient, keys.recipient());
  api::NewRequest wish;
  wish.id.bytes = random_.array<16>();
  parcel::RequestLink link;
  link.server_url = url_;
  link.request_id = wish.id.bytes;
  link.secret = parcel::request_secret(keys.signing, wish.id.bytes);
  link.fingerprint = parcel::recipient_fingerprint(recipient);
  wish.verifier = parcel::request_proof_key(link.secret, wish.id.bytes).public_key();
  wish.generation = keys.generation;
  wish.size_bytes_max = kHandInSizeMax;
  wish.lifetime_ms = kLifetime;
  const std::string title = plant(Canary::Kind::title, "papers of ", "");
  wish.sealed_title = {parcel::seal_title(link.secret, wish.id.bytes, title)};
  const api::Api theirs(http_, credential(*receiver_));
  SEALIFT_TRY_VOID(theirs.call(api::kRequestCreate, wish));
  const std::string text = link.text();
  const std::size_t secret = text.rfind('#') + 1;
  canaries_.push_back({Canary::Kind::secret, text.substr(secret, text.rfind('.') - secret),
                       base::copy_of(link.secret.view())});

  client::SendOrder order;
  SEALIFT_TRY(auto to, age::Recipient::parse(recipient));
  order.to.push_back({.address = "", .recipient = std::move(to)});
  order.purpose = wish.id.text();
  const api::Api anyone(http_);
  order.begin = [&](const api::ParcelId& parcel) { return begin_hand_in(anyone, link, parcel); };
  const auto visitor = parcel::request_manifest_key(link.secret, link.request_id);
  SEALIFT_TRY(const auto sent, send(order, {}, visitor));
  ++counts_.requests;
  parcels_.push_back({.id = sent.id});
  return {};
}

// Half of a sealed file is there, and stays so.
Result<void> DrillPeople::begin_upload() {
  SEALIFT_TRY(const auto to, addressees());
  std::vector<age::Recipient> recipients;
  for (const client::Addressee& each : to) {
    SEALIFT_TRY(auto recipient, age::Recipient::parse(each.recipient.text()));
    recipients.push_back(std::move(recipient));
  }
  const std::string content = plant(Canary::Kind::content, "patient ", " has half a secret\n");
  SEALIFT_TRY(const Bytes sealed,
              client::seal_small(pipeline_, recipients, random_, base::bytes_of(content)));
  SEALIFT_TRY(const age::Header header, age::Header::parse(sealed));
  const ByteView payload = ByteView(sealed).subspan(header.encoded().size());

  const api::Api mine(http_, credential(*sender_));
  api::NewParcel wish{.lifetime_ms = kLifetime};
  wish.id.bytes = random_.array<16>();
  wish.recipients.push_back(*to.front().grant);
  SEALIFT_TRY_VOID(mine.call(api::kParcelCreate, wish));
  SEALIFT_TRY(const api::Upload upload,
              api::create_upload(mine, wish.id, api::Part::content,
                                 {.header = {header.encoded()}, .payload_bytes = payload.size()}));
  const api::Api with_key(http_, {client::Credential::Kind::upload_key, upload.key.text});
  const ByteView half = payload.first(payload.size() / 2);
  SEALIFT_TRY(auto append, api::begin_append(with_key, upload.id, {.size_bytes = half.size()}));
  SEALIFT_TRY_VOID(append.write(std::span(&half, 1)));
  SEALIFT_TRY_VOID(api::finish_append(append));
  ++counts_.uploads;
  parcels_.push_back({.id = wish.id, .is_whole = false});
  return {};
}

}  // namespace sealift::cli
