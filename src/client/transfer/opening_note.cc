#include "client/transfer/opening_note.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/atomic_file.h"
#include "base/byte_reader.h"
#include "base/hex.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kFirstLine = "sealift-opening/1";
constexpr std::size_t kHalfSize = 32;
constexpr std::size_t kNoteSizeMax = 4096;

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "this is not a note of an opening");
}

std::optional<std::string_view> value_of(base::ByteReader& reader, std::string_view name) {
  const auto line = reader.line();
  if (!line || !line->starts_with(name) || line->size() == name.size() ||
      (*line)[name.size()] != ' ')
    return std::nullopt;
  return line->substr(name.size() + 1);
}

std::optional<std::uint64_t> number_of(base::ByteReader& reader, std::string_view name) {
  const auto text = value_of(reader, name);
  std::uint64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

}  // namespace

Result<OpeningNote> OpeningNote::of(const api::Ticket& ticket) {
  OpeningNote note{.opening = ticket.opening.id,
                   .ticket = ticket.ticket,
                   .server_half = ticket.server_half.value_or(api::Base64{}).bytes};
  for (const api::PartSize& part : ticket.parts) {
    if (part.part == api::Part::manifest) note.manifest_bytes = part.payload_bytes;
    if (part.part == api::Part::content) note.content_bytes = part.payload_bytes;
  }
  const bool half_is_good = note.server_half.empty() || note.server_half.size() == kHalfSize;
  if (note.manifest_bytes == 0 || note.content_bytes == 0 || !half_is_good)
    return base::fail(ErrorCode::malformed, "the server's ticket lacks something");
  return note;
}

Result<OpeningNote> OpeningNote::parse(base::ByteView bytes) {
  base::ByteReader reader(bytes);
  if (reader.line() != kFirstLine) return malformed();
  const auto opening = api::OpeningId::parse(value_of(reader, "opening").value_or(""));
  const auto ticket = value_of(reader, "ticket");
  const auto half = base::hex_decode(value_of(reader, "server-half").value_or("x"));
  const auto manifest_bytes = number_of(reader, "manifest-bytes");
  const auto content_bytes = number_of(reader, "content-bytes");
  if (!opening || !ticket || !api::is_token(*ticket) || !half || !manifest_bytes ||
      !content_bytes || !reader.at_end() || (!half->empty() && half->size() != kHalfSize))
    return malformed();
  return OpeningNote{.opening = *opening,
                     .ticket = {std::string(*ticket)},
                     .server_half = *half,
                     .manifest_bytes = *manifest_bytes,
                     .content_bytes = *content_bytes};
}

std::string OpeningNote::text() const {
  return std::string(kFirstLine) + "\nopening " + opening.text() + "\nticket " + ticket.text +
         "\nserver-half " + base::hex_encode(server_half) + "\nmanifest-bytes " +
         std::to_string(manifest_bytes) + "\ncontent-bytes " + std::to_string(content_bytes) + "\n";
}

std::optional<OpeningNote> OpeningNotes::load(const api::ParcelId& parcel) const {
  const base::FileDescriptor file(::open(path(parcel).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return std::nullopt;
  base::Bytes bytes(kNoteSizeMax);
  const auto size = base::read_full(file.get(), bytes);
  if (!size) return std::nullopt;
  auto note = OpeningNote::parse(base::ByteView(bytes).first(*size));
  if (!note) return std::nullopt;
  return *std::move(note);
}

Result<void> OpeningNotes::save(const api::ParcelId& parcel, const OpeningNote& note) const {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "make a folder for openings"));
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path(parcel), 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(note.text())));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

void OpeningNotes::remove(const api::ParcelId& parcel) const { ::unlink(path(parcel).c_str()); }

}  // namespace sealift::client
