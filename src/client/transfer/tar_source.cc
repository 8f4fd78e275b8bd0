#include "client/transfer/tar_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::MutableByteView;
using base::Result;

// A span's worth of small files is opened and closed one by one; large ones stay open.
constexpr std::size_t kOpenFilesMax = 8;

tl::unexpected<base::Error> changed() {
  return base::fail(ErrorCode::conflict, "a file was changed while it was sent");
}

std::int64_t modified_ns(const struct stat& status) {
  return status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
}

// Views that follow each other in memory become one.
std::vector<MutableByteView> joined(std::span<const MutableByteView> pieces) {
  std::vector<MutableByteView> out;
  for (const MutableByteView piece : pieces) {
    if (piece.empty()) continue;
    if (!out.empty() && out.back().data() + out.back().size() == piece.data())
      out.back() = MutableByteView(out.back().data(), out.back().size() + piece.size());
    else
      out.push_back(piece);
  }
  return out;
}

}  // namespace

TarSource::TarSource(const SourceTree& tree, const StreamMap& map)
    : tree_(tree), map_(map), hashes_(map.entries()) {}

Result<std::size_t> TarSource::read_at(std::span<const MutableByteView> pieces,
                                       std::uint64_t offset) {
  std::vector<ContentPart> parts;
  std::size_t done = 0;
  for (const MutableByteView piece : joined(pieces)) {
    const std::uint64_t left = map_.size_bytes() - std::min(map_.size_bytes(), offset + done);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), left));
    if (const auto filled = fill(piece.first(size), offset + done, parts); !filled) {
      hashes_.abandon();
      return tl::unexpected(filled.error());
    }
    done += size;
  }
  SEALIFT_TRY_VOID(hashes_.add(parts));
  return done;
}

Result<void> TarSource::fill(MutableByteView out, std::uint64_t offset,
                             std::vector<ContentPart>& parts) {
  for (const StreamPiece& piece : map_.pieces(offset, out.size())) {
    const MutableByteView to = out.first(piece.size);
    out = out.subspan(piece.size);
    if (piece.part == StreamPart::zeros) {
      std::ranges::fill(to, std::byte{0});
    } else if (piece.part == StreamPart::header) {
      const base::Bytes header = parcel::tar_header(map_.entries()[piece.entry]);
      std::copy_n(header.begin() + static_cast<std::ptrdiff_t>(piece.at), to.size(), to.begin());
    } else {
      SEALIFT_TRY_VOID(fill_content(to, piece));
      parts.push_back({.entry = piece.entry, .at = piece.at, .bytes = to});
    }
  }
  return {};
}

Result<void> TarSource::fill_content(MutableByteView out, const StreamPiece& piece) {
  SEALIFT_TRY(const std::shared_ptr<OpenFile> file, open_file(piece.entry));
  SEALIFT_TRY(const std::size_t got, base::pread_full(file->file.get(), out, piece.at));
  if (got != out.size()) return changed();
  const bool at_end = piece.at + piece.size == map_.entries()[piece.entry].size_bytes;
  if (at_end) end_file(piece.entry);
  return {};
}

Result<TarSource::OpenFile> TarSource::open_anew(std::size_t entry) const {
  // Without O_NONBLOCK a pipe put in the file's place would hold us up for ever.
  base::FileDescriptor file(
      ::open(tree_.paths[entry].c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return changed();
    return tl::unexpected(base::error_of_errno(errno, "open what is to be sent"));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    return tl::unexpected(base::error_of_errno(errno, "read what is to be sent"));
  if (!S_ISREG(status.st_mode) ||
      static_cast<std::uint64_t>(status.st_size) < map_.entries()[entry].size_bytes)
    return changed();
  return OpenFile{.file = std::move(file), .modified_ns = modified_ns(status)};
}

Result<std::shared_ptr<TarSource::OpenFile>> TarSource::open_file(std::size_t entry) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(open_, entry, &decltype(open_)::value_type::first);
  if (found != open_.end()) return found->second;
  SEALIFT_TRY(OpenFile file, open_anew(entry));
  open_.emplace_front(entry, std::make_shared<OpenFile>(std::move(file)));
  if (open_.size() > kOpenFilesMax) open_.pop_back();
  return open_.front().second;
}

// The last byte of a file was read, though another thread may still read bytes before it.
void TarSource::end_file(std::size_t entry) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(open_, entry, &decltype(open_)::value_type::first);
  if (found == open_.end()) return;
  struct stat status {};
  if (::fstat(found->second->file.get(), &status) == 0 &&
      modified_ns(status) != found->second->modified_ns)
    ++changed_;
  open_.erase(found);
}

std::size_t TarSource::changed_count() const {
  const std::lock_guard lock(mutex_);
  return changed_;
}

}  // namespace sealift::client
