// Any bytes as a witness's request, a trust policy and a witness's key.
#include "base/check.h"
#include "log/trust_policy.h"
#include "log/witness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  const std::string_view text = base::text_of(std::as_bytes(std::span(data, size)));
  if (const auto request = log::parse_witness_request(text))
    SEALIFT_CHECK(log::witness_request_text(*request) == text);
  if (const auto key = log::CosignerKey::parse(text)) SEALIFT_CHECK(key->text() == text);
  if (const auto policy = log::TrustPolicy::parse(text)) {
    const log::Note note{.text = "log\n0\n", .signatures = {}};
    static_cast<void>(policy->judge(std::span(&note, 1), base::UnixTime{}, std::chrono::hours(24)));
  }
  return 0;
}
