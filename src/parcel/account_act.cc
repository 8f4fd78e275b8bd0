#include "parcel/account_act.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/hex.h"

namespace sealift::parcel {
namespace {

template <std::size_t kSize>
void take(base::ByteReader& in, std::array<std::byte, kSize>& out) {
  if (const auto bytes = in.take(kSize)) std::ranges::copy(*bytes, out.begin());
}

}  // namespace

std::string account_act_text(const AccountAct& act) {
  const std::string target = act.target ? base::hex_encode(*act.target) : "-";
  return "sealift/v1/account-act\naccount " + base::hex_encode(act.account) + "\ngeneration " +
         std::to_string(act.generation) + "\noperation " + act.operation + "\ntarget " + target +
         "\nbody " + base::hex_encode(act.body) + "\nrevision " + std::to_string(act.revision) +
         "\nprevious " + base::hex_encode(act.previous) + "\nslots " + base::hex_encode(act.slots) +
         "\nchallenge " + base::hex_encode(act.challenge) + "\n";
}

crypto::Sha256Digest account_act_digest(const AccountAct& act) {
  return crypto::sha256(base::bytes_of(account_act_text(act)));
}

crypto::Ed25519Signature sign_account_act(const AccountAct& act, const crypto::Ed25519Secret& key) {
  return key.sign(base::bytes_of(account_act_text(act)));
}

bool is_signed_act(const AccountAct& act, const crypto::Ed25519Signature& signature,
                   const crypto::Ed25519Public& key) {
  return crypto::ed25519_verify(key, base::bytes_of(account_act_text(act)), signature);
}

crypto::Sha256Digest act_slots_digest(const std::vector<ActSlot>& slots) {
  std::vector<std::string> lines;
  lines.reserve(slots.size());
  for (const ActSlot& slot : slots) {
    lines.push_back(std::string(slot.kind) + " " + std::to_string(slot.generation) + " " +
                    base::hex_encode(slot.file) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return crypto::sha256(base::bytes_of(text));
}

std::string encode_act_field(const AccountAct& act, const crypto::Ed25519Signature& signature) {
  base::ByteWriter out;
  out.u64_le(act.generation);
  out.u64_le(act.revision);
  out.bytes(act.previous);
  out.bytes(act.slots);
  out.bytes(act.challenge);
  out.bytes(signature);
  std::string text = base::base64_encode(out.written(), base::Padding::none);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<ActField> parse_act_field(std::string_view text) {
  if (text.size() != kActFieldSize || text.find_first_of("+/") != text.npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  const auto bytes = base::base64_decode(standard, base::Padding::none);
  if (!bytes) return std::nullopt;
  base::ByteReader in(*bytes);
  ActField field;
  field.generation = in.u64_le().value_or(0);
  field.revision = in.u64_le().value_or(0);
  take(in, field.previous);
  take(in, field.slots);
  take(in, field.challenge);
  take(in, field.signature);
  return field;
}

}  // namespace sealift::parcel
