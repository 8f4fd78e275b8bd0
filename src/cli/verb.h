// Verbs: what stands after `sealift` on the command line. One file a verb (cli/verbs/, admin/,
// drill/); the table of them all is in sealift/verbs.cc.
//
// A verb parses its arguments with parse_arguments (cli/arguments.h), does its work and returns.
// Results go to standard output; errors, hints and progress to standard error. Exit status: 0 done,
// 1 failed, 2 wrong usage.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/refusal.h"
#include "base/result.h"

namespace sealift::cli {

// What main passes in, so that no verb asks the process for it.
struct Environment {
  const base::Clock& clock;
  unsigned cpu_count;
  std::string home;            // "" when not set
  std::string program_folder;  // where sealift itself stands, and its companion programs
  // What the client keeps (client/account/profile.h); "": no place. main gives the first profile's,
  // run() the one that was asked for (cli/profiles.h).
  std::string profile_folder{};
  std::string profile_name{};  // $SEALIFT_PROFILE, or --profile
  // $SEALIFT_PASSWORD and $SEALIFT_PASSWORD_FD, for whom no terminal is there; "" when not set.
  std::string password{};
  std::string password_fd{};
  base::Language language = base::Language::english;  // by LC_ALL, LC_MESSAGES, LANG
  // $HTTPS_PROXY and $NO_PROXY (client/proxy.h).
  std::string https_proxy{};
  std::string https_proxy_variable = "HTTPS_PROXY";  // which of its two spellings was set
  std::string no_proxy{};
  // $SEALIFT_TIMEOUT: how many seconds a server may be silent; run() reads it.
  std::string timeout_seconds{};
  std::optional<std::chrono::milliseconds> timeout{};
};

// By the locale's name: French for "fr", "fr_CA.UTF-8" and the like, English for anything else.
base::Language language_of(std::string_view locale);

// What a failed verb leaves behind: printed as `sealift: error: ...` and `sealift: hint: ...`.
struct Failure {
  base::Error error;
  std::string hint;  // "" for none

  // A Result's error becomes a Failure without a hint.
  Failure(base::Error e) : error(std::move(e)) {}  // NOLINT(google-explicit-constructor)
  Failure(base::Error e, std::string h) : error(std::move(e)), hint(std::move(h)) {}
};

using Outcome = tl::expected<void, Failure>;

tl::unexpected<Failure> fail_usage(std::string text, std::string hint = "");

// An error in the reader's language: a refusal by its table, anything else as far as it is known.
std::string sentence_of(const base::Error& error, base::Language language);

// What a verb has to do with the profile (cli/profiles.h). `makes`: it need not be there yet.
enum class ProfileUse : unsigned char { none, reads, makes };

struct Verb {
  std::string_view name;
  std::string_view summary;  // one line, for `sealift help`
  std::string_view usage;    // printed by `sealift NAME --help`
  Outcome (*run)(const Environment& environment, std::span<const std::string> arguments);
  bool helps_by_subverb = false;  // `run` answers --help behind another word
  ProfileUse profile = ProfileUse::none;
};

// Runs `sealift ARGUMENTS...` with one of `verbs`; prints errors and hints; returns the exit
// status. Help shows the verbs in their order.
int run(std::span<const Verb> verbs, const Environment& environment,
        std::span<const std::string> arguments);

}  // namespace sealift::cli
