#include "log/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/limits.h"

namespace sealift::log {

using base::ErrorCode;
using base::fail;
using base::Result;

std::optional<std::uint64_t> parse_log_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if ((text.size() > 1 && text.front() == '0') || value > limits::kLogTreeSizeMax)
    return std::nullopt;
  return value;
}

std::optional<Hash> parse_log_hash(std::string_view text) {
  const auto bytes = base::base64_decode(text, base::Padding::required);
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                     base::base64_encode(checkpoint.head.root, base::Padding::required) + "\n";
  for (const std::string& extension : checkpoint.extensions) text += extension + "\n";
  return text;
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  if (text.size() > limits::kLogNoteSizeMax)
    return fail(ErrorCode::limit,
                "checkpoint longer than " + std::to_string(limits::kLogNoteSizeMax) + " bytes");
  base::ByteReader lines(base::bytes_of(text));
  const auto origin = lines.line();
  const auto size_line = lines.line();
  const auto root_line = lines.line();
  if (!root_line || origin->empty()) return fail(ErrorCode::malformed, "checkpoint cut short");
  const auto size = parse_log_number(*size_line);
  const auto root = parse_log_hash(*root_line);
  if (!size || !root) return fail(ErrorCode::malformed, "checkpoint's size or root");
  Checkpoint checkpoint{.origin = std::string(*origin), .head = {*size, *root}, .extensions = {}};
  while (!lines.at_end()) {
    const auto line = lines.line();
    if (!line || line->empty()) return fail(ErrorCode::malformed, "checkpoint's extension line");
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  SEALIFT_TRY(const Note parsed, parse_note(note));
  SEALIFT_TRY_VOID(verify_note(parsed, std::span(&key, 1)));
  SEALIFT_TRY(Checkpoint checkpoint, parse_checkpoint_text(parsed.text));
  if (checkpoint.origin != key.name())
    return fail(ErrorCode::no_match, "the checkpoint of another log");
  return checkpoint;
}

}  // namespace sealift::log
