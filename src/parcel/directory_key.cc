#include "parcel/directory_key.h"

#include "base/base64.h"
#include "base/hex.h"

namespace sealift::parcel {
namespace {

std::string succession_text(const DirectoryKey& key, const crypto::Ed25519Public& endorsing) {
  return "sealift/v1/directory-succession\n" + directory_key_text(key) + "endorsing-key " +
         base::base64_encode(endorsing, base::Padding::required) + "\n";
}

}  // namespace

std::string directory_key_text(const DirectoryKey& key) {
  return "sealift/v1/directory-key\naccount " + base::hex_encode(key.account) + "\ngeneration " +
         std::to_string(key.generation) + "\nrecipient " + key.recipient + "\nsigning-key " +
         base::base64_encode(key.signing_key, base::Padding::required) + "\n";
}

crypto::Sha256Digest directory_key_digest(const DirectoryKey& key) {
  return crypto::sha256(base::bytes_of(directory_key_text(key)));
}

crypto::Ed25519Signature endorse_directory_key(const DirectoryKey& key,
                                               const crypto::Ed25519Secret& generation_before) {
  return generation_before.sign(base::bytes_of(directory_key_text(key)));
}

bool is_endorsed(const DirectoryKey& key, const crypto::Ed25519Signature& endorsement,
                 const crypto::Ed25519Public& generation_before) {
  return crypto::ed25519_verify(generation_before, base::bytes_of(directory_key_text(key)),
                                endorsement);
}

crypto::Ed25519Signature countersign_directory_key(const DirectoryKey& key,
                                                   const crypto::Ed25519Public& endorsing,
                                                   const crypto::Ed25519Secret& endorsing_before) {
  return endorsing_before.sign(base::bytes_of(succession_text(key, endorsing)));
}

bool is_countersigned(const DirectoryKey& key, const crypto::Ed25519Public& endorsing,
                      const crypto::Ed25519Signature& countersignature,
                      const crypto::Ed25519Public& endorsing_before) {
  return crypto::ed25519_verify(endorsing_before, base::bytes_of(succession_text(key, endorsing)),
                                countersignature);
}

}  // namespace sealift::parcel
