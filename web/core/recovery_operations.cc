// Recovery in shares (docs/formats/account.md): dealing it, an officer's share, and bringing keys
// back.
#include <array>

#include "client/account/recovery_shares.h"
#include "core/operations.h"
#include "parcel/organisation.h"

namespace sealift::web {
namespace {

using base::Result;

// keys file, account, threshold, recipients of the officers -> slot, half, count, shares
Result<void> deal(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(const auto keys, client::AccountKeys::parse(file));
  SEALIFT_TRY(const auto account, in.id());
  SEALIFT_TRY(const std::int64_t threshold, in.number());
  SEALIFT_TRY(const auto recipients, in.recipients());
  std::vector<std::string> officers;
  for (const age::Recipient& each : recipients) officers.push_back(each.text());
  SEALIFT_TRY(const auto dealt,
              client::deal_recovery(keys, account, static_cast<unsigned>(threshold), officers,
                                    host.random));
  out.bytes(dealt.slot);
  out.bytes(dealt.half);
  out.number(static_cast<std::int64_t>(dealt.shares.size()));
  for (const base::Bytes& share : dealt.shares) out.bytes(share);
  return {};
}

Result<client::OpenedShare> share_of(Arguments& in) {
  SEALIFT_TRY(const base::ByteView sealed, in.bytes());
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const age::Identity officer, age::Identity::parse(text));
  return client::OpenedShare::open(sealed, std::span(&officer, 1));
}

// share, officer's identity -> address
Result<void> owner_of_share(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto share, share_of(in));
  out.text(share.address().text());
  return {};
}

// share, officer's identity, account, signing keys, recipient -> share
Result<void> reseal(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const auto share, share_of(in));
  client::ShareOwner owner;
  SEALIFT_TRY(owner.account, in.id());
  SEALIFT_TRY(const std::size_t keys, in.count());
  for (std::size_t i = 0; i < keys; ++i) {
    SEALIFT_TRY(owner.signing_keys.emplace_back(), in.array<crypto::kEd25519PublicSize>());
  }
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const age::Recipient to, age::Recipient::parse(text));
  SEALIFT_TRY(const base::Bytes sealed, client::reseal_share(share, owner, to, host.random));
  out.bytes(sealed);
  return {};
}

// slot, half, identity, address, shares -> keys file, how many of the shares were wrong
Result<void> open(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView slot, in.bytes());
  SEALIFT_TRY(const auto half, in.array<32>());
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const age::Identity identity, age::Identity::parse(text));
  SEALIFT_TRY(const std::string_view address_text, in.text());
  const auto address = parcel::Address::parse(address_text);
  if (!address) return base::fail(base::ErrorCode::malformed, "this is no mail address");
  SEALIFT_TRY(const std::size_t count, in.count());
  std::vector<base::Bytes> shares;
  for (std::size_t i = 0; i < count; ++i) {
    SEALIFT_TRY(const base::ByteView share, in.bytes());
    shares.push_back(base::copy_of(share));
  }
  SEALIFT_TRY(const auto recovered, client::recover_keys(slot, half, shares, std::span(&identity, 1), *address));
  SEALIFT_TRY(const crypto::SecretBuffer file, recovered.keys.keys_file());
  out.bytes(file.view());
  out.number(recovered.wrong_shares);
  return {};
}

std::optional<std::string> told_or_nothing(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

// told: key, set; seen: key, number, digest; a named fingerprint; "" for each that isn't there ->
// nothing: no key; else key, 1 if known, number, the set's digest, needed, count, accounts and
// recipients
Result<void> judge_organisation(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view key, in.text());
  SEALIFT_TRY(const std::string_view set, in.text());
  SEALIFT_TRY(const std::string_view seen_key, in.text());
  SEALIFT_TRY(const std::int64_t number, in.number());
  SEALIFT_TRY(const auto digest, in.array<32>());
  SEALIFT_TRY(const std::string_view named, in.text());
  std::optional<parcel::SeenOrganisation> seen;
  if (!seen_key.empty())
    seen = {std::string(seen_key), static_cast<std::uint64_t>(number), digest};
  SEALIFT_TRY(const auto judged, parcel::judge_organisation(
                                     {told_or_nothing(key), told_or_nothing(set)}, seen, named));
  if (!judged) return {};
  const parcel::SeenOrganisation now = parcel::seen_of(*judged);
  out.text(now.key);
  out.number(judged->is_known ? 1 : 0);
  out.number(static_cast<std::int64_t>(now.number));
  out.bytes(now.digest);
  const parcel::OfficerSet officers = judged->set.value_or(parcel::OfficerSet{});
  out.number(static_cast<std::int64_t>(officers.needed));
  out.number(static_cast<std::int64_t>(officers.officers.size()));
  for (const parcel::SetOfficer& each : officers.officers) {
    out.bytes(each.account);
    out.text(each.recipient);
  }
  return {};
}

// key -> fingerprint: 32 hexadecimal digits
Result<void> organisation_fingerprint(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view key, in.text());
  out.text(parcel::organisation_fingerprint(key));
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"recovery.deal", deal},
    NamedOperation{"recovery.owner_of_share", owner_of_share},
    NamedOperation{"recovery.reseal", reseal},
    NamedOperation{"recovery.open", open},
    NamedOperation{"organisation.judge", judge_organisation},
    NamedOperation{"organisation.fingerprint", organisation_fingerprint},
};

}  // namespace

std::span<const NamedOperation> recovery_operations() { return kOperations; }

}  // namespace sealift::web
