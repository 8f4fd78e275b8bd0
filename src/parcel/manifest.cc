#include "parcel/manifest.h"

#include <algorithm>
#include <map>

#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "parcel/internal/strict_json.h"

namespace sealift::parcel {
namespace {

using base::ErrorCode;
using base::fail;
using internal::Fields;
using internal::Json;
using internal::kJsonIntegerMax;

constexpr std::string_view kLabel = "sealift-manifest/v1\n";

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

Json json_of(const Manifest& manifest, const crypto::Ed25519Public& signing_key) {
  const TarLayout layout = layout_of(manifest);
  Json entries = Json::array();
  for (std::size_t i = 0; i < manifest.entries.size(); ++i)
    entries.push_back(json_of(manifest.entries[i], layout.content_offsets[i]));
  Json recipients = Json::array();
  for (const ManifestRecipient& recipient : manifest.recipients) {
    recipients.push_back(
        {{"address", recipient.address}, {"fingerprint", base::hex_encode(recipient.fingerprint)}});
  }
  return {
      {"content",
       {{"nonce", base::hex_encode(manifest.payload_nonce)}, {"size", layout.size_bytes}}},
      {"created", manifest.created_unix_ms},
      {"entries", std::move(entries)},
      {"note", manifest.note},
      {"parcel", base::hex_encode(manifest.parcel_id)},
      {"policy",
       {{"expires", manifest.policy.expires_unix_ms},
        {"needs_passphrase", manifest.policy.needs_passphrase},
        {"opens_max", manifest.policy.opens_max}}},
      {"recipients", std::move(recipients)},
      {"sender",
       {{"address", manifest.sender_address}, {"signing_key", base::hex_encode(signing_key)}}},
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
      return fail(ErrorCode::limit, "the entries are larger than any parcel");
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

base::Result<std::vector<ManifestRecipient>> read_recipients(const Json& array) {
  std::vector<ManifestRecipient> recipients;
  for (const Json& value : array) {
    Fields fields(value, "recipient");
    ManifestRecipient recipient;
    recipient.address = fields.text("address", limits::kAddressSizeMax);
    copy_to(recipient.fingerprint, fields.hex("fingerprint", crypto::kSha256Size));
    SEALIFT_TRY_VOID(fields.end());
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

base::Result<SignedManifest> read_json(const Json& value) {
  SignedManifest read;
  Fields fields(value, "manifest");
  Fields content(fields.object("content"), "content");
  copy_to(read.manifest.payload_nonce, content.hex("nonce", read.manifest.payload_nonce.size()));
  const std::int64_t size = content.integer("size", 0, kJsonIntegerMax);
  read.manifest.created_unix_ms = fields.integer("created", 0, kJsonIntegerMax);
  const Json& entries = fields.array("entries", limits::kParcelEntriesMax);
  read.manifest.note = fields.text("note", limits::kNoteSizeMax);
  copy_to(read.manifest.parcel_id, fields.hex("parcel", read.manifest.parcel_id.size()));
  const Json& policy = fields.object("policy");
  const Json& recipients = fields.array("recipients", limits::kParcelRecipientsMax);
  Fields sender(fields.object("sender"), "sender");
  read.manifest.sender_address = sender.text("address", limits::kAddressSizeMax);
  copy_to(read.signed_by, sender.hex("signing_key", crypto::kEd25519PublicSize));
  SEALIFT_TRY_VOID(fields.end());
  SEALIFT_TRY_VOID(content.end());
  SEALIFT_TRY_VOID(sender.end());
  SEALIFT_TRY(read.manifest.policy, read_policy(policy));
  SEALIFT_TRY(read.manifest.recipients, read_recipients(recipients));
  SEALIFT_TRY(read.manifest.entries, read_entries(entries, static_cast<std::uint64_t>(size)));
  return read;
}

std::string signed_text(std::string_view json) { return std::string(kLabel) + std::string(json); }

}  // namespace

TarLayout layout_of(const Manifest& manifest) {
  std::vector<Entry> entries;
  entries.reserve(manifest.entries.size());
  for (const ManifestEntry& item : manifest.entries) entries.push_back(item.entry);
  return lay_out(entries);
}

base::Bytes sign_manifest(const Manifest& manifest, const crypto::Ed25519Secret& sender) {
  const std::string json = internal::write_canonical(json_of(manifest, sender.public_key()));
  const crypto::Ed25519Signature signature = sender.sign(base::bytes_of(signed_text(json)));
  const std::string whole =
      std::string(kLabel) + base::base64_encode(signature, base::Padding::required) + "\n" + json;
  base::Bytes out = base::copy_of(base::bytes_of(whole));
  // What we write we would read.
  SEALIFT_CHECK(read_manifest(out).has_value());
  return out;
}

base::Result<SignedManifest> read_manifest(base::ByteView bytes) {
  if (bytes.size() > limits::kManifestSizeMax)
    return fail(ErrorCode::limit, "the manifest is too large");
  std::string_view rest = base::text_of(bytes);
  if (!rest.starts_with(kLabel)) return fail(ErrorCode::malformed, "this is not a manifest");
  rest.remove_prefix(kLabel.size());
  const std::size_t end = rest.find('\n');
  if (end == rest.npos) return fail(ErrorCode::malformed, "the manifest is not signed");
  const auto signature = base::base64_decode(rest.substr(0, end), base::Padding::required);
  if (!signature || signature->size() != crypto::kEd25519SignatureSize)
    return fail(ErrorCode::malformed, "the manifest's signature is not one");
  rest.remove_prefix(end + 1);

  SEALIFT_TRY(const Json value, internal::parse_canonical(rest));
  SEALIFT_TRY(SignedManifest read, read_json(value));
  const std::span<const std::byte, crypto::kEd25519SignatureSize> fixed(*signature);
  if (!crypto::ed25519_verify(read.signed_by, base::bytes_of(signed_text(rest)), fixed))
    return fail(ErrorCode::damaged, "the manifest's signature is wrong");
  return read;
}

}  // namespace sealift::parcel
