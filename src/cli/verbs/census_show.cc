#include "cli/verbs/census_show.h"

#include <iostream>
#include <map>

#include "census/case/export.h"
#include "census/kinds/mask.h"
#include "cli/census_words.h"
#include "cli/phrase.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

using census::ElementType;
using census::Person;

std::string shown(ElementType type, const std::string& value, bool clear) {
  return printable(clear ? value : census::masked(type, value));
}

std::string kinds_of(const Person& person, base::Language language) {
  std::map<ElementType, std::size_t> counts;
  for (const census::PersonElement& element : person.elements)
    if (element.type != ElementType::name) ++counts[element.type];
  std::string text;
  for (const auto& [type, count] : counts) {
    if (!text.empty()) text += ", ";
    text += std::string(language == base::Language::english ? census::to_string(type)
                                                            : kind_title(type, language)) +
            (count > 1 ? " x" + std::to_string(count) : "");
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

}  // namespace

void print_person(const Person& person, const ShowOptions& options) {
  if (options.json) {
    std::cout << (options.clear ? census::person_json(person) : masked_json(person)) << "\n";
    return;
  }
  std::cout << person.id << "\t"
            << (person.names.empty()
                    ? std::string(looked_up(options.language, "(no name)"))
                    : shown(ElementType::name, person.names.front(), options.clear))
            << "\t"
            << (person.birth_date
                    ? shown(ElementType::birth_date, *person.birth_date, options.clear)
                    : "-")
            << "\t"
            << looked_up(options.language, person.minor == true      ? "child"
                                           : person.deceased == true ? "deceased"
                                                                     : "-")
            << "\t" << kinds_of(person, options.language) << "\n";
  for (const std::string_view words : census::words_of(person.doubts))
    std::cout << "\t" << looked_up(options.language, "doubtful") << "\t"
              << looked_up(options.language, words) << "\n";
  if (!options.clear) return;
  for (const census::PersonElement& element : person.elements)
    for (const census::Evidence& evidence : element.evidence)
      std::cout << "\t"
                << (options.language == base::Language::english
                        ? census::to_string(element.type)
                        : kind_title(element.type, options.language))
                << "\t" << printable(element.value) << "\t" << printable(evidence.path) << "\t"
                << printable(evidence.locator)
                << (element.is_sure() ? ""
                                      : "\t" + std::string(looked_up(options.language, "doubtful")))
                << "\n";
}

}  // namespace sealift::cli
