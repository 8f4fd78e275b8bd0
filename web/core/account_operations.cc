// Accounts: their keys, slots and ways to unlock (docs/formats/account.md), and other people's
// keys.
#include <array>

#include "client/account/account_keys.h"
#include "client/account/paper_key.h"
#include "client/account/unlocking.h"
#include "core/operations.h"
#include "parcel/request_link.h"
#include "parcel/retirement.h"

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

Result<parcel::Address> address_of(Arguments& in) {
  SEALIFT_TRY(const std::string_view text, in.text());
  auto address = parcel::Address::parse(text);
  if (!address) return base::fail(ErrorCode::malformed, "this is no mail address");
  return *std::move(address);
}

// address, generation, keys file, identity, recipient, signing seed, signing key; how many former
// generations, newest first: identity and recipient ("" when erased), signing seed, signing key
Result<void> give_keys(const client::AccountKeys& keys, Answer& out) {
  SEALIFT_TRY(const crypto::SecretBuffer file, keys.keys_file());
  SEALIFT_TRY(const std::string recipient, keys.recipient());
  out.text(keys.address.text());
  out.number(static_cast<std::int64_t>(keys.generation));
  out.bytes(file.view());
  out.bytes(keys.identity.text().view());
  out.text(recipient);
  out.bytes(keys.signing.seed().view());
  out.bytes(keys.signing.public_key());
  out.number(static_cast<std::int64_t>(keys.former.size()));
  for (const client::FormerKeys& each : keys.former) {
    if (each.identity) {
      SEALIFT_TRY(const age::Recipient of_former, each.identity->recipient());
      out.bytes(each.identity->text().view());
      out.text(of_former.text());
    } else {
      out.text("");
      out.text("");
    }
    out.bytes(each.signing.seed().view());
    out.bytes(each.signing.public_key());
  }
  return {};
}

// authentication key, slot identity, slot recipient
Result<void> give_unlocking(const client::Unlocking& unlocking, Answer& out) {
  SEALIFT_TRY(const age::Recipient recipient, unlocking.slot_identity.recipient());
  out.bytes(unlocking.authentication_key.view());
  out.bytes(unlocking.slot_identity.text().view());
  out.text(recipient.text());
  return {};
}

// address -> address
Result<void> parse_address(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  out.text(address.text());
  return {};
}

// address -> keys
Result<void> generate_keys(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  SEALIFT_TRY(const auto keys, client::AccountKeys::generate(address, host.random));
  return give_keys(keys, out);
}

// keys file -> keys
Result<void> read_keys(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(const auto keys, client::AccountKeys::parse(file));
  return give_keys(keys, out);
}

// keys file -> the next generation's keys
Result<void> next_keys(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(const auto keys, client::AccountKeys::parse(file));
  SEALIFT_TRY(const auto next, keys.next(host.random));
  return give_keys(next, out);
}

// password, parameters, address -> unlocking
Result<void> unlock_with_password(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView password, in.bytes());
  SEALIFT_TRY(const base::ByteView wire, in.bytes());
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  SEALIFT_TRY(const auto parameters, parcel::parse_login_parameters(wire));
  SEALIFT_TRY(const auto unlocking, client::unlock_with_password(password, parameters, address));
  return give_unlocking(unlocking, out);
}

// paper key as typed, address -> unlocking
Result<void> unlock_with_paper_key(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view typed, in.text());
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  SEALIFT_TRY(const client::PaperKey key, client::PaperKey::parse(typed));
  SEALIFT_TRY(const auto unlocking, client::unlock_with_paper_key(key, address));
  return give_unlocking(unlocking, out);
}

// -> text
Result<void> generate_paper_key(Arguments&, Answer& out, Host& host) {
  out.bytes(client::PaperKey::generate(host.random).text().view());
  return {};
}

// paper key as typed, or the keys file that recovery brought back; address -> what endorses the
// account's next keys: its public half
Result<crypto::Ed25519Secret> endorsing_key(Arguments& in) {
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  if (text.starts_with("# sealift account keys ")) {
    SEALIFT_TRY(auto keys, client::AccountKeys::parse(base::bytes_of(text)));
    if (!keys.endorsing || keys.address != address)
      return base::fail(base::ErrorCode::usage, "the file endorses no keys of this account");
    return *std::move(keys.endorsing);
  }
  SEALIFT_TRY(const client::PaperKey key, client::PaperKey::parse(text));
  return client::endorsing_key(key, address);
}
Result<void> give_endorsing_key(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const auto key, endorsing_key(in));
  out.bytes(key.public_key());
  return {};
}

// keys file, paper key as typed, address -> keys file that endorses: for recovery alone
Result<void> with_endorsing(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(auto keys, client::AccountKeys::parse(file));
  SEALIFT_TRY(keys.endorsing, endorsing_key(in));
  SEALIFT_TRY(const crypto::SecretBuffer made, keys.keys_file());
  out.bytes(made.view());
  return {};
}

// keys file -> keys file that endorses nothing: what recovery brought back, for every other use
Result<void> without_endorsing(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(auto keys, client::AccountKeys::parse(file));
  keys.endorsing.reset();
  SEALIFT_TRY(const crypto::SecretBuffer made, keys.keys_file());
  out.bytes(made.view());
  return {};
}

