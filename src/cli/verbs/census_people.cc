#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <map>

#include "census/case/export.h"
#include "census/kinds/mask.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

using census::ElementType;
using census::Person;

struct PeopleOptions {
  bool clear = false;
  bool json = false;
  bool minors = false;
  std::uint64_t limit = ~std::uint64_t{0};
};

std::string shown(ElementType type, const std::string& value, bool clear) {
  return printable(clear ? value : census::masked(type, value));
}

std::string kinds_of(const Person& person) {
  std::map<ElementType, std::size_t> counts;
  for (const census::PersonElement& element : person.elements)
    if (element.type != ElementType::name) ++counts[element.type];
  std::string text;
  for (const auto& [type, count] : counts) {
    if (!text.empty()) text += ", ";
    text += std::string(census::to_string(type)) + (count > 1 ? " x" + std::to_string(count) : "");
  }
  return text;
}

// A masked person in JSON: the export's form with values hidden and without places.
std::string masked_json(const Person& person) {
  Person hidden = person;
  for (std::string& name : hidden.names) name = census::masked(ElementType::name, name);
  if (hidden.birth_date)
    hidden.birth_date = census::masked(ElementType::birth_date, *hidden.birth_date);
  for (census::PersonElement& element : hidden.elements)
    element.value = census::masked(element.type, element.value);
  return census::person_json(hidden);
}

void print_person(const Person& person, const PeopleOptions& options) {
  if (options.json) {
    std::cout << (options.clear ? census::person_json(person) : masked_json(person)) << "\n";
    return;
  }
  std::cout << person.id << "\t"
            << (person.names.empty()
                    ? "(no name)"
                    : shown(ElementType::name, person.names.front(), options.clear))
            << "\t"
            << (person.birth_date
                    ? shown(ElementType::birth_date, *person.birth_date, options.clear)
                    : "-")
            << "\t"
            << (person.minor == true      ? "child"
                : person.deceased == true ? "deceased"
                                          : "-")
            << "\t" << kinds_of(person) << "\n";
  if (!options.clear) return;
  for (const census::PersonElement& element : person.elements)
    for (const census::Evidence& evidence : element.evidence)
      std::cout << "\t" << census::to_string(element.type) << "\t" << printable(element.value)
                << "\t" << printable(evidence.path) << "\t" << printable(evidence.locator) << "\n";
}

std::string grounds_text(std::uint16_t grounds) {
  constexpr std::array<std::string_view, 12> kWords = {"identifier",
                                                       "account",
                                                       "e-mail",
                                                       "birth date",
                                                       "phone",
                                                       "address",
                                                       "property",
                                                       "name",
                                                       "similar name",
                                                       "middle name",
                                                       "nobody else of that name",
                                                       "decided by a person"};
  std::string text;
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if ((grounds & (1U << i)) != 0) text += (text.empty() ? "" : ", ") + std::string(kWords[i]);
  return text;
}

std::string record_name(const census::RecordKey& key) {
  return printable(key.path) + "#" + std::to_string(key.ordinal);
}

Outcome explain(census::Case& from, const std::string& id) {
  std::optional<Person> person;
  auto found = from.for_each_person([&](const Person& each) {
    if (each.id == id) person = each;
    return !person;
  });
  if (!found) return tl::unexpected(Failure(std::move(found).error()));
  if (!person)
    return tl::unexpected(Failure({base::ErrorCode::not_found, "no such person in the case"}));
  for (const census::RecordKey& record : person->records)
    std::cout << "record\t" << record_name(record) << "\n";
  const auto merges = from.merges_of(*person);
  if (!merges) return tl::unexpected(Failure(merges.error()));
  for (const census::CaseMerge& merge : *merges) {
    char bits[32];
    std::snprintf(bits, sizeof bits, "%.1f", merge.bits);
    std::cout << "same\t" << record_name(merge.a) << "\t" << record_name(merge.b) << "\t" << bits
              << " bits\t" << grounds_text(merge.grounds) << "\n";
  }
  return {};
}

std::optional<census::RecordKey> parse_record(const std::string& text) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string::npos || hash + 1 >= text.size() || text.size() - hash > 10)
    return std::nullopt;
  const std::string number = text.substr(hash + 1);
  if (!std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  return census::RecordKey{text.substr(0, hash), static_cast<std::uint32_t>(std::stoul(number))};
}

Outcome decide(census::Case& in, const std::vector<std::string>& records, census::Verdict verdict,
               unsigned jobs) {
  if (records.size() != 2) return fail_usage("two records are needed, as --why shows them");
  const auto a = parse_record(records[0]);
  const auto b = parse_record(records[1]);
  if (!a || !b || *a == *b) return fail_usage("a record is a path and a number, as FILE#3");
  if (auto done = in.decide(*a, *b, verdict); !done)
    return tl::unexpected(Failure(std::move(done).error()));
  const auto people = in.resolve({.jobs = jobs});
  if (!people) return tl::unexpected(Failure(people.error()));
  std::cout << *people << " people\n";
  return {};
}

}  // namespace

Outcome run_census_people(const Environment& environment, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {
      {'\0', "case", Takes::value},    {'\0', "clear", Takes::nothing},
      {'\0', "json", Takes::nothing},  {'\0', "minors", Takes::nothing},
      {'\0', "limit", Takes::value},   {'\0', "why", Takes::value},
      {'\0', "apart", Takes::nothing}, {'\0', "together", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  PeopleOptions options{
      .clear = parsed->has("clear"), .json = parsed->has("json"), .minors = parsed->has("minors")};
  if (const auto limit = parsed->value("limit")) {
    if (limit->empty() || limit->size() > 9 ||
        !std::ranges::all_of(*limit, [](char c) { return c >= '0' && c <= '9'; }))
      return fail_usage("--limit takes a number");
    options.limit = std::stoul(*limit);
  }
  auto opened = census::Case::open(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  if (parsed->has("apart") || parsed->has("together"))
    return decide(*opened, parsed->operands(),
                  parsed->has("apart") ? census::Verdict::apart : census::Verdict::together,
                  environment.cpu_count);
  if (!parsed->operands().empty()) return fail_usage("people takes no operand");
  if (const auto why = parsed->value("why")) return explain(*opened, *why);
  std::uint64_t count = 0;
  auto done = opened->for_each_person([&](const Person& person) {
    if (!person.certain || (options.minors && person.minor != true)) return true;
    if (count++ >= options.limit) return false;
    print_person(person, options);
    return true;
  });
  if (!done) return tl::unexpected(Failure(std::move(done).error()));
  return {};
}

}  // namespace sealift::cli
