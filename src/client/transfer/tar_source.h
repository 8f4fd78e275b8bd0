// TarSource: the content of a parcel as the sealing reads it: the tar stream of a SourceTree, with
// the content hash of every entry computed on the way, by the threads that read.
//
// Every byte of the stream but the contents follows from the entries. A file that is now shorter
// than it was when it was found, or no longer a file, ends the reading with `conflict`; one that
// grew is sent as far as it was found. Files that were written to meanwhile are counted: what was
// sent of them is what the hashes say, though it may be of two moments.
//
// One object for one reading, from beginning to end; read_at() is thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "age/format/payload_io.h"
#include "base/file_descriptor.h"
#include "client/transfer/entry_hashes.h"
#include "client/transfer/source_tree.h"
#include "client/transfer/stream_map.h"

namespace sealift::client {

class TarSource final : public age::Source {
 public:
  // Borrows both; `map` is of the tree's entries.
  TarSource(const SourceTree& tree, const StreamMap& map);

  std::optional<std::uint64_t> size_bytes() const override { return map_.size_bytes(); }
  // Errors: conflict (a file is not what it was when it was found), forbidden, not_found, io.
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

  // After the whole stream was read.
  crypto::Sha256Digest hash(std::size_t entry) const { return hashes_.root(entry); }
  // Files whose time of change was another at the end of their reading than at its beginning.
  std::size_t changed_count() const;

 private:
  struct OpenFile {
    base::FileDescriptor file;
    std::int64_t modified_ns = 0;
  };

  base::Result<void> fill(base::MutableByteView out, std::uint64_t offset,
                          std::vector<ContentPart>& parts);
  base::Result<void> fill_content(base::MutableByteView out, const StreamPiece& piece);
  base::Result<std::shared_ptr<OpenFile>> open_file(std::size_t entry);
  base::Result<OpenFile> open_anew(std::size_t entry) const;
  void end_file(std::size_t entry);

  const SourceTree& tree_;
  const StreamMap& map_;
  EntryHashes hashes_;
  mutable std::mutex mutex_;
  std::list<std::pair<std::size_t, std::shared_ptr<OpenFile>>> open_;  // mutex_: latest first
  std::size_t changed_ = 0;                                            // mutex_
};

}  // namespace sealift::client
