#include "parcel/file_key_commitment.h"

#include <string>

#include "base/bytes.h"
#include "crypto/hkdf.h"

namespace sealift::parcel {

FileKeyCommitment commit_to_file_key(const age::FileKey& key,
                                     const std::array<std::byte, 16>& parcel_id,
                                     CommittedPart part) {
  const std::string label = std::string("sealift/v1/file-key-commitment/") +
                            (part == CommittedPart::content ? "content" : "manifest");
  FileKeyCommitment commitment;
  crypto::hkdf_sha256({.key = key.view(), .salt = parcel_id, .info = base::bytes_of(label)},
                      commitment);
  return commitment;
}

}  // namespace sealift::parcel
