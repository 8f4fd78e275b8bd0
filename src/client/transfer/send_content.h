// Sending the content of a parcel: walk, seal, journal, upload, in one stream that can be cut
// anywhere.
//
//   TarSource -> sealing (seal journal) -> SendQueue (journal durable) -> UploadTarget
//
// After a lost connection, a killed process or a restarted machine the source is read again from
// its beginning and sealed under the same key; what the server holds is not sent again, and what
// comes out must be what the journal knows. If it does not, some file was changed: nothing more
// leaves under this key, and the sender begins again with a new one.
#pragma once

#include <functional>
#include <vector>

#include "age/payload/pipeline.h"
#include "age/seal/seal_journal.h"
#include "client/transfer/range_stream.h"
#include "client/transfer/source_tree.h"
#include "client/transfer/stream_map.h"
#include "crypto/sha256.h"

namespace sealift::client {

// Where a payload goes. One request at a time; one thread at a time.
class UploadTarget {
 public:
  virtual ~UploadTarget() = default;
  // How many bytes the receiver has for certain.
  virtual base::Result<std::uint64_t> offset() = 0;
  // Exactly `size_bytes` will be written, from `offset` on.
  virtual base::Result<void> begin(std::uint64_t offset, std::uint64_t size_bytes) = 0;
  virtual base::Result<void> write(base::ByteView bytes) = 0;
  // How many bytes the receiver has then.
  virtual base::Result<std::uint64_t> finish() = 0;
  // After an error: whether it goes another way from now on, so that trying again at once helps.
  virtual bool has_adapted(const base::Error&) { return false; }
};

struct SendContentJob {
  const SourceTree& tree;
  const StreamMap& map;  // of the tree's entries
  const age::FileKey& file_key;
  age::FileSealJournal& journal;
  UploadTarget& target;
  age::Pipeline& pipeline;
  Patience patience{};
  std::function<void(std::uint64_t)> progress{};  // bytes of the stream, from any thread
};

enum class ContentState { sent, source_changed };
struct SentContent {
  ContentState state = ContentState::sent;
  std::vector<crypto::Sha256Digest> hashes{};  // by entry, when sent
  std::size_t changed_while_read = 0;          // files that were written to meanwhile
};

// Errors: those of the target and of the disk, after the last attempt.
base::Result<SentContent> send_content(const SendContentJob& job);

}  // namespace sealift::client
