#include "server/vault/digester.h"

#include "base/hex.h"
#include "crypto/sha256.h"
#include "server/log_line.h"

namespace sealift::server::vault {
namespace {

using base::Result;
using catalog::Records;

constexpr std::chrono::seconds kTurn{1};
constexpr std::uint32_t kBlobsATurn = 64;
constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

Digester::Digester(const Needs& needs, Begin begin) : needs_(needs) {
  if (begin == Begin::now) thread_ = std::thread([this] { run(); });
}

Digester::~Digester() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Digester::is_stopping() {
  const std::scoped_lock lock(mutex_);
  return stop_;
}

// False: it can't be read, or the server stops.
Result<bool> Digester::read(const catalog::WholeBlob& blob) {
  base::Bytes piece(kPiece);
  crypto::Sha256 hash;
  std::uint64_t done = 0;
  while (done < blob.length_bytes) {
    if (is_stopping()) return false;
    const auto size = needs_.blobs.read({blob.id.bytes}, done, piece);
    if (!size || *size == 0) {
      SEALIFT_TRY(const bool is_whole, needs_.catalog.read([&](const Records& records) {
        return records.blobs->is_whole(blob.id);
      }));
      if (is_whole) {
        unreadable_.insert(blob.id);
        log_line(LogEvent::blob_not_readable, {{"blob", base::hex_encode(blob.id.view())}});
      }
      return false;
    }
    hash.update(base::ByteView(piece).first(*size));
    done += *size;
  }
  const catalog::BlobDigest digest{hash.finish()};
  SEALIFT_TRY_VOID(needs_.commits.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY([[maybe_unused]] const catalog::Change kept,
                records.blobs->set_digest(blob.id, digest));
    return {};
  }));
  return true;
}

Result<std::size_t> Digester::read_some(std::uint32_t count_max) {
  SEALIFT_TRY(const auto blobs, needs_.catalog.read([&](const Records& records) {
    return records.blobs->undigested(count_max + static_cast<std::uint32_t>(unreadable_.size()));
  }));
  std::size_t done = 0;
  for (const catalog::WholeBlob& blob : blobs) {
    if (unreadable_.contains(blob.id)) continue;
    SEALIFT_TRY(const bool is_read, read(blob));
    if (is_read) ++done;
  }
  return done;
}

void Digester::run() {
  while (true) {
    const auto done = read_some(kBlobsATurn);
    if (!done) log_line(LogEvent::digests_not_kept, {{"why", done.error().text}});
    std::unique_lock lock(mutex_);
    if (stop_) return;
    if (done && *done == kBlobsATurn) continue;
    wake_.wait_for(lock, kTurn, [this] { return stop_; });
    if (stop_) return;
  }
}

}  // namespace sealift::server::vault
