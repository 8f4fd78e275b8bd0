#include "age/seal/seal_journal.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"

namespace sealift::age {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kMagic = "sealift.journal2";
constexpr std::size_t kInodeSize = 8;
constexpr std::uint64_t kHeadSize = 32 + kInodeSize;

struct Found {
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
};

// Two sealings at once from one journal would each believe to be the only one.
Result<Found> lock_and_look(const base::FileDescriptor& file) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? base::fail(ErrorCode::conflict, "the journal is in use")
                                : tl::unexpected(base::error_of_errno(errno, "lock journal"));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    return tl::unexpected(base::error_of_errno(errno, "read journal"));
  return Found{static_cast<std::uint64_t>(status.st_size), status.st_ino};
}

std::array<std::byte, kInodeSize> inode_bytes(std::uint64_t inode) {
  std::array<std::byte, kInodeSize> bytes;
  for (std::size_t i = 0; i < kInodeSize; ++i)
    bytes[i] = static_cast<std::byte>(inode >> (8 * (kInodeSize - 1 - i)));
  return bytes;
}

}  // namespace

std::uint64_t MemorySealJournal::count() const {
  const std::lock_guard lock(mutex_);
  return records_.size();
}

Result<SealRecord> MemorySealJournal::at(std::uint64_t batch) const {
  const std::lock_guard lock(mutex_);
  SEALIFT_CHECK(batch < records_.size());
  return records_[batch];
}

Result<void> MemorySealJournal::append(std::span<const SealRecord> records) {
  const std::lock_guard lock(mutex_);
  records_.insert(records_.end(), records.begin(), records.end());
  return {};
}

Result<FileSealJournal> FileSealJournal::create(base::FileDescriptor file, crypto::Random& random,
                                                Survives survives) {
  SEALIFT_TRY(const Found found, lock_and_look(file));
  if (found.size != 0) return base::fail(ErrorCode::conflict, "the journal exists already");
  FileSealJournal journal(std::move(file), survives);
  journal.nonce_ = random.array<kPayloadNonceSize>();
  base::Bytes head = base::copy_of(base::bytes_of(kMagic));
  base::append(head, journal.nonce_);
  base::append(head, inode_bytes(found.inode));
  SEALIFT_TRY_VOID(base::pwrite_full(journal.file_.get(), head, 0));
  if (survives == Survives::power_cut) SEALIFT_TRY_VOID(journal.sync());
  return journal;
}

Result<FileSealJournal> FileSealJournal::open(base::FileDescriptor file, Survives survives) {
  SEALIFT_TRY(const Found found, lock_and_look(file));
  base::Bytes head(kHeadSize);
  SEALIFT_TRY(const std::size_t got, base::pread_full(file.get(), head, 0));
  if (got != kHeadSize || !base::text_of(head).starts_with(kMagic))
    return base::fail(ErrorCode::malformed, "not a sealing journal");
  if (!std::ranges::equal(base::ByteView(head).last(kInodeSize), inode_bytes(found.inode)))
    return base::fail(ErrorCode::malformed, "a copy of a sealing journal");
  FileSealJournal journal(std::move(file), survives);
  std::copy_n(head.begin() + kMagic.size(), journal.nonce_.size(), journal.nonce_.begin());
  journal.count_ = (found.size - kHeadSize) / sizeof(SealRecord);
  return journal;
}

Result<SealRecord> FileSealJournal::at(std::uint64_t batch) const {
  SealRecord record;
  SEALIFT_TRY(const std::size_t got,
              base::pread_full(file_.get(), record, kHeadSize + batch * sizeof(SealRecord)));
  if (got != record.size()) return base::fail(ErrorCode::conflict, "the journal was cut short");
  return record;
}

Result<void> FileSealJournal::append(std::span<const SealRecord> records) {
  const base::ByteView bytes = std::as_bytes(records);
  SEALIFT_TRY_VOID(base::pwrite_full(file_.get(), bytes, kHeadSize + count_ * sizeof(SealRecord)));
  if (survives_ == Survives::power_cut) SEALIFT_TRY_VOID(sync());
  count_ += records.size();
  return {};
}

Result<void> FileSealJournal::sync() {
  if (::fdatasync(file_.get()) != 0)
    return tl::unexpected(base::error_of_errno(errno, "sync journal"));
  return {};
}

}  // namespace sealift::age
