// Any bytes as each of the formats that make cards, whatever they look like: the first byte says
// which. What comes out ends, with a reason unless all of it was read.
#include <array>
#include <cstdint>

#include "readers/fuzz_readers.h"
#include "readers/health/cda.h"
#include "readers/health/dicom.h"
#include "readers/health/fhir.h"
#include "readers/health/hl7.h"
#include "readers/health/x12.h"
#include "readers/mail/signed_data.h"
#include "readers/mail/vcard.h"

namespace {

using sealift::readers::Reader;

constexpr std::array<Reader, 8> kReaders = {
    sealift::readers::read_hl7,       sealift::readers::read_x12,      sealift::readers::read_cda,
    sealift::readers::read_fhir_json, sealift::readers::read_fhir_xml, sealift::readers::read_dicom,
    sealift::readers::read_vcard,     sealift::readers::read_pkcs7};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sealift::readers::read_as_one_of(kReaders, data, size);
  return 0;
}
