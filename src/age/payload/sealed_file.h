// A whole age file as it is found: armored or not, header, payload. Reads the start; opens nothing.
//
//   file    = binary / armor(binary)
//   binary  = header nonce chunks
#pragma once

#include <memory>

#include "age/format/armor.h"
#include "age/format/failure.h"
#include "age/format/header.h"
#include "age/format/payload_io.h"
#include "age/format/stream.h"

namespace sealift::age {

enum class ArmorRule { detect, required };

// Movable; used by one thread at a time, but for `chunks`, which has the rules of its file.
class SealedFile {
 public:
  // Reads up to the end of the payload's nonce. Borrows `file`, from its offset 0.
  // Failures: header (also when the nonce is cut short), armor, other (reading failed).
  static OpenResult<SealedFile> read(Source& file, ArmorRule rule = ArmorRule::detect);

  const Header& header() const { return header_; }
  const PayloadNonce& nonce() const { return nonce_; }
  bool is_armored() const { return armor_ != nullptr; }

  // The chunks, to the end of the file. Seekable exactly when the file is, and not armored.
  Source& chunks() { return *chunks_; }

  // At which step an error failed that opening the chunks gave.
  OpenFailure failure_of(const base::Error& error) const;

 private:
  explicit SealedFile(Header header) : header_(std::move(header)) {}

  Header header_;
  PayloadNonce nonce_{};
  std::unique_ptr<ArmorSource> armor_;  // when armored
  std::unique_ptr<Source> chunks_;
};

}  // namespace sealift::age
