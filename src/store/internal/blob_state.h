// The state file of an unfinished blob: its declared size and how much of it was acknowledged.
//
//   file  = slot slot                        two slots of 512 bytes, written in turn
//   slot  = magic sequence size durable digest zeros
//   magic    8 bytes   "SLblob1\n"
//   sequence u64-le    1 and up; slot (sequence - 1) mod 2 holds it
//   size     u64-le    declared, at most kBlobSizeMax
//   durable  u64-le    acknowledged, at most size
//   digest  32 bytes   SHA-256 of the 32 bytes before it
//
// The valid slot with the higher sequence counts. A write that a power cut tears spoils one slot,
// never the one before it. A file without a valid slot is what a crash left of a create().
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sealift::store::internal {

inline constexpr std::size_t kSlotSize = 512;
inline constexpr std::size_t kStateFileSize = 2 * kSlotSize;

struct StateRecord {
  std::uint64_t sequence = 1;
  std::uint64_t size_bytes = 0;
  std::uint64_t durable_bytes = 0;

  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

// Where the record belongs in the file.
std::uint64_t slot_offset(const StateRecord& record);

// kSlotSize bytes.
base::Bytes encode_slot(const StateRecord& record);

// nullopt when neither slot is valid, whatever the bytes are.
std::optional<StateRecord> read_state_file(base::ByteView file);

}  // namespace sealift::store::internal
