// A witness (C2SP tlog-witness): signs a log's checkpoint only when it continues the one that it
// signed before. So a log can't show it two histories, nor go back.
//
//   request = "old " decimal newline *( base64(hash) newline ) newline checkpoint-note
//
// One file a log, <SHA-256 of the origin>/checkpoint, written whole before the answer is given: the
// folder is what the specification calls a monitoring prefix, for any web server to give out. Not
// thread-safe; one process at a time has the folder.
#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"
#include "log/checkpoint.h"
#include "log/cosignature.h"

namespace sealift::log {

struct WitnessRequest {
  std::uint64_t old_size = 0;
  std::vector<Hash> path;
  std::string note;

  friend bool operator==(const WitnessRequest&, const WitnessRequest&) = default;
};
std::string witness_request_text(const WitnessRequest& request);
// Errors: malformed.
base::Result<WitnessRequest> parse_witness_request(std::string_view text);

// Where what is cosigned of a log stands: "<hex>/checkpoint".
std::string monitoring_path(std::string_view origin);

// As the specification has them: HTTP status, and what is in the body.
enum class WitnessStatus : std::uint16_t {
  cosigned = 200,    // the signature line
  malformed = 400,   // nothing, as of the others
  not_signed = 403,  // by a key of the log that is known
  unknown_log = 404,
  another_size = 409,  // the size that was signed last, and a newline
  contradicts = 422,   // the log forked, or was rewritten
};
struct WitnessAnswer {
  WitnessStatus status = WitnessStatus::malformed;
  std::string body{};
};

class Witness {
 public:
  // `files` has the witness's folder as its root, and outlives it.
  Witness(base::FileSystem& files, Cosigner cosigner, std::vector<VerifierKey> logs)
      : files_(files), cosigner_(std::move(cosigner)), logs_(std::move(logs)) {}

  const Cosigner& cosigner() const { return cosigner_; }
  // POST add-checkpoint. Errors: no_space, io (nothing was signed).
  base::Result<WitnessAnswer> add_checkpoint(std::string_view request, std::uint64_t now_s);
  // What was cosigned last of the log: its note with our line. Errors: not_found, io.
  base::Result<std::string> checkpoint(std::string_view origin);

 private:
  base::FileSystem& files_;
  const Cosigner cosigner_;
  const std::vector<VerifierKey> logs_;
};

}  // namespace sealift::log
