// Any bytes as each of the formats that make cards, whatever they look like: the first byte says
// which. What comes out ends, with a reason unless all of it was read.
#include <array>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "readers/health/cda.h"
#include "readers/health/dicom.h"
#include "readers/health/fhir.h"
#include "readers/health/hl7.h"
#include "readers/health/x12.h"
#include "readers/mail/signed_data.h"
#include "readers/mail/vcard.h"
#include "readers/testing.h"

namespace {

using sealift::readers::Reader;

constexpr std::array<Reader, 8> kReaders = {
    sealift::readers::read_hl7,       sealift::readers::read_x12,      sealift::readers::read_cda,
    sealift::readers::read_fhir_json, sealift::readers::read_fhir_xml, sealift::readers::read_dicom,
    sealift::readers::read_vcard,     sealift::readers::read_pkcs7};

Reader g_reader = nullptr;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift;
  if (size == 0) return 0;
  g_reader = kReaders.at(data[0] % kReaders.size());
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  readers::Recording recording;
  const readers::Means means{[](base::ByteView) {
                               return readers::Recognised{"x", g_reader};
                             },
                             nullptr, readers::process_cpu_time};
  const extract::Request request{extract::Pass::documents, bytes.size(), "f", {}, {}};
  readers::Context(recording, request, means).read_top(bytes);
  SEALIFT_CHECK(recording.all_ended());
  return 0;
}
