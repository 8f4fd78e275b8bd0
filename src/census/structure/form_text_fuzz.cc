// Any text may be searched for forms and for tables drawn with spaces; what is found lies within
// it, in order.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "census/structure/form_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::census;
  const std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  for (const TextForm& form : forms_in(text)) {
    SEALIFT_CHECK(form.fields.size() >= 2);
    SEALIFT_CHECK(form.begin <= form.end && form.end <= text.size());
    for (const LabelledText& field : form.fields) {
      SEALIFT_CHECK(field.begin <= field.end && field.end <= text.size());
      SEALIFT_CHECK(!field.label.empty());
    }
  }
  return 0;
}
