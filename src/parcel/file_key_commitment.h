// A commitment to a file key: what ties a parcel to the keys that its two parts are sealed under.
//
//   commitment := HKDF-SHA256(file key, salt = parcel id, info = "sealift/v1/file-key-commitment/"
//   part)
//
// An age header says nothing about the file that it belongs to, and the server keeps it: it can
// serve the header of any other file that we can open, another parcel's or an account's slot. The
// signed manifest names both commitments, so anyone who can open the parcel can tell whether a
// header is its own; nothing is read, and above all nothing is sealed to anybody more, under
// another key. 128 random bits lie behind the value: it says nothing about the key. Thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "age/format/file_key.h"

namespace sealift::parcel {

using FileKeyCommitment = std::array<std::byte, 32>;

enum class CommittedPart : std::uint8_t { content, manifest };

FileKeyCommitment commit_to_file_key(const age::FileKey& key,
                                     const std::array<std::byte, 16>& parcel_id,
                                     CommittedPart part);

}  // namespace sealift::parcel
