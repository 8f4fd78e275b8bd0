#include "age/seal/seal_record.h"

#include <algorithm>

#include "base/byte_writer.h"
#include "crypto/hkdf.h"
#include "crypto/sha256.h"

namespace sealift::age {
namespace {

constexpr std::string_view kRecordLabel = "sealift seal journal record";

}  // namespace

SealRecordKey derive_record_key(const FileKey& file_key, const PayloadNonce& nonce) {
  return crypto::hkdf_sha256<32>(
      {.key = file_key.view(), .salt = nonce, .info = base::bytes_of(kRecordLabel)});
}

SealRecord seal_record(const SealRecordKey& key, std::uint64_t batch, Last last,
                       std::span<const ChunkTag> tags) {
  base::ByteWriter message;
  message.u64_be(batch);
  message.u8(last == Last::yes ? 1 : 0);
  for (const ChunkTag& tag : tags) message.bytes(tag);
  const auto digest = crypto::hmac_sha256(key.view(), std::move(message).take());
  SealRecord record;
  std::copy_n(digest.begin(), record.size(), record.begin());
  return record;
}

}  // namespace sealift::age
