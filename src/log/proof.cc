#include "log/proof.h"

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/limits.h"

namespace sealift::log {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kPathMax = 64;
constexpr std::string_view kEventLabel = "sealift log event v1\n";
constexpr std::byte kCommitmentEntry{0x01};

tl::unexpected<base::Error> malformed(std::string_view what) {
  return fail(ErrorCode::malformed, "receipt: " + std::string(what));
}

Result<base::Bytes> parse_extra(std::string_view text) {
  auto extra = base::base64_decode(text, base::Padding::required);
  if (!extra) return malformed("extra line");
  if (extra->size() > limits::kLogExtraSizeMax)
    return fail(ErrorCode::limit, "receipt: extra line");
  return *std::move(extra);
}

}  // namespace

base::Bytes event_entry(const EventSalt& salt, base::ByteView event) {
  crypto::Sha256 hash;
  hash.update(base::bytes_of(kEventLabel));
  hash.update(salt);
  hash.update(event);
  base::Bytes entry{kCommitmentEntry};
  base::append(entry, hash.finish());
  return entry;
}

std::string receipt_text(const Receipt& receipt) {
  std::string text = std::string(kFirstLine) + "\n";
  if (receipt.extra) {
    text += std::string(kExtra) + base::base64_encode(*receipt.extra, base::Padding::required);
    text += "\n";
  }
  text += std::string(kIndex) + std::to_string(receipt.index) + "\n";
  for (const Hash& hash : receipt.path)
    text += base::base64_encode(hash, base::Padding::required) + "\n";
  return text + "\n" + receipt.checkpoint_note;
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > limits::kLogNoteSizeMax + 2 * limits::kLogExtraSizeMax)
    return fail(ErrorCode::limit,
                "receipt longer than " +
                    std::to_string(limits::kLogNoteSizeMax + 2 * limits::kLogExtraSizeMax) +
                    " bytes");
  base::ByteReader lines(base::bytes_of(text));
  if (lines.line() != kFirstLine) return malformed("first line");
  auto line = lines.line();
  Receipt receipt;
  if (line && line->starts_with(kExtra)) {
    SEALIFT_TRY(receipt.extra, parse_extra(line->substr(kExtra.size())));
    line = lines.line();
  }
  if (!line || !line->starts_with(kIndex)) return malformed("index line");
  const auto index = parse_log_number(line->substr(kIndex.size()));
  if (!index) return malformed("index line");
  receipt.index = *index;
  for (line = lines.line(); line && !line->empty(); line = lines.line()) {
    const auto hash = parse_log_hash(*line);
    if (!hash) return malformed("path");
    if (receipt.path.size() == kPathMax) return fail(ErrorCode::limit, "receipt: path");
    receipt.path.push_back(*hash);
  }
  if (!line) return malformed("no checkpoint");
  receipt.checkpoint_note = base::text_of(*lines.take(lines.remaining()));
  SEALIFT_TRY(const Note note, parse_note(receipt.checkpoint_note));
  SEALIFT_TRY_VOID(parse_checkpoint_text(note.text));
  return receipt;
}

Result<Checkpoint> verify_receipt(const Receipt& receipt, base::ByteView entry,
                                  const VerifierKey& key) {
  SEALIFT_TRY(Checkpoint checkpoint, open_checkpoint(receipt.checkpoint_note, key));
  const Place place{.index = receipt.index, .tree_size = checkpoint.head.size};
  if (!verify_inclusion(leaf_hash(entry), place, receipt.path, checkpoint.head.root))
    return fail(ErrorCode::damaged, "the entry is not in the log that the checkpoint signs");
  return checkpoint;
}

}  // namespace sealift::log
