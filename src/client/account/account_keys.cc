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
constexpr std::string_view kAddress = "# address ";
constexpr std::string_view kGeneration = "# generation ";
constexpr std::string_view kSigningKey = "# signing-key ";
constexpr std::string_view kSigningPrefix = "SEALIFT-SIGNING-KEY-";
constexpr std::uint64_t kGenerationMax = 1'000'000;
constexpr std::size_t kKeysFileSizeMax = 4096;

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

// Collects text in memory that is wiped.
class SecretText {
 public:
  SecretText() : buffer_(kKeysFileSizeMax) {}
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
        return base::fail(ErrorCode::limit, "the slot is too large");
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

}  // namespace

Result<AccountKeys> AccountKeys::generate(const parcel::Address& address, crypto::Random& random) {
  SEALIFT_TRY(age::Identity identity, age::Identity::generate(age::KeyKind::x25519, random));
  return AccountKeys{address, 1, std::move(identity), crypto::Ed25519Secret::generate(random)};
}

Result<AccountKeys> AccountKeys::parse(base::ByteView keys_file) {
  std::string_view rest = base::text_of(keys_file);
  const auto first = take_line(rest, kFirstLine);
  if (!first)
    return rest.starts_with("# sealift account keys v")
               ? base::fail(ErrorCode::unsupported, "account keys of another version")
               : malformed();
  const auto address_text = take_line(rest, kAddress);
  const auto generation_text = take_line(rest, kGeneration);
  const auto signing_text = take_line(rest, kSigningKey);
  const auto identity_text = take_line(rest, "");
  if (!first->empty() || !address_text || !generation_text || !signing_text || !identity_text ||
      !rest.empty())
    return malformed();
  const auto address = parcel::Address::parse(*address_text);
  const auto generation = http::parse_decimal(*generation_text, kGenerationMax);
  crypto::SecretBytes<32> seed;
  if (!address || address->text() != *address_text || generation.value_or(0) == 0 ||
      !age::bech32_decode(*signing_text, kSigningPrefix, seed.mutable_view()))
    return malformed();
  auto identity = age::Identity::parse(*identity_text);
  if (!identity) return malformed();
  return AccountKeys{*address, *generation, *std::move(identity),
                     crypto::Ed25519Secret::from_seed(seed.view())};
}

Result<SecretBuffer> AccountKeys::keys_file() const {
  const crypto::SecretBytes<32> seed = signing.seed();
  std::string signing_text = age::bech32_encode(kSigningPrefix, seed.view());
  const SecretBuffer identity_text = identity.text();
  SecretText out;
  out.add(kFirstLine).add("\n").add(kAddress).add(address.text()).add("\n");
  out.add(kGeneration).add(std::to_string(generation)).add("\n");
  out.add(kSigningKey).add(signing_text).add("\n");
  crypto::wipe(std::as_writable_bytes(std::span(signing_text)));
  out.add(base::text_of(identity_text.view())).add("\n");
  return std::move(out).take();
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
