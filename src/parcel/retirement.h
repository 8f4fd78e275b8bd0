// A retirement: where, in the server's log, an account's earlier keys end (docs/decisions/0215).
//
//   statement  = "sealift/v1/directory-retirement" LF text
//                "log-size " decimal LF "log-root " base64 LF
//   retirement = log-size(u64) log-root(32) signature(64)
//
// text is the key's text of the generation that follows (directory_key.h), whose own signing key
// signs the statement: what the generations before it signed counts if the log had it at that size.
// So neither a thief of their keys nor a server can move the end. Pure; thread-safe.
#pragma once

#include <array>
#include <optional>

#include "log/merkle.h"
#include "parcel/directory_key.h"

namespace sealift::parcel {

using RetirementBytes = std::array<std::byte, 8 + 32 + 64>;

// `seen`: the log, as the account's client follows it. `signing`: of `key`, the new one.
RetirementBytes sign_retirement(const DirectoryKey& key, const log::TreeHead& seen,
                                const crypto::Ed25519Secret& signing);

// nullopt: not signed with `key`.
std::optional<log::TreeHead> read_retirement(const DirectoryKey& key,
                                             const RetirementBytes& retirement);

}  // namespace sealift::parcel
