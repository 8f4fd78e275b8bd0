// Bodies of the API about file requests, as the API's document has them;
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
#include "client/api/account_bodies.h"
#include "client/api/parcel_bodies.h"
#include "client/api/values.h"

namespace sealift::client::api {

struct NewRequest {
  static constexpr std::string_view kSchema = "NewRequest";
  RequestId id{};
  FixedBase64<32> verifier{};
  std::uint64_t generation = 0;
  Base64 sealed_title{};
  std::uint64_t size_bytes_max = 0;
  std::optional<std::uint64_t> parcels_max{};
  std::chrono::milliseconds lifetime_ms{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("verifier", self.verifier);
    visit("generation", self.generation);
    visit("sealed_title", self.sealed_title);
    visit("size_bytes_max", self.size_bytes_max);
    visit("parcels_max", self.parcels_max);
    visit("lifetime_ms", self.lifetime_ms);
  }
};

struct FileRequest {
  static constexpr std::string_view kSchema = "Request";
  RequestId id{};
  std::uint64_t generation = 0;
  Base64 sealed_title{};
  std::uint64_t size_bytes_max = 0;
  std::optional<std::uint64_t> parcels_max{};
  std::uint64_t parcels_used = 0;
  base::UnixTime created{};
  base::UnixTime expires{};
  std::optional<base::UnixTime> closed{};
  static void fields(auto& self, auto& visit) {
    visit("id", self.id);
    visit("generation", self.generation);
    visit("sealed_title", self.sealed_title);
    visit("size_bytes_max", self.size_bytes_max);
    visit("parcels_max", self.parcels_max);
    visit("parcels_used", self.parcels_used);
    visit("created", self.created);
    visit("expires", self.expires);
    visit("closed", self.closed);
  }
};

struct Requests {
  static constexpr std::string_view kSchema = "Requests";
  std::vector<FileRequest> requests{};
  std::optional<Cursor> next{};
  static void fields(auto& self, auto& visit) {
    visit("requests", self.requests);
    visit("next", self.next);
  }
};

struct RequestPage {
  static constexpr std::string_view kSchema = "RequestPage";
  Base64 challenge{};
  Key key{};
  Base64 sealed_title{};
  std::uint64_t size_bytes_max = 0;
  std::optional<bool> is_full{};
  base::UnixTime expires{};
  static void fields(auto& self, auto& visit) {
    visit("challenge", self.challenge);
    visit("key", self.key);
    visit("sealed_title", self.sealed_title);
    visit("size_bytes_max", self.size_bytes_max);
    visit("is_full", self.is_full);
    visit("expires", self.expires);
  }
};

struct HandIn {
  static constexpr std::string_view kSchema = "HandIn";
  Base64 challenge{};
  FixedBase64<32> verifier{};
  FixedBase64<64> proof{};
  ParcelId parcel{};
  static void fields(auto& self, auto& visit) {
    visit("challenge", self.challenge);
    visit("verifier", self.verifier);
    visit("proof", self.proof);
    visit("parcel", self.parcel);
  }
};

struct HandedIn {
  static constexpr std::string_view kSchema = "HandedIn";
  Parcel parcel{};
  Token key{};
  static void fields(auto& self, auto& visit) {
    visit("parcel", self.parcel);
    visit("key", self.key);
  }
};

}  // namespace sealift::client::api
