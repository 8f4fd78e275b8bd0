#include "directory/entry.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/check.h"
#include "directory/map.h"

namespace sealift::directory {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint8_t kFirst = 1;
constexpr std::uint8_t kChange = 2;
constexpr std::string_view kIndexLabel = "sealift/v1/directory/address\n";
constexpr std::string_view kCommitmentLabel = "sealift directory commitment v1\n";
constexpr std::string_view kTextLabel = "sealift/v1/directory-entry\n";
constexpr std::string_view kValueLabel = "sealift directory value v1\n";
constexpr std::string_view kHowWords[] = {"enrolled", "rotated", "restarted", "removed"};

tl::unexpected<base::Error> malformed(const char* what) {
  return base::fail(ErrorCode::malformed, std::string("directory entry: ") + what);
}

template <std::size_t N>
bool take(base::ByteReader& in, std::array<std::byte, N>& out) {
  const auto bytes = in.take(N);
  if (bytes) std::ranges::copy(*bytes, out.begin());
  return bytes.has_value();
}

Result<Entry> parse_first(base::ByteReader& in) {
  FirstEntry entry;
  Predecessor& before = entry.predecessor;
  if (!take(in, entry.vrf_key) || !take(in, entry.organisation_key) || !take(in, before.origin))
    return malformed("cut short");
  const auto size = in.u64_be();
  if (!size || !take(in, before.head.root)) return malformed("cut short");
  before.head.size = *size;
  if (!in.at_end()) return malformed("more than an entry");
  if (entry.vrf_key == crypto::VrfPublic{}) return malformed("no key of the VRF");
  return entry;
}

Result<Entry> parse_change(base::ByteReader& in) {
  ChangeEntry entry;
  const auto time = in.u64_be();
  const auto how = in.u8();
  const auto generation = in.u32_be();
  if (!time || !how || !generation || !take(in, entry.index) || !take(in, entry.state.commitment) ||
      !take(in, entry.root))
    return malformed("cut short");
  if (!in.at_end()) return malformed("more than an entry");
  if (*how < 1 || *how > std::size(kHowWords)) return malformed("no such change");
  if (*generation == 0) return malformed("generation");
  entry.time_ms = *time;
  entry.state.how = static_cast<How>(*how);
  entry.state.generation = *generation;
  if (entry.state.is_removed() != (entry.state.commitment == Commitment{}))
    return malformed("commitment");
  return entry;
}

}  // namespace

std::string_view how_word(How how) {
  const auto at = static_cast<std::size_t>(how) - 1;
  SEALIFT_CHECK(at < std::size(kHowWords));
  return kHowWords[at];
}

std::optional<How> parse_how(std::string_view word) {
  const auto at = std::ranges::find(kHowWords, word);
  if (at == std::end(kHowWords)) return std::nullopt;
  return static_cast<How>(at - std::begin(kHowWords) + 1);
}

base::Bytes encode_entry(const Entry& entry) {
  base::ByteWriter out;
  if (const auto* first = std::get_if<FirstEntry>(&entry)) {
    out.u8(kFirst);
    out.bytes(first->vrf_key);
    out.bytes(first->organisation_key);
    out.bytes(first->predecessor.origin);
    out.u64_be(first->predecessor.head.size);
    out.bytes(first->predecessor.head.root);
    return std::move(out).take();
  }
  const auto& change = std::get<ChangeEntry>(entry);
  out.u8(kChange);
  out.u64_be(change.time_ms);
  out.u8(static_cast<std::uint8_t>(change.state.how));
  out.u32_be(change.state.generation);
  out.bytes(change.index);
  out.bytes(change.state.commitment);
  out.bytes(change.root);
  return std::move(out).take();
}

Result<Entry> parse_entry(base::ByteView bytes) {
  base::ByteReader in(bytes);
  const auto kind = in.u8();
  if (kind == kFirst) return parse_first(in);
  if (kind == kChange) return parse_change(in);
  return malformed("no such kind");
}

log::Hash root_after(const Entry& entry) {
  const auto* change = std::get_if<ChangeEntry>(&entry);
  return change ? change->root : Map().root();
}

base::Bytes index_input(std::string_view address) {
  base::Bytes input = base::copy_of(base::bytes_of(kIndexLabel));
  base::append(input, base::bytes_of(address));
  return input;
}

Commitment commitment_of(const Opening& opening, std::string_view address,
                         std::string_view key_text) {
  base::ByteWriter message;
  message.text(kCommitmentLabel);
  message.bytes(opening.salt);
  message.text(kTextLabel);
  message.text("address " + std::string(address) + "\nhow ");
  message.text(how_word(opening.how));
  message.text("\nprevious " + base::base64_encode(opening.previous, base::Padding::required));
  message.text("\n");
  message.text(key_text);
  return crypto::sha256(message.written());
}

base::Bytes encode_opening(const Opening& opening) {
  base::ByteWriter out;
  out.bytes(opening.salt);
  out.u8(static_cast<std::uint8_t>(opening.how));
  out.bytes(opening.previous);
  return std::move(out).take();
}

Result<Opening> parse_opening(base::ByteView bytes) {
  base::ByteReader in(bytes);
  Opening opening;
  if (!take(in, opening.salt)) return malformed("opening");
  const auto how = in.u8();
  if (!how || *how < 1 || *how >= static_cast<std::uint8_t>(How::removed) ||
      !take(in, opening.previous) || !in.at_end())
    return malformed("opening");
  opening.how = static_cast<How>(*how);
  return opening;
}

crypto::Sha256Digest value_of(const State& state) {
  base::ByteWriter message;
  message.text(kValueLabel);
  message.u8(static_cast<std::uint8_t>(state.how));
  message.u32_be(state.generation);
  message.bytes(state.commitment);
  return crypto::sha256(message.written());
}

}  // namespace sealift::directory
