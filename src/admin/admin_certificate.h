// What the machine's operator is told of the certificate that the server serves.
#pragma once

#include <optional>
#include <string>

#include "cli/checkup.h"
#include "server/config.h"
#include "server/vault/data_folder.h"

namespace sealift::cli {

// Its files, end, name, chain and fingerprint. `config` is nullopt where nobody knows the
// configuration.
void check_certificate(Checkup& checkup, const server::vault::DataFolder& folder,
                       const std::optional<server::Config>& config, base::UnixTime now);

// Of a certificate that no authority vouches for, which clients take by its fingerprint; "" for
// others, and where none was served when the server last started.
std::string fingerprint_to_compare(const server::vault::DataFolder& folder, base::UnixTime now);

}  // namespace sealift::cli
