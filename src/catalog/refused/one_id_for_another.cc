// With SEALIFT_REFUSED defined this must not compile: a parcel's id where an account's is due.
#include "catalog/catalog.h"

namespace sealift::catalog {

base::Result<std::optional<Parcel>> find(const Records& records, const ParcelId& parcel) {
#ifdef SEALIFT_REFUSED
  static_cast<void>(records.accounts->find(parcel));
#endif
  return records.parcels->find(parcel);
}

}  // namespace sealift::catalog
