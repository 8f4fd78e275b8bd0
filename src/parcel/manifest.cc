#include "parcel/manifest.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "parcel/internal/signed_text.h"
#include "parcel/internal/strict_json.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;
using internal::Fields;
using internal::Json;
using internal::kJsonIntegerMax;

constexpr std::string_view kLabel = "sealift-manifest/v2";

Json json_of(const ManifestEntry& item, std::uint64_t offset) {
  return {
      {"hash", base::hex_encode(item.content_hash)},
      {"kind", item.entry.kind == EntryKind::folder ? "folder" : "file"},
      {"modified", item.entry.modified_unix_s},
      {"offset", offset},
      {"path", item.entry.path.text()},
      {"permissions", item.entry.permissions},
      {"size", item.entry.size_bytes},
  };
}

Json json_of(const ManifestRecipient& recipient) {
  return {
      {"address", recipient.address},
      {"fingerprint", base::hex_encode(recipient.fingerprint)},
      {"previous", recipient.previous ? base::hex_encode(*recipient.previous) : ""},
  };
}

Json json_of(const Manifest& manifest) {
  const TarLayout layout = layout_of(manifest);
  Json entries = Json::array();
  for (std::size_t i = 0; i < manifest.entries.size(); ++i)
    entries.push_back(json_of(manifest.entries[i], layout.content_offsets[i]));
  Json recipients = Json::array();
  for (const ManifestRecipient& recipient : manifest.recipients)
    recipients.push_back(json_of(recipient));
  return {
      {"content",
       {{"file_key", base::hex_encode(manifest.content_key)},
        {"nonce", base::hex_encode(manifest.payload_nonce)},
        {"size", layout.size_bytes}}},
      {"created", manifest.created_unix_ms},
      {"entries", std::move(entries)},
      {"manifest", {{"file_key", base::hex_encode(manifest.manifest_key)}}},
      {"note", manifest.note},
      {"parcel", base::hex_encode(manifest.parcel_id)},
      {"policy",
       {{"expires", manifest.policy.expires_unix_ms},
        {"needs_passphrase", manifest.policy.needs_passphrase},
        {"opens_max", manifest.policy.opens_max}}},
      {"recipients", std::move(recipients)},
      {"sender", {{"address", manifest.sender_address}}},
  };
}

template <std::size_t N>
void copy_to(std::array<std::byte, N>& to, const base::Bytes& from) {
  std::ranges::copy(from, to.begin());
}

base::Result<ManifestEntry> read_entry(const Json& value, std::uint64_t& offset) {
  Fields fields(value, "entry");
  const base::Bytes hash = fields.hex("hash", crypto::kSha256Size);
  const std::string kind = fields.text("kind", 8);
  const std::int64_t modified = fields.integer("modified", -kJsonIntegerMax, kJsonIntegerMax);
  offset = static_cast<std::uint64_t>(fields.integer("offset", 0, kJsonIntegerMax));
  const std::string path = fields.text("path", limits::kEntryPathSizeMax);
  const std::int64_t permissions = fields.integer("permissions", 0, 0777);
  const std::int64_t size = fields.integer("size", 0, kJsonIntegerMax);
  SEALIFT_TRY_VOID(fields.end());
  if (kind != "file" && kind != "folder")
    return fail(ErrorCode::malformed, "entry.kind is unknown");
  if (kind == "folder" && size != 0) return fail(ErrorCode::malformed, "a folder has a size");
  SEALIFT_TRY(EntryPath parsed, EntryPath::parse(path));
  ManifestEntry item{.entry = {.path = std::move(parsed),
                               .kind = kind == "folder" ? EntryKind::folder : EntryKind::file,
                               .permissions = static_cast<std::uint32_t>(permissions),
                               .modified_unix_s = modified,
                               .size_bytes = static_cast<std::uint64_t>(size)}};
  copy_to(item.content_hash, hash);
  return item;
}

// No path twice, and nothing below a file: else which of the two a receiver gets is chance.
base::Result<void> check_tree(const std::vector<ManifestEntry>& entries) {
  std::map<std::string_view, EntryKind> kinds;
  for (const ManifestEntry& item : entries) {
    if (!kinds.emplace(item.entry.path.text(), item.entry.kind).second)
      return fail(ErrorCode::malformed, "a path stands twice in the manifest");
  }
  for (const ManifestEntry& item : entries) {
    std::string_view above = item.entry.path.text();
    for (std::size_t slash = above.rfind('/'); slash != above.npos; slash = above.rfind('/')) {
      above = above.substr(0, slash);
      const auto found = kinds.find(above);
      if (found != kinds.end() && found->second == EntryKind::file)
        return fail(ErrorCode::malformed, "an entry stands below a file");
    }
  }
  return {};
}

base::Result<std::vector<ManifestEntry>> read_entries(const Json& array, std::uint64_t size_bytes) {
  std::vector<ManifestEntry> items;
  std::vector<std::uint64_t> offsets;
  items.reserve(array.size());
  std::uint64_t total = 0;
  for (const Json& value : array) {
    SEALIFT_TRY(ManifestEntry item, read_entry(value, offsets.emplace_back()));
    total += item.entry.size_bytes;
    if (total > static_cast<std::uint64_t>(kJsonIntegerMax))
      return fail(ErrorCode::limit, "the entries are larger than any parcel, with " +
                                        std::to_string(total) + " bytes");
    items.push_back(std::move(item));
  }
  SEALIFT_TRY_VOID(check_tree(items));
  Manifest only_entries;
  only_entries.entries = std::move(items);
  const TarLayout layout = layout_of(only_entries);
  if (layout.content_offsets != offsets || layout.size_bytes != size_bytes)
    return fail(ErrorCode::malformed, "an offset or size does not follow from the entries");
  return std::move(only_entries.entries);
}

