// Delays: how often something failed lately, by what it was tried on and from where. How long the
// next attempt waits is computed from it by the vault.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class DelayKind : std::uint8_t {
  account = 1,             // known or not: the key is the hash of the address asked for
  client = 2,              // network address
  account_and_client = 3,  // so that strangers' failures don't lock out the person
  link = 4,
  request = 5,
  enrolment = 6,
  // A network from which somebody logged into the account, known by its hash; `last`: when.
  known_client = 7,
};

struct Failures {
  std::uint32_t count = 0;
  base::UnixTime last{};
};

class Delays {
 public:
  virtual ~Delays() = default;

  // No row: no failure.
  virtual base::Result<Failures> find(DelayKind kind, const DelayKey& key) const = 0;
  // Counts one more; a row whose last failure is before `forget_before` starts again at one.
  virtual base::Result<Failures> failed(DelayKind kind, const DelayKey& key, base::UnixTime now,
                                        base::UnixTime forget_before) = 0;
  virtual base::Result<void> succeeded(DelayKind kind, const DelayKey& key) = 0;
  // It happened: no failure is counted.
  virtual base::Result<void> seen(DelayKind kind, const DelayKey& key, base::UnixTime now) = 0;
  // What failed last before `failed_before`; known clients not seen since `known_before`.
  virtual base::Result<std::uint64_t> remove_older(base::UnixTime failed_before,
                                                   base::UnixTime known_before) = 0;
};

}  // namespace sealift::catalog
