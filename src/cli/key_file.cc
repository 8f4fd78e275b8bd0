#include "cli/key_file.h"

#include "base/atomic_file.h"
#include "base/limits.h"
#include "cli/output.h"

namespace sealift::cli {

base::Result<crypto::SecretBuffer> read_key_file(const std::string& path) {
  SEALIFT_TRY(const base::FileDescriptor input, open_input(path));
  crypto::SecretBuffer content(limits::kIdentityFileSizeMax + 1);
  SEALIFT_TRY(const std::size_t size, base::read_full(input.get(), content.mutable_view()));
  if (size > limits::kIdentityFileSizeMax)
    return base::fail(base::ErrorCode::limit, path + " is larger than 1 MiB");
  content.truncate(size);
  return content;
}

Outcome write_new_key_file(const std::string& path, base::ByteView content) {
  auto file = base::AtomicFile::create(path, 0600);
  if (!file)
    return tl::unexpected(Failure(std::move(file).error().with_context("cannot write " + path)));
  if (auto done = base::write_full(file->fd(), content); !done)
    return tl::unexpected(Failure(std::move(done).error().with_context("cannot write " + path)));
  auto committed = file->commit(base::Replace::no, base::Durability::synced);
  if (committed) return {};
  std::string hint;
  if (committed.error().code == base::ErrorCode::conflict)
    hint = "a key is never overwritten; choose another name or remove the file yourself";
  return tl::unexpected(
      Failure(std::move(committed).error().with_context("cannot write " + path), std::move(hint)));
}

}  // namespace sealift::cli
