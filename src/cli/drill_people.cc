#include "cli/drill_people.h"

#include <filesystem>

#include "base/atomic_file.h"
#include "base/check.h"
#include "cli/terminal.h"
#include "cli/transfer.h"
#include "server/vault/host.h"

namespace sealift::cli {
namespace {

namespace api = client::api;
using base::Result;
using client::Addressee;

constexpr std::size_t kMarkSize = 20;
constexpr std::chrono::hours kLifetime{24};

// Letters and digits that stand nowhere else: 100 random bits.
std::string random_mark(crypto::Random& random) {
  static constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string mark;
  for (const std::byte b : random.array<kMarkSize>())
    mark += kLetters[std::to_integer<std::size_t>(b) % kLetters.size()];
  return mark;
}

}  // namespace

std::string DrillPeople::plant(Canary::Kind kind, std::string_view begin, std::string_view end) {
  canaries_.push_back({kind, std::string(begin).append(random_mark(random_)).append(end)});
  return canaries_.back().text;
}

client::Credential DrillPeople::credential() const {
  return {client::Credential::Kind::session, sender_->entered.begun.token.text};
}

Result<DrillPeople::Person> DrillPeople::enrol(const std::string& data, std::string_view who) {
  const std::string text = plant(Canary::Kind::address, std::string(who) + "-", "@drill.test");
  const auto address = parcel::Address::parse(text);
  SEALIFT_CHECK(address.has_value());
  SEALIFT_TRY(const auto host, server::vault::Host::open(data, server::vault::Host::Begin::no,
                                                         random_, environment_.clock));
  SEALIFT_TRY(const auto invitation, host->invite(*address, {}));
  const api::Api anyone(http_);
  const api::Token token{invitation.token.text};
  SEALIFT_TRY(const auto offer, client::look_at_enrolment(anyone, token));
  const std::string password = plant(Canary::Kind::secret, "password ", "");
  client::Pins pins;
  SEALIFT_TRY(auto enrolled, client::enrol(anyone, offer,
                                           {.token = token,
                                            .language = api::Language::en,
                                            .password = base::bytes_of(password)},
                                           pins, random_));
  SEALIFT_TRY(const auto keys_file, enrolled.entered.keys.keys_file());
  const std::string_view keys = base::text_of(keys_file.view());
  const std::size_t secret = keys.rfind("AGE-SECRET-KEY-");
  canaries_.push_back(
      {Canary::Kind::secret, std::string(keys.substr(secret, keys.find('\n', secret) - secret))});
  return Person{*address, std::move(pins), std::move(enrolled.entered)};
}

Result<std::unique_ptr<DrillPeople>> DrillPeople::make(const Environment& environment,
                                                       const std::string& url,
                                                       const std::string& data,
                                                       const std::string& work) {
  SEALIFT_TRY(const auto server, client::ServerAddress::parse(url));
  SEALIFT_TRY(auto http, client::HttpClient::make(settings_for(server, {})));
  std::unique_ptr<DrillPeople> people(new DrillPeople(environment, work, std::move(http)));
  SEALIFT_TRY(people->sender_, people->enrol(data, "sender"));
  SEALIFT_TRY(people->receiver_, people->enrol(data, "receiver"));
  SEALIFT_TRY_VOID(people->find_receiver());
  return people;
}

Result<void> DrillPeople::find_receiver() {
  const api::Api mine(http_, credential());
  client::KeyFinder finder(mine, sender_->pins, wait_ms);
  SEALIFT_TRY(receiver_keys_, finder.find(receiver_->address));
  return {};
}

Result<std::vector<Addressee>> DrillPeople::addressees() const {
  const api::Key& newest = receiver_keys_.newest();
  SEALIFT_TRY(auto recipient, age::Recipient::parse(newest.recipient));
  std::vector<Addressee> to;
  to.push_back({.address = receiver_->address.text(),
                .recipient = std::move(recipient),
                .grant = api::NewRecipient{.account = receiver_keys_.account,
                                           .generation = newest.generation}});
  SEALIFT_TRY(auto own, sender_->entered.keys.identity.recipient());
  to.push_back({.address = sender_->address.text(), .recipient = std::move(own)});
  return to;
}

Result<void> DrillPeople::send_parcel() {
  const std::string name = plant(Canary::Kind::name, "Zoë ", ".csv");
  const std::string path = work_ + "/" + name;
  const std::string content = plant(Canary::Kind::content, "patient ", " has a secret\n");
  SEALIFT_TRY(auto file, base::AtomicFile::create(path, 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(content)));
  SEALIFT_TRY_VOID(file.commit(base::Replace::no, base::Durability::none));

  client::SendOrder order;
  order.paths = {path};
  order.sender_address = sender_->address.text();
  order.lifetime = kLifetime;
  order.note = plant(Canary::Kind::note, "please read ", "");
  SEALIFT_TRY(order.tree, client::walk_sources(order.paths));
  SEALIFT_TRY(order.to, addressees());
  const api::Api mine(http_, credential());
  order.begin = [&](const api::ParcelId& parcel) -> Result<client::Credential> {
    api::NewParcel wish{.id = parcel, .lifetime_ms = order.lifetime};
    wish.recipients.push_back(*order.to.front().grant);
    SEALIFT_TRY_VOID(mine.call(api::kParcelCreate, wish));
    return mine.credential();
  };
  SEALIFT_TRY(const auto sent, client::send_parcel(order, {.http = http_,
                                                           .session = credential(),
                                                           .signing = sender_->entered.keys.signing,
                                                           .pipeline = pipeline_,
                                                           .random = random_,
                                                           .clock = environment_.clock,
                                                           .folder = work_ + "/sendings",
                                                           .make_passphrase = generate_passphrase,
                                                           .patience = patience()}));
  parcels_.push_back(sent.id);
  std::error_code ignored;  // the folder is removed at the end
  std::filesystem::remove(path, ignored);
  return {};
}

Result<std::vector<base::Bytes>> DrillPeople::headers() {
  const api::Api mine(http_, credential());
  std::vector<base::Bytes> all;
  for (const api::ParcelId& parcel : parcels_) {
    for (const api::Part part : {api::Part::content, api::Part::manifest}) {
      SEALIFT_TRY(auto header, mine.call(api::kParcelReadHeader, {}, parcel, part));
      all.push_back(std::move(header.bytes));
    }
  }
  return all;
}

}  // namespace sealift::cli
