// For tests of handlers: parcels, links and uploads as a sender's client asks for them. Not
// thread-safe.
#pragma once

#include "server/vault/vault_fixture.h"

namespace sealift::server::vault {

class ParcelTest : public VaultTest {
 protected:
  base::Bytes header(std::size_t stanzas) {
    std::vector<age::Recipient> all;
    const auto one = crypto::x25519_public(random_.secret<crypto::kX25519Size>());
    for (std::size_t i = 0; i < stanzas; ++i) all.push_back(age::Recipient::x25519(one));
    return must(age::seal_header(random_.secret<age::kFileKeySize>(), all, random_)).encoded();
  }
  static json recipient(const Person& person) {
    return {{"account", person.id}, {"generation", 1}};
  }
  json new_parcel(const json& recipients, std::uint64_t lifetime_ms = 0) {
    return {{"id", json_of(catalog::ParcelId{random_.array<16>()})},
            {"receipt", "none"},
            {"lifetime_ms", lifetime_ms},
            {"recipients", recipients}};
  }
  json new_link() {
    return {{"verifier", random_base64(32)},
            {"server_half", random_base64(32)},
            {"passphrase", "none"},
            {"lifetime_ms", 0}};
  }
  // A sealed part in one call.
  Told put_part(const Person& sender, const std::string& parcel, const std::string& part,
                std::size_t stanzas, std::size_t payload_bytes = 33) {
    base::Bytes sealed = header(stanzas);
    sealed.resize(sealed.size() + payload_bytes);
    return ask_with("parcel.put_part", std::move(sealed), sender.token, {parcel, part});
  }
  // Room for a part, that is charged to the sender.
  Told begin_upload(const Person& sender, const std::string& parcel, std::uint64_t payload_bytes,
                    const std::string& part = "content") {
    upload_length_ = payload_bytes;
    const json body = {{"header", base64(header(1))}, {"payload_bytes", payload_bytes}};
    const Told told = ask("upload.create", body, sender.token, {parcel, part});
    upload_length_.reset();
    return told;
  }
};

}  // namespace sealift::server::vault
