// StreamMap: which byte of a parcel's tar stream is what.
//
// The stream (parcel/tar_layout.h) follows from the entries. Sender and receiver go over it in
// spans of 1 MiB, which begin and end anywhere in it; this says what such a span is made of.
// Immutable, thread-safe.
#pragma once

#include <vector>

#include "parcel/tar_layout.h"

namespace sealift::client {

enum class StreamPart : std::uint8_t { header, content, zeros };

struct StreamPiece {
  StreamPart part = StreamPart::zeros;
  std::size_t entry = 0;  // not of zeros
  std::uint64_t at = 0;   // where in the header or content it begins
  std::size_t size = 0;   // never 0
};

class StreamMap {
 public:
  explicit StreamMap(std::vector<parcel::Entry> entries);

  const std::vector<parcel::Entry>& entries() const { return entries_; }
  std::uint64_t size_bytes() const { return layout_.size_bytes; }
  std::uint64_t header_begin(std::size_t entry) const;
  std::uint64_t content_begin(std::size_t entry) const { return layout_.content_offsets[entry]; }
  std::uint64_t content_end(std::size_t entry) const {
    return layout_.content_offsets[entry] + entries_[entry].size_bytes;
  }

  // What stands from `offset` on, in order, up to `size` bytes or the end of the stream.
  std::vector<StreamPiece> pieces(std::uint64_t offset, std::size_t size) const;

 private:
  std::vector<parcel::Entry> entries_;
  parcel::TarLayout layout_;
};

}  // namespace sealift::client
