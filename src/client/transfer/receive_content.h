// Receiving the content of a parcel: the chunks of its payload become the entries that are wanted.
//
// What is in the output folder already is not fetched again: a file that has an entry's name and
// its very content is that entry (any other under its name is a conflict, found before anything is
// fetched), and what a broken-off receiving left in the working folder is read back and goes
// through the same hashes. Nothing on the disk is believed: an entry that comes out wrong is
// fetched again whole.
//
// What is wanted decides what is fetched: one entry of a large parcel costs the spans (1 MiB) that
// it lies in, and the last chunk, which proves the size.
#pragma once

#include <functional>
#include <vector>

#include "age/format/file_key.h"
#include "client/transfer/output_tree.h"
#include "client/transfer/range_stream.h"
#include "client/transfer/stream_map.h"

namespace sealift::client {

struct ReceiveJob {
  const parcel::Manifest& manifest;    // verified
  crypto::Sha256Digest manifest_hash;  // of its bytes: names what is continued
  const age::FileKey& file_key;
  PayloadOrigin& origin;
  OutputTree& tree;
  std::vector<bool> wanted;  // by entry
  unsigned workers = 1;
  Patience patience{};
  // How many bytes of the stream there are to take; then how many are done, from any thread.
  std::function<void(std::uint64_t)> begin{};
  std::function<void(std::uint64_t)> progress{};
};

struct ReceiveSummary {
  std::size_t received = 0;       // entries that this call wrote, or found broken off and finished
  std::size_t there_already = 0;  // entries that were there
  std::uint64_t fetched_bytes = 0;
};

// Errors: damaged (a chunk is not authentic, or the content is not what the manifest says);
// conflict (something else has an entry's name); malformed (a name that is not for entries);
// no_space, io, and those of the origin. After an error calling again continues.
base::Result<ReceiveSummary> receive_content(ReceiveJob job);

}  // namespace sealift::client
