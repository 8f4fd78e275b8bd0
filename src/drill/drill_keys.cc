#include "drill/drill_keys.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "age/format/bech32.h"
#include "age/open/open_header.h"
#include "base/base64.h"
#include "catalog/sqlite_catalog.h"
#include "drill/drill_loot.h"
#include "server/vault/data_folder.h"
#include "server/vault/vault_keys.h"

namespace sealift::cli {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Result;
using catalog::Records;
using server::vault::VaultKeys;
using server::vault::WrapFor;

constexpr std::size_t kKeySize = 32;
constexpr std::string_view kIdentityPrefix = "AGE-SECRET-KEY-";
// Ciphertext, the database, the log and the server's own lines: searched, and no keys.
constexpr std::string_view kNoKeyFolders[] = {"catalog", "store", "log", "journal"};

using Candidates = std::set<Bytes>;

void add_windows(Candidates& candidates, ByteView bytes) {
  for (std::size_t at = 0; at + kKeySize <= bytes.size(); ++at)
    candidates.insert(base::copy_of(bytes.subspan(at, kKeySize)));
}

// What stands between the lines of a PEM file; empty for another file.
Bytes pem_content(std::string_view text) {
  constexpr std::string_view kDashes = "-----";
  const std::size_t begin = text.find('\n');
  const std::size_t end = text.find("\n-----END");
  if (!text.starts_with(kDashes) || begin >= end || end == text.npos) return {};
  std::string inside(text.substr(begin, end - begin));
  std::erase(inside, '\n');
  return base::base64_decode(inside, base::Padding::required).value_or(Bytes{});
}

Result<std::size_t> add_key_files(const std::string& data, Candidates& candidates) {
  std::size_t files = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(data, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator();
       entries.increment(error)) {
    if (entries.depth() == 0 && entries->is_directory(error) &&
        std::ranges::find(kNoKeyFolders, entries->path().filename().string()) !=
            std::end(kNoKeyFolders))
      entries.disable_recursion_pending();
    if (!entries->is_regular_file(error)) continue;
    Bytes all;
    SEALIFT_TRY_VOID(read_file_loot(entries->path().string(), 0,
                                    [&](ByteView piece) { base::append(all, piece); }));
    add_windows(candidates, all);
    add_windows(candidates, pem_content(base::text_of(all)));
    ++files;
  }
  if (error) return base::fail(ErrorCode::io, "the data folder could not be read");
  return files;
}

// A sealed object, and whom the drill knows to hold a key of it.
struct Object {
  Bytes header;
  std::optional<std::size_t> link{};  // among the links' identities
};

struct Loot {
  std::vector<Object> objects{};
  std::vector<age::Identity> links{};  // from what the vault's key unwraps and a link's own secret
  std::size_t unwrapped = 0;
};

class Thief {
 public:
  Thief(const Records& records, const VaultKeys& keys, Candidates& candidates, DrillPeople& people)
      : records_(records), keys_(keys), candidates_(candidates), people_(people) {}

  Result<Loot> take() {
    for (const auto& account : people_.accounts()) SEALIFT_TRY_VOID(take_account({account.bytes}));
    for (const DrillPeople::SentParcel& each : people_.parcels()) {
      const catalog::ParcelId parcel{each.id.bytes};
      const std::size_t links = loot_.links.size();
      SEALIFT_TRY_VOID(take_links(parcel, each.link));
      SEALIFT_TRY_VOID(take_part(parcel, catalog::Part::content, links));
      if (each.is_whole) SEALIFT_TRY_VOID(take_part(parcel, catalog::Part::manifest, links));
    }
    return std::move(loot_);
  }

 private:
  Result<crypto::SecretBuffer> unwrap(WrapFor purpose, ByteView subject, ByteView wrapped) {
    SEALIFT_TRY(auto plain, keys_.unwrap(purpose, subject, wrapped));
    add_windows(candidates_, plain.view());
    ++loot_.unwrapped;
    return plain;
  }

  Result<void> take_account(const catalog::AccountId& account) {
    SEALIFT_TRY(const auto slots, records_.slots->list(account));
    for (const catalog::Slot& slot : slots)
      SEALIFT_TRY_VOID(unwrap(WrapFor::slot, slot.id.view(), slot.wrapped));
    SEALIFT_TRY(const auto verifiers,
                records_.slots->verifiers(account, catalog::VerifierKind::authentication_key));
    for (const catalog::Verifier& verifier : verifiers)
      SEALIFT_TRY_VOID(unwrap(WrapFor::verifier, verifier.id.view(), verifier.wrapped));
    return {};
  }

