// Until when a certificate is good, for those who have to renew it.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace sealift::tls {

// When the first certificate of PEM text expires. Errors: malformed (there is none, or its time
// isn't one).
base::Result<base::UnixTime> expiry_of(const std::string& pem);

// Whether PEM text has the private key of the first certificate of the other.
bool is_private_key_of(const std::string& certificate_pem, std::string_view key_pem);

}  // namespace sealift::tls
