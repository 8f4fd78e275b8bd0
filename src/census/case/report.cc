#include "census/case/report.h"

#include <algorithm>
#include <set>

#include "census/case/letters.h"
#include "census/kinds/mask.h"

namespace sealift::census {
namespace {

constexpr std::size_t kExamplesMax = 3;
constexpr std::size_t kUnreadShownMax = 500;

std::string top_folder(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? "(no folder)" : std::string(path.substr(0, slash));
}

void count_person(const Person& person, ReportFacts& facts) {
  if (!person.is_sure()) {
    if (person.kind != PersonKind::affected) return;
    ++facts.doubtful;
    for (const std::string_view words : words_of(person.doubts)) ++facts.doubts[std::string(words)];
    return;
  }
  if (person.kind == PersonKind::work_contact) {
    ++facts.work_contacts;
    return;
  }
  if (person.kind == PersonKind::name_only) {
    ++facts.name_only;
    return;
  }
  ++facts.people;
  const bool child = person.minor == true;
  facts.children += child ? 1 : 0;
  facts.adults += person.minor == false ? 1 : 0;
  facts.deceased += person.deceased == true ? 1 : 0;
  facts.children_with_guardian += child && !person.guardians.empty() ? 1 : 0;
  std::set<ElementType> kinds;
  std::set<std::string> folders;
  for (const PersonElement& element : person.elements) {
    if (!element.is_sure()) {
      ++facts.doubtful_values;
      for (const std::string_view words : words_of(element.doubts))
        ++facts.doubts[std::string(words)];
      continue;
    }
    KindFacts& kind = facts.kinds[element.type];
    if (kinds.insert(element.type).second) {
      ++kind.people;
      kind.children += child ? 1 : 0;
    }
    std::string example = masked(element.type, element.value);
    if (kind.examples.size() < kExamplesMax &&
        std::ranges::find(kind.examples, example) == kind.examples.end())
      kind.examples.push_back(std::move(example));
    for (const Evidence& evidence : element.evidence) folders.insert(top_folder(evidence.path));
  }
  for (const std::string& folder : folders) {
    ++facts.folders[folder].people;
    facts.folders[folder].children += child ? 1 : 0;
  }
}

void count_file(const CaseFile& file, ReportFacts& facts) {
  ++facts.files[static_cast<std::size_t>(file.status)];
  if (file.path.find('!') == std::string::npos) facts.bytes += file.size_bytes;
  FolderFacts& folder = facts.folders[top_folder(file.path)];
  ++folder.files;
  if (file.status == document::FileStatus::read) return;
  ++folder.unread;
  ++facts.unread_count;
  if (facts.unread.size() < kUnreadShownMax)
    facts.unread.push_back({file.path, file.status, file.reason});
}

std::string first_value(const Person& person, ElementType type) {
  for (const PersonElement& element : person.elements)
    if (element.type == type && element.is_sure()) return element.value;
  return "";
}

std::string kinds_text(const Person& person) {
  std::string text;
  ElementType last = ElementType::name;
  for (const PersonElement& element : person.elements) {
    if (element.type == ElementType::name || element.type == last || !element.is_sure()) continue;
    last = element.type;
    text += (text.empty() ? "" : "; ") + std::string(to_string(element.type));
  }
  return text;
}

}  // namespace

base::Result<ReportFacts> report_facts(Case& from) {
  ReportFacts facts;
  SEALIFT_TRY(facts.as_of, from.as_of());
  SEALIFT_TRY_VOID(from.for_each_person([&](const Person& person) {
    count_person(person, facts);
    return true;
  }));
  SEALIFT_TRY_VOID(from.for_each_file([&](const CaseFile& file) {
    count_file(file, facts);
    return true;
  }));
  return facts;
}

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return html;
}

std::string csv_cell(std::string_view text) {
  std::string cell = "\"";
  // A spreadsheet takes these for the beginning of a formula, quoted or not.
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    cell += '\'';
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  }
  return cell + "\"";
}

base::Result<std::string> mail_merge_csv(Case& from, std::string_view letters_on) {
  SEALIFT_TRY(const std::string as_of, from.as_of());
  Letters letters(letters_on.empty() ? as_of : std::string(letters_on));
  SEALIFT_TRY_VOID(from.for_each_person([&](const Person& person) {
    letters.know(person);
    return true;
  }));
  std::string csv =
      "\xEF\xBB\xBFperson,name,birth_date,child,letter,letter_to,reason,street,city,province,"
      "postal_code,email,phone,kinds\r\n";
  SEALIFT_TRY_VOID(from.for_each_person([&](const Person& person) {
    if (!person.is_sure() || person.kind != PersonKind::affected) return true;
    const Letter letter = letters.letter_of(person);
    const std::string cells[] = {person.id,
                                 person.names.empty() ? "" : person.names.front(),
                                 person.birth_date.value_or(""),
                                 person.minor ? (*person.minor ? "yes" : "no") : "",
                                 std::string(to_string(letter.kind)),
                                 letter.to,
                                 letter.reason,
                                 letter.address.street,
                                 letter.address.city,
                                 letter.address.province,
                                 letter.address.postal_code,
                                 first_value(person, ElementType::email),
                                 written_phone(first_value(person, ElementType::phone)),
                                 kinds_text(person)};
    for (const std::string& cell : cells) csv += (&cell == &cells[0] ? "" : ",") + csv_cell(cell);
    csv += "\r\n";
    return true;
  }));
  return csv;
}

}  // namespace sealift::census
