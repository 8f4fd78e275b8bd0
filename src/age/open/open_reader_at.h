// ReaderAt: any range of the text of a sealed payload of any size, reading only the chunks that
// hold it.
//
// Making one opens the last chunk, as the last one: from then on the size is authenticated. Each
// range is one read of the source for every 16 chunks (1 MiB), so that a source may be a file or
// ranges of an HTTP object. Chunks at the edges of a range are kept, so that reading on from there
// opens nothing twice. Memory: under 512 KiB.
//
// Thread-safe, when the source is. The source outlives the reader.
#pragma once

#include <memory>

#include "age/format/payload_io.h"
#include "age/format/stream.h"

namespace sealift::age {

class ReaderAt {
 public:
  // `source` has a size, and holds the chunks that follow the payload's nonce.
  // Errors: damaged (the end is not authentic, or no payload has this size); usage (no size);
  // whatever the source gives.
  static base::Result<ReaderAt> create(const FileKey& file_key, const PayloadNonce& nonce,
                                       Source& source);

  ReaderAt(ReaderAt&&) noexcept;
  ReaderAt& operator=(ReaderAt&&) noexcept;
  ~ReaderAt();

  // Of the text.
  std::uint64_t size_bytes() const;

  // Fills `out` with the text from `offset` on; gives how many bytes, fewer only at the end of the
  // text. After an error `out` has been wiped.
  // Errors: damaged (a chunk in the range is not authentic); whatever the source gives.
  base::Result<std::size_t> read_at(base::MutableByteView out, std::uint64_t offset) const;

 private:
  class State;
  explicit ReaderAt(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sealift::age
