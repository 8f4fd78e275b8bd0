// What the typed catalog costs over a bare SQLite loop, and how fast a session is checked.
//
// Bare and catalog write the same row into the same schema, so many rows a commit; run with
//   catalog_bench --benchmark_enable_random_interleaving=true --benchmark_repetitions=9
// and compare medians: the disk's own mood is in both.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstring>

#include "catalog/catalog_suite.h"
#include "catalog/sqlite_catalog.h"

namespace sealift::catalog {
namespace {

constexpr std::size_t kEventBytes = 168;  // with salt and id about 200 a row

template <typename Id>
Id id_of(std::uint64_t count) {
  // spread as random ids are, so that the index is written all over
  const std::uint64_t spread[2] = {count * 0x9e3779b97f4a7c15ULL, count};
  Id id;
  std::memcpy(id.bytes.data(), spread, sizeof(spread));
  return id;
}

void bare_loop(benchmark::State& state) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() + "/catalog.db";
  static_cast<void>(must(open_sqlite_catalog(path)));
  sqlite3* database = nullptr;
  sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const auto prepare = [&](const char* text) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database, text, -1, &statement, nullptr);
    return statement;
  };
  const auto run = [](sqlite3_stmt* statement) {
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_reset(statement);
  };
  sqlite3_stmt* full = prepare("PRAGMA synchronous = FULL");
  run(full);
  sqlite3_stmt* begin = prepare("BEGIN IMMEDIATE");
  sqlite3_stmt* insert = prepare(
      "INSERT INTO custody(id, salt, event, account, parcel, happened, authenticator) "
      "VALUES(?1, ?2, ?3, NULL, NULL, ?4, zeroblob(32))");
  sqlite3_stmt* commit = prepare("COMMIT");
  const base::Bytes salt(16);
  const base::Bytes event(kEventBytes);
  std::uint64_t count = 0;
  for (auto _ : state) {
    run(begin);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      const auto id = id_of<EventId>(++count);
      sqlite3_bind_blob(insert, 1, id.bytes.data(), 16, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 2, salt.data(), 16, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 3, event.data(), kEventBytes, SQLITE_STATIC);
      sqlite3_bind_int64(insert, 4, 1);
      run(insert);
    }
    run(commit);
  }
  if (sqlite3_errcode(database) != SQLITE_DONE && sqlite3_errcode(database) != SQLITE_OK)
    state.SkipWithError("the bare loop failed");
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  for (sqlite3_stmt* each : {full, begin, insert, commit}) sqlite3_finalize(each);
  sqlite3_close(database);
}
BENCHMARK(bare_loop)->Arg(1)->Arg(32)->Arg(256)->UseRealTime();

void catalog_batch(benchmark::State& state) {
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(folder.path() + "/catalog.db"));
  std::uint64_t count = 0;
  CustodyEvent event{.salt = base::Bytes(16), .event = base::Bytes(kEventBytes)};
  const Work add = [&](Records& records) -> base::Result<void> {
    event.id = id_of<EventId>(++count);
    SEALIFT_TRY_VOID(records.custody->add(event));
    return {};
  };
  const std::vector<Work> batch(static_cast<std::size_t>(state.range(0)), add);
  for (auto _ : state)
    for (const auto& outcome : catalog->transact_batch(batch))
      if (!outcome) state.SkipWithError("a work failed");
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
}
BENCHMARK(catalog_batch)->Arg(1)->Arg(32)->Arg(256)->UseRealTime();

// The check that stands before every request of a logged-in client, among 10,000 sessions.
void session_check(benchmark::State& state) {
  constexpr std::uint64_t kSessions = 10'000;
  const base::TemporaryFolder folder;
  const auto catalog = must(open_sqlite_catalog(folder.path() + "/catalog.db"));
  const base::UnixTime now(std::chrono::hours(1));
  must(catalog->transact([&](Records& records) -> base::Result<Insert> {
    for (std::uint64_t i = 0; i < kSessions; ++i) {
      Session session{.id = id_of<SessionId>(i)};
      session.last_seen = now;
      session.expires = now + std::chrono::hours(1);
      session.idle_ms_max = std::chrono::hours(1);
      if (i == 0) SEALIFT_TRY_VOID(records.accounts->add({.sealed_address = base::Bytes(64)}));
      SEALIFT_TRY_VOID(records.sessions->add(session, id_of<TokenHash>(i)));
    }
    return Insert::added;
  }));
  std::uint64_t count = 0;
  for (auto _ : state) {
    const auto token = id_of<TokenHash>(++count % kSessions);
    auto found = must(catalog->read(
        [&](const Records& records) { return records.sessions->find_live(token, now); }));
    if (!found) state.SkipWithError("no session");
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
}
BENCHMARK(session_check);

}  // namespace
}  // namespace sealift::catalog
