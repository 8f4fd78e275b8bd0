// ContentRun: sealing and opening a run of the content stream, in memory that the page reads and
// writes itself.
//
//   text   := up to 4 batches of 1 MiB, after one byte that the page uses to hash in place
//   sealed := the same as chunks, each followed by its tag
//
// The page fills `text` (file contents by itself, headers and zeros by asking), has it sealed, and
// takes `sealed`; or the other way round. One run at a time.
#pragma once

#include <optional>
#include <vector>

#include "age/seal/seal_record.h"
#include "age/format/stream.h"
#include "crypto/aead.h"
#include "parcel/tar_layout.h"

namespace sealift::web {

inline constexpr std::size_t kRunBatches = 8;
inline constexpr std::size_t kBatchChunks = 16;
inline constexpr std::size_t kRunTextSize = kRunBatches * kBatchChunks * age::kChunkSize;
inline constexpr std::size_t kRunSealedSize = kRunBatches * kBatchChunks * age::kSealedChunkSize;

// Which part of a payload a run is.
struct RunPlace {
  std::uint64_t first_batch = 0;
  std::size_t size = 0;  // of the text, or of what is sealed
  age::Last last = age::Last::no;
};

class ContentRun {
 public:
  ContentRun();

  void set_key(const age::FileKey& file_key, const age::PayloadNonce& nonce);

  base::MutableByteView text() { return base::MutableByteView(text_).subspan(1); }
  base::MutableByteView sealed() { return sealed_; }
  const std::vector<age::SealRecord>& records() const { return records_; }

  // Bytes [at, at + size) of an entry's tar header, to `to` in the text.
  void put_header(const parcel::Entry& entry, std::size_t at, base::MutableByteView to) const;
  // Whether they are what the text has there.
  bool has_header(const parcel::Entry& entry, std::size_t at, base::ByteView text) const;

  // Seals text().first(place.size); gives the size of what is sealed. Every chunk but the last of
  // the last run is full.
  std::size_t seal(const RunPlace& place);
  // Opens sealed().first(place.size); nullopt: a chunk is not authentic at this place.
  std::optional<std::size_t> open(const RunPlace& place);

  void wipe();

 private:
  base::Bytes text_;
  base::Bytes sealed_;
  std::optional<crypto::Aead> aead_;
  std::optional<age::SealRecordKey> record_key_;
  std::vector<age::SealRecord> records_;
};

}  // namespace sealift::web