base::Result<std::optional<ParcelIdBytes>> read_previous(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto bytes = base::hex_decode(text);
  ParcelIdBytes id{};
  if (!bytes || bytes->size() != id.size())
    return fail(ErrorCode::malformed, "recipient.previous is not a parcel");
  copy_to(id, *bytes);
  return id;
}

base::Result<std::vector<ManifestRecipient>> read_recipients(const Json& array) {
  std::vector<ManifestRecipient> recipients;
  for (const Json& value : array) {
    Fields fields(value, "recipient");
    ManifestRecipient recipient;
    recipient.address = fields.text("address", limits::kAddressSizeMax);
    copy_to(recipient.fingerprint, fields.hex("fingerprint", crypto::kSha256Size));
    const std::string previous = fields.text("previous", 2 * sizeof(ParcelIdBytes));
    SEALIFT_TRY_VOID(fields.end());
    SEALIFT_TRY(recipient.previous, read_previous(previous));
    recipients.push_back(std::move(recipient));
  }
  return recipients;
}

base::Result<ManifestPolicy> read_policy(const Json& value) {
  Fields fields(value, "policy");
  ManifestPolicy policy;
  policy.expires_unix_ms = fields.integer("expires", 0, kJsonIntegerMax);
  policy.needs_passphrase = fields.boolean("needs_passphrase");
  policy.opens_max = fields.integer("opens_max", 0, kJsonIntegerMax);
  SEALIFT_TRY_VOID(fields.end());
  return policy;
}

base::Result<void> read_commitments(Fields& fields, Fields& content, Manifest& manifest) {
  copy_to(manifest.content_key, content.hex("file_key", manifest.content_key.size()));
  Fields own(fields.object("manifest"), "manifest.manifest");
  copy_to(manifest.manifest_key, own.hex("file_key", manifest.manifest_key.size()));
  return own.end();
}

base::Result<Manifest> read_json(const Json& value) {
  Manifest read;
  Fields fields(value, "manifest");
  Fields content(fields.object("content"), "content");
  SEALIFT_TRY_VOID(read_commitments(fields, content, read));
  copy_to(read.payload_nonce, content.hex("nonce", read.payload_nonce.size()));
  const std::int64_t size = content.integer("size", 0, kJsonIntegerMax);
  read.created_unix_ms = fields.integer("created", 0, kJsonIntegerMax);
  const Json& entries = fields.array("entries", limits::kParcelEntriesMax);
  read.note = fields.text("note", limits::kNoteSizeMax);
  copy_to(read.parcel_id, fields.hex("parcel", read.parcel_id.size()));
  const Json& policy = fields.object("policy");
  const Json& recipients = fields.array("recipients", limits::kParcelRecipientsMax);
  Fields sender(fields.object("sender"), "sender");
  read.sender_address = sender.text("address", limits::kAddressSizeMax);
  SEALIFT_TRY_VOID(fields.end());
  SEALIFT_TRY_VOID(content.end());
  SEALIFT_TRY_VOID(sender.end());
  SEALIFT_TRY(read.policy, read_policy(policy));
  SEALIFT_TRY(read.recipients, read_recipients(recipients));
  SEALIFT_TRY(read.entries, read_entries(entries, static_cast<std::uint64_t>(size)));
  return read;
}

}  // namespace

TarLayout layout_of(const Manifest& manifest) {
  std::vector<Entry> entries;
  entries.reserve(manifest.entries.size());
  for (const ManifestEntry& item : manifest.entries) entries.push_back(item.entry);
  return lay_out(entries);
}

std::string manifest_json(const Manifest& manifest) {
  return internal::write_canonical(json_of(manifest));
}

base::Bytes sign_manifest(const Manifest& manifest, const crypto::Ed25519Secret& sender) {
  base::Bytes out = internal::write_signed(kLabel, manifest_json(manifest), sender);
  // What we write we would read.
  SEALIFT_CHECK(read_manifest(out).has_value());
  return out;
}

base::Result<SignedManifest> read_manifest(base::ByteView bytes) {
  if (bytes.size() > limits::kManifestSizeMax)
    return fail(ErrorCode::limit, "the manifest has " + std::to_string(bytes.size()) +
                                      " bytes, and may have " +
                                      std::to_string(limits::kManifestSizeMax));
  const auto signed_text = internal::read_signed(kLabel, bytes);
  if (!signed_text) {
    base::Error error = signed_text.error();
    return tl::unexpected(std::move(error).with_context("the manifest"));
  }
  SEALIFT_TRY(const Json value, internal::parse_canonical(signed_text->text));
  SEALIFT_TRY(Manifest manifest, read_json(value));
  return SignedManifest{std::move(manifest), signed_text->signed_by};
}

}  // namespace sealift::parcel
