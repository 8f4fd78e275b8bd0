// DrillPeople: two people of the drill's, their accounts on its server, and what they send: every
// text that a thief must not get is a canary.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "age/pipeline.h"
#include "cli/verb.h"
#include "client/account/entering.h"
#include "client/account/key_finder.h"
#include "client/transfer/send_parcel.h"

namespace sealift::cli {

struct Canary {
  enum class Kind : std::uint8_t { content, name, note, secret, address };
  Kind kind = Kind::content;
  std::string text;
};

class DrillPeople {
 public:
  // Makes their accounts on the server at `url`, whose folder is `data`; `work` is for files.
  static base::Result<std::unique_ptr<DrillPeople>> make(const Environment& environment,
                                                         const std::string& url,
                                                         const std::string& data,
                                                         const std::string& work);

  // A parcel from one to the other.
  base::Result<void> send_parcel();

  // Grows with what is sent.
  const std::vector<Canary>& canaries() const { return canaries_; }
  // The age headers of every sealed object of every parcel, as the server has them.
  base::Result<std::vector<base::Bytes>> headers();

 private:
  struct Person {
    parcel::Address address;
    client::Pins pins;
    client::Entered entered;
  };
  DrillPeople(const Environment& environment, std::string work, client::HttpClient http)
      : environment_(environment),
        work_(std::move(work)),
        http_(std::move(http)),
        pipeline_(environment.cpu_count) {}

  base::Result<Person> enrol(const std::string& data, std::string_view who);
  base::Result<void> find_receiver();
  base::Result<std::vector<client::Addressee>> addressees() const;
  std::string plant(Canary::Kind kind, std::string_view begin, std::string_view end);
  client::Credential credential() const;

  const Environment& environment_;
  const std::string work_;
  client::HttpClient http_;
  crypto::SystemRandom random_;
  age::Pipeline pipeline_;
  std::optional<Person> sender_;
  std::optional<Person> receiver_;
  client::FoundKeys receiver_keys_;
  std::vector<Canary> canaries_;
  std::vector<client::api::ParcelId> parcels_;
};

}  // namespace sealift::cli
