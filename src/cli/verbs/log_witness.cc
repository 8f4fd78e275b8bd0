#include "cli/verbs/log_witness.h"

#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "cli/key_file.h"
#include "cli/phrase.h"
#include "cli/server_session.h"
#include "cli/trust.h"
#include "client/account/log_watch.h"
#include "crypto/random.h"
#include "log/tile.h"
#include "log/witness.h"

namespace sealift::cli {
namespace {

using base::ErrorCode;
using base::Result;

// key file = label newline seed(64 hex) newline
constexpr std::string_view kKeyLabel = "sealift-witness-key-1\n";
constexpr unsigned kKeyMode = 0600;

Result<crypto::Ed25519Secret> read_key(const std::string& path) {
  SEALIFT_TRY(const crypto::SecretBuffer file, read_key_file(path));
  std::string_view text = base::text_of(file.view());
  const auto malformed = [&] {
    return base::fail(ErrorCode::malformed, path + " is not a witness's key file");
  };
  if (!text.starts_with(kKeyLabel) || !text.ends_with('\n')) return malformed();
  text.remove_prefix(kKeyLabel.size());
  text.remove_suffix(1);
  auto seed = base::hex_decode(text);
  if (!seed || seed->size() != 32) return malformed();
  return crypto::Ed25519Secret::from_seed(base::ByteView(*seed).first<32>());
}

// The one there, or a new one.
Result<crypto::Ed25519Secret> need_key(const std::string& path) {
  if (std::filesystem::exists(path)) return read_key(path);
  crypto::SystemRandom random;
  const auto secret = crypto::Ed25519Secret::generate(random);
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path, kKeyMode));
  const std::string text = std::string(kKeyLabel) + base::hex_encode(secret.seed().view()) + "\n";
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(text)));
  SEALIFT_TRY_VOID(file.commit(base::Replace::no, base::Durability::synced));
  return read_key(path);
}

// "sealift-witness-" and what tells its key from others'.
log::Cosigner cosigner_of(crypto::Ed25519Secret secret) {
  constexpr std::size_t kNameBytes = 8;
  std::string name =
      "sealift-witness-" +
      base::hex_encode(base::ByteView(crypto::sha256(secret.public_key())).first(kNameBytes));
  return {std::move(name), std::move(secret)};
}

struct Witnessed {
  std::string origin;
  log::TreeHead head{};
};

// Follows one of the server's logs as any client does, then asks the witness, which judges by
// itself from the bytes alone.
Result<Witnessed> witness_log(const client::api::Api& api, std::optional<client::LogPin>& pin,
                              client::ServerLog which, base::FileSystem& files,
                              const std::string& key_path, base::UnixTime now) {
  client::LogWatch watch(api, pin, which);
  SEALIFT_TRY(const log::Checkpoint newest, watch.follow());
  SEALIFT_TRY(const log::VerifierKey key, log::VerifierKey::parse(pin->key));
  SEALIFT_TRY(crypto::Ed25519Secret secret, read_key(key_path));
  log::Witness witness(files, cosigner_of(std::move(secret)), {key});
  log::WitnessRequest request{.old_size = 0, .path = {}, .note = pin->note};
  if (const auto last = witness.checkpoint(key.name())) {
    SEALIFT_TRY(const log::Checkpoint before, log::open_checkpoint(*last, key));
    request.old_size = before.head.size;
    client::ServerTiles tiles(api, which);
    log::TileHashes hashes(tiles, newest.head.size);
    if (before.head.size <= newest.head.size) {
      SEALIFT_TRY(request.path, log::consistency_path(hashes, before.head.size, newest.head.size));
    }
  }
  const auto now_s = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  SEALIFT_TRY(const log::WitnessAnswer answer,
              witness.add_checkpoint(log::witness_request_text(request), now_s));
  if (answer.status != log::WitnessStatus::cosigned)
    return base::fail(ErrorCode::damaged, "the log doesn't continue what was witnessed before");
  return Witnessed{key.name(), newest.head};
}

