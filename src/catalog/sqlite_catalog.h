// The catalog as one SQLite file: write-ahead log, every commit durable, one writer at a time.
//
// Other processes may have the same file open (the command line beside a running server).
#pragma once

#include <memory>
#include <string>

#include "catalog/catalog.h"

namespace sealift::catalog {

// Opens the file at `path`, makes it when missing, and brings its schema up to date. The path comes
// from the configuration. Errors: unsupported (a newer Sealift has written it), damaged, not_found
// (no such folder), forbidden, no_space, io.
base::Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const std::string& path);

}  // namespace sealift::catalog