// keys file, recipients -> slot
Result<void> seal_slot(Arguments& in, Answer& out, Host& host) {
  SEALIFT_TRY(const base::ByteView file, in.bytes());
  SEALIFT_TRY(const auto keys, client::AccountKeys::parse(file));
  SEALIFT_TRY(const auto recipients, in.recipients());
  SEALIFT_TRY(const base::Bytes slot, client::seal_slot(keys, recipients, host.random));
  out.bytes(slot);
  return {};
}

// slot, identity, address -> keys
Result<void> open_slot(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView slot, in.bytes());
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const parcel::Address address, address_of(in));
  SEALIFT_TRY(const age::Identity identity, age::Identity::parse(text));
  SEALIFT_TRY(const auto keys, client::open_slot(slot, identity, address));
  return give_keys(keys, out);
}

// recipient -> SHA-256
Result<void> fingerprint(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::string_view text, in.text());
  SEALIFT_TRY(const age::Recipient recipient, age::Recipient::parse(text));
  out.bytes(parcel::recipient_fingerprint(recipient.text()));
  return {};
}

// account, generation, recipient, signing key
Result<parcel::DirectoryKey> directory_key(Arguments& in) {
  parcel::DirectoryKey key;
  SEALIFT_TRY(key.account, in.id());
  SEALIFT_TRY(const std::int64_t generation, in.number());
  SEALIFT_TRY(const std::string_view recipient, in.text());
  SEALIFT_TRY(key.signing_key, in.array<crypto::kEd25519PublicSize>());
  key.generation = static_cast<std::uint64_t>(generation);
  key.recipient = recipient;
  return key;
}

// directory key -> SHA-256
Result<void> directory_key_digest(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  out.bytes(parcel::directory_key_digest(key));
  return {};
}

// directory key, seed of the generation before -> signature
Result<void> endorse(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  SEALIFT_TRY(const auto seed, in.secret<32>());
  out.bytes(parcel::endorse_directory_key(key, crypto::Ed25519Secret::from_seed(seed.view())));
  return {};
}

// directory key, signature, key of the generation before -> 0 or 1
Result<void> is_endorsed(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  SEALIFT_TRY(const auto signature, in.array<crypto::kEd25519SignatureSize>());
  SEALIFT_TRY(const auto before, in.array<crypto::kEd25519PublicSize>());
  out.number(parcel::is_endorsed(key, signature, before) ? 1 : 0);
  return {};
}

// directory key, endorsing key from then on, paper key as typed, address -> signature
Result<void> countersign(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  SEALIFT_TRY(const auto next, in.array<crypto::kEd25519PublicSize>());
  SEALIFT_TRY(const auto before, endorsing_key(in));
  out.bytes(parcel::countersign_directory_key(key, next, before));
  return {};
}

// directory key, endorsing key from then on, signature, endorsing key before -> 0 or 1
Result<void> is_countersigned(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  SEALIFT_TRY(const auto next, in.array<crypto::kEd25519PublicSize>());
  SEALIFT_TRY(const auto signature, in.array<crypto::kEd25519SignatureSize>());
  SEALIFT_TRY(const auto before, in.array<crypto::kEd25519PublicSize>());
  out.number(parcel::is_countersigned(key, next, signature, before) ? 1 : 0);
  return {};
}

// directory key, size and root of the log, seed of that key -> retirement
Result<void> retire(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  log::TreeHead seen;
  SEALIFT_TRY(const std::int64_t size, in.number());
  SEALIFT_TRY(seen.root, in.array<32>());
  SEALIFT_TRY(const auto seed, in.secret<32>());
  seen.size = static_cast<std::uint64_t>(size);
  out.bytes(parcel::sign_retirement(key, seen, crypto::Ed25519Secret::from_seed(seed.view())));
  return {};
}

// directory key, retirement -> size and root of the log
Result<void> read_retirement(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::DirectoryKey key, directory_key(in));
  SEALIFT_TRY(const auto told, in.array<std::tuple_size_v<parcel::RetirementBytes>>());
  const auto seen = parcel::read_retirement(key, told);
  if (!seen)
    return base::fail(ErrorCode::damaged, "the end of earlier keys is not signed by those after");
  out.number(static_cast<std::int64_t>(seen->size));
  out.bytes(seen->root);
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"address.parse", parse_address},
    NamedOperation{"account.generate", generate_keys},
    NamedOperation{"account.read", read_keys},
    NamedOperation{"account.next", next_keys},
    NamedOperation{"account.with_endorsing", with_endorsing},
    NamedOperation{"account.without_endorsing", without_endorsing},
    NamedOperation{"account.unlock_with_password", unlock_with_password},
    NamedOperation{"account.unlock_with_paper_key", unlock_with_paper_key},
    NamedOperation{"paper_key.generate", generate_paper_key},
    NamedOperation{"paper_key.endorsing_key", give_endorsing_key},
    NamedOperation{"slot.seal", seal_slot},
    NamedOperation{"slot.open", open_slot},
    NamedOperation{"recipient.fingerprint", fingerprint},
    NamedOperation{"directory_key.digest", directory_key_digest},
    NamedOperation{"directory_key.endorse", endorse},
    NamedOperation{"directory_key.is_endorsed", is_endorsed},
    NamedOperation{"directory_key.countersign", countersign},
    NamedOperation{"directory_key.is_countersigned", is_countersigned},
    NamedOperation{"directory_key.retire", retire},
    NamedOperation{"directory_key.read_retirement", read_retirement},
};

}  // namespace

std::span<const NamedOperation> account_operations() { return kOperations; }

}  // namespace sealift::web
