#include "census/records/mail_people.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/limits.h"
#include "census/detect/cell_rules.h"
#include "census/kinds/dates.h"
#include "census/kinds/text_fold.h"
#include "census/names/person_name.h"

namespace sealift::census {
namespace {

// First labels of the domains of mail providers and access providers to the public.
constexpr std::array<std::string_view, 44> kPublicProviders = {
    "gmail",     "googlemail", "hotmail", "outlook", "live",     "msn",       "yahoo",
    "ymail",     "rocketmail", "icloud",  "me",      "mac",      "aol",       "aim",
    "proton",    "protonmail", "gmx",     "zoho",    "mail",     "fastmail",  "hey",
    "tutanota",  "sympatico",  "bell",    "rogers",  "shaw",     "telus",     "cogeco",
    "videotron", "eastlink",   "sasktel", "mts",     "teksavvy", "execulink", "vianet",
    "primus",    "orange",     "wanadoo", "free",    "laposte",  "sfr",       "comcast",
    "verizon",   "qq"};

bool is_header(const document::MailHeader& header, std::string_view name) {
  return std::ranges::equal(header.name, name, [](char a, char b) { return ascii_lower(a) == b; });
}

MailAddress address_of(std::string_view part) {
  MailAddress address;
  const std::size_t open = part.rfind('<');
  const std::size_t close = part.find('>', open == std::string_view::npos ? 0 : open);
  std::string_view email = part;
  if (open != std::string_view::npos && close != std::string_view::npos) {
    email = part.substr(open + 1, close - open - 1);
    std::string_view name = trim(part.substr(0, open));
    while (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
           name.back() == name.front())
      name = trim(name.substr(1, name.size() - 2));
    address.name = std::string(name);
  }
  if (auto value = normalise(ElementType::email, trim(email))) address.email = *std::move(value);
  return address;
}

Record record_of(const MailAddress& address, std::string_view field) {
  Record record;
  const bool is_private = is_private_address(address.email);
  record.role = is_private ? Role::subject : Role::staff;
  record.work_data = !is_private;
  const std::string locator = "header=" + std::string(field);
  if (const auto name = parse_person_name(address.name);
      name && !name->given.empty() && !name->surname.empty())
    record.elements.push_back(
        {.type = ElementType::name, .value = name->display(), .locator = locator});
  record.elements.push_back(
      {.type = ElementType::email, .value = address.email, .locator = locator});
  return record;
}

}  // namespace

std::vector<MailAddress> mail_addresses(std::string_view header_value) {
  std::vector<MailAddress> addresses;
  std::size_t begin = 0;
  bool quoted = false;
  bool angled = false;
  bool has_at = false;  // since `begin`
  const auto take = [&](std::size_t end) {
    MailAddress address = address_of(trim(header_value.substr(begin, end - begin)));
    begin = end + 1;
    has_at = false;
    if (!address.email.empty()) addresses.push_back(std::move(address));
  };
  for (std::size_t i = 0; i < header_value.size(); ++i) {
    const char c = header_value[i];
    if (c == '"') quoted = !quoted;
    if (c == '<') angled = true;
    if (c == '>') angled = false;
    if (c == '@') has_at = true;
    if (quoted || angled || (c != ',' && c != ';')) continue;
    // "Roy, Joan <joan@x>" is one: a comma before any address belongs to the name.
    if (has_at) take(i);
  }
  if (begin < header_value.size()) take(header_value.size());
  return addresses;
}

bool is_private_address(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos) return false;
  const std::string_view domain = email.substr(at + 1);
  const std::string_view label = domain.substr(0, domain.find('.'));
  return std::ranges::find(kPublicProviders, label) != kPublicProviders.end();
}

MailPeople people_of_mail(const std::vector<document::MailHeader>& headers) {
  MailPeople mail;
  std::unordered_set<std::string> known;
  const auto add = [&](std::string_view field, std::string_view shown) {
    for (const document::MailHeader& header : headers) {
      if (!is_header(header, field)) continue;
      for (const MailAddress& address : mail_addresses(header.value)) {
        if (known.insert(address.email).second) mail.records.push_back(record_of(address, shown));
      }
    }
  };
  add("from", "From");
  mail.has_sender = !mail.records.empty();
  add("sender", "Sender");
  add("reply-to", "Reply-To");
  add("to", "To");
  add("cc", "Cc");
  add("bcc", "Bcc");
  for (std::uint32_t i = 0; i < mail.records.size(); ++i) {
    mail.records[i].ordinal = i;
    if (mail.records.size() > limits::kCensusRelatedMax) continue;
    for (std::uint32_t other = i + 1; other < mail.records.size(); ++other)
      mail.records[i].relations.push_back({Relation::Kind::other_person, other});
  }
  for (const document::MailHeader& header : headers) {
    if (!is_header(header, "date") || !mail.date.empty()) continue;
    std::string_view value = trim(header.value);
    if (const std::size_t comma = value.find(','); comma != std::string_view::npos && comma < 12)
      value = trim(value.substr(comma + 1));
    if (const auto parsed = parse_date_prefix(value)) mail.date = parsed->date.iso();
  }
  return mail;
}

}  // namespace sealift::census
