// For tests: makes archives and document packages in memory.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <vector>

#include "base/check.h"

namespace sealift::readers {

enum class Packing { zip, tar, tar_gz, tar_bz2, tar_xz, tar_zst, seven_zip, cpio, iso, gz };

struct Packed {
  std::string name;
  std::string bytes;
};

// Without a password nothing is encrypted.
inline std::string pack(Packing packing, const std::vector<Packed>& members,
                        const std::string& password = {}) {
  archive* out = archive_write_new();
  switch (packing) {
    case Packing::zip:
      archive_write_set_format_zip(out);
      break;
    case Packing::seven_zip:
      archive_write_set_format_7zip(out);
      break;
    case Packing::cpio:
      archive_write_set_format_cpio_newc(out);
      break;
    case Packing::iso:
      archive_write_set_format_iso9660(out);
      break;
    case Packing::gz:
      archive_write_set_format_raw(out);
      break;
    default:
      archive_write_set_format_ustar(out);
      break;
  }
  switch (packing) {
    case Packing::gz:
    case Packing::tar_gz:
      archive_write_add_filter_gzip(out);
      break;
    case Packing::tar_bz2:
      archive_write_add_filter_bzip2(out);
      break;
    case Packing::tar_xz:
      archive_write_add_filter_xz(out);
      break;
    case Packing::tar_zst:
      archive_write_add_filter_zstd(out);
      break;
    default:
      break;
  }
  if (!password.empty()) {
    SEALIFT_CHECK(archive_write_set_options(out, "zip:encryption=traditional") == ARCHIVE_OK);
    archive_write_set_passphrase(out, password.c_str());
  }
  std::size_t room = 1 << 20;
  for (const Packed& member : members) room += member.bytes.size() + 4096;
  std::string bytes(room, '\0');
  std::size_t used = 0;
  SEALIFT_CHECK(archive_write_open_memory(out, bytes.data(), bytes.size(), &used) == ARCHIVE_OK);
  for (const Packed& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.empty() ? "data" : member.name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    SEALIFT_CHECK(archive_write_header(out, entry) >= ARCHIVE_WARN);
    archive_write_data(out, member.bytes.data(), member.bytes.size());
    archive_entry_free(entry);
  }
  SEALIFT_CHECK(archive_write_close(out) == ARCHIVE_OK);
  archive_write_free(out);
  bytes.resize(used);
  return bytes;
}

}  // namespace sealift::readers
