// For tests of handlers: parcels, links and uploads as a sender's client asks for them. Not
// thread-safe.
#pragma once

#include <unistd.h>

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

  struct Begun {
    int status = 0;
    std::string id;
    std::string key;
    std::string reason;  // of a refusal
  };
  // The status, and how much was allowed to come, of which all came.
  std::pair<int, std::uint64_t> append(const Begun& upload, std::uint64_t offset,
                                       std::uint64_t size) {
    AskFrame frame = frame_of("upload.append", upload.id);
    frame.credential_kind = CredentialKind::upload_key;
    frame.credential = upload.key;
    frame.upload_offset = offset;
    Answer answer = answer_ask(services_, rates_, frame, now_);
    if (const auto* reply = std::get_if<Reply>(&answer)) return {told(*reply).status, 0};
    auto& receive = std::get<Receive>(answer);
    const std::uint64_t came = std::min(size, receive.size_max);
    EXPECT_EQ(::ftruncate(receive.file.get(), static_cast<off_t>(offset + came)), 0);
    const auto end = came < size ? front::Received::End::too_large : front::Received::End::complete;
    const auto done = receive.then(services_, now_, {end, came});
    return {told(done ? *done : refusal(done.error())).status, came};
  }
  static AskFrame frame_of(std::string_view name, std::string first, std::string second = "") {
    AskFrame frame;
    frame.operation = static_cast<std::uint16_t>(find_operation(name) - operations().data());
    frame.names[0] = std::move(first);
    frame.names[1] = std::move(second);
    return frame;
  }
};

}  // namespace sealift::server::vault
