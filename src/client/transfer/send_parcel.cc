#include "client/transfer/send_parcel.h"

#include <algorithm>

#include "age/format/bech32.h"
#include "age/open/open_identity.h"
#include "age/seal/seal_header.h"
#include "client/api/streams.h"
#include "client/transfer/api_streams.h"
#include "client/transfer/correspondence.h"
#include "client/transfer/sealed_part.h"
#include "client/transfer/sent_note.h"
#include "parcel/link.h"
#include "parcel/request_link.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr int kRestartsMax = 3;
// What the server takes in one call; larger parts go as an upload.
constexpr std::size_t kPutPartSizeMax = std::size_t{64} << 10;

// Everything that makes an order the same as one that was begun before.
crypto::Sha256Digest key_of(const SendOrder& order) {
  crypto::Sha256 hash;
  const auto add = [&](std::string_view text) {
    hash.update(base::bytes_of(std::to_string(text.size())));
    hash.update(base::bytes_of(":"));
    hash.update(base::bytes_of(text));
  };
  add("sealift-send/1");
  add(order.server_url);
  add(order.sender_address);
  add(order.purpose);
  add(order.note);
  add(std::to_string(order.lifetime.count()));
  add(std::to_string(order.opens_max.value_or(0)));
  add(std::to_string(static_cast<int>(order.link)));
  for (const Addressee& each : order.to) {
    add(each.address);
    add(each.recipient.text());
    add(std::to_string(each.grant ? each.grant->opens_max.value_or(0) + 1 : 0));
  }
  for (const std::string& path : order.paths) add(path);
  return hash.finish();
}

template <typename Id>
Id id_of(const std::array<std::byte, 16>& bytes) {
  Id id;
  id.bytes = bytes;
  return id;
}

class Sending {
 public:
  Sending(const SendOrder& order, const SendTools& tools, SendFolder& folder,
          const SourceTree& tree)
      : order_(order), tools_(tools), folder_(folder), tree_(tree), map_(tree.entries) {}

  // Nothing: the files changed, and what was begun is no more.
  Result<std::optional<SentParcel>> run();

 private:
  Result<void> load();
  Result<void> begin_anew();
  Result<void> send_all();
  Result<bool> send_content_now();
  Result<void> send_manifest();
  Result<void> remember(base::ByteView signed_manifest) const;
  parcel::Manifest manifest_for(const age::FileKey& manifest_key) const;
  std::vector<parcel::ManifestRecipient> named_with_previous() const;
  Result<void> remember_last() const;
  Result<void> make_link();
  Result<void> complete();
  template <typename Work>
  auto finishing(const Work& work);
  Result<bool> is_whole_already();
  void give_up();

  api::Api api() const { return api::Api(tools_.http, credential()); }
  Credential credential() const {
    if (!state_.hand_in_key.empty()) return {Credential::Kind::hand_in_key, state_.hand_in_key};
    if (has_login_ended_) return {Credential::Kind::upload_key, state_.upload_key};
    return tools_.session;
  }
  api::ParcelId parcel_id() const { return id_of<api::ParcelId>(state_.parcel_id); }
  std::uint64_t payload_bytes() const {
    return age::kPayloadNonceSize + age::sealed_size(map_.size_bytes());
  }
  Result<void> seal_to();
  parcel::Link link() const;
  crypto::Ed25519Public link_key() const { return parcel::link_proof_key(link(), passphrase_); }

  const SendOrder& order_;
  const SendTools& tools_;
  SendFolder& folder_;
  const SourceTree& tree_;
  const StreamMap map_;
  SendState state_;
  std::optional<age::FileSealJournal> journal_;
  parcel::StretchedPassphrase passphrase_;
  std::vector<age::Recipient> recipients_;
  std::vector<parcel::ManifestRecipient> named_;
  std::vector<crypto::Sha256Digest> hashes_;
  SentParcel sent_;
  bool has_login_ended_ = false;
};

// What is left once the content is there: the upload's key does it where the login has ended
// meanwhile. `work` takes an Api.
template <typename Work>
auto Sending::finishing(const Work& work) {
  auto done = work(api());
  const bool is_late = !done && done.error().code == ErrorCode::unauthorized;
  if (!is_late || has_login_ended_ || !state_.hand_in_key.empty()) return done;
  has_login_ended_ = true;
  return work(api());
}