  Result<void> take_links(const catalog::ParcelId& parcel,
                          const std::optional<parcel::Link>& link) {
    SEALIFT_TRY(const auto stored, records_.links->list(parcel));
    for (const catalog::Link& each : stored) {
      SEALIFT_TRY(const auto half, unwrap(WrapFor::link_half, each.id.view(), each.wrapped_half));
      if (!link || half.view().size() != parcel::ServerHalf::kSize)
        return base::fail(ErrorCode::internal, "a link that the drill does not know");
      const auto server_half = parcel::ServerHalf::copy_of(
          std::span<const std::byte, parcel::ServerHalf::kSize>(half.view()));
      const auto key = parcel::link_identity(*link, server_half, {});
      people_.add_key(key.view());
      SEALIFT_TRY(auto identity, client::identity_of_link(*link, server_half, {}));
      loot_.links.push_back(std::move(identity));
    }
    return {};
  }

  Result<void> take_part(const catalog::ParcelId& parcel, catalog::Part which, std::size_t links) {
    SEALIFT_TRY(auto part, records_.parcels->part(parcel, which));
    if (!part || part->header.empty())
      return base::fail(ErrorCode::internal, "a parcel that was sent is not in the catalog");
    Object object{.header = std::move(part->header)};
    if (loot_.links.size() > links) object.link = links;
    loot_.objects.push_back(std::move(object));
    return {};
  }

  const Records& records_;
  const VaultKeys& keys_;
  Candidates& candidates_;
  DrillPeople& people_;
  Loot loot_;
};

// Opens every stanza with a key that the drill knows; the file keys become canaries.
Result<void> prove_known(const Loot& loot, std::span<const age::Identity> own,
                         DrillPeople& people) {
  for (const Object& object : loot.objects) {
    SEALIFT_TRY(const age::Header header, age::Header::parse(object.header));
    std::vector<const age::Identity*> known;
    for (const age::Identity& each : own) known.push_back(&each);
    if (object.link) known.push_back(&loot.links[*object.link]);
    std::size_t stanzas = 0;
    for (const age::Identity* identity : known) {
      const auto key = age::open_header(header, std::span(identity, 1));
      if (!key) continue;
      if (stanzas++ == 0) people.add_key(key->view());
    }
    if (stanzas != header.stanzas().size())
      return base::fail(ErrorCode::internal, "an object is sealed to a key that nobody knows");
  }
  return {};
}

// How many objects the identity opens, of those sealed to `recipients`' keys.
Result<std::size_t> opened_with(const age::Identity& identity, const Loot& loot) {
  std::size_t opened = 0;
  for (const Object& object : loot.objects) {
    SEALIFT_TRY(const age::Header header, age::Header::parse(object.header));
    if (age::open_header(header, std::span(&identity, 1))) ++opened;
  }
  return opened;
}

}  // namespace

Result<KeyTrial> try_keys(const std::string& data, DrillPeople& people) {
  KeyTrial trial;
  Candidates candidates;
  SEALIFT_TRY(trial.files, add_key_files(data, candidates));
  crypto::SystemRandom random;
  SEALIFT_TRY(const auto folder, server::vault::DataFolder::open(data, random));
  const VaultKeys keys(folder.vault_key());
  SEALIFT_TRY(const auto catalog, catalog::open_sqlite_catalog(folder.catalog_path()));
  SEALIFT_TRY(const Loot loot, catalog->read([&](const Records& records) -> Result<Loot> {
    return Thief(records, keys, candidates, people).take();
  }));
  trial.unwrapped = loot.unwrapped;
  trial.objects = loot.objects.size();
  SEALIFT_TRY(const auto own, people.identities());
  SEALIFT_TRY_VOID(prove_known(loot, own, people));

  std::set<std::string> recipients;
  for (const auto* all : {&own, &loot.links}) {
    for (const age::Identity& each : *all) {
      SEALIFT_TRY(const age::Recipient recipient, each.recipient());
      recipients.insert(recipient.text());
    }
  }
  trial.candidates = candidates.size();
  for (const Bytes& candidate : candidates) {
    SEALIFT_TRY(const auto identity,
                age::Identity::parse(age::bech32_encode(kIdentityPrefix, candidate)));
    SEALIFT_TRY(const age::Recipient recipient, identity.recipient());
    if (!recipients.contains(recipient.text())) continue;
    SEALIFT_TRY(const std::size_t opened, opened_with(identity, loot));
    trial.opened += opened;
  }
  if (trial.candidates == 0) return base::fail(ErrorCode::internal, "the server has no keys");
  return trial;
}

}  // namespace sealift::cli
