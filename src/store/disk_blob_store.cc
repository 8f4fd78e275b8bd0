#include "store/disk_blob_store.h"

#include <algorithm>
#include <memory>

#include "base/hex.h"
#include "store/internal/blob_rules.h"
#include "store/internal/blob_state.h"

namespace sealift::store {

using base::ByteView;
using base::OpenFor;
using base::Result;
using internal::no_such_blob;
using internal::StateRecord;

namespace {

constexpr std::string_view kIncoming = "incoming";
constexpr std::string_view kBlobs = "blobs";
constexpr std::string_view kStateSuffix = ".state";
constexpr unsigned kShards = 256;

std::string data_path(const BlobId& id) { return std::string(kIncoming) + "/" + id.text(); }
std::string state_path(const BlobId& id) { return data_path(id) + std::string(kStateSuffix); }
std::string shard_path(std::byte first) {
  return std::string(kBlobs) + "/" + base::hex_encode(std::span(&first, 1));
}
std::string whole_path(const BlobId& id) { return shard_path(id.bytes[0]) + "/" + id.text(); }

// The blob that a name under incoming/ belongs to.
std::optional<BlobId> id_of_incoming(std::string_view name) {
  if (name.ends_with(kStateSuffix)) name.remove_suffix(kStateSuffix.size());
  return BlobId::parse(name);
}

// A state file without its bytes is of no use: finish() or remove() was cut short after the rest.
Result<void> sweep_states(base::FileSystem& files) {
  SEALIFT_TRY(const auto names, files.list_folder(std::string(kIncoming)));
  for (const std::string& name : names) {
    const auto id = id_of_incoming(name);
    if (!id || !name.ends_with(kStateSuffix)) continue;
    if (!std::ranges::binary_search(names, id->text()))
      SEALIFT_TRY_VOID(files.remove(state_path(*id)));
  }
  return {};
}

}  // namespace

class DiskBlobStore::Busy {
 public:
  Busy(DiskBlobStore& store, const BlobId& id) : store_(store), id_(id) {
    std::unique_lock lock(store_.mutex_);
    store_.freed_.wait(lock, [&] { return !store_.busy_.contains(id_); });
    store_.busy_.insert(id_);
  }
  ~Busy() {
    {
      const std::scoped_lock lock(store_.mutex_);
      store_.busy_.erase(id_);
    }
    store_.freed_.notify_all();
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  DiskBlobStore& store_;
  const BlobId id_;
};

struct DiskBlobStore::Unfinished {
  base::FileDescriptor data;
  base::FileDescriptor state;
  StateRecord record;
  std::uint64_t written_bytes = 0;

