#include "cli/scan_copies.h"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/file_descriptor.h"
#include "crypto/sha256.h"

namespace sealift::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

std::optional<crypto::Sha256Digest> digest_of(const extract::InputFile& file) {
  const base::FileDescriptor input(
      open(file.disk_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!input.is_open()) return std::nullopt;
  crypto::Sha256 hash;
  base::Bytes piece(kPiece);
  while (true) {
    const auto size = base::read_full(input.get(), piece);
    if (!size) return std::nullopt;
    hash.update(base::ByteView(piece).first(*size));
    if (*size < piece.size()) return hash.finish();
  }
}

}  // namespace

std::vector<census::CaseCopy> take_copies(std::vector<extract::InputFile>& files) {
  std::map<std::uint64_t, std::vector<const extract::InputFile*>> by_size;
  for (const extract::InputFile& file : files)
    if (file.size_bytes > 0 && file.unreadable.empty()) by_size[file.size_bytes].push_back(&file);
  std::vector<census::CaseCopy> copies;
  for (auto& [size, same_size] : by_size) {
    if (same_size.size() < 2) continue;
    std::ranges::sort(same_size, {}, &extract::InputFile::path);
    std::map<crypto::Sha256Digest, const extract::InputFile*> first;
    for (const extract::InputFile* file : same_size) {
      const auto digest = digest_of(*file);
      if (!digest) continue;
      const auto [at, fresh] = first.emplace(*digest, file);
      if (!fresh) copies.push_back({file->path, at->second->path});
    }
  }
  std::ranges::sort(copies, {}, &census::CaseCopy::path);
  std::erase_if(files, [&](const extract::InputFile& file) {
    return std::ranges::binary_search(copies, file.path, {}, &census::CaseCopy::path);
  });
  return copies;
}

}  // namespace sealift::cli
