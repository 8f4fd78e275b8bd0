#include "client/account/account_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "age/format/bech32.h"
#include "age/open/open_file.h"
#include "age/seal/seal_file.h"
#include "base/check.h"
#include "http/field.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using crypto::SecretBuffer;

constexpr std::string_view kFirstLine = "# sealift account keys v1";
constexpr std::string_view kFirstLineV2 = "# sealift account keys v2";
constexpr std::string_view kAddress = "# address ";
constexpr std::string_view kGeneration = "# generation ";
constexpr std::string_view kSigningKey = "# signing-key ";
constexpr std::string_view kEndorsingKey = "# endorsing-key ";
constexpr std::string_view kFormerSigningKey = "# former-signing-key ";
constexpr std::string_view kIdentity = "AGE-SECRET-KEY-";
constexpr std::string_view kSigningPrefix = "SEALIFT-SIGNING-KEY-";
constexpr std::uint64_t kGenerationMax = 1'000'000;
constexpr std::size_t kFormerSizeMax = 256;                      // a former generation's lines
constexpr std::size_t kKeysFileSizeMax = std::size_t{60} << 10;  // a slot's file is a little more

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "the account's keys are not in their form");
}

std::optional<std::string_view> take_line(std::string_view& rest, std::string_view prefix) {
  const std::size_t end = rest.find('\n');
  if (end == rest.npos || !rest.starts_with(prefix)) return std::nullopt;
  const std::string_view value = rest.substr(prefix.size(), end - prefix.size());
  rest.remove_prefix(end + 1);
  return value;
}

std::optional<crypto::Ed25519Secret> parse_signing_key(std::string_view text) {
  crypto::SecretBytes<32> seed;
  if (!age::bech32_decode(text, kSigningPrefix, seed.mutable_view())) return std::nullopt;
  return crypto::Ed25519Secret::from_seed(seed.view());
}

// Collects text in memory that is wiped.
class SecretText {
 public:
  SecretText() : buffer_(kKeysFileSizeMax) {}
  bool has_room(std::size_t size) const { return size_ + size <= buffer_.size(); }
  SecretText& add(const crypto::Ed25519Secret& key) {
    const crypto::SecretBytes<32> seed = key.seed();
    std::string text = age::bech32_encode(kSigningPrefix, seed.view());
    add(text);
    crypto::wipe(std::as_writable_bytes(std::span(text)));
    return *this;
  }
  SecretText& add(const age::Identity& identity) {
    return add(base::text_of(identity.text().view()));
  }
  SecretText& add(std::string_view text) {
    SEALIFT_CHECK(size_ + text.size() <= buffer_.size());
    std::ranges::copy(base::bytes_of(text), buffer_.mutable_view().subspan(size_).begin());
    size_ += text.size();
    return *this;
  }
  SecretBuffer take() && {
    buffer_.truncate(size_);
    return std::move(buffer_);
  }

 private:
  SecretBuffer buffer_;
  std::size_t size_ = 0;
};

// Keeps what is opened in memory that is wiped, up to the largest that a keys file can be.
class SecretSink final : public age::Sink {
 public:
  Result<void> write(std::span<const base::ByteView> pieces) override {
    for (const base::ByteView piece : pieces) {
      if (piece.size() > buffer_.size() - size_)
        return base::fail(ErrorCode::limit,
                          "the slot has more than " + std::to_string(buffer_.size()) + " bytes");
      std::ranges::copy(piece, buffer_.mutable_view().subspan(size_).begin());
      size_ += piece.size();
    }
    return {};
  }
  base::ByteView text() const { return buffer_.view().first(size_); }

 private:
  SecretBuffer buffer_ = SecretBuffer(kKeysFileSizeMax);
  std::size_t size_ = 0;
};

Result<std::vector<FormerKeys>> parse_former(std::string_view& rest) {
  std::vector<FormerKeys> former;
  while (const auto signing_text = take_line(rest, kFormerSigningKey)) {
    auto signing = parse_signing_key(*signing_text);
    if (!signing) return malformed();
    former.push_back({*std::move(signing), std::nullopt});
    if (!rest.starts_with(kIdentity)) continue;
    auto identity = age::Identity::parse(take_line(rest, "").value_or(""));
    if (!identity) return malformed();
    former.back().identity = *std::move(identity);
  }
  return former;
}

}  // namespace

Result<AccountKeys> AccountKeys::generate(const parcel::Address& address, crypto::Random& random) {
  SEALIFT_TRY(age::Identity identity, age::Identity::generate(age::KeyKind::x25519, random));
  return AccountKeys{address, 1, std::move(identity), crypto::Ed25519Secret::generate(random)};
}

