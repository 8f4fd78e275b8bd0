// What openings by grant and by link share.
#pragma once

#include "server/vault/handlers/parcel_forms.h"
#include "server/vault/letters.h"

namespace sealift::server::vault {

// How long a download may be gone on with, without counting again.
inline constexpr std::chrono::hours kTicketLifetime{24};

struct NewTicket {
  Token token;
  catalog::NewOpening opening;
};
inline NewTicket make_ticket(crypto::Random& random, base::UnixTime now) {
  Token token = make_token(random);
  const catalog::NewOpening opening{{random.array<16>()}, token.hash, now, now + kTicketLifetime};
  return {std::move(token), opening};
}

// To the sender, where it wants to know; `by`: nobody when it was opened by link.
base::Result<void> tell_sender(Services& services, catalog::Records& records,
                               const catalog::ParcelId& parcel,
                               const std::optional<catalog::AccountId>& by, base::UnixTime now);

}  // namespace sealift::server::vault
