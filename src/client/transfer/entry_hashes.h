// EntryHashes: the content hashes of all entries of a parcel, while its stream passes in spans that
// several threads hold at once.
//
// A piece of the hash (1 MiB of an entry) may begin in one span and end in the next. Who holds the
// later span waits for the state of the piece from whoever holds the earlier one; each hands its
// unfinished piece on before it waits itself, so that nobody waits for long. That needs the spans
// to be taken in the order of the stream.
//
// Memory: a few digests for each entry that is under way, and 32 bytes for each entry. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "base/result.h"
#include "parcel/content_hash.h"
#include "parcel/tar_layout.h"

namespace sealift::client {

// Bytes of an entry's content.
struct ContentPart {
  std::size_t entry = 0;
  std::uint64_t at = 0;
  base::ByteView bytes;  // not empty
};

class EntryHashes {
 public:
  // Borrows `entries`.
  explicit EntryHashes(std::span<const parcel::Entry> entries);

  // The contents in one span, in order. Gives the entries that this has completed.
  // Errors: io (abandoned by another thread).
  base::Result<std::vector<std::size_t>> add(std::span<const ContentPart> parts);

  // Forgets what was added of an entry, so that it can be added again.
  void forget(std::size_t entry);

  // Ends all waiting, now and later: somebody failed.
  void abandon();

  // Of an entry that is complete; of one without content always.
  crypto::Sha256Digest root(std::size_t entry) const;

 private:
  struct UnderWay {
    parcel::ContentHash tree;
    std::uint64_t leaves = 0;                               // in the tree
    std::map<std::uint64_t, crypto::Sha256Digest> waiting;  // leaves whose turn has not come
  };
  struct Unfinished {
    parcel::PieceHash hash;
    std::uint64_t reached = 0;  // in the entry
  };
  using PieceName = std::pair<std::size_t, std::uint64_t>;  // entry, number of the piece

  base::Result<bool> add_part(const ContentPart& part);
  base::Result<Unfinished> take_unfinished(const PieceName& name, std::uint64_t reached);
  bool add_leaf(const PieceName& name, const crypto::Sha256Digest& leaf);

  const std::span<const parcel::Entry> entries_;
  mutable std::mutex mutex_;
  std::condition_variable handed_on_;
  std::map<PieceName, Unfinished> unfinished_;  // mutex_
  std::map<std::size_t, UnderWay> under_way_;   // mutex_
  std::vector<crypto::Sha256Digest> roots_;     // mutex_
  bool abandoned_ = false;                      // mutex_
};

}  // namespace sealift::client
