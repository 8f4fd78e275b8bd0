#include "client/transfer/receive_content.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "age/open/open_reader_at.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/refusal.h"
#include "client/transfer/entry_writer.h"
#include "client/transfer/ordered_work.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::Result;
using parcel::EntryKind;

// Sixteen chunks: what age/open/open_reader_at.h reads at once.
constexpr std::size_t kSpanSize = 16 * age::kChunkSize;
constexpr std::uint64_t kSealedSpanSize = 16 * age::kSealedChunkSize;
constexpr std::string_view kReachedNote = "reached";

struct Span {
  std::uint64_t offset = 0;
  std::size_t size = 0;
};

// How far the stream has been taken without a gap: the manifest's hash and 8 bytes, in the working
// folder. Written after each step, so that it lags behind what is on the disk and never leads.
class Reached {
 public:
  static Result<Reached> open(OutputTree& tree, const crypto::Sha256Digest& manifest_hash) {
    SEALIFT_TRY(base::FileDescriptor file, tree.open_note(std::string(kReachedNote)));
    base::Bytes bytes(kSize);
    SEALIFT_TRY(const std::size_t got, base::pread_full(file.get(), bytes, 0));
    base::ByteReader reader(bytes);
    const auto hash = reader.take(manifest_hash.size());
    const auto offset = reader.u64_le();
    const bool is_ours = got == kSize && std::ranges::equal(*hash, manifest_hash);
    return Reached(std::move(file), manifest_hash, is_ours ? *offset : 0);
  }

  std::uint64_t offset() const { return offset_; }

  Result<void> advance(std::uint64_t offset) {
    base::ByteWriter writer;
    writer.bytes(manifest_hash_);
    writer.u64_le(offset);
    offset_ = offset;
    return base::pwrite_full(file_.get(), writer.written(), 0);
  }

 private:
  static constexpr std::size_t kSize = crypto::kSha256Size + 8;
  Reached(base::FileDescriptor file, const crypto::Sha256Digest& hash, std::uint64_t offset)
      : file_(std::move(file)), manifest_hash_(hash), offset_(offset) {}

  base::FileDescriptor file_;
  crypto::Sha256Digest manifest_hash_;
  std::uint64_t offset_;
};

// Which of a list of spans are done, as a number: all before it.
class DoneInOrder {
 public:
  explicit DoneInOrder(std::size_t count) : done_(count) {}
  // How many are done without a gap, now that `item` is.
  std::size_t finish(std::size_t item) {
    done_[item] = true;
    while (first_ < done_.size() && done_[first_]) ++first_;
    return first_;
  }

 private:
  std::vector<bool> done_;
  std::size_t first_ = 0;
};

class Receiving {
 public:
  explicit Receiving(ReceiveJob job)
      : job_(std::move(job)),
        map_(entries_of(job_.manifest)),
        placing_(job_.manifest, job_.tree, job_.decide ? job_.decide : fail_all, job_.workers) {}

  Result<ReceiveSummary> run() {
    const std::vector<bool> asked = job_.wanted;
    SEALIFT_TRY_VOID(find_what_is_there());
    SEALIFT_TRY(Reached reached, Reached::open(job_.tree, job_.manifest_hash));
    EntryWriter writer(job_.manifest, map_, job_.tree, placing_, job_.wanted);
    SEALIFT_TRY_VOID(writer.make_what_is_empty());
    SEALIFT_TRY_VOID(pass(writer, reached.offset(), &reached));
    SEALIFT_TRY_VOID(publish_blocked(writer));
    // What the disk had wrong, whole and from the network alone.
    if (const auto stale = writer.take_stale(); !stale.empty()) {
      std::vector<bool> again(job_.wanted.size());
      for (const std::size_t entry : stale) again[entry] = true;
      EntryWriter anew(job_.manifest, map_, job_.tree, placing_, std::move(again));
      SEALIFT_TRY_VOID(pass(anew, 0, nullptr));
      SEALIFT_TRY_VOID(publish_blocked(anew));
    }
    // From the bottom up: what is made in a folder changes its time.
    for (std::size_t left = asked.size(); left > 0; --left) {
      const parcel::Entry& entry = map_.entries()[left - 1];
      const auto& target = placing_.target(left - 1);
      if (!asked[left - 1] || entry.kind != EntryKind::folder || !target) continue;
      SEALIFT_TRY_VOID(job_.tree.finish_folder(entry, *target));
    }
    summary_.received = static_cast<std::size_t>(std::ranges::count(asked, true)) -
                        summary_.there_already - summary_.left_out;
    summary_.conflicts = placing_.conflicts();
    return summary_;
  }

 private:
  static std::vector<parcel::Entry> entries_of(const parcel::Manifest& manifest) {
    std::vector<parcel::Entry> entries;
    entries.reserve(manifest.entries.size());
    for (const auto& item : manifest.entries) entries.push_back(item.entry);
    return entries;
  }

  static OnConflict fail_all(const std::string&, const std::string&) { return OnConflict::fail; }

  Result<void> find_what_is_there();
  Result<void> publish_blocked(EntryWriter& writer);
  Result<void> pass(EntryWriter& writer, std::uint64_t from, Reached* reached);
  std::vector<Span> spans(const EntryWriter& writer, std::uint64_t from, std::uint64_t to) const;

  ReceiveJob job_;
  const StreamMap map_;
  Placing placing_;
  ReceiveSummary summary_;
};

