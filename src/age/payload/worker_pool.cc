#include "age/payload/worker_pool.h"

#include <algorithm>
#include <system_error>

#include "base/check.h"

namespace sealift::age::internal {

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::start(std::uint64_t count, std::function<void()> task) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, threads_max_));
  try {
    while (threads_.size() < wanted) threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    // The caller works too, so that even none is enough.
  }
  {
    const std::lock_guard lock(mutex_);
    SEALIFT_CHECK(running_ == 0 && unclaimed_ == 0);
    task_ = std::move(task);
    unclaimed_ = std::min(wanted, threads_.size());
  }
  changed_.notify_all();
}

void WorkerPool::wait() {
  std::unique_lock lock(mutex_);
  unclaimed_ = 0;  // who has not begun need not: the work is done
  changed_.wait(lock, [this] { return running_ == 0; });
  task_ = nullptr;
}

void WorkerPool::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || unclaimed_ > 0; });
    if (ending_) return;
    --unclaimed_;
    ++running_;
    const std::function<void()> task = task_;
    lock.unlock();
    task();
    lock.lock();
    --running_;
    changed_.notify_all();
  }
}

}  // namespace sealift::age::internal
