// Finds the files of a pile: everything below the paths given, in a fixed order. What is no regular
// file (a link, a pipe, a folder that can't be listed) is there with the reason why it is not read.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "extract/pool.h"

namespace sealift::extract {

// A file as it is, a folder as everything in it, in the byte order of the paths. Links are not
// followed. Shown paths are relative to the folder given; with several paths given, each starts
// with the last part of its own. Bytes of a name that are not UTF-8 are shown as \xHH.
// Errors: not_found (a path given does not exist).
base::Result<std::vector<InputFile>> list_pile(const std::vector<std::string>& paths);

// A name from the disk as UTF-8, never empty, unambiguous.
std::string shown_name(const std::string& disk_name);

}  // namespace sealift::extract
