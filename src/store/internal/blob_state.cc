#include "store/internal/blob_state.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/limits.h"
#include "crypto/sha256.h"

namespace sealift::store::internal {
namespace {

constexpr std::string_view kMagic = "SLblob1\n";
constexpr std::size_t kDigestedSize = 32;

std::optional<StateRecord> read_slot(base::ByteView slot) {
  base::ByteReader in(slot);
  const auto magic = in.take(kMagic.size());
  const auto sequence = in.u64_le();
  const auto size = in.u64_le();
  const auto durable = in.u64_le();
  const auto digest = in.take(crypto::kSha256Size);
  if (!digest || base::text_of(*magic) != kMagic) return std::nullopt;
  if (!std::ranges::equal(*digest, crypto::sha256(slot.first(kDigestedSize)))) return std::nullopt;
  const auto rest = in.take(in.remaining());
  if (!std::ranges::all_of(*rest, [](std::byte b) { return b == std::byte{0}; }))
    return std::nullopt;
  if (*sequence == 0 || *size > limits::kBlobSizeMax || *durable > *size) return std::nullopt;
  return StateRecord{*sequence, *size, *durable};
}

}  // namespace

std::uint64_t slot_offset(const StateRecord& record) {
  return (record.sequence - 1) % 2 * kSlotSize;
}

base::Bytes encode_slot(const StateRecord& record) {
  base::ByteWriter out;
  out.text(kMagic);
  out.u64_le(record.sequence);
  out.u64_le(record.size_bytes);
  out.u64_le(record.durable_bytes);
  out.bytes(crypto::sha256(out.written()));
  base::Bytes slot = std::move(out).take();
  slot.resize(kSlotSize);
  return slot;
}

std::optional<StateRecord> read_state_file(base::ByteView file) {
  std::optional<StateRecord> newest;
  for (const std::size_t at : {std::size_t{0}, kSlotSize}) {
    if (file.size() < at + kSlotSize || file.size() > kStateFileSize) continue;
    const auto record = read_slot(file.subspan(at, kSlotSize));
    const bool belongs_here = record && slot_offset(*record) == at;
    if (belongs_here && (!newest || record->sequence > newest->sequence)) newest = record;
  }
  return newest;
}

}  // namespace sealift::store::internal
