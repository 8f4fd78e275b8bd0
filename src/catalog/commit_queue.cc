#include "catalog/commit_queue.h"

namespace sealift::catalog {

base::Result<void> CommitQueue::transact(Work work) {
  Waiting mine{std::move(work), std::nullopt};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  while (!mine.outcome) {
    if (is_committing_) {
      committed_.wait(lock);
    } else {
      commit_all(lock);
    }
  }
  return *std::move(mine.outcome);
}

void CommitQueue::commit_all(std::unique_lock<std::mutex>& lock) {
  is_committing_ = true;
  const std::vector<Waiting*> taken = std::exchange(waiting_, {});
  lock.unlock();
  std::vector<Work> batch;
  batch.reserve(taken.size());
  for (Waiting* waiting : taken) batch.push_back(std::move(waiting->work));
  std::vector<base::Result<void>> outcomes = catalog_.transact_batch(batch);
  lock.lock();
  for (std::size_t i = 0; i < taken.size(); ++i) taken[i]->outcome = std::move(outcomes[i]);
  is_committing_ = false;
  committed_.notify_all();
}

}  // namespace sealift::catalog
