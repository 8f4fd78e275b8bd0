#include "cli/verbs/conflicts.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "base/refusal.h"
#include "cli/phrase.h"
#include "cli/terminal.h"
#include "client/transfer/source_tree.h"

namespace sealift::cli {
namespace {

using client::Conflict;
using client::OnConflict;

// "S" and "R" hold for all that follow.
class Asking {
 public:
  explicit Asking(base::Language language) : language_(language) {}

  OnConflict decide(const std::string& path, const std::string& free_name) {
    if (for_all_) return *for_all_;
    const std::string prompt =
        phrase(language_,
               "{path} is there already, with other content.\n"
               "  r  receive it as {name}\n"
               "  s  skip it\n"
               "  R  give this one and all others a free name\n"
               "  S  skip this one and all others\n"
               "? ",
               client::printable_name(path), client::printable_name(free_name));
    while (true) {
      const auto answer = ask_line(prompt);
      if (!answer) return OnConflict::fail;  // the terminal is gone
      const bool is_rename = *answer == "r" || *answer == "R";
      if (!is_rename && *answer != "s" && *answer != "S") continue;
      const OnConflict end = is_rename ? OnConflict::rename : OnConflict::skip;
      if (*answer == "R" || *answer == "S") for_all_ = end;
      return end;
    }
  }

 private:
  const base::Language language_;
  std::optional<OnConflict> for_all_;
};

client::DecideConflict always(OnConflict end) {
  return [end](const std::string&, const std::string&) { return end; };
}

client::DecideConflict asking(base::Language language) {
  return
      [asking = std::make_shared<Asking>(language)](
          const std::string& path, const std::string& name) { return asking->decide(path, name); };
}

}  // namespace

std::optional<OnConflict> conflict_word(std::string_view word) {
  if (word == "rename") return OnConflict::rename;
  if (word == "skip") return OnConflict::skip;
  if (word == "fail") return OnConflict::fail;
  return std::nullopt;
}

tl::expected<client::DecideConflict, Failure> conflict_decision(const Arguments& arguments,
                                                                base::Language language) {
  const auto word = arguments.value("conflict");
  if (!word) return has_terminal() ? asking(language) : always(OnConflict::fail);
  if (*word == "ask") {
    if (has_terminal()) return asking(language);
    return fail_usage("--conflict ask needs a terminal on which to ask",
                      "choose rename, skip or fail");
  }
  const auto end = conflict_word(*word);
  if (!end) return fail_usage("--conflict takes ask, rename, skip or fail");
  return always(*end);
}

void print_conflicts(const client::ReceiveSummary& summary, base::Language language) {
  for (const Conflict& each : summary.conflicts) {
    const std::string path = client::printable_name(each.path);
    if (each.end == OnConflict::rename) {
      std::cout << phrase(language, "  renamed: {path} is {name}", path,
                          client::printable_name(each.name))
                << "\n";
    } else if (each.end == OnConflict::skip) {
      std::cout << phrase(language, "  skipped: {path}", path) << "\n";
    } else {
      std::cout << phrase(language, "  not received: {path} is there already, with other content",
                          path)
                << "\n";
    }
  }
}

Outcome judge_conflicts(const client::ReceiveSummary& summary) {
  const bool has_failed = std::ranges::any_of(
      summary.conflicts, [](const Conflict& each) { return each.end == OnConflict::fail; });
  if (!has_failed) return {};
  return tl::unexpected(Failure(base::refuse("names_taken").value()));
}

}  // namespace sealift::cli
