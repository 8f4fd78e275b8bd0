// Archives and compressed files, through libarchive.
#pragma once

#include <functional>
#include <string>

#include "readers/context.h"

namespace sealift::readers {

// zip, 7z, tar, rar, cpio, iso, cab, ar and the like: every member becomes a file.
document::FileEnd read_archive(base::ByteView bytes, Context& context);

// gz, bz2, xz, zst, lz4 around one file. Around a tar, its members stand directly in this file, as
// people see x.tar.gz; otherwise the content is a member called "content".
document::FileEnd read_compressed(base::ByteView bytes, Context& context);

// Walks an archive's members without making files of them: how document packages (docx, odt) are
// read. `wanted` chooses, `take` gets what was chosen.
enum class PartsStatus { whole, damaged, encrypted, too_large };
PartsStatus walk_parts(base::ByteView bytes, Context& context,
                       const std::function<bool(std::string_view name)>& wanted,
                       const std::function<void(std::string name, std::string bytes)>& take);

}  // namespace sealift::readers
