#include "client/transfer/entry_hashes.h"

#include <algorithm>

#include "base/check.h"

namespace sealift::client {
namespace {

using base::Result;
using parcel::kHashPieceSize;

}  // namespace

EntryHashes::EntryHashes(std::span<const parcel::Entry> entries)
    : entries_(entries), roots_(entries.size(), parcel::content_hash({})) {}

Result<std::vector<std::size_t>> EntryHashes::add(std::span<const ContentPart> parts) {
  std::vector<std::size_t> complete;
  // Backwards: what the next span waits for comes first, what this one waits for last.
  for (std::size_t left = parts.size(); left > 0; --left) {
    const ContentPart& part = parts[left - 1];
    const std::uint64_t end = part.at + part.bytes.size();
    for (std::uint64_t to = end; to > part.at;) {
      const std::uint64_t from = std::max(part.at, (to - 1) / kHashPieceSize * kHashPieceSize);
      const auto bytes = part.bytes.subspan(static_cast<std::size_t>(from - part.at),
                                            static_cast<std::size_t>(to - from));
      SEALIFT_TRY(const bool completed,
                  add_part({.entry = part.entry, .at = from, .bytes = bytes}));
      if (completed) complete.push_back(part.entry);
      to = from;
    }
  }
  return complete;
}

// A part within one piece; whether it completed the entry.
Result<bool> EntryHashes::add_part(const ContentPart& part) {
  const std::uint64_t size = entries_[part.entry].size_bytes;
  const PieceName name{part.entry, part.at / kHashPieceSize};
  const std::uint64_t end = part.at + part.bytes.size();
  const std::uint64_t piece_end = std::min(size, (name.second + 1) * kHashPieceSize);
  SEALIFT_CHECK(end <= piece_end);
  const bool begins = part.at % kHashPieceSize == 0;
  if (begins && end == piece_end) return add_leaf(name, parcel::hash_piece(part.bytes));
  Unfinished piece;
  if (!begins) {
    SEALIFT_TRY(piece, take_unfinished(name, part.at));
  }
  piece.hash.update(part.bytes);
  piece.reached = end;
  if (end == piece_end) return add_leaf(name, piece.hash.finish());
  const std::lock_guard lock(mutex_);
  unfinished_.insert_or_assign(name, std::move(piece));
  handed_on_.notify_all();
  return false;
}

Result<EntryHashes::Unfinished> EntryHashes::take_unfinished(const PieceName& name,
                                                             std::uint64_t reached) {
  std::unique_lock lock(mutex_);
  const auto found = [&] {
    const auto at = unfinished_.find(name);
    return at != unfinished_.end() && at->second.reached == reached;
  };
  handed_on_.wait(lock, [&] { return abandoned_ || found(); });
  if (!found()) return base::fail(base::ErrorCode::io, "the transfer was broken off");
  return std::move(unfinished_.extract(name).mapped());
}

bool EntryHashes::add_leaf(const PieceName& name, const crypto::Sha256Digest& leaf) {
  const std::uint64_t size = entries_[name.first].size_bytes;
  const std::uint64_t leaves = (size + kHashPieceSize - 1) / kHashPieceSize;
  const std::lock_guard lock(mutex_);
  UnderWay& entry = under_way_[name.first];
  entry.waiting.insert_or_assign(name.second, leaf);
  while (!entry.waiting.empty() && entry.waiting.begin()->first == entry.leaves) {
    entry.tree.add_leaf(entry.waiting.begin()->second);
    entry.waiting.erase(entry.waiting.begin());
    ++entry.leaves;
  }
  if (entry.leaves < leaves) return false;
  roots_[name.first] = entry.tree.root();
  under_way_.erase(name.first);
  return true;
}

void EntryHashes::forget(std::size_t entry) {
  const std::lock_guard lock(mutex_);
  under_way_.erase(entry);
  std::erase_if(unfinished_, [&](const auto& each) { return each.first.first == entry; });
}

void EntryHashes::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  handed_on_.notify_all();
}

crypto::Sha256Digest EntryHashes::root(std::size_t entry) const {
  const std::lock_guard lock(mutex_);
  return roots_[entry];
}

}  // namespace sealift::client
