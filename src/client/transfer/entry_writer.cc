#include "client/transfer/entry_writer.h"

#include <algorithm>

namespace sealift::client {
namespace {

using base::ByteView;
using base::ErrorCode;
using base::FileDescriptor;
using base::Result;
using parcel::EntryKind;

constexpr std::size_t kOpenFilesMax = 8;

tl::unexpected<base::Error> damaged() {
  return base::fail(ErrorCode::damaged, "the content is not what the manifest says");
}

}  // namespace

EntryWriter::EntryWriter(const parcel::Manifest& manifest, const StreamMap& map, OutputTree& tree,
                         const Placing& placing, std::vector<bool> wanted)
    : manifest_(manifest),
      map_(map),
      tree_(tree),
      placing_(placing),
      wanted_(std::move(wanted)),
      hashes_(map.entries()),
      from_disk_(wanted_.size()) {}

bool EntryWriter::wants_span(std::uint64_t offset, std::size_t size) const {
  return std::ranges::any_of(map_.pieces(offset, size), [&](const StreamPiece& piece) {
    return piece.part == StreamPart::content && wanted_[piece.entry];
  });
}

Result<void> EntryWriter::take(std::uint64_t offset, ByteView text) {
  std::vector<ContentPart> parts;
  for (const StreamPiece& piece : map_.pieces(offset, text.size())) {
    const ByteView bytes = text.first(piece.size);
    text = text.subspan(piece.size);
    if (piece.part == StreamPart::zeros) {
      if (!std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; }))
        return damaged();
      continue;
    }
    if (!wanted_[piece.entry]) continue;
    SEALIFT_TRY_VOID(put(piece, bytes, parts));
  }
  return hash(parts);
}

Result<void> EntryWriter::put(const StreamPiece& piece, ByteView bytes,
                              std::vector<ContentPart>& parts) {
  const parcel::Entry& entry = map_.entries()[piece.entry];
  if (piece.part == StreamPart::header) {
    const base::Bytes header = parcel::tar_header(entry);
    if (!std::ranges::equal(bytes, ByteView(header).subspan(piece.at, piece.size)))
      return damaged();
    return {};
  }
  SEALIFT_TRY(const auto file, open_file(piece.entry));
  SEALIFT_TRY_VOID(OutputTree::write(*file, bytes, piece.at));
  parts.push_back({.entry = piece.entry, .at = piece.at, .bytes = bytes});
  return {};
}

Result<void> EntryWriter::take_again(std::uint64_t offset, base::MutableByteView buffer) {
  std::vector<ContentPart> parts;
  for (const StreamPiece& piece : map_.pieces(offset, buffer.size())) {
    const base::MutableByteView bytes = buffer.first(piece.size);
    buffer = buffer.subspan(piece.size);
    if (piece.part != StreamPart::content || !wanted_[piece.entry]) continue;
    SEALIFT_TRY(const auto file, open_file(piece.entry));
    SEALIFT_TRY(const std::size_t got, base::pread_full(file->get(), bytes, piece.at));
    std::ranges::fill(bytes.subspan(got), std::byte{0});
    {
      const std::lock_guard lock(mutex_);
      from_disk_[piece.entry] = true;
    }
    parts.push_back({.entry = piece.entry, .at = piece.at, .bytes = bytes});
  }
  return hash(parts);
}

Result<void> EntryWriter::hash(std::span<const ContentPart> parts) {
  SEALIFT_TRY(const std::vector<std::size_t> complete, hashes_.add(parts));
  for (const std::size_t entry : complete) SEALIFT_TRY_VOID(finish(entry));
  return {};
}

Result<void> EntryWriter::finish(std::size_t entry) {
  const parcel::Entry& about = map_.entries()[entry];
  close_file(entry);
  if (hashes_.root(entry) == manifest_.entries[entry].content_hash) {
    auto published = tree_.publish(entry, about, *placing_.target(entry));
    if (published || published.error().code != ErrorCode::conflict) return published;
    const std::lock_guard lock(mutex_);
    blocked_.push_back(entry);
    return {};
  }
  const std::lock_guard lock(mutex_);
  if (!from_disk_[entry]) return damaged();
  from_disk_[entry] = false;
  stale_.push_back(entry);
  hashes_.forget(entry);
  return {};
}

Result<void> EntryWriter::make_what_is_empty() {
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const parcel::Entry& entry = map_.entries()[i];
    if (!wanted_[i] || entry.size_bytes > 0) continue;
    SEALIFT_TRY_VOID(entry.kind == EntryKind::folder ? tree_.make_folder(*placing_.target(i))
                                                     : finish(i));
  }
  return {};
}

std::vector<std::size_t> EntryWriter::take_stale() {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> stale;
  stale.swap(stale_);
  std::ranges::sort(stale);
  return stale;
}

std::vector<std::size_t> EntryWriter::take_blocked() {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> blocked;
  blocked.swap(blocked_);
  return blocked;
}

Result<std::shared_ptr<FileDescriptor>> EntryWriter::open_file(std::size_t entry) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(open_, entry, &decltype(open_)::value_type::first);
  if (found != open_.end()) return found->second;
  SEALIFT_TRY(FileDescriptor file, tree_.temporary(entry));
  open_.emplace_front(entry, std::make_shared<FileDescriptor>(std::move(file)));
  if (open_.size() > kOpenFilesMax) open_.pop_back();
  return open_.front().second;
}

void EntryWriter::close_file(std::size_t entry) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const auto& each) { return each.first == entry; });
}

}  // namespace sealift::client
