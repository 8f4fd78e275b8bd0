#include "client/account/retired_keys.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "http/json_body.h"
#include "parcel/retirement.h"

namespace sealift::client {

using base::ErrorCode;
using base::Result;

Result<std::optional<log::TreeHead>> retirement_of(const api::DirectoryEntry& entry) {
  if (!entry.statement) return std::nullopt;
  const auto event = http::parse_json_body(entry.statement->bytes);
  if (!event || !event->is_object()) return std::nullopt;
  const auto found = event->find("retirement");
  if (found == event->end()) return std::nullopt;
  const auto bytes = base::hex_decode(found->is_string() ? found->get<std::string>() : "");
  parcel::RetirementBytes told{};
  if (!bytes || bytes->size() != told.size())
    return base::fail(ErrorCode::damaged, "the log's event of a key is not in its form");
  std::ranges::copy(*bytes, told.begin());
  const auto seen = parcel::read_retirement(
      {entry.account.bytes, entry.key.generation, entry.key.recipient, entry.key.signing_key},
      told);
  if (!seen)
    return base::fail(ErrorCode::damaged, "the end of earlier keys is not signed by those after");
  return seen;
}

Result<std::optional<log::TreeHead>> last_log_of(const FoundKeys& found,
                                                 const crypto::Ed25519Public& key) {
  std::optional<log::TreeHead> last;
  bool is_told = true;
  for (std::size_t i = found.keys.size(); i-- > 0;) {
    if (found.keys[i].signing_key == key) {
      if (is_told) return last;
      return base::fail(ErrorCode::damaged,
                        "the sender's keys were replaced, and the new ones don't say when");
    }
    const std::optional<log::TreeHead>& here = found.retirements[i];
    is_told = is_told && here;
    if (here && (!last || here->size < last->size)) last = here;
  }
  return base::fail(ErrorCode::damaged, "the parcel is not signed by the sender it names");
}

}  // namespace sealift::client
