// Bodies of the API about parcels and uploads, as the API's document has them;
// a test holds the two together.
//
// fields() lists a body's fields once, for reading, writing and that test. std::optional: may be
// absent. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct NewRecipient {
  static constexpr std::string_view kSchema = "NewRecipient";
  AccountId account{};
  std::uint64_t generation = 0;
  std::optional<std::uint64_t> opens_max{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("generation", self.generation);
    visit("opens_max", self.opens_max);
  }
};

struct NewParcel {
  static constexpr std::string_view kSchema = "NewParcel";
  ParcelId id{};
  std::chrono::milliseconds lifetime_ms{};
  ReceiptRule receipt{};
  std::vector<NewRecipient> recipients{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("lifetime_ms", self.lifetime_ms);
    visit("receipt", self.receipt);
    visit("recipients", self.recipients);
  }
};

struct RecipientState {
  static constexpr std::string_view kSchema = "RecipientState";
  AccountId account{};
  std::uint64_t generation = 0;
  std::optional<std::uint64_t> opens_max{};
  std::uint64_t opens_used = 0;
  std::optional<base::UnixTime> revoked{};
  static void fields(auto& self, auto& visit) {
    visit("account", self.account);
    visit("generation", self.generation);
    visit("opens_max", self.opens_max);
    visit("opens_used", self.opens_used);
    visit("revoked", self.revoked);
  }
};

struct Parcel {
  static constexpr std::string_view kSchema = "Parcel";
  ParcelId id{};
  AccountId sender{};
  std::optional<std::string> sender_address{};  // to a recipient, by the server's word alone
  std::optional<RequestId> request{};
  ParcelState state{};
  SealedBy sealed_by{};
  ReceiptRule receipt{};
  std::uint64_t revision = 0;
  std::uint64_t payload_bytes = 0;
  std::vector<RecipientState> recipients{};
  base::UnixTime created{};
  std::optional<base::UnixTime> whole_at{};
  std::optional<base::UnixTime> ended_at{};
  base::UnixTime expires{};
  // To a recipient: the events that say when it was sent, and when the recipient was added.
  std::optional<EventId> completed_event{};
  std::optional<EventId> added_event{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("sender", self.sender);
    visit("sender_address", self.sender_address);
    visit("request", self.request);
    visit("state", self.state);
    visit("sealed_by", self.sealed_by);
    visit("receipt", self.receipt);
    visit("revision", self.revision);
    visit("payload_bytes", self.payload_bytes);
    visit("recipients", self.recipients);
    visit("created", self.created);
    visit("whole_at", self.whole_at);
    visit("ended_at", self.ended_at);
    visit("expires", self.expires);
    visit("completed_event", self.completed_event);
    visit("added_event", self.added_event);
  }
};

struct Parcels {
  static constexpr std::string_view kSchema = "Parcels";
  std::vector<Parcel> parcels{};
  std::optional<Cursor> next{};
  static void fields(auto& self, auto& visit) {
    visit("parcels", self.parcels);
    visit("next", self.next);
  }
};

struct PartHeader {
  static constexpr std::string_view kSchema = "";
  Part part{};
  Base64 header{};
  static void fields(auto& self, auto& visit) {
    visit("part", self.part);
    visit("header", self.header);
  }
};

struct ChangeExpiry {
  static constexpr std::string_view kSchema = "ChangeExpiry";
  std::chrono::milliseconds lifetime_ms{};  // from now
  static void fields(auto& self, auto& visit) { visit("lifetime_ms", self.lifetime_ms); }
};

struct ChangeRecipients {
  static constexpr std::string_view kSchema = "ChangeRecipients";
  std::uint64_t expected_revision = 0;
  std::vector<PartHeader> headers{};
  std::vector<NewRecipient> add{};
  static void fields(auto& self, auto& visit) {
    visit("expected_revision", self.expected_revision);
    visit("headers", self.headers);
    visit("add", self.add);
  }
};

struct NewUpload {
  static constexpr std::string_view kSchema = "NewUpload";
  Base64 header{};
  std::uint64_t payload_bytes = 0;
  static void fields(auto& self, auto& visit) {
    visit("header", self.header);
    visit("payload_bytes", self.payload_bytes);
  }
};

struct Upload {
  static constexpr std::string_view kSchema = "Upload";
  UploadId id{};
  Token key{};
  base::UnixTime expires{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("key", self.key);
    visit("expires", self.expires);
  }
};

struct Completed {
  static constexpr std::string_view kSchema = "Completed";
  Parcel parcel{};
  EventId event{};
  static void fields(auto& self, auto& visit) {
    visit("parcel", self.parcel);
    visit("event", self.event);
  }
};

}  // namespace sealift::client::api
