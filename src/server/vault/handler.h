// What a handler of the vault is: one function for one row of the operation table.
//
// It is called after the credential was checked, the gate passed and the rates were kept to, on one
// of a few worker threads, and may block. What it changes, it changes in one transaction, together
// with the custody event (Notary) and the mail that tell of it; what depends on the thing itself
// (whose parcel, which policy, how much room) it judges inside of that transaction. An Error
// becomes the answer that the API's document has for refusals; its text reaches nobody outside.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <variant>

#include "base/base64.h"
#include "base/clock.h"
#include "base/hex.h"
#include "catalog/catalog.h"
#include "catalog/commit_queue.h"
#include "crypto/random.h"
#include "parcel/account_act.h"
#include "server/frames.h"
#include "server/front/application.h"
#include "server/operations.h"
#include "server/vault/directory_keeper.h"
#include "server/vault/guessing.h"
#include "server/vault/log_reader.h"
#include "server/vault/notary.h"
#include "server/vault/observer.h"
#include "server/vault/upload_locks.h"
#include "server/vault/vault_keys.h"
#include "store/blob_store.h"

namespace sealift::server::vault {

// What the server's configuration says to handlers.
struct VaultSettings {
  std::string name = "Sealift";
  std::string version;
  std::string incident_recipient{};           // an age recipient, or empty
  std::uint32_t reopening_approvals_min = 2;  // to end a lock-down
  std::uint32_t recovery_approvals_min = 2;   // to give out a recovery slot
  bool has_mail_server = false;               // else nothing is put into the outbox
  // For so long an upload's key makes its parcel whole, when the login has ended by its time.
  std::chrono::milliseconds finish_within_ms = std::chrono::hours(7 * 24);
};

// All of it is borrowed and thread-safe.
struct Services {
  catalog::Catalog& catalog;
  catalog::CommitQueue& commits;
  store::BlobStore& blobs;
  const VaultKeys& keys;
  crypto::Random& random;
  Notary& notary;
  LogReader& log;
  Guessing& guessing;
  UploadLocks& upload_locks;
  const VaultSettings& settings;
  // Runs what nobody waits for, soon, on some worker; here at once.
  std::function<void(std::function<void()>)> later = [](const std::function<void()>& work) {
    work();
  };
  DirectoryKeeper* directory = nullptr;  // set before anything is asked
  Observer* observer = nullptr;          // so are these, or nothing is counted
  const Figures* figures = nullptr;
  // The wall clock by which the fronts date answers; nullptr: the time that an ask comes with.
  const base::Clock* wall = nullptr;
};

// Work of type Result<T>(Records&), committed with others' at once; gives what it gave, durable.
template <typename Work>
auto commit(Services& services, Work work) -> std::invoke_result_t<Work&, catalog::Records&> {
  std::optional<std::invoke_result_t<Work&, catalog::Records&>> answer;
  auto outcome = services.commits.transact([&](catalog::Records& records) -> base::Result<void> {
    answer = work(records);
    if (!*answer) return tl::unexpected(answer->error());
    return {};
  });
  if (!outcome) return tl::unexpected(std::move(outcome).error());
  return *std::move(answer);
}

struct SignedAct {
  parcel::AccountAct act;
  crypto::Ed25519Signature signature{};
};

// One request, judged as far as the table goes.
struct Ask {
  const Operation& operation;
  const AskFrame& frame;
  Caller caller;
  base::UnixTime now;
  // By credential: what it is good for. It is the one that the path names.
  std::optional<catalog::Opening> opening{};
  std::optional<catalog::Upload> upload{};
  std::optional<catalog::Parcel> hand_in{};
  std::optional<catalog::Parcel> finished{};  // its sender's, by the key of its content's upload
  // Of an operation that the owner signed: the act, with a good signature. See acts.h.
  std::optional<SignedAct> act{};

  // Of a caller with a session.
  const catalog::Session& session() const {
    SEALIFT_CHECK(caller.session.has_value());
    return caller.session->session;
  }
  const catalog::AccountId& account() const { return session().account; }

