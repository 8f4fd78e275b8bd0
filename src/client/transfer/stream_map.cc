#include "client/transfer/stream_map.h"

#include <algorithm>

namespace sealift::client {

StreamMap::StreamMap(std::vector<parcel::Entry> entries)
    : entries_(std::move(entries)), layout_(parcel::lay_out(entries_)) {}

std::uint64_t StreamMap::header_begin(std::size_t entry) const {
  if (entry == 0) return 0;
  const std::uint64_t before = content_end(entry - 1);
  return before + parcel::tar_padding(entries_[entry - 1].size_bytes);
}

std::vector<StreamPiece> StreamMap::pieces(std::uint64_t offset, std::size_t size) const {
  std::vector<StreamPiece> out;
  const std::uint64_t end = std::min(layout_.size_bytes, offset + size);
  // Takes what of [begins, ends) lies in the rest of the span.
  const auto take = [&](StreamPart part, std::size_t entry, std::uint64_t begins,
                        std::uint64_t ends) {
    const std::uint64_t to = std::min(ends, end);
    if (offset < begins || offset >= to) return;
    out.push_back({.part = part,
                   .entry = entry,
                   .at = offset - begins,
                   .size = static_cast<std::size_t>(to - offset)});
    offset = to;
  };
  // The last entry whose content begins at or before `offset`; its rest may lie in the span.
  const auto after = std::ranges::upper_bound(layout_.content_offsets, offset);
  auto entry = static_cast<std::size_t>(after - layout_.content_offsets.begin());
  if (entry > 0) --entry;
  for (; entry < entries_.size() && offset < end; ++entry) {
    take(StreamPart::header, entry, header_begin(entry), content_begin(entry));
    take(StreamPart::content, entry, content_begin(entry), content_end(entry));
    const std::uint64_t next =
        entry + 1 < entries_.size() ? header_begin(entry + 1) : layout_.end_offset;
    take(StreamPart::zeros, entry, content_end(entry), next);
  }
  take(StreamPart::zeros, entries_.size(), layout_.end_offset, layout_.size_bytes);
  return out;
}

}  // namespace sealift::client
