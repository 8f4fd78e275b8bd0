// Batch: up to 16 chunks in one buffer, the unit of reading, work and writing.
//
// Text and tags stand apart, so that the text is one aligned run of memory in both directions: the
// system calls that read and write gather them (preadv, writev). A batch belongs to one thread.
#pragma once

#include <array>
#include <vector>

#include "age/format/stream.h"

namespace sealift::age::internal {

inline constexpr std::size_t kBatchChunks = 16;
inline constexpr std::size_t kBatchTextSize = kBatchChunks * kChunkSize;
inline constexpr std::size_t kBatchSealedSize = kBatchChunks * kSealedChunkSize;

// How the bytes of a batch look outside: text alone, or each chunk followed by its tag.
enum class Form { text, sealed };

struct Batch {
  base::MutableByteView text;  // kBatchTextSize; what is used of it has text_size
  std::array<std::array<std::byte, kChunkTagSize>, kBatchChunks> tags;
  std::uint64_t number = 0;
  Last last = Last::no;              // whether the last chunk here is the payload's last
  std::size_t text_size = 0;         // bytes of text in the batch
  std::size_t chunks = 0;            // chunks in the batch
  std::size_t used = 0;              // how far the buffer has been written to, over all its uses
  std::array<std::byte, 16> record;  // what a journal keeps of it

  std::uint64_t first_chunk() const { return number * kBatchChunks; }
  base::MutableByteView chunk_text(std::size_t i) const;
  Last chunk_last(std::size_t i) const {
    return i + 1 == chunks && last == Last::yes ? Last::yes : Last::no;
  }
};

// Where the input's bytes go, for a full batch.
std::vector<base::MutableByteView> input_pieces(Batch& batch, Form form);

// After `size` bytes were read to input_pieces(): sets text_size and chunks, and puts a short last
// chunk's tag in its place. False when what is behind the last whole chunk, or an empty input, is
// too short to be a chunk: the batch then has the whole chunks only.
[[nodiscard]] bool arrange_input(Batch& batch, Form form, std::size_t size);

// The first `chunks` chunks as they go out.
std::vector<base::ByteView> output_pieces(const Batch& batch, Form form, std::size_t chunks);

}  // namespace sealift::age::internal
