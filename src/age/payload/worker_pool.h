// WorkerPool: threads that are started when first needed and then wait for the next payload.
// Used by one thread at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sealift::age::internal {

class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads_max) : threads_max_(threads_max) {}
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  // Runs `task` on up to `count` threads, and returns at once. A system that gives no more threads
  // gets the work done on fewer.
  void start(std::uint64_t count, std::function<void()> task);

  // Until every thread has returned from the task.
  void wait();

 private:
  void serve();

  const unsigned threads_max_;
  std::vector<std::thread> threads_;  // of the thread that uses the pool

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> task_;  // mutex_
  std::size_t unclaimed_ = 0;   // mutex_: threads that may still pick the task up
  std::size_t running_ = 0;     // mutex_
  bool ending_ = false;         // mutex_
};

}  // namespace sealift::age::internal
