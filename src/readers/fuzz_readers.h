// For fuzz targets: any bytes, read as one of several formats.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "readers/testing.h"

namespace sealift::readers {

// The first byte says which reader. What comes out ends, with a reason unless all of it was read.
template <std::size_t kCount>
void read_as_one_of(const std::array<Reader, kCount>& all, const std::uint8_t* data,
                    std::size_t size) {
  static Reader reader = nullptr;
  if (size == 0) return;
  reader = all.at(data[0] % kCount);
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  Recording recording;
  const Means means{[](base::ByteView) {
                      return Recognised{"x", reader};
                    },
                    nullptr, process_cpu_time};
  const extract::Request request{extract::Pass::documents, bytes.size(), "f", {}, {}};
  Context(recording, request, means).read_top(bytes);
  SEALIFT_CHECK(recording.all_ended());
}

}  // namespace sealift::readers