Result<std::optional<SentParcel>> Sending::run() {
  SEALIFT_TRY_VOID(load());
  if (journal_ && state_.tree != source_digest(tree_)) {
    give_up();
    return std::nullopt;
  }
  sent_.was_continued = journal_.has_value();
  if (!journal_) SEALIFT_TRY_VOID(begin_anew());
  if (recipients_.empty()) SEALIFT_TRY_VOID(seal_to());
  const auto sent = send_content_now();
  // The server forgot what was begun long ago.
  const bool is_forgotten =
      !sent && sent_.was_continued && sent.error().code == ErrorCode::not_found;
  if (!sent && !is_forgotten) return tl::unexpected(sent.error());
  if (is_forgotten || !*sent) {
    give_up();
    return std::nullopt;
  }
  SEALIFT_TRY_VOID(send_all());
  SEALIFT_TRY_VOID(remember_last());
  folder_.remove();
  sent_.id = parcel_id();
  sent_.proof_right = credential();
  if (state_.link_secret) sent_.link = link().text();
  sent_.passphrase = state_.passphrase.clone();
  sent_.entries = tree_.entries.size();
  sent_.content_bytes = tree_.content_bytes;
  return std::move(sent_);
}

Result<void> Sending::load() {
  SEALIFT_TRY(auto begun, folder_.load());
  if (!begun) return {};
  state_ = std::move(begun->state);
  if (state_.stage == SendStage::begun) {
    give_up();
    return {};
  }
  journal_.emplace(std::move(begun->journal));
  return {};
}

Result<void> Sending::begin_anew() {
  state_ = SendState();
  state_.parcel_id = tools_.random.array<16>();
  state_.created_unix_ms = tools_.clock.now().time_since_epoch().count();
  state_.tree = source_digest(tree_);
  state_.file_key = tools_.random.secret<age::kFileKeySize>();
  if (order_.link != LinkWish::none) {
    state_.link_secret = tools_.random.secret<32>();
    state_.server_half = tools_.random.secret<32>();
  }
  if (order_.link == LinkWish::with_passphrase)
    state_.passphrase = tools_.make_passphrase(tools_.random);
  {
    auto journal = folder_.begin(state_, tools_.random);
    if (!journal) return tl::unexpected(std::move(journal).error());
    journal_.emplace(*std::move(journal));
  }
  SEALIFT_TRY_VOID(seal_to());
  SEALIFT_TRY(const Credential credential, order_.begin(parcel_id()));
  if (credential.kind == Credential::Kind::hand_in_key) state_.hand_in_key = credential.token;
  SEALIFT_TRY(const age::Header header,
              age::seal_header(state_.file_key, recipients_, tools_.random));
  SEALIFT_TRY(const api::Upload upload,
              api::create_upload(api(), parcel_id(), api::Part::content,
                                 {.header = {header.encoded()}, .payload_bytes = payload_bytes()}));
  state_.upload = upload.id.text();
  state_.upload_key = upload.key.text;
  state_.stage = SendStage::content;
  return folder_.save(state_);
}

parcel::Link Sending::link() const {
  parcel::Link link;
  link.server_url = order_.server_url;
  link.parcel_id = state_.parcel_id;
  link.secret = state_.link_secret->clone();
  return link;
}

// To whom everything is sealed, and who the manifest says that is.
Result<void> Sending::seal_to() {
  const auto add = [&](const std::string& address, age::Recipient recipient) {
    named_.push_back({address, parcel::recipient_fingerprint(recipient.text())});
    recipients_.push_back(std::move(recipient));
  };
  for (const Addressee& each : order_.to) {
    // Recipients are not copied: some hold a passphrase.
    SEALIFT_TRY(age::Recipient recipient, age::Recipient::parse(each.recipient.text()));
    add(each.address, std::move(recipient));
  }
  if (!state_.link_secret) return {};
  SEALIFT_TRY(passphrase_, parcel::stretch_passphrase(link(), state_.passphrase));
  SEALIFT_TRY(const age::Identity identity,
              identity_of_link(link(), *state_.server_half, passphrase_));
  SEALIFT_TRY(age::Recipient recipient, identity.recipient());
  add("", std::move(recipient));
  return {};
}

