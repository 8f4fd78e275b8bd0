// EntryWriter: turns the verified stream of a parcel into files.
//
// Takes the text of the stream span by span, from several threads, in any gaps: headers and zeros
// have to be the very bytes that the signed manifest implies, contents go to temporary files and
// into the content hash; an entry whose hash is the manifest's gets its name. So a file has its
// name only when every byte of it was verified.
//
// Thread-safe, as EntryHashes is: spans are taken in the order of the stream.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "client/transfer/entry_hashes.h"
#include "client/transfer/output_tree.h"
#include "client/transfer/placing.h"
#include "client/transfer/stream_map.h"

namespace sealift::client {

class EntryWriter {
 public:
  // Borrows all. `wanted`: by entry, whether it is to be written; each has a place.
  EntryWriter(const parcel::Manifest& manifest, const StreamMap& map, OutputTree& tree,
              const Placing& placing, std::vector<bool> wanted);

  bool wants(std::size_t entry) const { return wanted_[entry]; }

  // Whether a span of the stream holds content that is wanted. Folders and empty files need none:
  // the manifest has said everything about them.
  bool wants_span(std::uint64_t offset, std::size_t size) const;

  // The folders and empty files that are wanted. Errors: as take().
  base::Result<void> make_what_is_empty();

  // Text of the stream from `offset` on. Errors: damaged (it is not what the manifest says),
  // conflict (a folder's name was taken meanwhile), no_space, io.
  base::Result<void> take(std::uint64_t offset, base::ByteView text);

  // The same of bytes that were written before this process began: reads them back from the
  // temporary files into `buffer`. What is wanted of the span and missing on the disk is taken for
  // zeros, so that its entry turns out damaged.
  base::Result<void> take_again(std::uint64_t offset, base::MutableByteView buffer);

  // Entries whose hash was wrong though part of them came from the disk: they are to be received
  // anew. Empties the list.
  std::vector<std::size_t> take_stale();
  // Entries that are whole, and whose name somebody else has taken meanwhile: their files are still
  // in the working folder. Empties the list.
  std::vector<std::size_t> take_blocked();

  void abandon() { hashes_.abandon(); }

 private:
  base::Result<void> put(const StreamPiece& piece, base::ByteView bytes,
                         std::vector<ContentPart>& parts);
  base::Result<void> finish(std::size_t entry);
  base::Result<void> hash(std::span<const ContentPart> parts);
  base::Result<std::shared_ptr<base::FileDescriptor>> open_file(std::size_t entry);
  void close_file(std::size_t entry);

  const parcel::Manifest& manifest_;
  const StreamMap& map_;
  OutputTree& tree_;
  const Placing& placing_;
  const std::vector<bool> wanted_;
  EntryHashes hashes_;
  std::mutex mutex_;
  std::list<std::pair<std::size_t, std::shared_ptr<base::FileDescriptor>>> open_;  // mutex_
  std::vector<bool> from_disk_;       // mutex_: some of it
  std::vector<std::size_t> stale_;    // mutex_
  std::vector<std::size_t> blocked_;  // mutex_
};

}  // namespace sealift::client
