#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "census/case/export.h"
#include "cli/done.h"
#include "cli/phrase.h"
#include "cli/verbs/census_show.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

using census::Person;

std::string grounds_text(std::uint16_t grounds, base::Language language) {
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
    if ((grounds & (1U << i)) != 0)
      text.append(text.empty() ? "" : ", ").append(looked_up(language, kWords[i]));
  return text;
}

std::string record_name(const census::RecordKey& key) {
  return printable(key.path) + "#" + std::to_string(key.ordinal);
}

std::string nobody(bool doubtful, bool minors, base::Language language) {
  if (doubtful && minors)
    return phrase(language, "sealift: no doubtful person in this case is known to be a child");
  if (doubtful) return phrase(language, "sealift: nobody in this case is doubtful");
  if (minors) return phrase(language, "sealift: nobody in this case is known to be a child");
  return phrase(language, "sealift: nobody is in this case");
}

// As the reader's language writes it.
std::string bits_text(double bits, base::Language language) {
  char number[32];
  std::snprintf(number, sizeof number, "%.1f", bits);
  std::string text = number;
  if (language == base::Language::french) std::ranges::replace(text, '.', ',');
  return phrase(language, "{number} bits", text);
}

Outcome explain(census::Case& from, const std::string& id, base::Language language) {
  std::optional<Person> person;
  auto found = from.for_each_person([&](const Person& each) {
    if (each.id == id) person = each;
    return !person;
  });
  if (!found) return tl::unexpected(Failure(std::move(found).error()));
  if (!person)
    return tl::unexpected(
        Failure({base::ErrorCode::not_found, id + " is no person of this case"},
                "`sealift census people` lists them: the id is the first word of a line"));
  for (const census::RecordKey& record : person->records)
    std::cout << looked_up(language, "record") << "\t" << record_name(record) << "\n";
  const auto merges = from.merges_of(*person);
  if (!merges) return tl::unexpected(Failure(merges.error()));
  for (const census::CaseMerge& merge : *merges) {
    std::cout << looked_up(language, "same") << "\t" << record_name(merge.a) << "\t"
              << record_name(merge.b) << "\t" << bits_text(merge.bits, language) << "\t"
              << grounds_text(merge.grounds, language) << "\n";
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
               const Environment& environment) {
  if (records.size() != 2) return fail_usage("give two records, as --why shows them");
  const auto a = parse_record(records[0]);
  const auto b = parse_record(records[1]);
  if (!a || !b || *a == *b) return fail_usage("a record is a path and a number, such as FILE#3");
  if (auto done = in.decide(*a, *b, verdict); !done)
    return tl::unexpected(Failure(std::move(done).error()));
  const auto people = in.resolve({.jobs = environment.cpu_count});
  if (!people) return tl::unexpected(Failure(people.error()));
  std::cout << phrase(environment.language, "{count} {count:person|people}", *people) << "\n";
  return {};
}

}  // namespace

Outcome run_census_people(const Environment& environment, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {
      {'\0', "case", Takes::value},      {'\0', "clear", Takes::nothing},
      {'\0', "json", Takes::nothing},    {'\0', "minors", Takes::nothing},
      {'\0', "limit", Takes::value},     {'\0', "why", Takes::value},
      {'\0', "apart", Takes::nothing},   {'\0', "together", Takes::nothing},
      {'\0', "doubtful", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  const ShowOptions show{
      .clear = parsed->has("clear"), .json = parsed->has("json"), .language = environment.language};
  const bool minors = parsed->has("minors");
  const bool doubtful = parsed->has("doubtful");
  std::uint64_t limit_count = ~std::uint64_t{0};
  if (const auto limit = parsed->value("limit")) {
    if (limit->empty() || limit->size() > 9 ||
        !std::ranges::all_of(*limit, [](char c) { return c >= '0' && c <= '9'; }))
      return fail_usage("--limit takes a number; not " + *limit);
    limit_count = std::stoul(*limit);
  }
  auto opened = open_case(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  if (parsed->has("apart") || parsed->has("together"))
    return decide(*opened, parsed->operands(),
                  parsed->has("apart") ? census::Verdict::apart : census::Verdict::together,
                  environment);
  if (!parsed->operands().empty()) return fail_usage("people takes no operand");
  if (const auto why = parsed->value("why")) return explain(*opened, *why, environment.language);
  std::uint64_t count = 0;
  auto done = opened->for_each_person([&](const Person& person) {
    if (person.is_sure() == doubtful || (minors && person.minor != true)) return true;
    if (count++ >= limit_count) return false;
    print_person(person, show);
    return true;
  });
  if (!done) return tl::unexpected(Failure(std::move(done).error()));
  if (count == 0) say_none(*parsed, nobody(doubtful, minors, environment.language));
  return {};
}

}  // namespace sealift::cli
