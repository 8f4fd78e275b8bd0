// SealJournal: what was sealed under a payload key, so that a sealing can be continued under the
// same key without ever sealing two texts as one chunk.
//
// A payload key comes from a file key and a nonce; a journal owns the nonce, makes it once at
// random, and nobody else can pass one in. It keeps a 16-byte record of each batch of 16 chunks
// (1 MiB of text), taken before the batch leaves: HMAC-SHA256 under a key derived from the file key
// and nonce, over the batch's number, whether it is the last, and its tags, cut to 16 bytes.
// Sealing the same text again gives the same tags, and so the same record; another text does not
// (docs/decisions/0010-resumable-sealing.md). A record says nothing about the text to anybody
// without the file key.
//
// What a journal cannot know by itself: that it is an old copy. One in a file names the inode that
// it was made in, so that a copy of it, or what a backup brought back, is refused;
// age/seal/seal_resume.h compares with what the receiver says it holds.
#pragma once

#include <array>
#include <mutex>
#include <span>
#include <vector>

#include "age/format/stream.h"
#include "base/file_descriptor.h"
#include "crypto/random.h"

namespace sealift::age {

using SealRecord = std::array<std::byte, 16>;

class SealJournal {
 public:
  virtual ~SealJournal() = default;

  virtual const PayloadNonce& nonce() const = 0;

  // How many batches have records.
  virtual std::uint64_t count() const = 0;

  // `batch` is below count(). May be called by several threads, and while append() runs.
  virtual base::Result<SealRecord> at(std::uint64_t batch) const = 0;

  // Returns when the records would survive what the journal is to survive. Called by one thread at
  // a time. After an error the sealing stops.
  virtual base::Result<void> append(std::span<const SealRecord> records) = 0;
};

// For trying again within one process.
class MemorySealJournal final : public SealJournal {
 public:
  explicit MemorySealJournal(crypto::Random& random) : nonce_(random.array<kPayloadNonceSize>()) {}

  const PayloadNonce& nonce() const override { return nonce_; }
  std::uint64_t count() const override;
  base::Result<SealRecord> at(std::uint64_t batch) const override;
  base::Result<void> append(std::span<const SealRecord> records) override;

 private:
  const PayloadNonce nonce_;
  mutable std::mutex mutex_;
  std::vector<SealRecord> records_;  // mutex_
};

// A file: 16 bytes "sealift.journal2", the nonce, the file's inode number (8 bytes, big-endian),
// the records. A record cut short by a crash was not in force yet and is dropped. 16 MiB for a
// payload of 1 TiB.
class FileSealJournal final : public SealJournal {
 public:
  // Whether a record is on the disk, or with the operating system only, when append() returns. With
  // `process` a power cut may lose records of chunks that have left (then only what the receiver
  // holds shows it), unless whoever sends them calls sync() first.
  enum class Survives { process, power_cut };

  // Takes an empty file, open for reading and writing, and locks it. Errors: conflict (not empty,
  // or in use by another process), io, no_space.
  static base::Result<FileSealJournal> create(base::FileDescriptor file, crypto::Random& random,
                                              Survives survives);
  // Takes a journal that create() made. Errors: malformed (also: a copy of one), conflict (in use),
  // io.
  static base::Result<FileSealJournal> open(base::FileDescriptor file, Survives survives);

  const PayloadNonce& nonce() const override { return nonce_; }
  std::uint64_t count() const override { return count_; }
  base::Result<SealRecord> at(std::uint64_t batch) const override;
  base::Result<void> append(std::span<const SealRecord> records) override;

  // Returns when every record that was appended before the call would survive a power cut. May be
  // called while append() runs. Errors: io, no_space; then nothing more may leave.
  base::Result<void> sync();

 private:
  FileSealJournal(base::FileDescriptor file, Survives survives)
      : file_(std::move(file)), survives_(survives) {}

  base::FileDescriptor file_;
  Survives survives_;
  PayloadNonce nonce_{};
  std::uint64_t count_ = 0;
};

}  // namespace sealift::age
