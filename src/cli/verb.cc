#include "cli/verb.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <vector>

#include "base/error_table.h"
#include "base/refusal.h"
#include "base/units.h"
#include "cli/did_you_mean.h"
#include "cli/help.h"
#include "cli/phrase.h"
#include "cli/profiles.h"

namespace sealift::cli {
namespace {

void print_help(std::span<const Verb> verbs, base::Language language) {
  std::cout << help_text(language, "usage: sealift VERB [ARGUMENT...]\n") << "\n";
  std::size_t column = 0;
  for (const Verb& verb : verbs) column = std::max(column, verb.name.size() + 1);
  for (const Verb& verb : verbs) {
    std::cout << "  " << verb.name << std::string(column - verb.name.size(), ' ')
              << looked_up(language, verb.summary) << "\n";
  }
  std::cout << "\n"
            << phrase(language,
                      "`sealift VERB --help` describes one of them. Verbs that use a server take\n"
                      "`--profile NAME`, where there are several profiles (`sealift profile "
                      "--help`).\n");
}

std::string words_of(const base::ErrorRow& row, base::Language language) {
  return std::string(base::find_refusal(row.name)->sentences[static_cast<std::size_t>(language)]);
}

void print_hint(const std::string& hint, base::Language language) {
  std::fprintf(stderr, "%s\n", phrase(language, "sealift: hint: {hint}", hint).c_str());
}

// In the reader's language: a refusal by its table, anything else as far as its text is known. The
// caller's hint knows more of what was being done than the table's.
int report(const Failure& failure, base::Language language) {
  const auto refusal = base::refusal_of(failure.error);
  const std::string text = sentence_of(failure.error, language);
  const std::string hint = failure.hint.empty() && refusal ? refusal->hint(language)
                                                           : recognised(language, failure.hint);
  std::fprintf(stderr, "%s\n", phrase(language, "sealift: error: {error}", text).c_str());
  if (!hint.empty()) print_hint(hint, language);
  return base::error_row(failure.error.code).exit_status;
}

bool is_help(const std::string& argument) { return argument == "--help" || argument == "-h"; }

// `--help` anywhere before `--`, unless the verb answers it itself; `-h` first.
bool asks_for_help(const Verb& verb, std::span<const std::string> arguments) {
  if (!arguments.empty() && is_help(arguments.front())) return true;
  if (verb.helps_by_subverb) return false;
  for (const std::string& argument : arguments) {
    if (argument == "--") return false;
    if (argument == "--help") return true;
  }
  return false;
}

// What `--help` behind a verb, and `help VERB`, print: of the part that one of the words names, or
// of the whole verb.
Outcome print_verb_help(const Verb& verb, const Environment& environment,
                        std::span<const std::string> words) {
  if (verb.helps_by_subverb && !words.empty() && !is_help(words.front())) {
    const std::vector<std::string> asked = {words.front(), "--help"};
    return verb.run(environment, asked);
  }
  for (const std::string& word : words) {
    const std::string usage = usage_of_part(verb.usage, word);
    if (usage.empty()) continue;
    std::cout << help_text(environment.language, usage);
    return {};
  }
  std::cout << help_text(environment.language, verb.usage);
  return {};
}

// Whoever read our output, as `head` does, has read enough: that is no failure to speak of.
bool reader_went_away() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

std::vector<std::string_view> names_of(std::span<const Verb> verbs) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs) names.push_back(verb.name);
  return names;
}

int unknown_verb(std::span<const Verb> verbs, const std::string& asked, base::Language language) {
  const auto names = names_of(verbs);
  const std::string hint = did_you_mean(asked, names);
  return report({{base::ErrorCode::usage, "there is no verb " + asked},
                 hint.empty() ? "see `sealift help`" : hint},
                language);
}

// Which profile it was, where there are several.
void report_profile(const Verb& verb, const Environment& asked, const Environment& environment) {
  if (verb.profile == ProfileUse::none || environment.profile_name.empty()) return;
  if (profile_names(asked.profile_folder).size() < 2) return;
  std::fprintf(
      stderr, "%s\n",
      phrase(environment.language, "sealift: profile: {name}", environment.profile_name).c_str());
}

