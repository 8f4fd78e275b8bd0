#include "core/entry_fields.h"

namespace sealift::web {

using base::ErrorCode;
using base::Result;

Result<parcel::Entry> entry_of(Arguments& in) {
  SEALIFT_TRY(const std::string_view path, in.text());
  SEALIFT_TRY(const std::int64_t kind, in.number());
  SEALIFT_TRY(const std::int64_t permissions, in.number());
  SEALIFT_TRY(const std::int64_t modified, in.number());
  SEALIFT_TRY(const std::int64_t size, in.number());
  SEALIFT_TRY(parcel::EntryPath parsed, parcel::EntryPath::parse(path));
  const bool is_folder = kind == 1;
  if (kind < 0 || kind > 1 || size < 0 || (is_folder && size != 0) || permissions < 0 ||
      permissions > 0777)
    return base::fail(ErrorCode::usage, "an entry that cannot be");
  return parcel::Entry{.path = std::move(parsed),
                       .kind = is_folder ? parcel::EntryKind::folder : parcel::EntryKind::file,
                       .permissions = static_cast<std::uint32_t>(permissions),
                       .modified_unix_s = modified,
                       .size_bytes = static_cast<std::uint64_t>(size)};
}

Result<std::vector<parcel::Entry>> entries_of(Arguments& in) {
  SEALIFT_TRY(const std::size_t many, in.count());
  std::vector<parcel::Entry> entries;
  entries.reserve(many);
  for (std::size_t i = 0; i < many; ++i) {
    SEALIFT_TRY(parcel::Entry entry, entry_of(in));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace sealift::web
