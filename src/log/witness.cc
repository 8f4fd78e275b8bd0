#include "log/witness.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/hex.h"
#include "base/limits.h"

namespace sealift::log {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kOld = "old ";
constexpr std::size_t kPathMax = 63;

tl::unexpected<base::Error> malformed(const char* what) {
  return base::fail(ErrorCode::malformed, std::string("witness request: ") + what);
}

// What was signed last; an empty tree when nothing was.
Result<TreeHead> last_head(base::FileSystem& files, const VerifierKey& log) {
  const auto note = base::read_file(files, monitoring_path(log.name()), limits::kLogNoteSizeMax);
  if (!note && note.error().code == ErrorCode::not_found) return TreeHead{0, empty_root()};
  if (!note) return tl::unexpected(note.error());
  SEALIFT_TRY(const Checkpoint checkpoint, open_checkpoint(base::text_of(*note), log));
  return checkpoint.head;
}

bool continues(const TreeHead& last, const Checkpoint& checkpoint, std::span<const Hash> path) {
  if (checkpoint.head.size == 0) return checkpoint.head.root == empty_root() && path.empty();
  return verify_consistency(last, checkpoint.head, path);
}

}  // namespace

std::string monitoring_path(std::string_view origin) {
  return base::hex_encode(crypto::sha256(base::bytes_of(origin))) + "/checkpoint";
}

std::string witness_request_text(const WitnessRequest& request) {
  std::string text = std::string(kOld) + std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.path)
    text += base::base64_encode(hash, base::Padding::required) + "\n";
  return text + "\n" + request.note;
}

Result<WitnessRequest> parse_witness_request(std::string_view text) {
  base::ByteReader in(base::bytes_of(text));
  const auto first = in.line();
  if (!first || !first->starts_with(kOld)) return malformed("old size");
  const auto size = parse_log_number(first->substr(kOld.size()));
  if (!size) return malformed("old size");
  WitnessRequest request{.old_size = *size, .path = {}, .note = {}};
  for (auto line = in.line(); line != ""; line = in.line()) {
    const auto hash = line ? parse_log_hash(*line) : std::nullopt;
    if (!hash || request.path.size() == kPathMax) return malformed("proof");
    request.path.push_back(*hash);
  }
  request.note = base::text_of(*in.take(in.remaining()));
  SEALIFT_TRY_VOID(parse_note(request.note));
  return request;
}

Result<WitnessAnswer> Witness::add_checkpoint(std::string_view text, std::uint64_t now_s) {
  const auto answer = [](WitnessStatus status) { return WitnessAnswer{status}; };
  const auto request = parse_witness_request(text);
  if (!request) return answer(WitnessStatus::malformed);
  SEALIFT_TRY(const Note note, parse_note(request->note));
  const auto claimed = parse_checkpoint_text(note.text);
  if (!claimed) return answer(WitnessStatus::malformed);
  const auto log = std::ranges::find(logs_, claimed->origin, &VerifierKey::name);
  if (log == logs_.end()) return answer(WitnessStatus::unknown_log);
  const auto checkpoint = open_checkpoint(request->note, *log);
  if (!checkpoint) return answer(WitnessStatus::not_signed);
  if (request->old_size > checkpoint->head.size) return answer(WitnessStatus::malformed);
  SEALIFT_TRY(const TreeHead last, last_head(files_, *log));
  if (request->old_size != last.size)
    return WitnessAnswer{WitnessStatus::another_size, std::to_string(last.size) + "\n"};
  if (!continues(last, *checkpoint, request->path)) return answer(WitnessStatus::contradicts);
  const std::string line = cosign(cosigner_, note.text, now_s);
  // The log's own signature and ours: what others left there is not ours to keep.
  const auto own = std::ranges::find_if(note.signatures, [&](const NoteSignature& each) {
    return each.name == log->name() && each.key_id == log->key_id();
  });
  const std::string kept =
      note.text + "\n" + signature_line(own->name, own->key_id, own->signature) + line;
  const std::string path = monitoring_path(log->name());
  SEALIFT_TRY_VOID(files_.make_folder(base::folder_of_path(path)));
  SEALIFT_TRY_VOID(base::replace_file(files_, path, base::bytes_of(kept)));
  return WitnessAnswer{WitnessStatus::cosigned, line};
}

Result<std::string> Witness::checkpoint(std::string_view origin) {
  SEALIFT_TRY(const base::Bytes note,
              base::read_file(files_, monitoring_path(origin), limits::kLogNoteSizeMax));
  return std::string(base::text_of(note));
}

}  // namespace sealift::log
