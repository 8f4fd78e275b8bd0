#include "server/front/upload.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/check.h"

namespace sealift::server::front {
namespace {

constexpr std::uint64_t kWriteBackStep = std::uint64_t{16} << 20;
constexpr std::uint64_t kReserveStep = std::uint64_t{256} << 20;

const EVP_MD* digest_of(http::ChecksumAlgorithm algorithm) {
  return algorithm == http::ChecksumAlgorithm::sha1 ? EVP_sha1() : EVP_sha256();
}

}  // namespace

Upload::Upload(RequestId request, ReceiveBody target, std::uint64_t size_expected)
    : request_(request), target_(std::move(target)), size_expected_(size_expected) {
  if (!target_.checksum) return;
  digest_.reset(EVP_MD_CTX_new());
  SEALIFT_CHECK(digest_ && EVP_DigestInit_ex(digest_.get(), digest_of(target_.checksum->algorithm),
                                             nullptr) == 1);
}

void Upload::fail(Received::End end) {
  has_ended_ = true;
  end_ = end;
}

// Asks for space ahead of the writing, without changing the file's size. A file system that can't
// is no failure; a full disk shows in the write itself, up to whose last byte all is kept.
void Upload::reserve(std::uint64_t end) {
  if (end <= reserved_to_) return;
  const std::uint64_t known = std::min(size_expected_, target_.size_max);
  const std::uint64_t to = std::max(end, std::min(known, reserved_to_ + kReserveStep));
  ::fallocate(fd(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(target_.offset + reserved_to_),
              static_cast<off_t>(to - reserved_to_));
  reserved_to_ = to;
}

bool Upload::write(base::ByteView bytes, DiskWorker& worker, const std::shared_ptr<Upload>& self) {
  if (has_ended_) return false;
  const std::uint64_t room = target_.size_max - size_bytes_;
  const bool is_too_large = bytes.size() > room;
  if (is_too_large) bytes = bytes.first(static_cast<std::size_t>(room));
  if (digest_) EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
  if (size_expected_ > kWriteBackStep) reserve(size_bytes_ + bytes.size());
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd(), bytes.data(), bytes.size(),
                                     static_cast<off_t>(target_.offset + size_bytes_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const bool is_full = written == 0 || errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
      fail(is_full ? Received::End::no_space : Received::End::failed);
      return false;
    }
    size_bytes_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  while (size_bytes_ - written_back_to_ >= kWriteBackStep) {
    worker.begin_write_back(self, target_.offset + written_back_to_, kWriteBackStep);
    written_back_to_ += kWriteBackStep;
  }
  if (is_too_large) fail(Received::End::too_large);
  return !is_too_large;
}

void Upload::end(Received::End end) {
  if (has_ended_) return;
  fail(end);
  if (end != Received::End::complete || !digest_) return;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const bool is_digested = EVP_DigestFinal_ex(digest_.get(), digest.data(), &size) == 1;
  const auto found = std::as_bytes(std::span(digest).first(size));
  // A checksum is no secret: an ordinary comparison will do.
  if (!is_digested || !std::ranges::equal(found, target_.checksum->digest)) {
    end_ = Received::End::checksum_mismatch;
  }
}

Received Upload::result(int sync_errno) const {
  SEALIFT_CHECK(has_ended_);
  if (sync_errno == ENOSPC || sync_errno == EDQUOT) return {Received::End::no_space, 0};
  if (sync_errno != 0) return {Received::End::failed, 0};
  const bool counts = end_ != Received::End::failed && end_ != Received::End::checksum_mismatch &&
                      (end_ == Received::End::complete || !digest_);
  return {end_, counts ? size_bytes_ : 0};
}

int Upload::make_durable() const {
  if (reserved_to_ > size_bytes_) {
    ::fallocate(fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                static_cast<off_t>(target_.offset + size_bytes_),
                static_cast<off_t>(reserved_to_ - size_bytes_));
  }
  return ::fdatasync(fd()) == 0 ? 0 : errno;
}

DiskWorker::DiskWorker()
    : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { work(); }) {
  SEALIFT_CHECK(event_.is_open());
}

DiskWorker::~DiskWorker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void DiskWorker::push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void DiskWorker::begin_write_back(std::shared_ptr<Upload> upload, std::uint64_t offset,
                                  std::uint64_t size) {
  push({std::move(upload), offset, size});
}

void DiskWorker::make_durable(std::shared_ptr<Upload> upload) {
  ++unfinished_;
  push({std::move(upload), 0, 0});
}

std::vector<DiskWorker::Finished> DiskWorker::finished() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t size = ::read(event_.get(), &count, sizeof(count));
  const std::lock_guard lock(mutex_);
  unfinished_ -= finished_.size();
  return std::exchange(finished_, {});
}

void DiskWorker::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    if (job.size_bytes > 0) {
      // A hint: the sync at the end is what counts.
      ::sync_file_range(job.upload->fd(), static_cast<off_t>(job.offset),
                        static_cast<off_t>(job.size_bytes), SYNC_FILE_RANGE_WRITE);
      lock.lock();
      continue;
    }
    const int failed = job.upload->make_durable();
    lock.lock();
    finished_.push_back({std::move(job.upload), failed});
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t size = ::write(event_.get(), &one, sizeof(one));
  }
}

}  // namespace sealift::server::front
