#include <algorithm>
#include <iostream>
#include <optional>

#include "census/case/case.h"
#include "census/kinds/text_fold.h"
#include "cli/verbs/census_show.h"
#include "cli/verbs/census_verbs.h"

namespace sealift::cli {
namespace {

using census::ElementType;
using census::Person;

// What somebody asks for: a file's path, or words and digits that a person has.
class Question {
 public:
  Question(std::string text, bool is_file)
      : text_(std::move(text)),
        is_file_(is_file),
        words_(census::folded_words(text_)),
        digits_(census::digits_of(text_)) {}

  bool fits(const Person& person) const {
    if (is_file_) return is_in_file(person);
    return has_name(person) || std::ranges::any_of(person.elements, [&](const auto& element) {
             return fits_value(element.type, element.value);
           });
  }

 private:
  // A file, or anything within it: "a.zip" and "a.zip!b.csv".
  bool is_here(std::string_view path) const {
    return path == text_ || (path.starts_with(text_) && path[text_.size()] == '!');
  }

  bool is_in_file(const Person& person) const {
    return std::ranges::any_of(person.records,
                               [&](const auto& record) { return is_here(record.path); });
  }

  bool has_all_words(std::string_view value) const {
    const std::vector<std::string> have = census::folded_words(value);
    return !words_.empty() && std::ranges::all_of(words_, [&](const std::string& word) {
      return std::ranges::find(have, word) != have.end();
    });
  }

  bool has_name(const Person& person) const {
    return std::ranges::any_of(person.names, [&](const auto& name) { return has_all_words(name); });
  }

  bool fits_value(ElementType type, const std::string& value) const {
    constexpr std::size_t kDigitsMin = 4;
    if (type == ElementType::email) return census::fold(value) == census::fold(text_);
    if (type == ElementType::address || type == ElementType::name) return has_all_words(value);
    const std::string digits = census::digits_of(value);
    if (digits_.size() < kDigitsMin) return false;
    return digits == digits_ || (type == ElementType::phone && digits == "1" + digits_) ||
           (type == ElementType::birth_date && value == text_);
  }

  std::string text_;
  bool is_file_;
  std::vector<std::string> words_;
  std::string digits_;
};

// The path in the case of the file that is asked for: a copy's is its original's. nullopt: none.
base::Result<std::optional<std::string>> file_named(census::Case& in, const std::string& text) {
  std::optional<std::string> found;
  SEALIFT_TRY_VOID(in.for_each_file([&](const census::CaseFile& file) {
    if (file.path == text) found = file.same_as.empty() ? file.path : file.same_as;
    return !found;
  }));
  return found;
}

}  // namespace

Outcome run_census_find(const Environment& environment, std::span<const std::string> arguments) {
  constexpr Option kOptions[] = {{'\0', "case", Takes::value},
                                 {'\0', "clear", Takes::nothing},
                                 {'\0', "json", Takes::nothing}};
  const auto parsed = parse_arguments(kOptions, arguments);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto folder = case_folder(*parsed);
  if (!folder) return tl::unexpected(folder.error());
  if (parsed->operands().size() != 1) return fail_usage("find takes a name, a number or a file");
  const std::string& text = parsed->operands().front();
  auto opened = open_case(*folder);
  if (!opened) return tl::unexpected(Failure(std::move(opened).error()));
  const auto file = file_named(*opened, text);
  if (!file) return tl::unexpected(Failure(file.error()));
  const Question question(file->value_or(text), file->has_value());
  const ShowOptions show{
      .clear = parsed->has("clear"), .json = parsed->has("json"), .language = environment.language};
  std::uint64_t count = 0;
  auto done = opened->for_each_person([&](const Person& person) {
    if (!question.fits(person)) return true;
    ++count;
    print_person(person, show);
    return true;
  });
  if (!done) return tl::unexpected(Failure(std::move(done).error()));
  if (count > 0) return {};
  return tl::unexpected(
      Failure({base::ErrorCode::not_found, file->has_value()
                                               ? "nobody was found in that file"
                                               : "nobody in the case has that name or number"},
              file->has_value() ? "`sealift census files` shows whether it was read"
                                : "name a file as `sealift census files` shows it"));
}

}  // namespace sealift::cli
