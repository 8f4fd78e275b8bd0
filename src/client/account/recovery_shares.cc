#include "client/account/recovery_shares.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "age/format/bech32.h"
#include "age/open/open_file.h"
#include "age/seal/seal_file.h"
#include "base/base64.h"
#include "base/hex.h"
#include "crypto/hkdf.h"
#include "crypto/secret_sharing.h"
#include "crypto/sha256.h"
#include "http/field.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using crypto::SecretBuffer;
using crypto::SecretShare;

constexpr std::string_view kPurpose = "sealift/v1/recovery-share";
constexpr std::string_view kIdentityLabel = "sealift/v1/recovery-identity\n";
constexpr std::size_t kShareTextSizeMax = 4096;
constexpr std::uint64_t kGenerationMax = 1'000'000;

// A share as it is sealed: all of it is under its owner's signature.
struct ShareText {
  std::string address;
  AccountBytes account{};
  std::uint64_t generation = 0;
  std::uint64_t threshold = 0;
  std::string slot;  // the recovery slot's recipient: another for each dealing
  crypto::Ed25519Public signing_key{};
  SecretShare share;
  crypto::Ed25519Signature signature{};
};

std::string base64(base::ByteView bytes) {
  return base::base64_encode(bytes, base::Padding::required);
}

// What all shares of one dealing have in common.
std::string common_text(const ShareText& share) {
  std::string text(kPurpose);
  text += "\naddress " + share.address + "\naccount " + base::hex_encode(share.account);
  text += "\ngeneration " + std::to_string(share.generation);
  text += "\nthreshold " + std::to_string(share.threshold);
  return text + "\nslot " + share.slot + "\nsigning-key " + base64(share.signing_key) + "\n";
}

SecretBuffer secret_text(std::string text) {
  auto buffer = SecretBuffer::copy_of(base::bytes_of(text));
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return buffer;
}

// What is signed.
SecretBuffer signed_text(const ShareText& share) {
  std::string hex = base::hex_encode(share.share.value.view());
  auto text =
      secret_text(common_text(share) + "share " + std::to_string(share.share.x) + " " + hex + "\n");
  crypto::wipe(std::as_writable_bytes(std::span(hex)));
  return text;
}

SecretBuffer encode(const ShareText& share) {
  const SecretBuffer before = signed_text(share);
  return secret_text(std::string(base::text_of(before.view())) + "signature " +
                     base64(share.signature) + "\n");
}

bool is_signed(const ShareText& share) {
  return crypto::ed25519_verify(share.signing_key, signed_text(share).view(), share.signature);
}

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  // The rest of the text up to `end`, if it starts like that.
  std::optional<std::string_view> take(std::string_view prefix, char end = '\n') {
    if (!rest_.starts_with(prefix)) return std::nullopt;
    const std::size_t at = rest_.find(end, prefix.size());
    if (at == rest_.npos) return std::nullopt;
    const std::string_view value = rest_.substr(prefix.size(), at - prefix.size());
    rest_.remove_prefix(at + 1);
    return value;
  }
  std::uint64_t number(std::string_view prefix, std::uint64_t max, char end = '\n') {
    const auto text = take(prefix, end);
    const auto value = text ? http::parse_decimal(*text, max) : std::nullopt;
    require(value.value_or(0) > 0);
    return value.value_or(0);
  }
  template <std::size_t kSize>
  void bytes(const std::optional<base::Bytes>& from, std::span<std::byte, kSize> into) {
    require(from && from->size() == kSize);
    if (from && from->size() == kSize) std::ranges::copy(*from, into.begin());
  }
  void require(bool condition) { is_good_ = is_good_ && condition; }
  bool is_done() const { return is_good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_good_ = true;
};

