#include "server/vault/letters.h"

#include "server/mailer/mail_frames.h"
#include "server/vault/handlers/person_forms.h"

namespace sealift::server::vault {
namespace {

using base::Result;

Result<void> add_mail(const PostOffice& office, catalog::Records& records,
                      catalog::MailTemplate text, catalog::Language language,
                      const LetterDetails& details, base::UnixTime now) {
  const catalog::MailId id{office.random.array<16>()};
  SEALIFT_TRY(const auto added,
              records.outbox->add(
                  {.id = id,
                   .letter = text,
                   .language = language,
                   .wrapped_parameters = office.keys.wrap(
                       WrapFor::mail, id.view(), encode_letter_details(details), office.random),
                   .created = now,
                   .due = now}));
  if (added != catalog::Insert::added) {
    return base::fail(base::ErrorCode::internal, "mail id is taken");
  }
  return {};
}

}  // namespace

Result<void> post_letter(const PostOffice& office, catalog::Records& records, const Letter& letter,
                         base::UnixTime now) {
  if (!office.has_mail_server) return {};
  SEALIFT_TRY(const auto to, records.accounts->find(letter.to));
  if (!to || to->state == catalog::AccountState::closed) return {};
  SEALIFT_TRY(parcel::Address address, address_of(office.keys, *to));
  LetterDetails details{std::move(address), std::nullopt, letter.when};
  if (letter.who) {
    SEALIFT_TRY(const auto who, records.accounts->find(*letter.who));
    if (who) {
      SEALIFT_TRY(details.who, address_of(office.keys, *who));
    }
  }
  return add_mail(office, records, letter.text, to->language, details, now);
}

Result<void> post_announcement(const PostOffice& office, catalog::Records& records,
                               const Announcement& announcement, base::UnixTime now) {
  if (!office.has_mail_server) return {};
  catalog::Page page{std::nullopt, 1000};
  while (true) {
    SEALIFT_TRY(const auto accounts, records.accounts->list(page));
    for (const catalog::Account& account : accounts) {
      const bool is_in_charge = account.roles.administrator || account.roles.recovery_officer;
      if (!is_in_charge && announcement.readers == Readers::in_charge) continue;
      SEALIFT_TRY_VOID(post_letter(office, records,
                                   {.text = announcement.text,
                                    .to = account.id,
                                    .who = announcement.who,
                                    .when = announcement.when},
                                   now));
    }
    if (accounts.size() < page.rows_max) return {};
    page.before = accounts.back().cursor;
  }
}

Result<void> post_invitation(Services& services, catalog::Records& records,
                             const parcel::Address& address, base::UnixTime expires,
                             base::UnixTime now) {
  if (!services.settings.has_mail_server) return {};
  return add_mail(post_office(services), records, catalog::MailTemplate::invited,
                  catalog::Language::english, {address, std::nullopt, expires}, now);
}

}  // namespace sealift::server::vault
