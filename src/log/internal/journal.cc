#include "log/internal/journal.h"

#include <algorithm>
#include <optional>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "log/tile.h"

namespace sealift::log::internal {

using base::ByteView;

namespace {

constexpr std::string_view kMagic = "SLframe\n";
constexpr std::size_t kFieldsSize = 24;

Hash digest_of(ByteView fields, ByteView body) {
  crypto::Sha256 hash;
  hash.update(fields);
  hash.update(body);
  return hash.finish();
}

struct Frame {
  std::uint64_t first_index = 0;
  std::vector<ByteView> entries;
  std::size_t size_bytes = 0;
};

// The frame at the start of `bytes`, or nullopt when there is no valid one.
std::optional<Frame> read_frame(ByteView bytes) {
  base::ByteReader in(bytes);
  const auto magic = in.take(kMagic.size());
  const auto first = in.u64_le();
  const auto count = in.u32_le();
  const auto size = in.u32_le();
  const auto digest = in.take(crypto::kSha256Size);
  if (!digest || base::text_of(*magic) != kMagic) return std::nullopt;
  if (*count == 0 || *count > kTileWidth) return std::nullopt;
  const auto body = in.take(*size);
  if (!body || !std::ranges::equal(*digest, digest_of(bytes.first(kFieldsSize), *body)))
    return std::nullopt;
  auto entries = parse_bundle(*body, *count);
  if (!entries) return std::nullopt;
  return Frame{*first, *std::move(entries), bytes.size() - in.remaining()};
}

bool has_frame(ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  for (std::size_t at = text.find(kMagic); at != std::string_view::npos;
       at = text.find(kMagic, at + 1)) {
    if (read_frame(bytes.subspan(at))) return true;
  }
  return false;
}

}  // namespace

base::Bytes encode_frame(std::uint64_t first_index, std::span<const base::Bytes> entries) {
  base::Bytes body;
  for (const base::Bytes& entry : entries) append_to_bundle(body, entry);
  base::ByteWriter out;
  out.text(kMagic);
  out.u64_le(first_index);
  out.u32_le(static_cast<std::uint32_t>(entries.size()));
  out.u32_le(static_cast<std::uint32_t>(body.size()));
  out.bytes(digest_of(out.written(), body));
  out.bytes(body);
  return std::move(out).take();
}

base::Result<Journal> read_journal(ByteView file, std::uint64_t first_index) {
  Journal journal;
  for (ByteView rest = file; !rest.empty(); rest = file.subspan(journal.valid_bytes)) {
    const auto frame = read_frame(rest);
    if (!frame) break;
    if (frame->first_index != first_index + journal.entries.size() ||
        journal.entries.size() + frame->entries.size() > kTileWidth)
      return base::fail(base::ErrorCode::damaged, "the journal's entries are out of order");
    journal.entries.insert(journal.entries.end(), frame->entries.begin(), frame->entries.end());
    journal.valid_bytes += frame->size_bytes;
  }
  if (has_frame(file.subspan(journal.valid_bytes)))
    return base::fail(base::ErrorCode::damaged, "the journal has entries after damaged ones");
  return journal;
}

}  // namespace sealift::log::internal
