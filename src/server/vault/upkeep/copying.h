// Copying: the file operations that a backup and a restore are made of. One thread.
//
// A copied file is there whole or not at all; it is durable after the next sync_below(). Errors are
// those of the system calls: not_found, forbidden, no_space, io.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::server::vault {

// Succeeds when it is there already. 0700.
base::Result<void> make_folder(const std::string& path);
// In byte order; none where there is no such folder.
base::Result<std::vector<std::string>> names_in(const std::string& folder);
bool exists(const std::string& path);

struct FileDigest {
  std::uint64_t size_bytes = 0;
  catalog::BlobDigest digest{};  // SHA-256
};
base::Result<FileDigest> digest_of_file(const std::string& path);
// Replaces `to`, 0600. With `wanted`, nothing is written unless the bytes are those. Errors: those,
// damaged (other bytes).
base::Result<FileDigest> copy_file(const std::string& from, const std::string& to,
                                   const std::optional<FileDigest>& wanted = std::nullopt);
// Everything below `from`, which must not be a link (conflict); what goes away meanwhile is left
// out, and what replace_file() is writing or left half written.
base::Result<void> copy_tree(const std::string& from, const std::string& to);
// 0600, replacing; durable when it returns, its name too.
base::Result<void> write_durably(const std::string& path, std::string_view text);
// Errors: those, limit (longer).
base::Result<std::string> read_text(const std::string& path, std::size_t size_bytes_max);
// The whole file system that `folder` is on.
base::Result<void> sync_below(const std::string& folder);
base::Result<void> rename_file(const std::string& from, const std::string& to);
// What isn't there is no error.
void remove_tree(const std::string& path);

}  // namespace sealift::server::vault
