// Receiving the content of a parcel: the chunks of its payload become the entries that are wanted.
//
// What is in the output folder already is not fetched again: a file that has an entry's name and
// its very content is that entry (client/transfer/placing.h says what becomes of any other under
// its name), and what a broken-off receiving left in the working folder is read back and goes
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
#include "client/transfer/placing.h"
#include "client/transfer/range_stream.h"
#include "client/transfer/stream_map.h"

namespace sealift::client {

// Whether there has to be room for all of it before anything is fetched. A sender's files may be
// full of holes, which take no room and which the manifest doesn't know of.
enum class Room : std::uint8_t { judged, hoped_for };

struct ReceiveJob {
  const parcel::Manifest& manifest;    // verified
  crypto::Sha256Digest manifest_hash;  // of its bytes: names what is continued
  const age::FileKey& file_key;
  PayloadOrigin& origin;
  OutputTree& tree;
  std::vector<bool> wanted;  // by entry
  DecideConflict decide{};   // empty: what is in the way fails
  Room room = Room::judged;
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
  std::size_t left_out = 0;         // entries whose name, or a folder's above them, was taken
  std::vector<Conflict> conflicts;  // by path
};

// Errors: damaged (a chunk is not authentic, or the content is not what the manifest says);
// malformed (a name that is not for entries); no_space (refused before anything is fetched, or the
// disk is full), io, and those of the origin. After an error calling again continues.
base::Result<ReceiveSummary> receive_content(ReceiveJob job);

}  // namespace sealift::client