Result<std::vector<Witnessed>> witness_all(const Environment& environment,
                                           const client::ServerAddress& server,
                                           const client::Trust& trust, const std::string& state,
                                           const std::string& key_path) {
  std::error_code error;
  std::filesystem::create_directories(state, error);
  SEALIFT_TRY(base::DiskFileSystem files, base::DiskFileSystem::open_root(state));
  SEALIFT_TRY(const client::Profile profile, client::Profile::open(environment.profile_folder));
  SEALIFT_TRY(client::Pins pins, profile.pins(server));
  SEALIFT_TRY(client::HttpClient http,
              client::HttpClient::make(settings_for(environment, server, trust)));
  const client::api::Api api(http);
  std::vector<Witnessed> all;
  for (const auto which : {client::ServerLog::events, client::ServerLog::directory}) {
    auto& pin = which == client::ServerLog::events ? pins.log : pins.directory;
    SEALIFT_TRY(all.emplace_back(),
                witness_log(api, pin, which, files, key_path, environment.clock.now()));
  }
  SEALIFT_TRY_VOID(profile.save_pins(server, pins));
  return all;
}

// For a collector of figures on the witness's machine (docs/operate/monitoring.md): how far it
// came. Appears whole, so that no half of it is collected.
Result<void> write_figures(const std::string& state, const std::vector<Witnessed>& all,
                           base::UnixTime now) {
  constexpr unsigned kFiguresMode = 0644;
  constexpr std::string_view kLogs[] = {"events", "directory"};
  const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  std::string leaves =
      "# HELP sealift_witness_leaves Entries that this witness has signed for.\n"
      "# TYPE sealift_witness_leaves gauge\n";
  std::string times =
      "# HELP sealift_witness_time_seconds When this witness last signed.\n"
      "# TYPE sealift_witness_time_seconds gauge\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string labels = "{log=\"" + std::string(kLogs[i]) + "\"} ";
    leaves += "sealift_witness_leaves" + labels + std::to_string(all[i].head.size) + "\n";
    times += "sealift_witness_time_seconds" + labels + std::to_string(now_s.count()) + "\n";
  }
  SEALIFT_TRY(base::AtomicFile file,
              base::AtomicFile::create(state + "/figures.prom", kFiguresMode));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(leaves + times)));
  return file.commit(base::Replace::yes, base::Durability::none);
}

}  // namespace

Outcome witness_server(const Environment& environment, const Arguments& arguments) {
  const auto state = arguments.value("state");
  const auto key_path = arguments.value("key");
  if (arguments.operands().size() != 1 || !state || !key_path)
    return fail_usage("log witness takes a URL, --state DIR and --key FILE");
  const auto server = server_of(arguments.operands()[0]);
  if (!server) return tl::unexpected(server.error());
  const auto trust = trust_of(environment, arguments, *server);
  if (!trust) return tl::unexpected(trust.error());
  auto secret = or_failure(need_key(*key_path));
  if (!secret) return tl::unexpected(std::move(secret).error());
  const std::string key = cosigner_of(*std::move(secret)).key().text();
  const auto all = or_failure(witness_all(environment, *server, *trust, *state, *key_path));
  if (!all) return tl::unexpected(all.error());
  const auto figures = or_failure(write_figures(*state, *all, environment.clock.now()));
  if (!figures) return tl::unexpected(figures.error());
  if (arguments.has("json")) {
    std::cout << "{\"key\":\"" << key << "\",\"logs\":[";
    std::string_view comma;
    for (const Witnessed& each : *all) {
      std::cout << comma << "{\"origin\":\"" << each.origin << "\",\"size\":" << each.head.size
                << "}";
      comma = ",";
    }
    std::cout << "]}\n";
    return {};
  }
  std::cout << phrase(environment.language, "witness     {key}", key) << "\n";
  for (const Witnessed& each : *all)
    std::cout << phrase(environment.language, "cosigned    {log}, {size} {size:entry|entries}",
                        each.origin, each.head.size)
              << "\n";
  return {};
}

}  // namespace sealift::cli