// False: the files changed.
Result<bool> Sending::send_content_now() {
  // While the login lasts: its end is no time to give somebody the parcel.
  if (state_.link_secret) SEALIFT_TRY_VOID(make_link());
  ApiUploadTarget upload(api::Api(tools_.http, {Credential::Kind::upload_key, state_.upload_key}),
                         api::UploadId::parse(state_.upload).value_or(api::UploadId{}));
  FinishedTarget finished(payload_bytes());
  const bool is_there = state_.stage == SendStage::manifest;
  SEALIFT_TRY(SentContent content,
              send_content({.tree = tree_,
                            .map = map_,
                            .file_key = state_.file_key,
                            .journal = *journal_,
                            .target = is_there ? static_cast<UploadTarget&>(finished) : upload,
                            .pipeline = tools_.pipeline,
                            .patience = tools_.patience,
                            .progress = tools_.progress}));
  if (content.state == ContentState::source_changed) return false;
  hashes_ = std::move(content.hashes);
  sent_.changed_while_read = content.changed_while_read;
  state_.stage = SendStage::manifest;
  SEALIFT_TRY_VOID(folder_.save(state_));
  return true;
}

Result<void> Sending::send_all() {
  SEALIFT_TRY(const bool is_whole, is_whole_already());
  if (is_whole) return {};
  SEALIFT_TRY_VOID(send_manifest());
  return complete();
}

// A process that was killed just after the parcel was complete. Completing is safe to repeat; an
// outsider, who may not read the parcel, does it to find out: without a manifest it is refused.
Result<bool> Sending::is_whole_already() {
  if (!sent_.was_continued) return false;
  if (state_.hand_in_key.empty()) {
    const auto parcel = api().call(api::kParcelRead, {}, parcel_id());
    // Nobody but a login reads it; the end tells then.
    const bool is_late = !parcel && parcel.error().code == ErrorCode::unauthorized;
    if (!parcel && !is_late) return tl::unexpected(parcel.error());
    if (parcel && parcel->state != api::ParcelState::whole) return false;
  }
  const auto completed = complete();
  if (!completed && completed.error().code == ErrorCode::conflict) return false;
  if (!completed) return tl::unexpected(completed.error());
  return true;
}

// Recipients with an account, and what they were sent before this.
std::vector<parcel::ManifestRecipient> Sending::named_with_previous() const {
  std::vector<parcel::ManifestRecipient> named = named_;
  if (tools_.correspondence_folder.empty()) return named;
  const Correspondence correspondence(tools_.correspondence_folder);
  for (std::size_t i = 0; i < order_.to.size(); ++i) {
    if (!order_.to[i].grant) continue;
    const auto last = correspondence.last_sent(order_.to[i].grant->account);
    if (last && *last != parcel_id()) named[i].previous = last->bytes;
  }
  return named;
}

Result<void> Sending::remember_last() const {
  if (tools_.correspondence_folder.empty()) return {};
  const Correspondence correspondence(tools_.correspondence_folder);
  for (const Addressee& each : order_.to) {
    if (each.grant)
      SEALIFT_TRY_VOID(correspondence.save_last_sent(each.grant->account, parcel_id()));
  }
  return {};
}

parcel::Manifest Sending::manifest_for(const age::FileKey& manifest_key) const {
  parcel::Manifest manifest;
  manifest.parcel_id = state_.parcel_id;
  manifest.created_unix_ms = state_.created_unix_ms;
  manifest.sender_address = order_.sender_address;
  manifest.recipients = named_with_previous();
  const std::int64_t lifetime = order_.lifetime.count();
  manifest.policy = {.expires_unix_ms = lifetime == 0 ? 0 : state_.created_unix_ms + lifetime,
                     .opens_max = static_cast<std::int64_t>(order_.opens_max.value_or(0)),
                     .needs_passphrase = !state_.passphrase.empty()};
  manifest.note = order_.note;
  manifest.payload_nonce = journal_->nonce();
  for (std::size_t i = 0; i < tree_.entries.size(); ++i)
    manifest.entries.push_back({tree_.entries[i], hashes_[i]});
  manifest.content_key =
      parcel::commit_to_file_key(state_.file_key, state_.parcel_id, parcel::CommittedPart::content);
  manifest.manifest_key =
      parcel::commit_to_file_key(manifest_key, state_.parcel_id, parcel::CommittedPart::manifest);
  return manifest;
}

