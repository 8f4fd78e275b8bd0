// SendState: what must be known to continue a sending after its process has gone.
//
//   FOLDER/KEY/state     this, as lines (docs/formats/sending.md)
//   FOLDER/KEY/journal   the seal journal
//
// KEY names what is sent to whom on which terms, so that the same command finds its own beginnings.
// The state holds the parcel's file key and, of a link, its secret: it lies in the profile folder,
// readable by its owner alone, and goes when the parcel is whole. Whoever can read it can read the
// files that are being sent.
#pragma once

#include <optional>
#include <string>

#include "age/format/file_key.h"
#include "age/seal/seal_journal.h"
#include "base/result.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "parcel/manifest.h"

namespace sealift::client {

// How far a sending has come.
enum class SendStage : std::uint8_t {
  begun,     // the server may know the parcel
  content,   // an upload is there
  manifest,  // the content is with the server, whole
};

struct SendState {
  SendStage stage = SendStage::begun;
  parcel::ParcelIdBytes parcel_id{};
  std::int64_t created_unix_ms = 0;
  crypto::Sha256Digest tree{};  // of names, sizes, times and inodes
  age::FileKey file_key;
  std::string upload;       // 32 hexadecimal digits; "" before SendStage::content
  std::string upload_key;   // the server's, 43 characters
  std::string hand_in_key;  // of an outsider
  std::optional<crypto::SecretBytes<32>> link_secret;
  std::optional<crypto::SecretBytes<32>> server_half;
  crypto::SecretBuffer passphrase;  // of the link; empty: none

  // Errors: malformed.
  static base::Result<SendState> parse(base::ByteView bytes);
  crypto::SecretBuffer text() const;
};

// A sending's folder. Movable; the journal's lock keeps a second process out.
class SendFolder {
 public:
  struct Begun {
    SendState state;
    age::FileSealJournal journal;
  };

  // `folder` is the one for all sendings; made when missing. Errors: io, forbidden, no_space.
  static base::Result<SendFolder> open(const std::string& folder, const crypto::Sha256Digest& key);

  // What is to be continued; nullopt: nothing, or nothing that can be read.
  // Errors: conflict (another process sends it), io.
  base::Result<std::optional<Begun>> load() const;
  // A new journal, and the state beside it, durable. Errors: io, no_space.
  base::Result<age::FileSealJournal> begin(const SendState& state, crypto::Random& random);
  // Durable when it returns. Errors: io, no_space.
  base::Result<void> save(const SendState& state) const;
  void remove() const;

 private:
  explicit SendFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace sealift::client
