// Officers: who gets shares of an account's recovery, when it is dealt.
//
// As many of them as agree can, with the server's help, open everything of the account. A server
// that lies would name keys of its own. So each key that it names has to stand in its log as
// somebody's key of the directory, where it stays for everybody to see; people compare the
// fingerprints before anything is sealed, or name the right ones beforehand.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/account/pins.h"
#include "client/api/api.h"

namespace sealift::client {

struct Officer {
  api::AccountId account{};
  std::string recipient;
};
std::vector<std::string> recipients_of(const std::vector<Officer>& officers);

// Asks the server for the officers, as it asked before.
using Entries = std::vector<api::DirectoryEntry>;
using AskOfficers = std::function<base::Result<Entries>()>;

// `told`, each judged by its proof in the log that `pins` follow. An officer's key that was just
// published is waited for: they are asked for again.
// Errors: damaged (a key without an event of its own in the log, another log, or an officer named
// twice), conflict (the log
// doesn't have one yet), those of the call.
base::Result<std::vector<Officer>> judge_officers(
    const api::Api& api, Entries told, const AskOfficers& again, Pins& pins,
    const std::function<void(std::chrono::milliseconds)>& wait);

// A fingerprint as people write it: 32 or 64 hexadecimal digits, spaces anywhere; nullopt
// otherwise.
std::optional<std::string> parse_fingerprint(std::string_view text);

// Whether `recipients` are just those of these fingerprints: none missing, none besides. Pure.
bool are_named(const std::vector<std::string>& recipients,
               const std::vector<std::string>& fingerprints);

}  // namespace sealift::client
