// The record that a seal journal keeps of a batch (age/seal/seal_journal.h,
// docs/formats/sending.md).
//
//   record  := HMAC-SHA256(record-key, message)[0:16]
//   message := u64 batch-number, u8 last, tags         big-endian; last is 1 for the last batch
//   record-key := HKDF-SHA256(key = file key, salt = nonce, info = "sealift seal journal record")
//
// Pure; thread-safe.
#pragma once

#include <cstdint>
#include <span>

#include "age/format/file_key.h"
#include "age/format/stream.h"
#include "age/seal/seal_journal.h"

namespace sealift::age {

using SealRecordKey = crypto::SecretBytes<32>;
using ChunkTag = std::array<std::byte, kChunkTagSize>;

SealRecordKey derive_record_key(const FileKey& file_key, const PayloadNonce& nonce);

// `tags` are those of the batch's chunks, in order.
SealRecord seal_record(const SealRecordKey& key, std::uint64_t batch, Last last,
                       std::span<const ChunkTag> tags);

}  // namespace sealift::age
