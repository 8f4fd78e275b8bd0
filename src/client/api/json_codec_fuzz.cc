// Any bytes as a server's answers. What is taken is taken again after it was written.
#include "base/check.h"
#include "client/api/admin_bodies.h"
#include "client/api/json_codec.h"
#include "client/api/opening_bodies.h"
#include "client/api/parcel_bodies.h"
#include "client/api/request_bodies.h"
#include "client/api/slot_bodies.h"

namespace {

using namespace sealift;
using namespace sealift::client::api;

template <typename Body>
void try_as(base::ByteView bytes) {
  const auto body = decode<Body>(bytes);
  if (!body) return;
  const std::string text = encode(*body);
  const auto again = decode<Body>(base::bytes_of(text));
  SEALIFT_CHECK(again.has_value() && encode(*again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes = std::as_bytes(std::span(data, size));
  try_as<ServerDescription>(bytes);
  try_as<EnrolmentOffer>(bytes);
  try_as<Begun>(bytes);
  try_as<Slots>(bytes);
  try_as<Directory>(bytes);
  try_as<Parcels>(bytes);
  try_as<Ticket>(bytes);
  try_as<RequestPage>(bytes);
  try_as<Policy>(bytes);
  static_cast<void>(refusal_of(static_cast<unsigned>(size % 600), bytes));
  return 0;
}
