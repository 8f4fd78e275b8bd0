#include "cli/key_file.h"

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

}  // namespace sealift::cli
