#include "server/vault/clock_memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "base/file_descriptor.h"

namespace sealift::server::vault {

using std::chrono::milliseconds;

void ClockMemory::Unmap::operator()(ClockMemory* memory) const {
  ::munmap(memory, sizeof(ClockMemory));
}

base::Result<std::unique_ptr<ClockMemory, ClockMemory::Unmap>> ClockMemory::make() {
  void* const memory = ::mmap(nullptr, sizeof(ClockMemory), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return tl::unexpected(base::error_of_errno(errno, "shared memory"));
  return std::unique_ptr<ClockMemory, Unmap>(new (memory) ClockMemory{});
}

std::optional<ClockReading> ClockMemory::read() const {
  const std::uint64_t written = written_.load();
  if (written == 0) return std::nullopt;
  const auto& entry = entries_.at(written % 2);
  return ClockReading{base::UnixTime(milliseconds(entry[0])), milliseconds(entry[1]),
                      base::UnixTime(milliseconds(entry[2])), milliseconds(entry[3])};
}

void ClockMemory::write(const ClockReading& reading) {
  const std::uint64_t next = written_.load() + 1;
  auto& entry = entries_.at(next % 2);
  entry[0] = reading.latest.time_since_epoch().count();
  entry[1] = reading.counted.count();
  entry[2] = reading.confirmed.time_since_epoch().count();
  entry[3] = reading.confirmed_at.count();
  written_.store(next);
}

}  // namespace sealift::server::vault
