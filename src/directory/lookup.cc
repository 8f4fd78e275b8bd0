#include "directory/lookup.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"

namespace sealift::directory {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kFirstLine = "sealift directory lookup v1";
constexpr std::size_t kPathMax = 64;

tl::unexpected<base::Error> malformed(const char* what) {
  return base::fail(ErrorCode::malformed, std::string("directory lookup: ") + what);
}

std::string named_line(std::string_view name, base::ByteView bytes) {
  return std::string(name) + " " + base::base64_encode(bytes, base::Padding::required) + "\n";
}

std::optional<base::Bytes> take_named_line(base::ByteReader& in, std::string_view name) {
  const auto line = in.line();
  if (!line || !line->starts_with(name) || line->size() <= name.size() ||
      (*line)[name.size()] != ' ')
    return std::nullopt;
  return base::base64_decode(line->substr(name.size() + 1), base::Padding::required);
}

}  // namespace

std::string lookup_text(const Lookup& lookup) {
  std::string text = std::string(kFirstLine) + "\n" + named_line("vrf", lookup.vrf) +
                     named_line("map", encode_map_proof(lookup.map)) +
                     named_line("last", encode_entry(lookup.last));
  for (const log::Hash& hash : lookup.path)
    text += base::base64_encode(hash, base::Padding::required) + "\n";
  return text + "\n" + lookup.note;
}

Result<Lookup> parse_lookup(std::string_view text) {
  base::ByteReader in(base::bytes_of(text));
  if (in.line() != kFirstLine) return malformed("another format or version");
  Lookup lookup;
  const auto vrf = take_named_line(in, "vrf");
  if (!vrf || vrf->size() != lookup.vrf.size()) return malformed("vrf line");
  std::ranges::copy(*vrf, lookup.vrf.begin());
  const auto map = take_named_line(in, "map");
  if (!map) return malformed("map line");
  SEALIFT_TRY(lookup.map, parse_map_proof(*map));
  const auto last = take_named_line(in, "last");
  if (!last) return malformed("last line");
  SEALIFT_TRY(lookup.last, parse_entry(*last));
  for (auto line = in.line(); line != ""; line = in.line()) {
    const auto hash = line ? log::parse_log_hash(*line) : std::nullopt;
    if (!hash || lookup.path.size() == kPathMax) return malformed("path");
    lookup.path.push_back(*hash);
  }
  lookup.note = base::text_of(*in.take(in.remaining()));
  if (const auto note = log::parse_note(lookup.note); !note) return tl::unexpected(note.error());
  return lookup;
}

Result<Found> verify_lookup(const Lookup& lookup, std::string_view address,
                            const log::VerifierKey& key, const crypto::VrfPublic& vrf_key) {
  Found found;
  SEALIFT_TRY(found.checkpoint, log::open_checkpoint(lookup.note, key));
  const log::TreeHead& head = found.checkpoint.head;
  if (head.size == 0) return base::fail(ErrorCode::damaged, "directory: an empty log");
  const log::Place place{.index = head.size - 1, .tree_size = head.size};
  if (!log::verify_inclusion(log::leaf_hash(encode_entry(lookup.last)), place, lookup.path,
                             head.root))
    return base::fail(ErrorCode::damaged, "directory: not the log's last entry");
  const auto* first = std::get_if<FirstEntry>(&lookup.last);
  if ((first != nullptr) != (head.size == 1) || (first != nullptr && first->vrf_key != vrf_key))
    return base::fail(ErrorCode::damaged, "directory: a first entry where none may be");
  const auto index = crypto::vrf_verify(vrf_key, index_input(address), lookup.vrf);
  if (!index) return base::fail(ErrorCode::damaged, "directory: not the address's index");
  found.index = *index;
  SEALIFT_TRY(found.state, verify_map_proof(lookup.map, *index, root_after(lookup.last)));
  if (first == nullptr) found.changed_ms = std::get<ChangeEntry>(lookup.last).time_ms;
  return found;
}

}  // namespace sealift::directory
