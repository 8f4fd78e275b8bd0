// What clients will make of a certificate, for those who run the server: for whom it is, who
// vouches for it, and by which fingerprint people recognise it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "tls/context.h"

namespace sealift::tls {

// As browsers and `openssl x509 -fingerprint -sha256` show it: AB:CD:...
std::string fingerprint_text(const CertificateFingerprint& fingerprint);

// Whether the first certificate of PEM text is for this name or address, as clients judge it.
bool is_certificate_for(std::string_view pem, const std::string& host);

// Whose word the first certificate of PEM text rests on, with the others of the text in between.
enum class Vouching : std::uint8_t {
  authority,    // one that this machine trusts
  itself,       // its own key signed it
  nobody_here,  // the chain is cut short, or its authority isn't one of this machine's
  expired,      // a certificate in the chain
};
Vouching vouching_for(std::string_view pem, base::UnixTime now);

}  // namespace sealift::tls
