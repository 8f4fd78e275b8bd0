// Acts: what an account's owner signs (parcel/account_act.h).
#include <array>

#include "core/operations.h"
#include "parcel/account_act.h"

namespace sealift::web {
namespace {

using base::Result;

// account, generation, operation, target or "", SHA-256 of the body, revision, previous, slots,
// challenge
Result<parcel::AccountAct> act_of(Arguments& in) {
  parcel::AccountAct act;
  SEALIFT_TRY(act.account, in.id());
  SEALIFT_TRY(const std::int64_t generation, in.number());
  SEALIFT_TRY(const std::string_view operation, in.text());
  SEALIFT_TRY(const base::ByteView target, in.bytes());
  SEALIFT_TRY(act.body, in.array<crypto::kSha256Size>());
  SEALIFT_TRY(const std::int64_t revision, in.number());
  SEALIFT_TRY(act.previous, in.array<crypto::kSha256Size>());
  SEALIFT_TRY(act.slots, in.array<crypto::kSha256Size>());
  SEALIFT_TRY(act.challenge, in.array<32>());
  act.generation = static_cast<std::uint64_t>(generation);
  act.revision = static_cast<std::uint64_t>(revision);
  act.operation = operation;
  if (target.size() == 16) std::copy(target.begin(), target.end(), act.target.emplace().begin());
  return act;
}

// act, seed -> the request's field, digest
Result<void> sign(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::AccountAct act, act_of(in));
  SEALIFT_TRY(const auto seed, in.secret<32>());
  const auto key = crypto::Ed25519Secret::from_seed(seed.view());
  out.text(parcel::encode_act_field(act, parcel::sign_account_act(act, key)));
  out.bytes(parcel::account_act_digest(act));
  return {};
}

// act, signature, key -> 0 or 1, digest
Result<void> check(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const parcel::AccountAct act, act_of(in));
  SEALIFT_TRY(const auto signature, in.array<crypto::kEd25519SignatureSize>());
  SEALIFT_TRY(const auto key, in.array<crypto::kEd25519PublicSize>());
  out.number(parcel::is_signed_act(act, signature, key) ? 1 : 0);
  out.bytes(parcel::account_act_digest(act));
  return {};
}

// number of slots, of each: kind, generation, file -> digest
Result<void> slots(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const std::size_t count, in.count());
  std::vector<parcel::ActSlot> all;
  for (std::size_t i = 0; i < count; ++i) {
    SEALIFT_TRY(const std::string_view kind, in.text());
    SEALIFT_TRY(const std::int64_t generation, in.number());
    SEALIFT_TRY(const base::ByteView file, in.bytes());
    all.push_back({kind, static_cast<std::uint64_t>(generation), crypto::sha256(file)});
  }
  out.bytes(parcel::act_slots_digest(all));
  return {};
}

// bytes -> SHA-256
Result<void> digest(Arguments& in, Answer& out, Host&) {
  SEALIFT_TRY(const base::ByteView bytes, in.bytes());
  out.bytes(crypto::sha256(bytes));
  return {};
}

constexpr std::array kOperations = {
    NamedOperation{"act.sign", sign},
    NamedOperation{"act.check", check},
    NamedOperation{"act.slots", slots},
    NamedOperation{"bytes.digest", digest},
};

}  // namespace

std::span<const NamedOperation> act_operations() { return kOperations; }

}  // namespace sealift::web