Result<void> Sending::send_manifest() {
  const age::FileKey key = tools_.random.secret<age::kFileKeySize>();
  const base::Bytes text = parcel::sign_manifest(manifest_for(key), tools_.signing);
  SEALIFT_TRY_VOID(remember(text));
  SEALIFT_TRY(base::Bytes sealed,
              seal_small(tools_.pipeline, recipients_, key, tools_.random, text));
  if (sealed.size() <= kPutPartSizeMax) {
    SEALIFT_TRY_VOID(finishing([&](const api::Api& api) {
      return api.call(api::kParcelPutPart, {sealed}, parcel_id(), api::Part::manifest);
    }));
    return {};
  }
  SEALIFT_TRY(const age::Header header, age::Header::parse(sealed));
  const base::ByteView payload = base::ByteView(sealed).subspan(header.encoded().size());
  SEALIFT_TRY(const api::Upload upload, finishing([&](const api::Api& api) {
                return api::create_upload(
                    api, parcel_id(), api::Part::manifest,
                    {.header = {header.encoded()}, .payload_bytes = payload.size()});
              }));
  ApiUploadTarget target(api::Api(tools_.http, {Credential::Kind::upload_key, upload.key.text}),
                         upload.id);
  SEALIFT_TRY_VOID(target.begin(0, payload.size()));
  SEALIFT_TRY_VOID(target.write(payload));
  SEALIFT_TRY_VOID(target.finish());
  return {};
}

// For the receipts, which may come as soon as the server has it all.
Result<void> Sending::remember(base::ByteView signed_manifest) const {
  if (tools_.sent_folder.empty()) return {};
  SentNote note{.manifest_hash = crypto::sha256(signed_manifest), .link_key = {}};
  if (state_.link_secret) note.link_key = link_key();
  return SentNotes(tools_.sent_folder).save(parcel_id(), note);
}

Result<void> Sending::make_link() {
  if (sent_.was_continued) {
    SEALIFT_TRY(const api::Links links, api().call(api::kLinkList, {}, parcel_id()));
    if (!links.links.empty()) return {};
  }
  const api::NewLink wish{
      .verifier = link_key(),
      .server_half = {base::copy_of(state_.server_half->view())},
      .passphrase = state_.passphrase.empty() ? api::Passphrase::none : api::Passphrase::needed,
      .opens_max = order_.opens_max,
      .lifetime_ms = order_.lifetime};
  SEALIFT_TRY_VOID(api().call(api::kLinkCreate, wish, parcel_id()));
  return {};
}

Result<void> Sending::complete() {
  SEALIFT_TRY(const api::Completed completed, finishing([&](const api::Api& api) {
                return api.call(api::kParcelComplete, {}, parcel_id());
              }));
  sent_.event = completed.event;
  return {};
}

// What was begun is of no use any more. The server forgets it by itself, too.
void Sending::give_up() {
  journal_.reset();
  if (const auto upload = api::UploadId::parse(state_.upload))
    static_cast<void>(api::Api(tools_.http, {Credential::Kind::upload_key, state_.upload_key})
                          .call(api::kUploadTerminate, {}, *upload));
  if (state_.hand_in_key.empty())
    static_cast<void>(api().call(api::kParcelRecall, {}, parcel_id()));
  folder_.remove();
}

}  // namespace

Result<age::Identity> identity_of_link(const parcel::Link& link, const parcel::ServerHalf& half,
                                       const parcel::StretchedPassphrase& passphrase) {
  const auto secret = parcel::link_identity(link, half, passphrase);
  std::string text = age::bech32_encode("AGE-SECRET-KEY-", secret.view());
  auto identity = age::Identity::parse(text);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return identity;
}

Result<SentParcel> send_parcel(SendOrder& order, const SendTools& tools) {
  const crypto::Sha256Digest key = key_of(order);
  for (int restarts = 0; restarts <= kRestartsMax; ++restarts) {
    if (restarts > 0) {
      SEALIFT_TRY(order.tree, walk_sources(order.paths));
    }
    SEALIFT_TRY(SendFolder folder, SendFolder::open(tools.folder, key));
    SEALIFT_TRY(std::optional<SentParcel> sent, Sending(order, tools, folder, order.tree).run());
    if (sent) return *std::move(sent);
  }
  return base::fail(ErrorCode::conflict, "the files keep changing while they are sent");
}

}  // namespace sealift::client
