#include "readers/pack/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <optional>

#include "base/limits.h"
#include "readers/formats.h"

namespace sealift::readers {
namespace {

using base::ByteView;
using document::FileEnd;
using document::FileStatus;

struct ArchiveCloser {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, ArchiveCloser>;

enum class Kind { archive, compressed };

// Filters alone for `compressed`, everything for `archive`. mtree names files of the machine and
// raw takes anything: neither is an archive here.
Archive open_archive(ByteView bytes, Kind kind) {
  Archive a(archive_read_new());
  archive_read_support_filter_all(a.get());
  if (kind == Kind::compressed) {
    archive_read_support_format_raw(a.get());
  } else {
    archive_read_support_format_7zip(a.get());
    archive_read_support_format_ar(a.get());
    archive_read_support_format_cab(a.get());
    archive_read_support_format_cpio(a.get());
    archive_read_support_format_iso9660(a.get());
    archive_read_support_format_lha(a.get());
    archive_read_support_format_rar(a.get());
    archive_read_support_format_rar5(a.get());
    archive_read_support_format_tar(a.get());
    archive_read_support_format_warc(a.get());
    archive_read_support_format_xar(a.get());
    archive_read_support_format_zip(a.get());
  }
  if (archive_read_open_memory(a.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return nullptr;
  return a;
}

std::string name_of(archive_entry* entry) {
  if (const char* utf8 = archive_entry_pathname_utf8(entry)) return utf8;
  if (const char* raw = archive_entry_pathname(entry)) return raw;
  return {};
}

struct Content {
  std::string bytes;
  FileEnd end = read_whole();
};

// The bytes of the entry that was just begun. A damaged or oversized one gives what there is.
Content content_of(archive* a, Context& context) {
  Content content;
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (true) {
    const int status = archive_read_data_block(a, &block, &size, &offset);
    if (status == ARCHIVE_EOF) return content;
    if (status < ARCHIVE_WARN) {
      content.end = read_partly("damaged in its archive");
      return content;
    }
    if (offset > static_cast<la_int64_t>(limits::kMemberSizeMax) ||
        content.bytes.size() + size > limits::kMemberSizeMax) {
      content.end = read_partly("larger than a member may be; its start was read");
      return content;
    }
    if (static_cast<std::size_t>(offset) > content.bytes.size()) {
      content.bytes.resize(static_cast<std::size_t>(offset));  // a hole
    }
    content.bytes.append(static_cast<const char*>(block), size);
    if (!context.may_unpack(size) || context.out_of_time()) {
      content.end = read_failed("unpacks to more than a file may hold");
      return content;
    }
  }
}

struct Tally {
  std::size_t members = 0;
  std::size_t encrypted = 0;
  std::size_t damaged = 0;
};

// A member that did not come out whole still gives what it has.
void hand_on(const std::string& name, const Content& content, Tally& tally, Context& context) {
  const ByteView bytes = base::bytes_of(content.bytes);
  if (content.end.status == FileStatus::read) return context.member(name, bytes);
  ++tally.damaged;
  if (bytes.empty()) {
    return context.unread_member(name, 0, read_failed(content.end.reason));
  }
  const Recognised kind = recognise(bytes);
  context.member_as(name, bytes.size(), kind.format, [&]() -> FileEnd {
    if (kind.reader == nullptr) return read_failed(content.end.reason);
    FileEnd end = kind.reader(bytes, context);
    if (end.status == FileStatus::read) end = content.end;
    return end;
  });
}

void read_entry(archive* a, archive_entry* entry, Tally& tally, Context& context) {
  const std::string name = name_of(entry);
  const auto type = archive_entry_filetype(entry);
  if (type == AE_IFDIR) return;
  ++tally.members;
  if (type != AE_IFREG && type != 0 && archive_entry_hardlink(entry) == nullptr) {
    return context.unread_member(name, 0, not_supported("a link or device, not a file"));
  }
  if (archive_entry_hardlink(entry) != nullptr && archive_entry_size(entry) == 0) {
    return context.unread_member(name, 0, not_supported("a second name of another member"));
  }
  if (archive_entry_is_data_encrypted(entry) != 0) {
    ++tally.encrypted;
    const auto size = archive_entry_size(entry);
    return context.unread_member(name, size > 0 ? static_cast<std::uint64_t>(size) : 0,
                                 needs_password());
  }
  hand_on(name, content_of(a, context), tally, context);
}

FileEnd judge(const Tally& tally, bool broken_off, bool names_encrypted) {
  if (names_encrypted) return needs_password("its list of members needs a password");
  if (tally.members > 0 && tally.encrypted == tally.members) return needs_password();
  if (broken_off && tally.members == 0) return read_failed("damaged");
  if (broken_off) return read_partly("damaged or cut short; the members up to there were read");
  if (tally.encrypted > 0) return read_partly("some members need a password");
  if (tally.damaged > 0) return read_partly("some members are damaged or too large");
  return read_whole();
}

}  // namespace

FileEnd read_archive(ByteView bytes, Context& context) {
  const Archive a = open_archive(bytes, Kind::archive);
  if (a == nullptr) return read_failed("damaged");
  Tally tally;
  archive_entry* entry = nullptr;
  while (true) {
    const int status = archive_read_next_header(a.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    const bool hidden = archive_read_has_encrypted_entries(a.get()) > 0;
    if (status < ARCHIVE_WARN) return judge(tally, true, hidden && tally.members == 0);
    read_entry(a.get(), entry, tally, context);
    if (!context.may_unpack(0) || context.out_of_time()) {
      return read_partly("holds more than a file may hold; the first members were read");
    }
  }
  return judge(tally, false, false);
}

FileEnd read_compressed(ByteView bytes, Context& context) {
  if (holds_tar(bytes)) return read_archive(bytes, context);
  const Archive a = open_archive(bytes, Kind::compressed);
  archive_entry* entry = nullptr;
  if (a == nullptr || archive_read_next_header(a.get(), &entry) != ARCHIVE_OK) {
    return read_failed("damaged");
  }
  Tally tally;
  const std::string name = name_of(entry);
  const Content content = content_of(a.get(), context);
  hand_on(name.empty() || name == "data" ? "content" : name, content, tally, context);
  return content.end;
}

bool holds_tar(ByteView bytes) {
  const Archive a = open_archive(bytes, Kind::compressed);
  archive_entry* entry = nullptr;
  if (a == nullptr || archive_read_next_header(a.get(), &entry) != ARCHIVE_OK) return false;
  std::string start(1024, '\0');
  std::size_t size = 0;
  while (size < start.size()) {
    const la_ssize_t got = archive_read_data(a.get(), start.data() + size, start.size() - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  return is_tar(base::bytes_of(start).first(size));
}

PartsStatus walk_parts(ByteView bytes, Context& context,
                       const std::function<bool(std::string_view)>& wanted,
                       const std::function<void(std::string, std::string)>& take) {
  const Archive a = open_archive(bytes, Kind::archive);
  if (a == nullptr) return PartsStatus::damaged;
  archive_entry* entry = nullptr;
  auto result = PartsStatus::whole;
  while (true) {
    const int status = archive_read_next_header(a.get(), &entry);
    if (status == ARCHIVE_EOF) return result;
    if (status < ARCHIVE_WARN) return PartsStatus::damaged;
    std::string name = name_of(entry);
    if (!wanted(name)) continue;
    if (archive_entry_is_data_encrypted(entry) != 0) {
      result = PartsStatus::encrypted;
      continue;
    }
    Content content = content_of(a.get(), context);
    if (content.end.status == FileStatus::partial) result = PartsStatus::damaged;
    take(std::move(name), std::move(content.bytes));
    if (content.end.status == FileStatus::failed) return PartsStatus::too_large;
  }
}

}  // namespace sealift::readers
