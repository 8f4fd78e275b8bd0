// Correspondence: which parcel went to whom last, and which ones came.
//
//   FOLDER/sent-to/ACCOUNT     the id of the newest parcel that was sent to them, and LF
//   FOLDER/received/PARCEL     empty: all of that parcel was received here
//
// Each manifest names, for each recipient, the parcel before it (ManifestRecipient::previous). A
// server that holds a parcel back is found out by the next one: it names a parcel that never came.
// By its id and not by a number: ids are random, so a recipient learns nothing of how much the
// others got, and an id can be asked about. Ids alone are kept; one thread at a time, other
// processes may use the folder meanwhile (two that send at once name the same parcel before
// theirs).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "client/api/values.h"

namespace sealift::client {

class Correspondence {
 public:
  explicit Correspondence(std::string folder) : folder_(std::move(folder)) {}

  // Nullopt: none, or none that can be read.
  std::optional<api::ParcelId> last_sent(const api::AccountId& to) const;
  // Errors: io, no_space.
  base::Result<void> save_last_sent(const api::AccountId& to, const api::ParcelId& parcel) const;

  bool has_received(const api::ParcelId& parcel) const;
  // Errors: io, no_space.
  base::Result<void> save_received(const api::ParcelId& parcel) const;

 private:
  base::Result<void> save(const std::string& room, const std::string& name,
                          std::string_view text) const;
  std::string folder_;
};

}  // namespace sealift::client
