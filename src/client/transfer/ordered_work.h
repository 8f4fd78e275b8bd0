// Work that several threads take in order and do side by side.
//
//   for_each_in_order(items.size(), workers, give_up, [&](std::size_t item, Scratch&) {...});
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/secret_bytes.h"

namespace sealift::client {

// Calls `work(item, buffer)` for each item from 0 to `count`, which are begun in this order. Each
// thread, the calling one among them, has a buffer of its own, wiped at the end. The first failure
// ends the work, and is given: `give_up` is called, which is to end whatever items wait for; what
// is under way is waited for.
template <typename Work>
base::Result<void> for_each_in_order(std::size_t count, unsigned workers, std::size_t buffer_size,
                                     const std::function<void()>& give_up, const Work& work) {
  std::mutex mutex;
  std::size_t next = 0;                  // mutex
  std::optional<base::Error> first_bad;  // mutex
  const auto run = [&] {
    base::Bytes buffer(buffer_size);
    for (;;) {
      std::size_t item = 0;
      {
        const std::lock_guard lock(mutex);
        if (first_bad || next == count) break;
        item = next++;
      }
      const base::Result<void> done = work(item, base::MutableByteView(buffer));
      if (done) continue;
      {
        const std::lock_guard lock(mutex);
        if (!first_bad) first_bad = done.error();
      }
      give_up();
    }
    crypto::wipe(buffer);
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < workers && i < count; ++i) helpers.emplace_back(run);
  run();
  for (std::thread& helper : helpers) helper.join();
  if (first_bad) return tl::unexpected(*std::move(first_bad));
  return {};
}

}  // namespace sealift::client
