#include "directory/map_proof.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/check.h"

namespace sealift::directory {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint8_t kNothing = 0;
constexpr std::uint8_t kState = 1;
constexpr std::uint8_t kOther = 2;
constexpr std::byte kLeafPrefix{2};
constexpr std::byte kNodePrefix{3};

tl::unexpected<base::Error> malformed(const char* what) {
  return base::fail(ErrorCode::malformed, std::string("map proof: ") + what);
}

template <std::size_t N>
bool take(base::ByteReader& in, std::array<std::byte, N>& out) {
  const auto bytes = in.take(N);
  if (bytes) std::ranges::copy(*bytes, out.begin());
  return bytes.has_value();
}

Result<std::variant<NoLeaf, State, OtherLeaf>> parse_end(base::ByteReader& in) {
  const auto kind = in.u8();
  if (kind == kNothing) return NoLeaf{};
  if (kind == kOther) {
    OtherLeaf other;
    if (!take(in, other.index) || !take(in, other.value)) return malformed("cut short");
    return other;
  }
  if (kind != kState) return malformed("no such end");
  State state;
  const auto how = in.u8();
  const auto generation = in.u32_be();
  if (!how || !generation || !take(in, state.commitment)) return malformed("cut short");
  if (*how < 1 || *how > static_cast<std::uint8_t>(How::removed)) return malformed("state");
  state.how = static_cast<How>(*how);
  state.generation = *generation;
  return state;
}

base::Bytes bitmap_of(const std::vector<log::Hash>& siblings) {
  base::Bytes bitmap((siblings.size() + 7) / 8);
  for (std::size_t depth = 0; depth < siblings.size(); ++depth)
    if (siblings[depth] != log::Hash{}) bitmap[depth / 8] |= std::byte{0x80} >> (depth % 8);
  return bitmap;
}

}  // namespace

unsigned bit_of(const Index& index, unsigned depth) {
  return (std::to_integer<unsigned>(index[depth / 8]) >> (7 - depth % 8)) & 1U;
}

log::Hash map_leaf_hash(const Index& index, const crypto::Sha256Digest& value) {
  std::array<std::byte, 1 + 2 * crypto::kSha256Size> message;
  message[0] = kLeafPrefix;
  std::ranges::copy(index, message.begin() + 1);
  std::ranges::copy(value, message.begin() + 1 + crypto::kSha256Size);
  return crypto::sha256(message);
}

log::Hash map_node_hash(const log::Hash& left, const log::Hash& right) {
  std::array<std::byte, 1 + 2 * crypto::kSha256Size> message;
  message[0] = kNodePrefix;
  std::ranges::copy(left, message.begin() + 1);
  std::ranges::copy(right, message.begin() + 1 + crypto::kSha256Size);
  return crypto::sha256(message);
}

base::Bytes encode_map_proof(const MapProof& proof) {
  SEALIFT_CHECK(!proof.siblings.empty() && proof.siblings.size() <= kMapDepthMax);
  base::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(proof.end.index()));
  if (const auto* state = std::get_if<State>(&proof.end)) {
    out.u8(static_cast<std::uint8_t>(state->how));
    out.u32_be(state->generation);
    out.bytes(state->commitment);
  } else if (const auto* other = std::get_if<OtherLeaf>(&proof.end)) {
    out.bytes(other->index);
    out.bytes(other->value);
  }
  out.u8(static_cast<std::uint8_t>(proof.siblings.size()));
  out.bytes(bitmap_of(proof.siblings));
  for (const log::Hash& sibling : proof.siblings)
    if (sibling != log::Hash{}) out.bytes(sibling);
  return std::move(out).take();
}

Result<MapProof> parse_map_proof(base::ByteView bytes) {
  base::ByteReader in(bytes);
  MapProof proof;
  SEALIFT_TRY(proof.end, parse_end(in));
  const auto depth = in.u8();
  if (!depth || *depth == 0 || *depth > kMapDepthMax) return malformed("depth");
  const auto bitmap = in.take((*depth + 7U) / 8);
  if (!bitmap) return malformed("cut short");
  proof.siblings.resize(*depth);
  for (std::size_t at = 0; at < *depth; ++at) {
    if (((*bitmap)[at / 8] & (std::byte{0x80} >> (at % 8))) == std::byte{0}) continue;
    if (!take(in, proof.siblings[at])) return malformed("cut short");
  }
  if (!in.at_end()) return malformed("more than a proof");
  // One spelling: no sibling of zeros, no bit past the depth.
  if (!std::ranges::equal(bitmap_of(proof.siblings), *bitmap)) return malformed("bitmap");
  return proof;
}

Result<std::optional<State>> verify_map_proof(const MapProof& proof, const Index& index,
                                              const log::Hash& root) {
  const auto depth = static_cast<unsigned>(proof.siblings.size());
  const auto wrong = [] { return base::fail(ErrorCode::damaged, "map proof is wrong"); };
  if (depth == 0 || depth > kMapDepthMax) return wrong();
  log::Hash hash{};
  const auto* state = std::get_if<State>(&proof.end);
  if (state) hash = map_leaf_hash(index, value_of(*state));
  if (const auto* other = std::get_if<OtherLeaf>(&proof.end)) {
    if (other->index == index) return wrong();
    for (unsigned at = 0; at < depth; ++at)
      if (bit_of(other->index, at) != bit_of(index, at)) return wrong();
    hash = map_leaf_hash(other->index, other->value);
  }
  for (unsigned at = depth; at-- > 0;) {
    const log::Hash& sibling = proof.siblings[at];
    hash = bit_of(index, at) == 0 ? map_node_hash(hash, sibling) : map_node_hash(sibling, hash);
  }
  if (hash != root) return wrong();
  return state ? std::optional(*state) : std::nullopt;
}

}  // namespace sealift::directory
