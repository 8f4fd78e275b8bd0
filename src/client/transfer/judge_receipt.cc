#include "client/transfer/judge_receipt.h"

namespace sealift::client {
namespace {

tl::unexpected<base::Error> lie(std::string text) {
  return base::fail(base::ErrorCode::damaged, std::move(text));
}

}  // namespace

base::Result<JudgedReceipt> judge_receipt(const api::Opening& opening, const api::ParcelId& parcel,
                                          const std::optional<SentNote>& sent,
                                          std::span<const crypto::Ed25519Public> keys) {
  if (opening.parcel != parcel) return lie("the server shows an opening of another parcel");
  if (!opening.receipt) {
    if (opening.received)
      return lie("the server says that the parcel was received, and has no receipt of it");
    return JudgedReceipt{};
  }
  if (keys.empty()) return JudgedReceipt{.standing = ReceiptStanding::unknown_key, .receipt = {}};
  const auto receipt = parcel::read_receipt(*opening.receipt, keys);
  if (!receipt) return lie("a receipt is not signed by whom the server says opened the parcel");
  if (receipt->parcel_id != parcel.bytes) return lie("a receipt is of another parcel");
  if (receipt->opening_id != opening.id.bytes) return lie("a receipt is of another opening");
  if (sent && receipt->manifest_hash != sent->manifest_hash)
    return lie("a receipt is of another manifest than the one that was sent");
  return JudgedReceipt{sent ? ReceiptStanding::verified : ReceiptStanding::signed_only, *receipt};
}

}  // namespace sealift::client
