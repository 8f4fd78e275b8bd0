// The words of the API that are not objects: ids, numbers with a unit, enumerations.
//
// Each is a type of its own, so that none is passed where another is due. Values; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hex.h"

namespace sealift::client::api {

template <typename Tag>
struct Id {
  std::array<std::byte, 16> bytes{};

  std::string text() const { return base::hex_encode(bytes); }
  static std::optional<Id> parse(std::string_view text) {
    const auto read = base::hex_decode(text);
    if (!read || read->size() != 16) return std::nullopt;
    Id id;
    std::ranges::copy(*read, id.bytes.begin());
    return id;
  }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using AccountId = Id<struct AccountTag>;
using SessionId = Id<struct SessionTag>;
using SlotId = Id<struct SlotTag>;
using ParcelId = Id<struct ParcelTag>;
using UploadId = Id<struct UploadTag>;
using OpeningId = Id<struct OpeningTag>;
using LinkId = Id<struct LinkTag>;
using RequestId = Id<struct RequestTag>;
using EventId = Id<struct EventTag>;
using EnrolmentId = Id<struct EnrolmentTag>;
using RecoveryId = Id<struct RecoveryTag>;
using ProposalId = Id<struct ProposalTag>;
using LockdownId = Id<struct LockdownTag>;

// 256 random bits in base64url: whoever has it may do what it stands for.
struct Token {
  std::string text;
  friend bool operator==(const Token&, const Token&) = default;
};
bool is_token(std::string_view text);

// Standard base64 on the wire, bytes here.
struct Base64 {
  base::Bytes bytes;
  friend bool operator==(const Base64&, const Base64&) = default;
};
template <std::size_t kSize>
using FixedBase64 = std::array<std::byte, kSize>;

// Where the next page of a list begins, from the page before.
struct Cursor {
  std::uint64_t value = 0;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// Each enumerator is spelled on the wire as it is here; enumerator_names() has them in order.
enum class Language : std::uint8_t { en, fr };
enum class Part : std::uint8_t { content, manifest, inventory };
enum class SlotKind : std::uint8_t { password, paper_key, passkey, trusted_browser, recovery };
enum class AuthenticationKind : std::uint8_t { authentication_key, passkey };
enum class SessionKind : std::uint8_t { login, api_token };
enum class Scope : std::uint8_t {
  account,
  parcels_read,
  parcels_write,
  requests,
  administration,
  metrics
};
enum class AccountState : std::uint8_t { active, suspended, closed };
enum class ReceiptRule : std::uint8_t { none, on_open };
enum class ParcelState : std::uint8_t { uploading, whole, recalled, expired };
enum class SealedBy : std::uint8_t { client, edge };
enum class Passphrase : std::uint8_t { none, needed };
enum class LinkRule : std::uint8_t { allowed, forbidden };
enum class PassphraseRule : std::uint8_t { optional, required };
enum class LockdownHalves : std::uint8_t { unusable, destroyed };

using Names = std::span<const std::string_view>;
Names enumerator_names(Language);
Names enumerator_names(Part);
Names enumerator_names(SlotKind);
Names enumerator_names(AuthenticationKind);
Names enumerator_names(SessionKind);
Names enumerator_names(Scope);
Names enumerator_names(AccountState);
Names enumerator_names(ReceiptRule);
Names enumerator_names(ParcelState);
Names enumerator_names(SealedBy);
Names enumerator_names(Passphrase);
Names enumerator_names(LinkRule);
Names enumerator_names(PassphraseRule);
Names enumerator_names(LockdownHalves);

template <typename Enum>
std::string_view name_of(Enum value) {
  return enumerator_names(value)[static_cast<std::size_t>(value)];
}
template <typename Enum>
std::optional<Enum> enumerator_of(std::string_view name) {
  const Names names = enumerator_names(Enum{});
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace sealift::client::api
