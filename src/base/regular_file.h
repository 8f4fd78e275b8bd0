// open_regular: a file to read, at a place where somebody else may have put something.
//
// A pipe without a writer holds its reader up for ever, and a device may do anything. So nothing is
// waited for, and what isn't a regular file is refused before a byte of it is read. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/file_descriptor.h"

namespace sealift::base {

// Whether the path may end in a symbolic link: an operator's own (a certificate's, where it is
// renewed) yes, a name of ours in a folder of ours never.
enum class Links : unsigned char { refused, followed };

// Errors begin with `what`: those of open(2); conflict (no regular file, and what it is instead).
Result<FileDescriptor> open_regular(const std::string& path, Links links, std::string_view what);

// Whether `fd` is a regular file's. Errors begin with `what`: conflict.
Result<void> need_regular(int fd, std::string_view what);

}  // namespace sealift::base
