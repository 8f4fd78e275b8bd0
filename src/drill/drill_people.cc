#include "drill/drill_people.h"

#include <filesystem>

#include "age/format/bech32.h"
#include "base/atomic_file.h"
#include "base/check.h"
#include "cli/key_file.h"
#include "cli/terminal.h"
#include "cli/verbs/transfer.h"
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

// The 32 bytes in AGE-SECRET-KEY-1...
base::Bytes key_of_identity(base::ByteView text) {
  crypto::SecretBytes<32> key;
  SEALIFT_CHECK(age::bech32_decode(base::text_of(text), "AGE-SECRET-KEY-", key.mutable_view()));
  return base::copy_of(key.view());
}

Result<std::string> read_certificate(const std::string& data) {
  SEALIFT_TRY(const auto pem, read_key_file(data + "/tls/certificate.pem"));
  return std::string(base::text_of(pem.view()));
}

}  // namespace

std::string DrillPeople::plant(Canary::Kind kind, std::string_view begin, std::string_view end) {
  canaries_.push_back({kind, std::string(begin).append(random_mark(random_)).append(end)});
  return canaries_.back().text;
}

void DrillPeople::add_key(base::ByteView key) {
  canaries_.push_back({.kind = Canary::Kind::key, .raw = base::copy_of(key)});
}

client::Credential DrillPeople::credential(const Person& person) {
  return client::credential_of(person.entered.begun);
}

std::vector<api::AccountId> DrillPeople::accounts() const {
  return {sender_->entered.begun.account.id, receiver_->entered.begun.account.id};
}

Result<std::vector<age::Identity>> DrillPeople::identities() const {
  std::vector<age::Identity> all;
  for (const Person* person : {&*sender_, &*receiver_}) {
    const crypto::SecretBuffer text = person->entered.keys.identity.text();
    SEALIFT_TRY(age::Identity identity, age::Identity::parse(base::text_of(text.view())));
    all.push_back(std::move(identity));
  }
  return all;
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
  const crypto::SecretBuffer key = enrolled.entered.keys.identity.text();
  canaries_.push_back(
      {Canary::Kind::secret, std::string(base::text_of(key.view())), key_of_identity(key.view())});
  add_key(enrolled.entered.keys.signing.seed().view());
  return Person{*address, std::move(pins), std::move(enrolled.entered)};
}

Result<std::unique_ptr<DrillPeople>> DrillPeople::make(const Environment& environment,
                                                       const std::string& url,
                                                       const std::string& data,
                                                       const std::string& work) {
  SEALIFT_TRY(const auto server, client::ServerAddress::parse(url));
  client::Trust trust;
  SEALIFT_TRY(trust.authorities_pem, read_certificate(data));
  SEALIFT_TRY(auto http, client::HttpClient::make(settings_for(environment, server, trust)));
  std::unique_ptr<DrillPeople> people(new DrillPeople(environment, url, work, std::move(http)));
  SEALIFT_TRY(people->sender_, people->enrol(data, "sender"));
  SEALIFT_TRY(people->receiver_, people->enrol(data, "receiver"));
  SEALIFT_TRY_VOID(people->find_receiver());
  return people;
}

Result<void> DrillPeople::find_receiver() {
  const api::Api mine(http_, credential(*sender_));
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

Result<std::string> DrillPeople::plant_file() {
  const std::string path = work_ + "/" + plant(Canary::Kind::name, "Zoë ", ".csv");
  const std::string content = plant(Canary::Kind::content, "patient ", " has a secret\n");
  SEALIFT_TRY(auto file, base::AtomicFile::create(path, 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(content)));
  SEALIFT_TRY_VOID(file.commit(base::Replace::no, base::Durability::none));
  return path;
}

Result<client::SentParcel> DrillPeople::send(client::SendOrder& order,
                                             const client::Credential& session,
                                             const crypto::Ed25519Secret& signing) {
  SEALIFT_TRY(const std::string path, plant_file());
  order.paths = {path};
  order.note = plant(Canary::Kind::note, "please read ", "");
  order.server_url = url_;
  SEALIFT_TRY(order.tree, client::walk_sources(order.paths));
  auto sent = client::send_parcel(order, {.http = http_,
                                          .session = session,
                                          .signing = signing,
                                          .pipeline = pipeline_,
                                          .random = random_,
                                          .clock = environment_.clock,
                                          .folder = work_ + "/sendings",
                                          .sent_folder = "",
                                          .make_passphrase = generate_passphrase,
                                          .patience = patience()});
  std::error_code ignored;  // the folder is removed at the end
  std::filesystem::remove(path, ignored);
  return sent;
}

Result<void> DrillPeople::send_parcel(client::LinkWish link) {
  client::SendOrder order;
  order.sender_address = sender_->address.text();
  order.lifetime = kLifetime;
  order.link = link;
  SEALIFT_TRY(order.to, addressees());
  const api::Api mine(http_, credential(*sender_));
  order.begin = [&](const api::ParcelId& parcel) -> Result<client::Credential> {
    api::NewParcel wish{
        .id = parcel, .lifetime_ms = order.lifetime, .receipt = api::ReceiptRule::on_open};
    wish.recipients.push_back(*order.to.front().grant);
    SEALIFT_TRY_VOID(mine.call(api::kParcelCreate, wish));
    return mine.credential();
  };
  SEALIFT_TRY(const auto sent, send(order, mine.credential(), sender_->entered.keys.signing));
  ++counts_.parcels;
  parcels_.push_back({.id = sent.id});
  if (link == client::LinkWish::none) return {};
  ++counts_.links;
  SEALIFT_TRY(parcels_.back().link, parcel::Link::parse(sent.link));
  canaries_.push_back({Canary::Kind::secret, sent.link.substr(sent.link.rfind('#') + 1),
                       base::copy_of(parcels_.back().link->secret.view())});
  return {};
}

Result<void> DrillPeople::act() {
  const std::uint64_t round = counts_.parcels;
  SEALIFT_TRY_VOID(send_parcel(round % 4 == 0 ? client::LinkWish::plain : client::LinkWish::none));
  if (round % 10 < 2) SEALIFT_TRY_VOID(receive_last());
  if (round % 10 == 2) SEALIFT_TRY_VOID(hand_in());
  if (round % 40 == 3) SEALIFT_TRY_VOID(begin_upload());  // few are allowed at once
  return {};
}

}  // namespace sealift::cli