Result<ShareText> parse(base::ByteView text) {
  Lines in(base::text_of(text));
  ShareText share;
  in.require(in.take(kPurpose) == "");
  share.address = in.take("address ").value_or("");
  in.bytes<16>(base::hex_decode(in.take("account ").value_or("")), share.account);
  share.generation = in.number("generation ", kGenerationMax);
  share.threshold = in.number("threshold ", crypto::kSharesMax);
  share.slot = in.take("slot ").value_or("");
  in.bytes<32>(base::base64_decode(in.take("signing-key ").value_or(""), base::Padding::required),
               share.signing_key);
  share.share.x = static_cast<unsigned>(in.number("share ", crypto::kSharesMax, ' '));
  in.bytes<32>(base::hex_decode(in.take("").value_or("")), share.share.value.mutable_view());
  in.bytes<64>(base::base64_decode(in.take("signature ").value_or(""), base::Padding::required),
               share.signature);
  in.require(share.threshold >= 2);
  if (!in.is_done()) return base::fail(ErrorCode::malformed, "a recovery share of another form");
  return share;
}

Result<base::Bytes> seal(base::ByteView text, const age::Recipient& to, crypto::Random& random) {
  age::Pipeline pipeline(1);
  age::MemorySource source(text);
  base::Bytes sealed;
  age::MemorySink sink(sealed);
  SEALIFT_TRY_VOID(age::seal_file(pipeline, std::span(&to, 1), random, source, sink));
  return sealed;
}

class ShareSink final : public age::Sink {
 public:
  Result<void> write(std::span<const base::ByteView> pieces) override {
    for (const base::ByteView piece : pieces) {
      if (piece.size() > buffer_.size() - size_)
        return base::fail(ErrorCode::limit,
                          "the share has more than " + std::to_string(buffer_.size()) + " bytes");
      std::ranges::copy(piece, buffer_.mutable_view().subspan(size_).begin());
      size_ += piece.size();
    }
    return {};
  }
  SecretBuffer take() && {
    buffer_.truncate(size_);
    return std::move(buffer_);
  }

 private:
  SecretBuffer buffer_ = SecretBuffer(kShareTextSizeMax);
  std::size_t size_ = 0;
};

Result<SecretBuffer> open_text(base::ByteView sealed, std::span<const age::Identity> identities) {
  age::Pipeline pipeline(1);
  age::MemorySource source(sealed);
  ShareSink sink;
  const auto opened = age::open_file(pipeline, identities, source, sink);
  if (!opened) return tl::unexpected(opened.error().error);
  return std::move(sink).take();
}

Result<age::Identity> slot_identity(const crypto::SharedSecret& secret, const RecoveryHalf& half,
                                    const ShareText& of) {
  crypto::SecretBytes<64> both;
  std::ranges::copy(secret.view(), both.mutable_view().begin());
  std::ranges::copy(half, both.mutable_view().begin() + 32);
  const std::string info =
      std::string(kIdentityLabel) + std::to_string(of.generation) + "\n" + of.address;
  const auto scalar = crypto::hkdf_sha256<32>(
      {.key = both.view(), .salt = of.account, .info = base::bytes_of(info)});
  std::string text = age::bech32_encode("AGE-SECRET-KEY-", scalar.view());
  auto identity = age::Identity::parse(text);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return identity;
}

// One dealing's shares. nullopt: they open nothing.
Result<std::optional<AccountKeys>> try_dealing(std::vector<ShareText>& dealt, base::ByteView slot,
                                               const RecoveryHalf& half,
                                               const parcel::Address& address) {
  std::map<unsigned, SecretShare> by_x;
  for (ShareText& each : dealt) by_x.insert_or_assign(each.share.x, std::move(each.share));
  const ShareText& common = dealt.front();
  std::vector<SecretShare> shares;
  for (auto& [x, share] : by_x)
    if (shares.size() < common.threshold) shares.push_back(std::move(share));
  if (shares.size() < common.threshold) return std::nullopt;
  SEALIFT_TRY(const crypto::SharedSecret secret, crypto::combine_shares(shares));
  SEALIFT_TRY(const age::Identity identity, slot_identity(secret, half, common));
  auto keys = open_slot(slot, identity, address);
  if (!keys && keys.error().code == ErrorCode::no_match) return std::nullopt;
  if (!keys) return tl::unexpected(std::move(keys).error());
  if (keys->signing.public_key() != common.signing_key)
    return base::fail(ErrorCode::damaged, "the recovered keys didn't deal these shares");
  return std::optional(*std::move(keys));
}

}  // namespace