  BlobStatus status() const {
    return {.size_bytes = record.size_bytes, .durable_bytes = record.durable_bytes};
  }
};

Result<std::unique_ptr<DiskBlobStore>> DiskBlobStore::open(base::FileSystem& files) {
  SEALIFT_TRY_VOID(files.make_folder(std::string(kIncoming)));
  SEALIFT_TRY_VOID(files.make_folder(std::string(kBlobs)));
  for (unsigned shard = 0; shard < kShards; ++shard)
    SEALIFT_TRY_VOID(files.make_folder(shard_path(static_cast<std::byte>(shard))));
  SEALIFT_TRY_VOID(files.sync_folder(std::string(kBlobs)));
  SEALIFT_TRY_VOID(files.sync_folder(""));
  SEALIFT_TRY_VOID(sweep_states(files));
  return std::unique_ptr<DiskBlobStore>(new DiskBlobStore(files));
}

// Errors: not_found, also for what a crash left of a create().
Result<DiskBlobStore::Unfinished> DiskBlobStore::open_unfinished(const BlobId& id) {
  Unfinished blob;
  SEALIFT_TRY(blob.state, files_.open(state_path(id), OpenFor::writing));
  base::Bytes file(internal::kStateFileSize);
  SEALIFT_TRY(const std::size_t got, files_.read_at(blob.state.get(), file, 0));
  file.resize(got);
  const auto record = internal::read_state_file(file);
  if (!record) return tl::unexpected(no_such_blob());
  blob.record = *record;
  SEALIFT_TRY(blob.data, files_.open(data_path(id), OpenFor::writing));
  SEALIFT_TRY(blob.written_bytes, files_.size(blob.data.get()));
  return blob;
}

Result<bool> DiskBlobStore::is_whole(const BlobId& id) { return files_.exists(whole_path(id)); }

// After a sync that failed nobody knows which bytes the disk has: they are dropped, so that a later
// sync cannot pass over them.
Result<void> DiskBlobStore::sync_bytes(const Unfinished& blob) {
  auto synced = files_.sync_data(blob.data.get());
  if (!synced) static_cast<void>(files_.resize(blob.data.get(), blob.record.durable_bytes));
  return synced;
}

Result<void> DiskBlobStore::drop_unfinished(const BlobId& id) {
  SEALIFT_TRY_VOID(files_.remove(data_path(id)));
  SEALIFT_TRY_VOID(files_.remove(state_path(id)));
  return {};
}

Result<void> DiskBlobStore::create(const BlobId& id, std::uint64_t size_bytes) {
  SEALIFT_TRY_VOID(internal::judge_size(size_bytes));
  const Busy busy(*this, id);
  SEALIFT_TRY(const bool whole, is_whole(id));
  const auto unfinished = open_unfinished(id);
  if (whole || unfinished) return base::fail(base::ErrorCode::conflict, "the id is taken");
  if (unfinished.error().code != base::ErrorCode::not_found)
    return tl::unexpected(unfinished.error());
  SEALIFT_TRY_VOID(drop_unfinished(id));
  const StateRecord record{.size_bytes = size_bytes};
  auto made = [&]() -> Result<void> {
    SEALIFT_TRY(const auto state, files_.open(state_path(id), OpenFor::creating));
    const base::Bytes slot = internal::encode_slot(record);
    SEALIFT_TRY_VOID(files_.write_at(state.get(), slot, internal::slot_offset(record)));
    SEALIFT_TRY_VOID(files_.open(data_path(id), OpenFor::creating));
    return {};
  }();
  if (!made) static_cast<void>(drop_unfinished(id));
  return made;
}

Result<std::optional<BlobStatus>> DiskBlobStore::status(const BlobId& id) {
  const Busy busy(*this, id);
  const auto whole = files_.open(whole_path(id), OpenFor::reading);
  if (whole) {
    SEALIFT_TRY(const std::uint64_t size, files_.size(whole->get()));
    return std::optional{BlobStatus{BlobState::whole, size, size}};
  }
  if (whole.error().code != base::ErrorCode::not_found) return tl::unexpected(whole.error());
  const auto blob = open_unfinished(id);
  if (blob) return std::optional{blob->status()};
  if (blob.error().code != base::ErrorCode::not_found) return tl::unexpected(blob.error());
  return std::optional<BlobStatus>{};
}

Result<void> DiskBlobStore::write(const BlobId& id, std::uint64_t offset, ByteView bytes) {
  const Busy busy(*this, id);
  SEALIFT_TRY(const bool whole, is_whole(id));
  if (whole) return tl::unexpected(internal::blob_is_whole());
  SEALIFT_TRY(const Unfinished blob, open_unfinished(id));
  SEALIFT_TRY_VOID(internal::judge_write(
      blob.status(),
      {.offset = offset, .length_bytes = bytes.size(), .written_bytes = blob.written_bytes}));
  if (offset < blob.written_bytes) SEALIFT_TRY_VOID(files_.resize(blob.data.get(), offset));
  return files_.write_at(blob.data.get(), bytes, offset);
}

Result<std::uint64_t> DiskBlobStore::acknowledge(const BlobId& id, std::uint64_t length_bytes) {
  const Busy busy(*this, id);
  const auto whole = files_.open(whole_path(id), OpenFor::reading);
  if (whole) {
    SEALIFT_TRY(const std::uint64_t size, files_.size(whole->get()));
    SEALIFT_TRY_VOID(internal::judge_acknowledge({.size_bytes = size}, {length_bytes, size}));
    return size;
  }
  SEALIFT_TRY(const Unfinished blob, open_unfinished(id));
  SEALIFT_TRY_VOID(internal::judge_acknowledge(blob.status(), {length_bytes, blob.written_bytes}));
  if (length_bytes <= blob.record.durable_bytes) return blob.record.durable_bytes;
  SEALIFT_TRY_VOID(sync_bytes(blob));
  // The names of both files, once; before a record can say that they are safe.
  if (blob.record.durable_bytes == 0) SEALIFT_TRY_VOID(files_.sync_folder(std::string(kIncoming)));
  StateRecord next = blob.record;
  next.sequence++;
  next.durable_bytes = length_bytes;
  const std::uint64_t at = internal::slot_offset(next);
  auto recorded = files_.write_at(blob.state.get(), internal::encode_slot(next), at);
  if (recorded) recorded = files_.sync_data(blob.state.get());
  if (recorded) return length_bytes;
  // What may not be on the disk must not be read back from memory either.
  static_cast<void>(files_.write_at(blob.state.get(), base::Bytes(internal::kSlotSize), at));
  return tl::unexpected(std::move(recorded).error());
}

Result<void> DiskBlobStore::finish(const BlobId& id) {
  const Busy busy(*this, id);
  SEALIFT_TRY(const bool whole, is_whole(id));
  if (!whole) {
    SEALIFT_TRY(const Unfinished blob, open_unfinished(id));
    SEALIFT_TRY_VOID(internal::judge_finish(blob.status(), blob.written_bytes));
    SEALIFT_TRY_VOID(files_.resize(blob.data.get(), blob.record.size_bytes));
    SEALIFT_TRY_VOID(sync_bytes(blob));
    SEALIFT_TRY_VOID(files_.rename(data_path(id), whole_path(id)));
  }
  SEALIFT_TRY_VOID(files_.sync_folder(shard_path(id.bytes[0])));
  SEALIFT_TRY_VOID(files_.sync_folder(std::string(kIncoming)));
  SEALIFT_TRY_VOID(files_.remove(state_path(id)));  // only now: until here it resumes the upload
  return {};
}

Result<std::size_t> DiskBlobStore::read(const BlobId& id, std::uint64_t offset,
                                        base::MutableByteView out) {
  SEALIFT_TRY(const ReadableBlob blob, open_to_read(id));
  return files_.read_at(blob.fd.get(), out, offset);
}

Result<void> DiskBlobStore::remove(const BlobId& id) {
  const Busy busy(*this, id);
  SEALIFT_TRY_VOID(drop_unfinished(id));
  SEALIFT_TRY_VOID(files_.remove(whole_path(id)));
  SEALIFT_TRY_VOID(files_.sync_folder(std::string(kIncoming)));
  return files_.sync_folder(shard_path(id.bytes[0]));
}

Result<std::vector<BlobId>> DiskBlobStore::list(const BlobPage& page) {
  SEALIFT_TRY(const auto incoming, files_.list_folder(std::string(kIncoming)));
  std::vector<BlobId> ids;
  const unsigned first = page.after ? std::to_integer<unsigned>(page.after->bytes[0]) : 0;
  for (unsigned shard = first; shard < kShards && ids.size() < page.count_max; ++shard) {
    const auto prefix = static_cast<std::byte>(shard);
    std::vector<BlobId> here;
    const auto take = [&](const std::optional<BlobId>& id) {
      if (id && id->bytes[0] == prefix && (!page.after || *id > *page.after)) here.push_back(*id);
    };
    SEALIFT_TRY(const auto names, files_.list_folder(shard_path(prefix)));
    for (const std::string& name : names) take(BlobId::parse(name));
    for (const std::string& name : incoming) take(id_of_incoming(name));
    std::ranges::sort(here);
    here.erase(std::unique(here.begin(), here.end()), here.end());
    ids.insert(ids.end(), here.begin(), here.end());
  }
  ids.resize(std::min(ids.size(), page.count_max));
  return ids;
}

Result<std::uint64_t> DiskBlobStore::foreign_bytes() {
  std::uint64_t bytes = 0;
  const auto add = [&](const std::string& folder, const std::string& name) -> Result<void> {
    auto file = files_.open(folder + "/" + name, OpenFor::reading);
    if (!file) return {};  // gone meanwhile, or no file
    SEALIFT_TRY(const std::uint64_t size, files_.size(file->get()));
    bytes += size;
    return {};
  };
  SEALIFT_TRY(const auto incoming, files_.list_folder(std::string(kIncoming)));
  for (const std::string& name : incoming) {
    if (!id_of_incoming(name)) SEALIFT_TRY_VOID(add(std::string(kIncoming), name));
  }
  for (unsigned shard = 0; shard < kShards; ++shard) {
    const std::string folder = shard_path(static_cast<std::byte>(shard));
    SEALIFT_TRY(const auto names, files_.list_folder(folder));
    for (const std::string& name : names) {
      const auto id = BlobId::parse(name);
      if (!id || std::to_integer<unsigned>(id->bytes[0]) != shard)
        SEALIFT_TRY_VOID(add(folder, name));
    }
  }
  return bytes;
}

Result<std::optional<base::DiskSpace>> DiskBlobStore::space() {
  SEALIFT_TRY(const base::DiskSpace space, files_.space());
  return std::optional{space};
}

Result<WritableBlob> DiskBlobStore::open_to_write(const BlobId& id) {
  const Busy busy(*this, id);
  SEALIFT_TRY(const bool whole, is_whole(id));
  if (whole) return tl::unexpected(internal::blob_is_whole());
  SEALIFT_TRY(Unfinished blob, open_unfinished(id));
  SEALIFT_TRY_VOID(files_.resize(blob.data.get(), blob.record.durable_bytes));
  return WritableBlob{std::move(blob.data), blob.status()};
}

Result<ReadableBlob> DiskBlobStore::open_to_read(const BlobId& id) {
  auto fd = files_.open(whole_path(id), OpenFor::reading);
  if (!fd) return tl::unexpected(std::move(fd).error());
  SEALIFT_TRY(const std::uint64_t size, files_.size(fd->get()));
  return ReadableBlob{std::move(*fd), size};
}

}  // namespace sealift::store
