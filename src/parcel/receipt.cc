#include "parcel/receipt.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>

#include "base/byte_reader.h"
#include "base/hex.h"
#include "log/note.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::Result;

// The name under which a receipt is signed; the key says whose it is.
constexpr std::string_view kSigner = "sealift-receipt";
constexpr std::string_view kFirstLine = "sealift-receipt/1";

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "this is not a receipt");
}

std::string text_of(const Receipt& receipt) {
  return std::string(kFirstLine) + "\nparcel " + base::hex_encode(receipt.parcel_id) +
         "\nopening " + base::hex_encode(receipt.opening_id) + "\nmanifest " +
         base::hex_encode(receipt.manifest_hash) + "\nentries " + std::to_string(receipt.entries) +
         "\nreceived " + std::to_string(receipt.received_unix_ms) + "\n";
}

std::optional<std::string_view> value_of(base::ByteReader& reader, std::string_view name) {
  const auto line = reader.line();
  if (!line || !line->starts_with(name) || line->size() == name.size() ||
      (*line)[name.size()] != ' ')
    return std::nullopt;
  return line->substr(name.size() + 1);
}

template <std::size_t kSize>
bool read_bytes(base::ByteReader& reader, std::string_view name,
                std::array<std::byte, kSize>& into) {
  const auto bytes = base::hex_decode(value_of(reader, name).value_or("x"));
  if (!bytes || bytes->size() != kSize) return false;
  std::ranges::copy(*bytes, into.begin());
  return true;
}

template <std::integral Number>
bool read_number(base::ByteReader& reader, std::string_view name, Number& into) {
  const auto text = value_of(reader, name);
  if (!text) return false;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), into);
  return error == std::errc() && end == text->data() + text->size();
}

}  // namespace

std::string sign_receipt(const Receipt& receipt, const crypto::Ed25519Secret& key) {
  return log::sign_note(text_of(receipt), kSigner, key);
}

Result<Receipt> read_receipt(std::string_view note, std::span<const crypto::Ed25519Public> keys) {
  SEALIFT_TRY(const log::Note parsed, log::parse_note(note));
  base::ByteReader reader(base::bytes_of(parsed.text));
  Receipt receipt;
  const bool is_good = reader.line() == kFirstLine &&
                       read_bytes(reader, "parcel", receipt.parcel_id) &&
                       read_bytes(reader, "opening", receipt.opening_id) &&
                       read_bytes(reader, "manifest", receipt.manifest_hash) &&
                       read_number(reader, "entries", receipt.entries) &&
                       read_number(reader, "received", receipt.received_unix_ms);
  // One spelling: what writing it again gives.
  if (!is_good || text_of(receipt) != parsed.text || parsed.signatures.size() != 1)
    return malformed();
  const log::NoteSignature& signature = parsed.signatures.front();
  const bool is_signed =
      signature.name == kSigner && std::ranges::any_of(keys, [&](const auto& key) {
        const log::VerifierKey verifier(std::string(kSigner), key);
        return verifier.key_id() == signature.key_id &&
               verifier.verifies(parsed.text, signature.signature);
      });
  if (!is_signed) return base::fail(ErrorCode::no_match, "the receipt is not signed by its key");
  return receipt;
}

}  // namespace sealift::parcel