  // The path's capture as an id. Errors: not_found (whatever is no id names nothing).
  template <typename Id>
  base::Result<Id> id(std::size_t capture) const {
    const auto bytes = base::hex_decode(frame.names.at(capture));
    const auto made = bytes ? Id::of(*bytes) : std::nullopt;
    if (!made) return base::fail(base::ErrorCode::not_found, "no id");
    return *made;
  }
  // The page of a list that is asked for.
  catalog::Page page(std::uint32_t rows_max = 100) const {
    catalog::Page made{std::nullopt, rows_max};
    if (frame.before) made.before = catalog::Cursor{*frame.before};
    return made;
  }
};

// ---- answers

struct Reply {
  http::ResponseHead head;  // content_size_bytes is set from the body
  base::Bytes body;
};
struct Send {
  http::ResponseHead head;
  base::FileDescriptor file;
  std::uint64_t offset = 0;
  std::optional<catalog::TokenHash> ticket{};  // sent until it is good no more
};
struct Receive;
using Answer = std::variant<Reply, Send, Receive>;
// Takes the request's body into a file, then goes on. `then` is called exactly once, on any worker,
// also when the client is gone by then.
struct Receive {
  base::FileDescriptor file;
  std::uint64_t offset = 0;
  std::uint64_t size_max = 0;
  std::optional<http::TusChecksum> checksum;
  catalog::UploadId upload{};  // taken until it is good no more
  std::function<base::Result<Reply>(Services&, base::UnixTime, const front::Received&)> then;
};

// 256 bits for whoever asks to keep. They are random, or always the same for one request and its
// repetitions: an answer that was lost on the wire is given again.
inline Token token_for(const Services& services, const Ask& ask) {
  if (ask.frame.repeat.empty()) return make_token(services.random);
  return services.keys.repeated_token(
      std::string(ask.operation.name).append(" ").append(ask.frame.credential), ask.frame.repeat);
}

Reply json_reply(http::Status status, const nlohmann::json& value);
Reply empty_reply(http::Status status = http::Status::no_content);
Reply text_reply(std::string_view text);
// Try again later: 429.
Reply too_many(std::chrono::milliseconds retry_after);
Reply too_many_entries(std::uint64_t max_an_hour, std::chrono::milliseconds retry_after);
// The answer to an Error, as every operation gives it.
Reply refusal(const base::Error& error);

// For work whose success needs no words: 204.
template <typename Work>
base::Result<Answer> commit_or_refuse(Services& services, Work work) {
  const base::Result<void> done = commit(services, std::move(work));
  if (!done) return tl::unexpected(done.error());
  return empty_reply();
}

// What was destroyed leaves the catalog's write-ahead log too, soon; nobody waits for it.
inline void scrub_later(Services& services) {
  services.later([&services] { (void)services.catalog.scrub(); });
}

// How values stand in the API's JSON.
template <typename Tag, std::size_t kSize>
std::string json_of(const catalog::Fixed<Tag, kSize>& id) {
  return base::hex_encode(id.view());
}
std::uint64_t json_of(base::UnixTime time);
std::string json_of(base::ByteView bytes);  // base64
std::string json_of(catalog::Cursor cursor);

// Sets `key` when there is a value.
template <typename T>
void put_optional(nlohmann::json& object, const char* key, const std::optional<T>& value) {
  if (!value) return;
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    object[key] = *value;
  } else {
    object[key] = json_of(*value);
  }
}

// ---- the table

using Handler = base::Result<Answer> (*)(Services&, const Ask&);
struct HandlerRow {
  std::string_view operation;
  Handler handler = nullptr;
};

// One list a group, in handlers/; a test says that every route has exactly one handler.
std::span<const HandlerRow> server_handlers();
std::span<const HandlerRow> parcel_handlers();
std::span<const HandlerRow> upload_handlers();
std::span<const HandlerRow> opening_handlers();
std::span<const HandlerRow> link_handlers();
std::span<const HandlerRow> request_handlers();
std::span<const HandlerRow> log_handlers();
std::span<const HandlerRow> enrolment_handlers();
std::span<const HandlerRow> session_handlers();
std::span<const HandlerRow> account_handlers();
std::span<const HandlerRow> act_handlers();
std::span<const HandlerRow> rotation_handlers();
std::span<const HandlerRow> directory_handlers();
std::span<const HandlerRow> policy_handlers();
std::span<const HandlerRow> proposal_handlers();
std::span<const HandlerRow> officers_handlers();
std::span<const HandlerRow> admin_handlers();
std::span<const HandlerRow> lockdown_handlers();
std::span<const HandlerRow> custody_handlers();
std::span<const HandlerRow> recovery_handlers();
std::span<const HandlerRow> usage_handlers();

// By the operation's number; nullptr where there is none.
Handler find_handler(std::uint16_t operation);

}  // namespace sealift::server::vault
