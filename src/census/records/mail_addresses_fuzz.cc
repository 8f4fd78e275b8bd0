// Any header value is a list of addresses, perhaps an empty one; each line here is one header.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "census/records/mail_people.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sealift::census;
  std::string_view text = sealift::base::text_of(std::as_bytes(std::span(data, size)));
  constexpr const char* kNames[] = {"From", "To", "Cc", "Date"};
  std::vector<sealift::document::MailHeader> headers;
  for (std::size_t i = 0; !text.empty(); ++i) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const MailAddress& address : mail_addresses(text.substr(0, end)))
      SEALIFT_CHECK(address.email.find('@') != std::string::npos);
    headers.push_back({kNames[i % 4], std::string(text.substr(0, end)), {}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const MailPeople people = people_of_mail(headers);
  SEALIFT_CHECK(people.date.empty() || people.date.size() == 10);
  for (const Record& record : people.records)
    for (const Relation& relation : record.relations)
      SEALIFT_CHECK(relation.other < people.records.size() && relation.other != record.ordinal);
  return 0;
}
