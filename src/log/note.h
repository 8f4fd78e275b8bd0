// Signed notes (C2SP signed-note): text signed by one or more keys.
//
//   note       = text newline signatures        text ends in newline; the last empty line splits
//   signatures = 1*( em-dash " " name " " base64( key-id signature ) newline )
//   key-id     = 4 bytes: SHA-256( name newline type public-key )[:4], big-endian
//   vkey       = name "+" hex(key-id) "+" base64( type public-key )
//   type       = 0x01, Ed25519: the only one that is verified here; 0x04 are cosignatures
//                (cosignature.h). Signatures of other keys and types are carried and ignored, as
//                the specification demands.
//
// A note is UTF-8 without control characters but newline. All functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace sealift::log {

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  base::Bytes signature;  // without the key id
};

struct Note {
  std::string text;  // with its last newline
  std::vector<NoteSignature> signatures;
};

// Nothing of it is authentic before verify_note().
// Errors: malformed, limit (kLogNoteSizeMax, kLogNoteSignaturesMax).
base::Result<Note> parse_note(std::string_view bytes);

// Not empty, no space of any kind, no plus, no control character, at most kLogKeyNameSizeMax.
bool is_key_name(std::string_view name);

// What a vkey says, of any type.
struct KeyText {
  std::string name;
  std::uint8_t type = 0;
  base::Bytes key{};

  std::uint32_t id() const;
  std::string text() const;
};
// Errors: malformed (also when the key id is not this key's).
base::Result<KeyText> parse_key_text(std::string_view text);

// One line of signatures, with its newline.
std::string signature_line(std::string_view name, std::uint32_t key_id, base::ByteView signature);

// A public key under a name.
class VerifierKey {
 public:
  // `name` is a key name.
  VerifierKey(std::string name, const crypto::Ed25519Public& key);
  // Errors: malformed (also when the key id is not this key's), unsupported (another type).
  static base::Result<VerifierKey> parse(std::string_view text);

  const std::string& name() const { return name_; }
  std::uint32_t key_id() const { return key_id_; }
  std::string text() const;
  bool verifies(std::string_view text, base::ByteView signature) const;

 private:
  std::string name_;
  crypto::Ed25519Public key_;
  std::uint32_t key_id_;
};

// Which of `keys` signed, by place. Errors: no_match (none of them did), damaged (a signature that
// claims to be of one of them is not).
base::Result<std::vector<std::size_t>> verify_note(const Note& note,
                                                   std::span<const VerifierKey> keys);

// The whole note: `text`, which ends in newline and has no empty last line, signed by `secret`.
std::string sign_note(std::string_view text, std::string_view name,
                      const crypto::Ed25519Secret& secret);

}  // namespace sealift::log