Result<DealtRecovery> deal_recovery(const AccountKeys& keys, const AccountBytes& account,
                                    unsigned threshold, const std::vector<std::string>& officers,
                                    crypto::Random& random) {
  if (std::set<std::string>(officers.begin(), officers.end()).size() < officers.size())
    return base::fail(ErrorCode::usage, "a recovery officer would get two shares");
  const crypto::SharedSecret secret = crypto::random_shared_secret(random);
  SEALIFT_TRY(
      auto shares,
      crypto::split_secret(secret, {threshold, static_cast<unsigned>(officers.size())}, random));
  DealtRecovery dealt{.slot = {}, .half = random.array<32>(), .shares = {}};
  ShareText text;
  text.address = keys.address.text();
  text.account = account;
  text.generation = keys.generation;
  text.threshold = threshold;
  text.signing_key = keys.signing.public_key();
  SEALIFT_TRY(const age::Identity identity, slot_identity(secret, dealt.half, text));
  SEALIFT_TRY(const age::Recipient slot, identity.recipient());
  text.slot = slot.text();
  SEALIFT_TRY(dealt.slot, seal_slot(keys, std::span(&slot, 1), random));
  for (std::size_t i = 0; i < officers.size(); ++i) {
    SEALIFT_TRY(const age::Recipient officer, age::Recipient::parse(officers[i]));
    text.share = std::move(shares[i]);
    text.signature = keys.signing.sign(signed_text(text).view());
    SEALIFT_TRY(dealt.shares.emplace_back(), seal(encode(text).view(), officer, random));
  }
  return dealt;
}

Result<OpenedShare> OpenedShare::open(base::ByteView sealed,
                                      std::span<const age::Identity> officer) {
  SEALIFT_TRY(SecretBuffer text, open_text(sealed, officer));
  SEALIFT_TRY(const ShareText share, parse(text.view()));
  auto address = parcel::Address::parse(share.address);
  if (!address || address->text() != share.address)
    return base::fail(ErrorCode::malformed, "a recovery share of no address");
  return OpenedShare(*std::move(address), std::move(text));
}

Result<base::Bytes> reseal_share(const OpenedShare& share, const ShareOwner& owner,
                                 const age::Recipient& to, crypto::Random& random) {
  SEALIFT_TRY(const ShareText read, parse(share.text()));
  if (read.account != owner.account)
    return base::fail(ErrorCode::damaged, "the share is another account's");
  const bool is_owners =
      std::ranges::find(owner.signing_keys, read.signing_key) != owner.signing_keys.end();
  if (!is_owners || !is_signed(read))
    return base::fail(ErrorCode::damaged, "the account's owner never dealt this share");
  return seal(share.text(), to, random);
}

Result<Recovered> recover_keys(base::ByteView slot, const RecoveryHalf& half,
                               std::span<const base::Bytes> resealed,
                               std::span<const age::Identity> to, const parcel::Address& address) {
  std::map<std::string, std::vector<ShareText>> dealings;
  unsigned good = 0;
  for (const base::Bytes& each : resealed) {
    const auto text = open_text(each, to);
    if (!text) continue;
    auto share = parse(text->view());
    if (!share || share->address != address.text() || !is_signed(*share)) continue;
    ++good;
    const std::string common = common_text(*share);
    dealings[common].push_back(*std::move(share));
  }
  std::optional<base::Error> failure;  // of a dealing that isn't the slot's, as it may be
  for (auto& [common, dealt] : dealings) {
    const auto shares = static_cast<unsigned>(dealt.size());
    auto keys = try_dealing(dealt, slot, half, address);
    if (!keys) failure = std::move(keys).error();
    if (keys && *keys)
      return Recovered{**std::move(keys), static_cast<unsigned>(resealed.size()) - shares};
  }
  if (failure) return tl::unexpected(*std::move(failure));
  return base::fail(ErrorCode::no_match,
                    good == 0 ? "the shares are sealed to another key"
                              : "these shares are too few, or of another time than the slot");
}

}  // namespace sealift::client
