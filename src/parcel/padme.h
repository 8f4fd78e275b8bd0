// Padme: sizes that tell little. A size is rounded up so that only its highest bits remain.
//
// Of a size L with E = floor(log2 L), the lowest E - (floor(log2 E) + 1) bits become zero, upwards:
// at most 12 % is added, ever less for larger sizes, and a size up to M tells O(log log M) bits.
// Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
// PURBs", PETS 2019, algorithm 1.
#pragma once

#include <cstdint>

namespace sealift::parcel {

// The padded size of `size_bytes`: not smaller, and the same for many sizes.
// `size_bytes` is below 2^63.
std::uint64_t padme_size(std::uint64_t size_bytes);

}  // namespace sealift::parcel
