#include "server/figures.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "base/file_descriptor.h"

namespace sealift::server {
namespace {

struct Prefix {
  std::string_view path;
  RequestClass request_class;
};
// The first that fits.
constexpr Prefix kPrefixes[] = {
    {"/api/v1/uploads", RequestClass::upload},
    {"/api/v1/openings", RequestClass::download},
    {"/api/", RequestClass::api},
    {"/log/", RequestClass::log},
    {"/health/", RequestClass::watch},
    {"/metrics", RequestClass::watch},
};

}  // namespace

std::string_view class_name(RequestClass request_class) {
  switch (request_class) {
    case RequestClass::web:
      return "web";
    case RequestClass::api:
      return "api";
    case RequestClass::upload:
      return "upload";
    case RequestClass::download:
      return "download";
    case RequestClass::log:
      return "log";
    case RequestClass::watch:
      return "watch";
  }
  return "web";
}

std::string_view class_name(ThrottleClass throttle_class) {
  switch (throttle_class) {
    case ThrottleClass::ordinary:
      return "ordinary";
    case ThrottleClass::guessing:
      return "guessing";
    case ThrottleClass::costly:
      return "costly";
    case ThrottleClass::recorded:
      return "recorded";
  }
  return "ordinary";
}

RequestClass class_of_path(std::string_view path) {
  for (const Prefix& prefix : kPrefixes) {
    if (path.starts_with(prefix.path)) return prefix.request_class;
  }
  return RequestClass::web;
}

void FrontFigures::count(RequestClass request_class, std::uint16_t status,
                         std::chrono::milliseconds taken) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  ClassFigures& figures = classes.at(static_cast<std::size_t>(request_class));
  const std::size_t number =
      std::clamp<std::size_t>(status, kStatusMin, kStatusMin + kStatuses - 1);
  figures.by_status.at(number - kStatusMin).fetch_add(1, kRelaxed);
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(taken.count(), 0));
  const auto bucket = std::ranges::lower_bound(kLatencyBoundsMs, ms) - kLatencyBoundsMs.begin();
  figures.by_latency.at(static_cast<std::size_t>(bucket)).fetch_add(1, kRelaxed);
  figures.milliseconds.fetch_add(ms, kRelaxed);
}

void Figures::Unmap::operator()(Figures* figures) const { ::munmap(figures, sizeof(Figures)); }

base::Result<std::unique_ptr<Figures, Figures::Unmap>> Figures::make() {
  void* memory =
      ::mmap(nullptr, sizeof(Figures), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return tl::unexpected(base::error_of_errno(errno, "shared memory"));
  return std::unique_ptr<Figures, Unmap>(new (memory) Figures{});
}

}  // namespace sealift::server
