// Until when a certificate is good, for those who have to renew it.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace sealift::tls {

// When the first certificate of PEM text expires. Errors: malformed (there is none, or its time
// isn't one).
base::Result<base::UnixTime> expiry_of(const std::string& pem);

}  // namespace sealift::tls
