// DrillPeople: two people of the drill's, their accounts on its server, visitors, and what they
// send: every text that a thief must not get is a canary, and so is every key that opens something.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "age/payload/pipeline.h"
#include "cli/verb.h"
#include "client/account/entering.h"
#include "client/account/key_finder.h"
#include "client/transfer/send_parcel.h"

namespace sealift::cli {

struct Canary {
  enum class Kind : std::uint8_t { content, name, note, title, secret, key, address };
  Kind kind = Kind::content;
  std::string text{};  // UTF-8; "": none
  base::Bytes raw{};   // of a key; empty: none
};

class DrillPeople {
 public:
  // What has been done so far.
  struct Counts {
    std::uint64_t parcels = 0;
    std::uint64_t links = 0;
    std::uint64_t requests = 0;  // each with something handed in
    std::uint64_t uploads = 0;   // under way for ever
    std::uint64_t receipts = 0;
  };
  struct SentParcel {
    client::api::ParcelId id{};
    std::optional<parcel::Link> link{};
    bool is_whole = true;  // with a manifest
  };

  // Makes their accounts on the server at `url`, whose folder is `data`; `work` is for files.
  static base::Result<std::unique_ptr<DrillPeople>> make(const Environment& environment,
                                                         const std::string& url,
                                                         const std::string& data,
                                                         const std::string& work);

  // A parcel from one to the other: one in four also by a link, one in ten received, one in ten
  // beside files that a visitor hands in, one in forty beside an upload that stops half-way.
  base::Result<void> act();

  const Counts& counts() const { return counts_; }
  // Grows with what is sent.
  const std::vector<Canary>& canaries() const { return canaries_; }
  const std::vector<SentParcel>& parcels() const { return parcels_; }
  std::vector<client::api::AccountId> accounts() const;
  // The private keys of both.
  base::Result<std::vector<age::Identity>> identities() const;
  void add_key(base::ByteView key);

 private:
  struct Person {
    parcel::Address address;
    client::Pins pins;
    client::Entered entered;
  };
  DrillPeople(const Environment& environment, std::string url, std::string work,
              client::HttpClient http)
      : environment_(environment),
        url_(std::move(url)),
        work_(std::move(work)),
        http_(std::move(http)),
        pipeline_(environment.cpu_count) {}

  base::Result<Person> enrol(const std::string& data, std::string_view who);
  base::Result<void> find_receiver();
  base::Result<std::vector<client::Addressee>> addressees() const;
  std::string plant(Canary::Kind kind, std::string_view begin, std::string_view end);
  base::Result<std::string> plant_file();
  static client::Credential credential(const Person& person);
  base::Result<client::SentParcel> send(client::SendOrder& order, const client::Credential& session,
                                        const crypto::Ed25519Secret& signing);
  base::Result<void> send_parcel(client::LinkWish link);
  base::Result<void> begin_upload();
  base::Result<void> hand_in();
  base::Result<void> receive_last();

  const Environment& environment_;
  const std::string url_;
  const std::string work_;
  client::HttpClient http_;
  crypto::SystemRandom random_;
  age::Pipeline pipeline_;
  std::optional<Person> sender_;
  std::optional<Person> receiver_;
  client::FoundKeys receiver_keys_;
  std::vector<Canary> canaries_;
  std::vector<SentParcel> parcels_;
  Counts counts_;
};

}  // namespace sealift::cli
