#include "client/transfer/sent_note.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/atomic_file.h"
#include "base/byte_reader.h"
#include "base/hex.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kFirstLine = "sealift-sent/1";
constexpr std::size_t kNoteSizeMax = 1024;

std::optional<base::Bytes> bytes_of(base::ByteReader& reader, std::string_view name) {
  const auto line = reader.line();
  if (!line || !line->starts_with(name) || line->size() == name.size() ||
      (*line)[name.size()] != ' ')
    return std::nullopt;
  return base::hex_decode(line->substr(name.size() + 1));
}

}  // namespace

Result<SentNote> SentNote::parse(base::ByteView bytes) {
  base::ByteReader reader(bytes);
  const bool begins_well = reader.line() == kFirstLine;
  const auto manifest = bytes_of(reader, "manifest");
  const auto link = bytes_of(reader, "link");
  SentNote note;
  if (!begins_well || !manifest || manifest->size() != note.manifest_hash.size() || !link ||
      (!link->empty() && link->size() != crypto::kEd25519PublicSize) || !reader.at_end())
    return base::fail(ErrorCode::malformed, "this is not a note of a sent parcel");
  std::ranges::copy(*manifest, note.manifest_hash.begin());
  if (!link->empty()) std::ranges::copy(*link, note.link_key.emplace().begin());
  return note;
}

std::string SentNote::text() const {
  return std::string(kFirstLine) + "\nmanifest " + base::hex_encode(manifest_hash) + "\nlink " +
         (link_key ? base::hex_encode(*link_key) : "") + "\n";
}

std::optional<SentNote> SentNotes::load(const api::ParcelId& parcel) const {
  const base::FileDescriptor file(::open(path(parcel).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return std::nullopt;
  base::Bytes bytes(kNoteSizeMax);
  const auto size = base::read_full(file.get(), bytes);
  if (!size) return std::nullopt;
  const auto note = SentNote::parse(base::ByteView(bytes).first(*size));
  return note ? std::optional(*note) : std::nullopt;
}

Result<void> SentNotes::save(const api::ParcelId& parcel, const SentNote& note) const {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "make a folder for what was sent"));
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path(parcel), 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(note.text())));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

}  // namespace sealift::client
