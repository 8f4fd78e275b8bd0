#include "server/vault/process.h"

#include <openssl/ssl.h>

#include "base/clock.h"
#include "base/file_system.h"
#include "catalog/sqlite_catalog.h"
#include "server/log_line.h"
#include "server/sandbox/sandbox.h"
#include "server/supervisor/supervisor.h"
#include "server/vault/courier.h"
#include "server/vault/desk.h"
#include "server/vault/digester.h"
#include "server/vault/gate.h"
#include "server/vault/key_mark.h"
#include "server/vault/reaper.h"
#include "server/vault/sequencer.h"
#include "server/vault/web_client.h"
#include "store/disk_blob_store.h"

namespace sealift::server::vault {
namespace {

using base::Result;

// Everything that the vault's threads share, made in this order and ended in the other.
Result<void> serve(const VaultPlan& plan, const DataFolder& folder,
                   const base::FileDescriptor& control) {
  const base::SystemClock clock;
  crypto::SystemRandom random;
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  catalog::CommitQueue commits(*catalog);
  SEALIFT_TRY(const base::UnixTime latest, catalog->advance_clock({}));
  SEALIFT_TRY(const auto held, catalog->read([](const catalog::Records& records) {
    return records.marks->find(catalog::Mark::clock_held);
  }));
  SteadyTime time(clock, latest, held ? parse_held_clock(base::text_of(*held)) : std::nullopt,
                  plan.clock_memory);
  SEALIFT_TRY_VOID(catalog->advance_clock(time.now()));
  SEALIFT_TRY(auto store_files, base::DiskFileSystem::open_root(folder.store_path()));
  SEALIFT_TRY(const auto blobs, store::DiskBlobStore::open(store_files));
  SEALIFT_TRY(auto log_files, base::DiskFileSystem::open_root(folder.log_path()));
  const VaultKeys keys(folder.vault_key());
  SEALIFT_TRY_VOID(claim_catalog(*catalog, keys));
  const auto log_key = crypto::Ed25519Secret::from_seed(folder.log_seed().view());
  LogReader log(log_files, {folder.log_name(), log_key.public_key()});
  SEALIFT_TRY(auto directory_files, base::DiskFileSystem::open_root(folder.directory_path()));
  SEALIFT_TRY(const auto directory, DirectoryKeeper::open({*catalog, commits, directory_files, keys,
                                                           folder.log_name(), folder.log_seed()}));
  SEALIFT_TRY(const auto sequencer,
              Sequencer::start({*catalog, commits, log_files, keys, folder.log_name(),
                                folder.log_seed(), directory.get()}));
  Notary notary(random, keys, [&] { sequencer->notify(); });
  SEALIFT_TRY_VOID(note_web_client(*catalog, notary, plan.web_manifest, time.now()));
  Observer observer(plan.figures->server, keys, plan.login_names, clock);
  Guessing guessing(*catalog, commits, keys, &observer);
  UploadLocks upload_locks;
  Services services{*catalog, commits, *blobs,   keys,         random,
                    notary,   log,     guessing, upload_locks, plan.settings};
  services.directory = directory.get();
  services.observer = &observer;
  services.figures = plan.figures;
  services.wall = &clock;
  Rates rates(plan.rates, clock);
  const auto answer = [&](const AskFrame& frame) {
    return answer_ask(services, rates, frame, time.now());
  };
  const auto finish = [&](const Receive& receive, const front::Received& received) {
    return answer_body(services, receive, time.now(), received);
  };
  const auto is_brief = [](const AskFrame& frame) {
    const auto table = operations();
    return frame.operation < table.size() && table[frame.operation].effort == Effort::brief;
  };
  SEALIFT_TRY(const auto desk, Desk::create({answer, finish, plan.workers, is_brief}));
  services.later = [&desk](std::function<void()> job) { desk->later(std::move(job)); };
  const Digester digester({*catalog, commits, *blobs}, Digester::Begin::now);
  const Reaper reaper(services, *desk, rates, time);
  SEALIFT_TRY(const auto courier, Courier::start(services, [&] { return time.now(); }));
  log_line(LogEvent::serving);
  // A supervisor that is gone by now ends the vault; that shows in run().
  (void)send_control(control.get(), ControlMessage::Kind::serving, {});
  desk->run(control, [&](base::FileDescriptor mailer) { courier->attach(std::move(mailer)); });
  return {};
}

// Another start would find the same: bytes that are changed, of another key, or of another format.
bool is_of_the_data(base::ErrorCode code) {
  using base::ErrorCode;
  return code == ErrorCode::damaged || code == ErrorCode::malformed ||
         code == ErrorCode::no_match || code == ErrorCode::unsupported;
}

}  // namespace

int run_vault(const VaultPlan& plan, const DataFolder& folder, base::FileDescriptor control) {
  // What OpenSSL reads from files, it reads before there are none.
  if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr) != 1) return 1;
  Rights rights;
  rights.folders = folder.working_folders();
  if (const auto confined = confine(rights); !confined) {
    log_line(LogEvent::not_confined, {{"why", confined.error().text}});
    return kExitNotConfined;
  }
  if (const auto proven = prove_confined(rights); !proven) {
    log_line(LogEvent::not_confined, {{"why", proven.error().text}});
    return kExitNotConfined;
  }
  const auto served = serve(plan, folder, control);
  if (!served) log_line(LogEvent::stopped, {{"why", served.error().text}});
  if (!served && is_of_the_data(served.error().code)) return kExitDataDamaged;
  return served ? 0 : 1;
}

}  // namespace sealift::server::vault
