#include "core/content_run.h"

#include <algorithm>

#include "age/open/open_chunk.h"
#include "age/seal/seal_chunk.h"
#include "base/check.h"

namespace sealift::web {

using base::ByteView;
using base::MutableByteView;

ContentRun::ContentRun() : text_(1 + kRunTextSize), sealed_(kRunSealedSize) {}

void ContentRun::set_key(const age::FileKey& file_key, const age::PayloadNonce& nonce) {
  aead_.emplace(age::derive_payload_key(file_key, nonce).view());
  record_key_ = age::derive_record_key(file_key, nonce);
}

void ContentRun::put_header(const parcel::Entry& entry, std::size_t at, MutableByteView to) const {
  const base::Bytes header = parcel::tar_header(entry);
  SEALIFT_CHECK(at <= header.size() && to.size() <= header.size() - at);
  std::ranges::copy(ByteView(header).subspan(at, to.size()), to.begin());
}

bool ContentRun::has_header(const parcel::Entry& entry, std::size_t at, ByteView text) const {
  const base::Bytes header = parcel::tar_header(entry);
  SEALIFT_CHECK(at <= header.size() && text.size() <= header.size() - at);
  return std::ranges::equal(ByteView(header).subspan(at, text.size()), text);
}

std::size_t ContentRun::seal(const RunPlace& place) {
  SEALIFT_CHECK(aead_ && place.size <= kRunTextSize);
  records_.clear();
  std::vector<age::ChunkTag> tags;
  ByteView rest = ByteView(text()).first(place.size);
  MutableByteView out(sealed_);
  std::uint64_t chunk = place.first_batch * kBatchChunks;
  std::size_t done = 0;
  do {
    const std::size_t size = std::min(rest.size(), age::kChunkSize);
    const bool ends = place.last == age::Last::yes && size == rest.size();
    const MutableByteView text = out.subspan(done, size);
    std::ranges::copy(rest.first(size), text.begin());
    const auto tag = out.subspan(done + size).first<age::kChunkTagSize>();
    age::seal_chunk(*aead_, chunk, ends ? age::Last::yes : age::Last::no, text, tag);
    std::ranges::copy(tag, tags.emplace_back().begin());
    done += size + tag.size();
    rest = rest.subspan(size);
    ++chunk;
    if (tags.size() == kBatchChunks || rest.empty()) {
      const std::uint64_t batch = (chunk - 1) / kBatchChunks;
      records_.push_back(
          age::seal_record(*record_key_, batch, ends ? age::Last::yes : age::Last::no, tags));
      tags.clear();
    }
  } while (!rest.empty());
  return done;
}

std::optional<std::size_t> ContentRun::open(const RunPlace& place) {
  SEALIFT_CHECK(aead_ && place.size <= kRunSealedSize);
  MutableByteView rest = MutableByteView(sealed_).first(place.size);
  std::uint64_t chunk = place.first_batch * kBatchChunks;
  std::size_t done = 0;
  do {
    if (rest.size() < age::kChunkTagSize) return std::nullopt;
    const std::size_t size = std::min(rest.size(), age::kSealedChunkSize) - age::kChunkTagSize;
    const bool ends = place.last == age::Last::yes && size + age::kChunkTagSize == rest.size();
    const MutableByteView to = text().subspan(done, size);
    std::ranges::copy(rest.first(size), to.begin());
    const crypto::AeadTag tag(rest.subspan(size).first<age::kChunkTagSize>());
    if (!age::open_chunk(*aead_, chunk, ends ? age::Last::yes : age::Last::no, to, tag))
      return std::nullopt;
    done += size;
    rest = rest.subspan(size + age::kChunkTagSize);
    ++chunk;
  } while (!rest.empty());
  return done;
}

void ContentRun::wipe() {
  crypto::wipe(text_);
  aead_.reset();
  record_key_.reset();
}

}  // namespace sealift::web