// Which entries are still to be received, and whether there is room for them.
Result<void> Receiving::find_what_is_there() {
  SEALIFT_TRY_VOID(placing_.place(job_.wanted));
  std::uint64_t needed_bytes = 0;
  for (std::size_t i = 0; i < job_.wanted.size(); ++i) {
    if (!job_.wanted[i]) continue;
    const bool is_left_out = !placing_.target(i).has_value();
    summary_.left_out += is_left_out ? 1 : 0;
    summary_.there_already += placing_.is_there(i) ? 1 : 0;
    job_.wanted[i] = !is_left_out && !placing_.is_there(i);
    if (is_left_out || map_.entries()[i].kind != EntryKind::folder) continue;
    SEALIFT_TRY(const OutputTree::Standing standing, job_.tree.look(*placing_.target(i)));
    summary_.there_already += standing.found == OutputTree::Found::folder ? 1 : 0;
  }
  for (std::size_t i = 0; i < job_.wanted.size(); ++i) {
    if (job_.wanted[i]) needed_bytes += map_.entries()[i].size_bytes;
  }
  if (job_.room == Room::hoped_for) return {};
  SEALIFT_TRY(const OutputTree::Space space, job_.tree.space());
  const std::uint64_t needed_more = needed_bytes - std::min(needed_bytes, space.held_bytes);
  if (needed_more <= space.free_bytes) return {};
  return base::refuse("folder_full",
                      {{"needed_bytes", needed_more}, {"free_bytes", space.free_bytes}});
}

// Files that are whole, and whose names somebody took while we received.
Result<void> Receiving::publish_blocked(EntryWriter& writer) {
  for (const std::size_t entry : writer.take_blocked()) {
    Result<void> published = base::fail(ErrorCode::conflict, "");
    bool has_place = true;
    while (!published && has_place) {
      SEALIFT_TRY(has_place, placing_.place_again(entry));
      if (!has_place) break;
      published = job_.tree.publish(entry, map_.entries()[entry], *placing_.target(entry));
      if (!published && published.error().code != ErrorCode::conflict) return published;
    }
    if (!has_place) ++summary_.left_out;
  }
  return {};
}

std::vector<Span> Receiving::spans(const EntryWriter& writer, std::uint64_t from,
                                   std::uint64_t to) const {
  std::vector<Span> out;
  const std::uint64_t end = std::min(to, map_.size_bytes());
  for (std::uint64_t at = from; at < end; at += kSpanSize) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(kSpanSize, map_.size_bytes() - at));
    if (writer.wants_span(at, size)) out.push_back({at, size});
  }
  return out;
}

// What is before `from` comes from the disk, what is behind it from the network.
Result<void> Receiving::pass(EntryWriter& writer, std::uint64_t from, Reached* reached) {
  from = from / kSpanSize * kSpanSize;
  std::vector<Span> all = spans(writer, 0, from);
  const std::size_t from_disk = all.size();
  std::ranges::copy(spans(writer, from, map_.size_bytes()), std::back_inserter(all));
  const std::uint64_t sealed_size = age::sealed_size(map_.size_bytes());
  const std::uint64_t last_chunk =
      (age::chunk_count(map_.size_bytes()) - 1) * age::kSealedChunkSize;
  std::vector<RangeStream::Span> plan = {{last_chunk, sealed_size - last_chunk}};
  for (const Span& span : std::span(all).subspan(from_disk)) {
    const std::uint64_t at = span.offset / kSpanSize * kSealedSpanSize;
    plan.push_back({at, std::min(kSealedSpanSize, sealed_size - at)});
    summary_.fetched_bytes += plan.back().size_bytes;
  }
  RangeStream stream(job_.origin, sealed_size, std::move(plan), job_.patience);
  std::optional<age::ReaderAt> reader;
  if (all.size() > from_disk) {
    SEALIFT_TRY(reader, age::ReaderAt::create(job_.file_key, job_.manifest.payload_nonce, stream));
  }

  if (job_.begin) job_.begin(all.size() * kSpanSize);
  std::mutex mutex;
  DoneInOrder done(all.size());  // mutex
  const auto finish = [&](std::size_t item) -> Result<void> {
    const std::lock_guard lock(mutex);
    const std::size_t first = done.finish(item);
    if (job_.progress) job_.progress(first * kSpanSize);
    if (reached == nullptr || first <= from_disk) return {};
    const std::uint64_t offset = first < all.size() ? all[first].offset : map_.size_bytes();
    return offset > reached->offset() ? reached->advance(offset) : Result<void>();
  };
  return for_each_in_order(
      all.size(), job_.workers, kSpanSize,
      [&] {
        stream.abandon();
        writer.abandon();
      },
      [&](std::size_t item, base::MutableByteView buffer) -> Result<void> {
        const base::MutableByteView text = buffer.first(all[item].size);
        if (item < from_disk) {
          SEALIFT_TRY_VOID(writer.take_again(all[item].offset, text));
        } else {
          SEALIFT_TRY_VOID(reader->read_at(text, all[item].offset));
          SEALIFT_TRY_VOID(writer.take(all[item].offset, text));
        }
        return finish(item);
      });
}

}  // namespace

Result<ReceiveSummary> receive_content(ReceiveJob job) { return Receiving(std::move(job)).run(); }

}  // namespace sealift::client
