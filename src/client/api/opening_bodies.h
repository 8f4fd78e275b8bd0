// Bodies of the API about openings, links and the log's proofs, as the API's document has them;
// a test holds the two together.
//
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct Opening {
  static constexpr std::string_view kSchema = "Opening";
  OpeningId id{};
  ParcelId parcel{};
  std::optional<LinkId> link{};
  std::optional<AccountId> account{};
  base::UnixTime opened{};
  base::UnixTime expires{};
  std::optional<base::UnixTime> received{};
  std::optional<std::string> receipt{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("parcel", self.parcel);
    visit("link", self.link);
    visit("account", self.account);
    visit("opened", self.opened);
    visit("expires", self.expires);
    visit("received", self.received);
    visit("receipt", self.receipt);
  }
};

struct Openings {
  static constexpr std::string_view kSchema = "Openings";
  std::vector<Opening> openings{};
  std::optional<Cursor> next{};
  static void fields(auto& self, auto& visit) {
    visit("openings", self.openings);
    visit("next", self.next);
  }
};

struct PartSize {
  static constexpr std::string_view kSchema = "";
  Part part{};
  std::uint64_t payload_bytes = 0;
  static void fields(auto& self, auto& visit) {
    visit("part", self.part);
    visit("payload_bytes", self.payload_bytes);
  }
};

struct Ticket {
  static constexpr std::string_view kSchema = "Ticket";
  Opening opening{};
  Token ticket{};
  std::optional<Base64> server_half{};
  std::vector<PartSize> parts{};
  std::optional<base::UnixTime> parcel_expires{};
  static void fields(auto& self, auto& visit) {
    visit("opening", self.opening);
    visit("ticket", self.ticket);
    visit("server_half", self.server_half);
    visit("parts", self.parts);
    visit("parcel_expires", self.parcel_expires);
  }
};

struct SignedReceipt {
  static constexpr std::string_view kSchema = "SignedReceipt";
  std::string receipt{};
  static void fields(auto& self, auto& visit) { visit("receipt", self.receipt); }
};

struct LoggedReceipt {
  static constexpr std::string_view kSchema = "LoggedReceipt";
  EventId event{};
  std::string proof{};
  static void fields(auto& self, auto& visit) {
    visit("event", self.event);
    visit("proof", self.proof);
  }
};

struct NewLink {
  static constexpr std::string_view kSchema = "NewLink";
  FixedBase64<32> verifier{};
  Base64 server_half{};
  Passphrase passphrase{};
  std::optional<std::uint64_t> opens_max{};
  std::chrono::milliseconds lifetime_ms{};
  static void fields(auto& self, auto& visit) {
    visit("verifier", self.verifier);
    visit("server_half", self.server_half);
    visit("passphrase", self.passphrase);
    visit("opens_max", self.opens_max);
    visit("lifetime_ms", self.lifetime_ms);
  }
};

struct Link {
  static constexpr std::string_view kSchema = "Link";
  LinkId id{};
  Passphrase passphrase{};
  std::optional<std::uint64_t> opens_max{};
  std::uint64_t opens_used = 0;
  base::UnixTime created{};
  base::UnixTime expires{};
  std::optional<base::UnixTime> revoked{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("passphrase", self.passphrase);
    visit("opens_max", self.opens_max);
    visit("opens_used", self.opens_used);
    visit("created", self.created);
    visit("expires", self.expires);
    visit("revoked", self.revoked);
  }
};

struct Links {
  static constexpr std::string_view kSchema = "Links";
  std::vector<Link> links{};
  static void fields(auto& self, auto& visit) { visit("links", self.links); }
};

struct LinkPage {
  static constexpr std::string_view kSchema = "LinkPage";
  Base64 challenge{};
  Passphrase passphrase{};
  static void fields(auto& self, auto& visit) {
    visit("challenge", self.challenge);
    visit("passphrase", self.passphrase);
  }
};

struct Redeem {
  static constexpr std::string_view kSchema = "Redeem";
  Base64 challenge{};
  FixedBase64<32> verifier{};
  FixedBase64<64> proof{};
  static void fields(auto& self, auto& visit) {
    visit("challenge", self.challenge);
    visit("verifier", self.verifier);
    visit("proof", self.proof);
  }
};

struct EventProof {
  static constexpr std::string_view kSchema = "Proof";
  EventId event{};
  std::uint64_t index = 0;
  Base64 salt{};
  Base64 statement{};
  std::string proof{};
  static void fields(auto& self, auto& visit) {
    visit("event", self.event);
    visit("index", self.index);
    visit("salt", self.salt);
    visit("statement", self.statement);
    visit("proof", self.proof);
  }
};

}  // namespace sealift::client::api
