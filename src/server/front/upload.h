// Upload: bytes on their way into a descriptor, and the thread that makes them durable.
//
// The engine's thread writes into the page cache. Space is asked for ahead of the writing, write-
// back is begun as it goes, and the last sync is done before anything is acknowledged: together
// twice as fast as one sync at the end. What may block on the disk runs on the DiskWorker.
#pragma once

#include <openssl/evp.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "server/front/application.h"

namespace sealift::server::front {

class DiskWorker;

// Used by the engine's thread, except where said.
class Upload {
 public:
  // `size_expected`: what the body will come to, 0 when unknown.
  Upload(RequestId request, ReceiveBody target, std::uint64_t size_expected);

  RequestId request() const { return request_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  bool has_failed() const { return has_ended_; }

  // Appends. False when the upload ended by it: too large, disk full, or failed; see result().
  bool write(base::ByteView bytes, DiskWorker& worker, const std::shared_ptr<Upload>& self);
  // No more bytes come. `end` is complete or cut_short; an earlier failure stays.
  void end(Received::End end);
  // After the last sync, whose errno is given (0: none).
  Received result(int sync_errno) const;

  int fd() const { return target_.file.get(); }  // any thread
  // Any thread, once ended: gives back reserved space, and syncs. Gives the errno, 0 for none.
  int make_durable() const;

 private:
  void reserve(std::uint64_t end);
  void fail(Received::End end);

  struct FreeDigest {
    void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
  };

  RequestId request_;
  ReceiveBody target_;
  std::uint64_t size_expected_;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t reserved_to_ = 0;      // bytes past target_.offset that have space
  std::uint64_t written_back_to_ = 0;  // bytes past target_.offset whose write-back has begun
  std::unique_ptr<EVP_MD_CTX, FreeDigest> digest_;
  bool has_ended_ = false;
  Received::End end_ = Received::End::failed;
};

// One thread beside the engine that waits for the disk. All methods: the engine's thread.
class DiskWorker {
 public:
  DiskWorker();  // starts the thread
  DiskWorker(const DiskWorker&) = delete;
  DiskWorker& operator=(const DiskWorker&) = delete;
  ~DiskWorker();  // finishes what was begun

  // Readable when finished() has something.
  int event_fd() const { return event_.get(); }

  // Begins write-back of a stretch that is complete.
  void begin_write_back(std::shared_ptr<Upload> upload, std::uint64_t offset, std::uint64_t size);
  // Makes all of it durable; the upload then comes out of finished().
  void make_durable(std::shared_ptr<Upload> upload);

  struct Finished {
    std::shared_ptr<Upload> upload;
    int sync_errno = 0;
  };
  std::vector<Finished> finished();
  std::size_t unfinished() const { return unfinished_; }

 private:
  struct Job {
    std::shared_ptr<Upload> upload;
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;  // 0: make durable
  };
  void push(Job job);
  void work();

  base::FileDescriptor event_;
  std::size_t unfinished_ = 0;  // syncs asked for and not handed out
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;            // guarded by mutex_
  std::vector<Finished> finished_;  // guarded by mutex_
  bool stop_ = false;               // guarded by mutex_
  std::thread thread_;              // last: everything else is made by then
};

}  // namespace sealift::server::front
