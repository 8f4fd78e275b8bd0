#include "admin/admin_reopen.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/key_file.h"
#include "cli/phrase.h"
#include "cli/terminal.h"
#include "cli/time_text.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;
using server::vault::Host;
using server::vault::ReopenKeyTexts;

tl::expected<crypto::SecretBuffer, Failure> typed_key(const Environment& environment,
                                                      const Arguments& arguments) {
  if (const auto path = arguments.value("key-file")) {
    auto content = read_key_file(*path);
    if (!content) return tl::unexpected(Failure(std::move(content).error()));
    return *std::move(content);
  }
  auto typed = read_reopen_key(phrase(environment.language, "Reopen key: "));
  if (!typed) {
    return tl::unexpected(
        Failure(std::move(typed).error(), "without a terminal, give it with --key-file FILE"));
  }
  return *std::move(typed);
}

}  // namespace

Outcome make_reopen_keys(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto keys = host.make_reopen_keys([&](const ReopenKeyTexts& made) -> base::Result<void> {
    std::cout << (arguments.has("json") ? json{{"reopen_keys", made}}.dump()
                                        : made[0] + "\n" + made[1])
              << "\n"
              << std::flush;
    if (!std::cout) return base::fail(ErrorCode::io, "the reopen keys can't be printed");
    return {};
  });
  if (!keys && keys.error().code == ErrorCode::conflict) {
    return tl::unexpected(
        Failure(keys.error(),
                "they are printed once; this machine keeps only what it needs to check them"));
  }
  if (!keys) return tl::unexpected(Failure(keys.error()));
  if (arguments.has("json")) return {};
  std::cerr << phrase(
      environment.language,
      "sealift: these two keys are never shown again. Write each on paper; keep the "
      "first with you\n"
      "sealift: and the second somewhere else. Either one ends a lock-down when "
      "nobody else can.\n");
  return {};
}

Outcome reopen(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto key = typed_key(environment, arguments);
  if (!key) return tl::unexpected(key.error());
  const auto change = host.reopen(base::text_of(key->view()));
  if (!change) return tl::unexpected(Failure(change.error()));
  const bool was_locked = *change == catalog::Change::done;
  if (arguments.has("json")) {
    std::cout << json{{"is_locked", false}, {"was_locked", was_locked}}.dump() << "\n";
  } else {
    std::cout << (was_locked ? phrase(environment.language, "reopened; everybody logs in again")
                             : phrase(environment.language, "it was open already"))
              << "\n";
  }
  return {};
}

Outcome state_restore(const Environment& environment, Host& host, const Arguments& arguments) {
  const auto key = typed_key(environment, arguments);
  if (!key) return tl::unexpected(key.error());
  const auto stated = host.state_restore(base::text_of(key->view()));
  if (!stated) return tl::unexpected(Failure(stated.error()));
  if (arguments.has("json")) {
    std::cout << json{{"kept", stated->kept.size},
                      {"backup", time_text(stated->backup)},
                      {"restored", time_text(stated->restored)},
                      {"lost", stated->lost}}
                     .dump()
              << "\n";
    return {};
  }
  std::cout << phrase(
      environment.language,
      "stated: restored at {restored} from the backup of {backup}\n"
      "people accept it with `sealift log accept-restore`; give them this number by\n"
      "telephone or on paper, so that they know it is yours: {kept}\n",
      stated->restored, stated->backup, stated->kept.size);
  return {};
}

void warn_of_reopening(const Environment& environment, Host& host) {
  const auto reopening = host.reopening();
  if (!reopening) return;
  if (reopening->administrators < 2) {
    std::cerr << (reopening->administrators == 0
                      ? phrase(environment.language,
                               "sealift: warning: this server has no administrator; a second one "
                               "can reopen it when the first can't")
                      : phrase(environment.language,
                               "sealift: warning: this server has one administrator; a second one "
                               "can reopen it when the first can't"))
              << "\n";
  }
  if (!reopening->has_keys) {
    std::cerr << phrase(environment.language,
                        "sealift: warning: this server has no reopen keys: "
                        "`sealift admin --data DIR reopen-keys` makes them")
              << "\n";
  }
}

}  // namespace sealift::cli
