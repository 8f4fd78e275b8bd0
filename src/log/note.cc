#include "log/note.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crypto/sha256.h"

namespace sealift::log {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kSignatureStart = "\xe2\x80\x94 ";  // em dash, space
constexpr std::uint8_t kEd25519Type = 0x01;
constexpr std::size_t kKeyIdSize = 4;

base::Bytes key_id_bytes(std::uint32_t key_id) {
  base::ByteWriter out;
  out.u32_be(key_id);
  return std::move(out).take();
}

bool is_note_text(std::string_view bytes) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return base::is_utf8(bytes) && std::ranges::none_of(bytes, is_control);
}

// Unicode's White_Space property.
bool is_space(char32_t c) {
  return c == U' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignatureStart)) return fail(ErrorCode::malformed, "no signature line");
  line.remove_prefix(kSignatureStart.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return fail(ErrorCode::malformed, "no signature line");
  NoteSignature signature{.name = std::string(line.substr(0, space)), .signature = {}};
  const auto bytes = base::base64_decode(line.substr(space + 1), base::Padding::required);
  if (!is_key_name(signature.name) || !bytes || bytes->size() <= kKeyIdSize)
    return fail(ErrorCode::malformed, "no signature line");
  base::ByteReader in(*bytes);
  signature.key_id = *in.u32_be();
  signature.signature = base::copy_of(*in.take(in.remaining()));
  return signature;
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > limits::kLogKeyNameSizeMax) return false;
  while (!name.empty()) {
    const auto point = base::first_code_point(name);
    if (!point || point->value < 0x20 || point->value == U'+' || is_space(point->value))
      return false;
    name.remove_prefix(point->size_bytes);
  }
  return true;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > limits::kLogNoteSizeMax)
    return fail(ErrorCode::limit,
                "note longer than " + std::to_string(limits::kLogNoteSizeMax) + " bytes");
  if (!is_note_text(bytes)) return fail(ErrorCode::malformed, "not a note's characters");
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return fail(ErrorCode::malformed, "note without signatures");
  Note note{.text = std::string(bytes.substr(0, split + 1)), .signatures = {}};
  base::ByteReader lines(base::bytes_of(bytes.substr(split + 2)));
  while (!lines.at_end()) {
    const auto line = lines.line();
    if (!line) return fail(ErrorCode::malformed, "signature line without an end");
    if (note.signatures.size() == limits::kLogNoteSignaturesMax)
      return fail(ErrorCode::limit,
                  "more than " + std::to_string(limits::kLogNoteSignaturesMax) + " signatures");
    SEALIFT_TRY(NoteSignature signature, parse_signature(*line));
    note.signatures.push_back(std::move(signature));
  }
  if (note.signatures.empty()) return fail(ErrorCode::malformed, "note without signatures");
  return note;
}

std::uint32_t KeyText::id() const {
  base::ByteWriter message;
  message.text(name);
  message.text("\n");
  message.u8(type);
  message.bytes(key);
  const crypto::Sha256Digest digest = crypto::sha256(message.written());
  return *base::ByteReader(digest).u32_be();
}

std::string KeyText::text() const {
  base::Bytes typed{std::byte{type}};
  base::append(typed, key);
  return name + "+" + base::hex_encode(key_id_bytes(id())) + "+" +
         base::base64_encode(typed, base::Padding::required);
}

Result<KeyText> parse_key_text(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail(ErrorCode::malformed, "not a verifier key");
  const auto id = base::hex_decode(text.substr(first + 1, second - first - 1));
  const auto key = base::base64_decode(text.substr(second + 1), base::Padding::required);
  KeyText parsed{.name = std::string(text.substr(0, first))};
  if (!is_key_name(parsed.name) || !id || id->size() != kKeyIdSize || !key || key->empty())
    return fail(ErrorCode::malformed, "not a verifier key");
  parsed.type = std::to_integer<std::uint8_t>(key->front());
  parsed.key.assign(key->begin() + 1, key->end());
  if (key_id_bytes(parsed.id()) != *id)
    return fail(ErrorCode::malformed, "verifier key with the id of another");
  return parsed;
}

std::string signature_line(std::string_view name, std::uint32_t key_id, base::ByteView signature) {
  base::Bytes bytes = key_id_bytes(key_id);
  base::append(bytes, signature);
  return std::string(kSignatureStart) + std::string(name) + " " +
         base::base64_encode(bytes, base::Padding::required) + "\n";
}

VerifierKey::VerifierKey(std::string name, const crypto::Ed25519Public& key)
    : name_(std::move(name)),
      key_(key),
      key_id_(KeyText{name_, kEd25519Type, base::copy_of(key_)}.id()) {
  SEALIFT_CHECK(is_key_name(name_));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto parsed = parse_key_text(text);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->type != kEd25519Type) return fail(ErrorCode::unsupported, "verifier key type");
  crypto::Ed25519Public public_key;
  if (parsed->key.size() != public_key.size())
    return fail(ErrorCode::malformed, "not a verifier key");
  std::ranges::copy(parsed->key, public_key.begin());
  return VerifierKey(parsed->name, public_key);
}

std::string VerifierKey::text() const {
  return KeyText{name_, kEd25519Type, base::copy_of(key_)}.text();
}

bool VerifierKey::verifies(std::string_view text, base::ByteView signature) const {
  if (signature.size() != crypto::kEd25519SignatureSize) return false;
  return crypto::ed25519_verify(key_, base::bytes_of(text),
                                signature.first<crypto::kEd25519SignatureSize>());
}

Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const VerifierKey> keys) {
  std::vector<std::size_t> signers;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const NoteSignature& signature : note.signatures) {
      if (signature.name != keys[i].name() || signature.key_id != keys[i].key_id()) continue;
      if (!keys[i].verifies(note.text, signature.signature))
        return fail(ErrorCode::damaged, "a known key's signature does not fit the note");
      if (signers.empty() || signers.back() != i) signers.push_back(i);
    }
  }
  if (signers.empty()) return fail(ErrorCode::no_match, "note not signed by a known key");
  return signers;
}

std::string sign_note(std::string_view text, std::string_view name,
                      const crypto::Ed25519Secret& secret) {
  SEALIFT_CHECK(text.ends_with('\n') && is_note_text(text) && is_key_name(name));
  const KeyText key{std::string(name), kEd25519Type, base::copy_of(secret.public_key())};
  return std::string(text) + "\n" +
         signature_line(name, key.id(), secret.sign(base::bytes_of(text)));
}

}  // namespace sealift::log
