// With SEALIFT_REFUSED defined this must not compile: a reader changes nothing, nor does a copy of
// what it was given.
#include "catalog/catalog.h"

namespace sealift::catalog {

base::Result<std::uint64_t> count(Catalog& catalog) {
  return catalog.read([](const Records& records) {
#ifdef SEALIFT_REFUSED
    static_cast<void>(records.sessions->end_all());
#endif
    return records.accounts->active_administrators();
  });
}

}  // namespace sealift::catalog
