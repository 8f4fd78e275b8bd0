#include "age/payload/batch.h"

#include <algorithm>

namespace sealift::age::internal {

base::MutableByteView Batch::chunk_text(std::size_t i) const {
  return text.subspan(i * kChunkSize, std::min(kChunkSize, text_size - i * kChunkSize));
}

std::vector<base::MutableByteView> input_pieces(Batch& batch, Form form) {
  if (form == Form::text) return {batch.text};
  std::vector<base::MutableByteView> pieces;
  pieces.reserve(2 * kBatchChunks);
  for (std::size_t i = 0; i < kBatchChunks; ++i) {
    pieces.push_back(batch.text.subspan(i * kChunkSize, kChunkSize));
    pieces.emplace_back(batch.tags[i]);
  }
  return pieces;
}

bool arrange_input(Batch& batch, Form form, std::size_t size) {
  if (form == Form::text) {
    batch.text_size = size;
    batch.chunks = chunk_count(size);
    return true;
  }
  const std::size_t whole = size / kSealedChunkSize;
  const std::size_t rest = size % kSealedChunkSize;
  batch.chunks = whole;
  batch.text_size = whole * kChunkSize;
  if (rest == 0) return whole != 0;  // a payload without any chunk has no end
  if (rest < kChunkTagSize) return false;
  // The last chunk's bytes fill its text and then its tag; its own tag is their end.
  auto& tag = batch.tags[whole];
  const std::size_t text = rest - kChunkTagSize;
  const std::size_t from_text = std::min(rest, kChunkSize) - text;
  std::array<std::byte, kChunkTagSize> own;
  const auto tail = batch.text.subspan(whole * kChunkSize + text, from_text);
  std::copy(tail.begin(), tail.end(), own.begin());
  std::copy_n(tag.begin(), kChunkTagSize - from_text,
              own.begin() + static_cast<std::ptrdiff_t>(from_text));
  tag = own;
  batch.chunks = whole + 1;
  batch.text_size += text;
  return true;
}

std::vector<base::ByteView> output_pieces(const Batch& batch, Form form, std::size_t chunks) {
  const std::size_t size = std::min(batch.text_size, chunks * kChunkSize);
  if (form == Form::text) return {batch.text.first(size)};
  std::vector<base::ByteView> pieces;
  pieces.reserve(2 * chunks);
  for (std::size_t i = 0; i < chunks; ++i) {
    pieces.push_back(batch.chunk_text(i));
    pieces.emplace_back(batch.tags[i]);
  }
  return pieces;
}

}  // namespace sealift::age::internal