// Options of every verb that uses a server, wherever they are before `--`: taken out of `words`.
Outcome take_common_options(std::vector<std::string>& words, Environment& environment) {
  for (auto at = words.begin(); at != words.end() && *at != "--";) {
    constexpr std::string_view kProfile = "--profile";
    const bool is_joined = at->starts_with(std::string(kProfile) + "=");
    if (*at != kProfile && !is_joined) {
      ++at;
      continue;
    }
    if (!is_joined && at + 1 == words.end()) return fail_usage("option --profile needs a value");
    environment.profile_name = is_joined ? at->substr(kProfile.size() + 1) : *(at + 1);
    at = words.erase(at, at + (is_joined ? 1 : 2));
  }
  return {};
}

Outcome read_timeout(Environment& environment) {
  if (environment.timeout_seconds.empty()) return {};
  constexpr std::chrono::hours kTimeoutMax{24};
  const std::string& typed = environment.timeout_seconds;
  const bool has_unit = !typed.empty() && (typed.back() < '0' || typed.back() > '9');
  const auto timeout = base::parse_duration(has_unit ? typed : typed + "s");
  if (!timeout || *timeout > kTimeoutMax)
    return fail_usage(
        "SEALIFT_TIMEOUT takes a number of seconds, or a duration like 5m, up to a day; "
        "not " +
        typed);
  environment.timeout = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
  return {};
}

Outcome run_verb(const Verb& verb, std::vector<std::string> words, Environment& environment) {
  if (verb.profile != ProfileUse::none) {
    if (auto taken = take_common_options(words, environment); !taken) return taken;
  }
  if (auto read = read_timeout(environment); !read) return read;
  auto chosen = with_profile(environment, verb.profile);
  if (!chosen) return tl::unexpected(std::move(chosen).error());
  environment.profile_folder = chosen->profile_folder;
  environment.profile_name = chosen->profile_name;
  return verb.run(environment, words);
}

// `status`, if everything that was printed could be.
int finish_output(int status, base::Language language) {
  std::cout.flush();
  if (std::cout || reader_went_away()) return status;
  return report(Failure({base::ErrorCode::io, "writing to standard output failed"}), language);
}

int finish(const Verb& verb, const Environment& asked, const Environment& environment,
           const Outcome& outcome) {
  if (!outcome) {
    const int status = report(outcome.error(), environment.language);
    if (status == 1) report_profile(verb, asked, environment);
    if (status == 2)
      print_hint(phrase(environment.language, "see `sealift {verb} --help`", verb.name),
                 environment.language);
    return status;
  }
  return finish_output(0, environment.language);
}

}  // namespace

std::string sentence_of(const base::Error& error, base::Language language) {
  if (const auto refusal = base::refusal_of(error)) return refusal->sentence(language);
  if (error.text.empty()) return words_of(base::error_row(error.code), language);
  return recognised(language, error.text);
}

base::Language language_of(std::string_view locale) {
  const bool is_french = locale == "fr" || locale.starts_with("fr_") || locale.starts_with("fr.");
  return is_french ? base::Language::french : base::Language::english;
}

tl::unexpected<Failure> fail_usage(std::string text, std::string hint) {
  return tl::unexpected(
      Failure(base::Error{base::ErrorCode::usage, std::move(text)}, std::move(hint)));
}

int run(std::span<const Verb> verbs, const Environment& environment,
        std::span<const std::string> given) {
  std::vector<std::string> arguments(given.begin(), given.end());
  // In front of the verb it is an option of the verb's, too.
  if (arguments.size() > 2 && arguments[0] == "--profile")
    std::rotate(arguments.begin(), arguments.begin() + 2, arguments.begin() + 3);
  if (arguments.empty()) {
    print_help(verbs, environment.language);
    return finish_output(2, environment.language);
  }
  const bool is_help_verb = arguments[0] == "help" && arguments.size() > 1;
  if (!is_help_verb && (is_help(arguments[0]) || arguments[0] == "help")) {
    print_help(verbs, environment.language);
    return finish_output(0, environment.language);
  }
  const std::span<const std::string> rest = std::span(arguments).subspan(1);
  const std::string asked = is_help_verb                  ? rest[0]
                            : arguments[0] == "--version" ? "version"
                                                          : arguments[0];
  const auto verb = std::ranges::find(verbs, asked, &Verb::name);
  if (verb == verbs.end()) return unknown_verb(verbs, asked, environment.language);
  Environment chosen = environment;
  if (is_help_verb || asks_for_help(*verb, rest))
    return finish(*verb, environment, chosen,
                  print_verb_help(*verb, environment, rest.subspan(is_help_verb ? 1 : 0)));
  const Outcome outcome = run_verb(*verb, {rest.begin(), rest.end()}, chosen);
  return finish(*verb, environment, chosen, outcome);
}

}  // namespace sealift::cli
