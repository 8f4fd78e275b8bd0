// Trust policies (C2SP tlog-policy): which logs are believed, and whose cosignatures a checkpoint
// needs.
//
//   line = "log" vkey [url] | "witness" name vkey [url]
//        | "group" name ( "all" | "any" | decimal ) 1*name | "quorum" ( name | "none" )
//
// Items are separated by spaces and tabs; empty lines and those that begin with "#" are left out.
// Names are defined before they are used, and once; there is one quorum. All functions are
// thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "log/cosignature.h"

namespace sealift::log {

class TrustPolicy {
 public:
  // Errors: malformed, unsupported (a key of another type), limit.
  static base::Result<TrustPolicy> parse(std::string_view text);

  const std::vector<VerifierKey>& logs() const { return logs_; }
  struct Named {
    CosignerKey key;
    std::string url;  // "" for none
  };
  std::vector<Named> witnesses() const;

  // Whether enough of those who should have cosigned one of these notes of the log, none longer ago
  // than `age_max`. The log's own signatures, and whether the notes are of one history, are for
  // others to verify. Errors: no_match (too few did).
  base::Result<void> judge(std::span<const Note> notes, base::UnixTime now,
                           std::chrono::hours age_max) const;

 private:
  struct Party {
    std::optional<CosignerKey> witness;  // or a group
    std::string url{};
    std::size_t needed = 0;
    std::vector<std::string> members{};
  };
  struct Times {
    std::uint64_t earliest_s = 0;
    std::uint64_t latest_s = 0;
  };
  bool is_satisfied(const std::string& name, std::span<const Note> notes, const Times& times) const;
  base::Result<void> take_line(const std::vector<std::string>& items);
  base::Result<void> take_log(const std::vector<std::string>& items);
  base::Result<void> take_witness(const std::vector<std::string>& items);
  base::Result<void> take_group(const std::vector<std::string>& items);

  std::vector<VerifierKey> logs_;
  std::map<std::string, Party> parties_;
  std::optional<std::string> quorum_;
};

}  // namespace sealift::log
