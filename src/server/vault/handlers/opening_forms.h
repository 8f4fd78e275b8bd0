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
inline NewTicket make_ticket(const Services& services, const Ask& ask) {
  Token token = token_for(services, ask);
  const catalog::NewOpening opening{
      {services.random.array<16>()}, token.hash, ask.now, ask.now + kTicketLifetime};
  return {std::move(token), opening};
}

// A part's payload, or the range of it that the frame asks for. `ticket`: what it is sent under,
// until that is good no more.
base::Result<Answer> payload_answer(Services& services, const AskFrame& frame,
                                    const catalog::SealedPart& part,
                                    const std::optional<catalog::TokenHash>& ticket);

// To the sender, where it wants to know; `by`: nobody when it was opened by link.
base::Result<void> tell_sender(Services& services, catalog::Records& records,
                               const catalog::ParcelId& parcel,
                               const std::optional<catalog::AccountId>& by, base::UnixTime now);

}  // namespace sealift::server::vault
