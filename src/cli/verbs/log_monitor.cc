#include "cli/verbs/log_monitor.h"

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/limits.h"
#include "cli/output.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/time_text.h"
#include "cli/witness_check.h"
#include "client/account/directory_watch.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

struct Change {
  std::string address;
  std::uint64_t entry = 0;
  directory::ChangeEntry change;
};

std::string time_of(const directory::ChangeEntry& change) {
  return time_text(base::UnixTime(std::chrono::milliseconds(change.time_ms)));
}

// Each address's place in the map, proved.
Result<std::map<directory::Index, std::string>> places_of(ServerSession& session,
                                                          const Arguments& arguments) {
  std::map<directory::Index, std::string> places;
  client::DirectoryWatch watch(session.api(), session.pins());
  for (const std::string& text : arguments.operands()) {
    const auto address = parcel::Address::parse(text);
    if (!address) return base::fail(ErrorCode::usage, "log watch takes mail addresses");
    SEALIFT_TRY(const auto entry,
                session.api().call(client::api::kDirectoryFind, {address->text()}));
    if (!entry.lookup)
      return base::fail(ErrorCode::damaged, "the server offers no proof of its directory");
    SEALIFT_TRY(const directory::Found found, watch.accept(*entry.lookup, *address));
    places[found.index] = address->text();
  }
  return places;
}

// A checkpoint that somebody else saw: of the same log, and not of another history.
Result<void> compare(ServerSession& session, const std::string& path) {
  SEALIFT_TRY(const base::FileDescriptor file, open_input(path));
  base::Bytes bytes(limits::kLogNoteSizeMax);
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  const std::string note(base::text_of(base::ByteView(bytes).first(size)));
  SEALIFT_TRY(const auto key, log::VerifierKey::parse(session.pins().directory->key));
  SEALIFT_TRY(const log::Checkpoint other, log::open_checkpoint(note, key));
  client::LogWatch watch(session.api(), session.pins().directory, client::ServerLog::directory);
  return watch.accept(other, note);
}

Result<void> write_note(const std::string& path, const std::string& note) {
  constexpr unsigned kMode = 0644;  // nothing in it is anybody's
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kMode));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(note)));
  return file.commit(base::Replace::yes, base::Durability::none);
}

void print(const std::vector<Change>& changes, const client::DirectoryCheck& checked,
           base::Language language) {
  for (const Change& each : changes)
    std::cout << phrase(
                     language, "{time}  {address}  {how}, generation {generation}, entry {entry}",
                     base::UnixTime(std::chrono::milliseconds(each.change.time_ms)), each.address,
                     looked_up(language, directory::how_word(each.change.state.how)),
                     each.change.state.generation, each.entry)
              << "\n";
  std::cout << phrase(language,
                      "directory   {addresses} {addresses:address|addresses}, {entries} "
                      "{entries:entry|entries}: whole",
                      checked.addresses, checked.head.size)
            << "\n";
}

void print_json(const std::vector<Change>& changes, const client::DirectoryCheck& checked,
                const std::string& note) {
  json all = json::array();
  for (const Change& each : changes)
    all.push_back({{"address", each.address},
                   {"entry", each.entry},
                   {"how", directory::how_word(each.change.state.how)},
                   {"generation", each.change.state.generation},
                   {"time", time_of(each.change)}});
  std::cout << json{{"changes", std::move(all)},
                    {"size", checked.head.size},
                    {"addresses", checked.addresses},
                    {"note", note}}
                   .dump()
            << "\n";
}

}  // namespace

Outcome watch_directory(const Environment& environment, const Arguments& arguments) {
  auto session = ServerSession::open(environment);
  if (!session) return tl::unexpected(std::move(session).error());
  const auto places = or_failure(places_of(*session, arguments));
  if (!places) return tl::unexpected(places.error());
  std::vector<Change> changes;
  const auto checked = or_failure(client::check_whole_directory(
      session->api(), session->pins(), [&](std::uint64_t entry, const auto& change) {
        if (const auto at = places->find(change.index); at != places->end())
          changes.push_back({at->second, entry, change});
      }));
  if (!checked) return tl::unexpected(checked.error());
  auto witnessed = arguments.value("policy")
                       ? check_trust_policy(environment, *session, *arguments.value("policy"))
                       : check_trust_policy(environment, *session);
  if (!witnessed) return witnessed;
  if (const auto path = arguments.value("compare")) {
    const auto same = compare(*session, *path);
    if (!same) {
      base::Error error = same.error();
      return tl::unexpected(call_failure(std::move(error).with_context("comparing with " + *path)));
    }
  }
  if (auto saved = or_failure(session->save_pins()); !saved) return saved;
  const std::string& note = session->pins().directory->note;
  if (const auto path = arguments.value("note")) {
    if (auto written = or_failure(write_note(*path, note)); !written) return written;
  }
  if (arguments.has("json")) {
    print_json(changes, *checked, note);
  } else {
    print(changes, *checked, environment.language);
  }
  return {};
}

}  // namespace sealift::cli
