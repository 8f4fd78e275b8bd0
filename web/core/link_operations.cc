// Links and file requests (docs/formats/parcel.md).
#include <array>

#include "age/format/bech32.h"
#include "core/operations.h"
#include "parcel/link.h"
#include "parcel/mended_link.h"
#include "parcel/request_link.h"

namespace sealift::web {
namespace {

using base::Result;

Result<crypto::Ed25519Secret> signing_key(Arguments& in) {
  SEALIFT_TRY(const auto seed, in.secret<32>());
  return crypto::Ed25519Secret::from_seed(seed.view());
}

// seed, public key
void give_key(const crypto::Ed25519Secret& key, Answer& out) {
  out.bytes(key.seed().view());
  out.bytes(key.public_key());
}

// parcel, secret
Result<parcel::Link> link_of(Arguments& in) {
  parcel::Link link;
  SEALIFT_TRY(link.parcel_id, in.id());
  SEALIFT_TRY(link.secret, in.secret<32>());
  return link;
}

// of stretch_passphrase(); empty where there is none
Result<parcel::StretchedPassphrase> stretched_of(Arguments& in) {
  SEALIFT_TRY(const base::ByteView bytes, in.bytes());
  if (bytes.empty()) return parcel::StretchedPassphrase();
  if (bytes.size() != 32) return base::fail(base::ErrorCode::malformed, "no stretched passphrase");
  return parcel::StretchedPassphrase(crypto::SecretBytes<32>::copy_of(bytes.first<32>()));
}

// parcel, secret, passphrase -> stretched
Result<void> stretch_passphrase(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::Link link, link_of(in));
  SEALIFT_TRY(const base::ByteView typed, in.bytes());
  SEALIFT_TRY(const auto stretched,
              parcel::stretch_passphrase(link, crypto::SecretBuffer::copy_of(typed)));
  out.bytes(stretched ? base::ByteView(stretched->view()) : base::ByteView());
  return {};
}

// parcel, secret, server's half, stretched -> identity, recipient
Result<void> link_keys(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::Link link, link_of(in));
  SEALIFT_TRY(const auto half, in.secret<32>());
  SEALIFT_TRY(const parcel::StretchedPassphrase passphrase, stretched_of(in));
  const auto secret = parcel::link_identity(link, half, passphrase);
  const std::string text = age::bech32_encode("AGE-SECRET-KEY-", secret.view());
  SEALIFT_TRY(const age::Identity identity, age::Identity::parse(text));
  SEALIFT_TRY(const age::Recipient recipient, identity.recipient());
  out.text(text);
  out.text(recipient.text());
  return {};
}

// parcel, secret, stretched -> key
Result<void> link_proof_key(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::Link link, link_of(in));
  SEALIFT_TRY(const parcel::StretchedPassphrase passphrase, stretched_of(in));
  give_key(parcel::link_signing_key(link, passphrase), out);
  return {};
}

// -> key
Result<void> generate_signing_key(Arguments&, Answer& out, Host& host) {
  give_key(crypto::Ed25519Secret::generate(host.random), out);
  return {};
}

// text -> state (0 none, 1 cut, 2 whole), kind (0 parcel, 1 request, 2 enrolment), link, missing, was seen
Result<void> mend_link(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view text, in.text());
  const parcel::MendedLink mended = parcel::mend_link(text);
  out.number(static_cast<std::uint64_t>(mended.state));
  out.number(static_cast<std::uint64_t>(mended.kind));
  out.text(mended.text);
  out.number(mended.missing);
  out.number(mended.was_seen ? 1 : 0);
  return {};
}

// seed, challenge -> signature
Result<void> sign_challenge(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const crypto::Ed25519Secret key, signing_key(in));
  SEALIFT_TRY(const auto challenge, in.array<32>());
  out.bytes(parcel::sign_challenge(key, challenge));
  return {};
}

// seed, request -> secret
Result<void> request_secret(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const crypto::Ed25519Secret key, signing_key(in));
  SEALIFT_TRY(const auto id, in.id());
  out.bytes(parcel::request_secret(key, id).view());
  return {};
}

// secret, request -> key
Result<void> request_proof_key(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto secret, in.secret<32>());
  SEALIFT_TRY(const auto id, in.id());
  give_key(parcel::request_proof_key(secret, id), out);
  return {};
}

// secret, request -> key
Result<void> request_manifest_key(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto secret, in.secret<32>());
  SEALIFT_TRY(const auto id, in.id());
  give_key(parcel::request_manifest_key(secret, id), out);
  return {};
}

// secret, request, title -> sealed
Result<void> seal_title(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto secret, in.secret<32>());
  SEALIFT_TRY(const auto id, in.id());
  SEALIFT_TRY(const std::string_view title, in.text());
  out.bytes(parcel::seal_title(secret, id, title));
  return {};
}

// secret, request, sealed -> title
Result<void> open_title(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto secret, in.secret<32>());
  SEALIFT_TRY(const auto id, in.id());
  SEALIFT_TRY(const base::ByteView sealed, in.bytes());
  SEALIFT_TRY(const std::string title, parcel::open_title(secret, id, sealed));
  out.text(title);
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"link.stretch_passphrase", stretch_passphrase},
    NamedOperation{"link.keys", link_keys},
    NamedOperation{"link.proof_key", link_proof_key},
    NamedOperation{"link.mend", mend_link},
    NamedOperation{"signing_key.generate", generate_signing_key},
    NamedOperation{"challenge.sign", sign_challenge},
    NamedOperation{"request.secret", request_secret},
    NamedOperation{"request.proof_key", request_proof_key},
    NamedOperation{"request.manifest_key", request_manifest_key},
    NamedOperation{"title.seal", seal_title},
    NamedOperation{"title.open", open_title},
};

}  // namespace

std::span<const NamedOperation> link_operations() { return kOperations; }

}  // namespace sealift::web