Result<AccountKeys> AccountKeys::parse(base::ByteView keys_file) {
  std::string_view rest = base::text_of(keys_file);
  const auto first = take_line(rest, "");
  if (first != kFirstLine && first != kFirstLineV2)
    return first.value_or("").starts_with("# sealift account keys v")
               ? base::fail(ErrorCode::unsupported, "account keys of another version")
               : malformed();
  const auto address_text = take_line(rest, kAddress);
  const auto generation_text = take_line(rest, kGeneration);
  const auto signing_text = take_line(rest, kSigningKey);
  const auto endorsing_text = take_line(rest, kEndorsingKey);
  const auto identity_text = take_line(rest, "");
  if (!address_text || !generation_text || !signing_text || !identity_text) return malformed();
  const auto address = parcel::Address::parse(*address_text);
  const auto generation = http::parse_decimal(*generation_text, kGenerationMax);
  auto signing = parse_signing_key(*signing_text);
  auto identity = age::Identity::parse(*identity_text);
  if (!address || address->text() != *address_text || generation.value_or(0) == 0 || !signing ||
      !identity)
    return malformed();
  AccountKeys keys{*address, *generation, *std::move(identity), *std::move(signing)};
  if (endorsing_text) {
    keys.endorsing = parse_signing_key(*endorsing_text);
    if (!keys.endorsing) return malformed();
  }
  SEALIFT_TRY(keys.former, parse_former(rest));
  const bool is_v2 = keys.endorsing || !keys.former.empty();
  const bool has_all_former = keys.former.empty() || keys.former.size() == keys.generation - 1;
  if (!rest.empty() || is_v2 != (first == kFirstLineV2) || !has_all_former) return malformed();
  return keys;
}

Result<SecretBuffer> AccountKeys::keys_file() const {
  const bool is_v2 = endorsing || !former.empty();
  SecretText out;
  out.add(is_v2 ? kFirstLineV2 : kFirstLine).add("\n");
  out.add(kAddress).add(address.text()).add("\n");
  out.add(kGeneration).add(std::to_string(generation)).add("\n");
  out.add(kSigningKey).add(signing).add("\n");
  if (endorsing) out.add(kEndorsingKey).add(*endorsing).add("\n");
  out.add(identity).add("\n");
  for (const FormerKeys& each : former) {
    if (!out.has_room(kFormerSizeMax))
      return base::fail(ErrorCode::limit, "the account has had " +
                                              std::to_string(former.size() + 1) +
                                              " keys, more than its file of keys has room for");
    out.add(kFormerSigningKey).add(each.signing).add("\n");
    if (each.identity) out.add(*each.identity).add("\n");
  }
  return std::move(out).take();
}

Result<AccountKeys> AccountKeys::copy() const {
  SEALIFT_TRY(const SecretBuffer text, keys_file());
  return parse(text.view());
}

Result<AccountKeys> AccountKeys::next(crypto::Random& random) const {
  SEALIFT_TRY(AccountKeys before, copy());
  SEALIFT_TRY(age::Identity fresh, age::Identity::generate(age::KeyKind::x25519, random));
  AccountKeys keys{address, generation + 1, std::move(fresh),
                   crypto::Ed25519Secret::generate(random)};
  keys.former.push_back({std::move(before.signing), std::move(before.identity)});
  for (FormerKeys& each : before.former) keys.former.push_back(std::move(each));
  return keys;
}

Result<std::vector<age::Identity>> AccountKeys::identities() const {
  std::vector<age::Identity> all;
  const auto add = [&](const age::Identity& each) -> Result<void> {
    SEALIFT_TRY(age::Identity copied, age::Identity::parse(base::text_of(each.text().view())));
    all.push_back(std::move(copied));
    return {};
  };
  SEALIFT_TRY_VOID(add(identity));
  for (const FormerKeys& each : former)
    if (each.identity) SEALIFT_TRY_VOID(add(*each.identity));
  return all;
}

std::vector<crypto::Ed25519Public> AccountKeys::signing_keys() const {
  std::vector<crypto::Ed25519Public> all{signing.public_key()};
  for (const FormerKeys& each : former) all.push_back(each.signing.public_key());
  return all;
}

const crypto::Ed25519Secret& AccountKeys::signing_of(std::uint64_t wanted) const {
  const bool is_former = wanted < generation && generation - wanted <= former.size();
  return is_former ? former[generation - wanted - 1].signing : signing;
}

Result<std::string> AccountKeys::recipient() const {
  SEALIFT_TRY(const age::Recipient recipient, identity.recipient());
  return recipient.text();
}

Result<parcel::DirectoryKey> AccountKeys::directory_key(
    const std::array<std::byte, 16>& account) const {
  SEALIFT_TRY(std::string text, recipient());
  return parcel::DirectoryKey{account, generation, std::move(text), signing.public_key()};
}

Result<base::Bytes> seal_slot(const AccountKeys& keys, std::span<const age::Recipient> recipients,
                              crypto::Random& random) {
  SEALIFT_TRY(const SecretBuffer text, keys.keys_file());
  age::Pipeline pipeline(1);
  age::MemorySource source(text.view());
  base::Bytes slot;
  age::MemorySink sink(slot);
  SEALIFT_TRY_VOID(age::seal_file(pipeline, recipients, random, source, sink));
  return slot;
}

Result<AccountKeys> open_slot(base::ByteView slot, const age::Identity& identity,
                              const parcel::Address& address) {
  age::Pipeline pipeline(1);
  age::MemorySource source(slot);
  SecretSink sink;
  const auto opened = age::open_file(pipeline, std::span(&identity, 1), source, sink);
  if (!opened) return tl::unexpected(opened.error().error);
  SEALIFT_TRY(AccountKeys keys, AccountKeys::parse(sink.text()));
  if (keys.address != address)
    return base::fail(ErrorCode::damaged, "the slot holds another account's keys");
  return keys;
}

}  // namespace sealift::client
