#include "readers/mail/pst.h"

#include <libbfio.h>
#include <libpff.h>

#include <algorithm>
#include <memory>
#include <span>

#include "base/limits.h"
#include "readers/mail/mapi.h"
#include "readers/mail/outlook.h"
#include "readers/text/html.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using mapi::Property;

constexpr int kDepthMax = 64;
constexpr std::uint32_t kContentCount = 0x3602;  // how many items a folder says it has

struct ItemFree {
  void operator()(libpff_item_t* item) const { libpff_item_free(&item, nullptr); }
};
using Item = std::unique_ptr<libpff_item_t, ItemFree>;

struct FileFree {
  void operator()(libpff_file_t* file) const { libpff_file_free(&file, nullptr); }
};
struct HandleFree {
  void operator()(libbfio_handle_t* handle) const { libbfio_handle_free(&handle, nullptr); }
};

std::string without_zero(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text_of_name(text);
}

struct SetFree {
  void operator()(libpff_record_set_t* set) const { libpff_record_set_free(&set, nullptr); }
};
struct EntryFree {
  void operator()(libpff_record_entry_t* entry) const { libpff_record_entry_free(&entry, nullptr); }
};
using Entry = std::unique_ptr<libpff_record_entry_t, EntryFree>;

using Set = std::unique_ptr<libpff_record_set_t, SetFree>;

Set set_of(libpff_item_t* item, int number) {
  libpff_record_set_t* set = nullptr;
  libpff_item_get_record_set_by_index(item, number, &set, nullptr);
  return Set(set);
}

Entry entry_of(libpff_record_set_t* set, std::uint32_t property) {
  libpff_record_entry_t* entry = nullptr;
  if (set == nullptr ||
      libpff_record_set_get_entry_by_type(
          set, property, 0, &entry, LIBPFF_ENTRY_VALUE_FLAG_MATCH_ANY_VALUE_TYPE, nullptr) != 1) {
    return nullptr;
  }
  return Entry(entry);
}

std::string text_of(libpff_record_entry_t* entry) {
  std::size_t size = 0;
  if (entry == nullptr ||
      libpff_record_entry_get_data_as_utf8_string_size(entry, &size, nullptr) != 1 || size == 0 ||
      size > limits::kMemberSizeMax) {
    return {};
  }
  std::vector<std::uint8_t> bytes(size);
  if (libpff_record_entry_get_data_as_utf8_string(entry, bytes.data(), size, nullptr) != 1) {
    return {};
  }
  return without_zero({bytes.begin(), bytes.end()});
}

std::string text_of(libpff_item_t* item, Property property, int number = 0) {
  const Set set = set_of(item, number);
  return text_of(entry_of(set.get(), static_cast<std::uint32_t>(property)).get());
}

// A search folder ("Reminders") holds nothing: what it counts lies in others (MS-PST 2.2.2.1).
bool is_search_folder(libpff_item_t* folder) {
  constexpr std::uint32_t kTypeMask = 0x1F;
  constexpr std::uint32_t kSearchFolder = 0x03;
  std::uint32_t identifier = 0;
  return libpff_item_get_identifier(folder, &identifier, nullptr) == 1 &&
         (identifier & kTypeMask) == kSearchFolder;
}

std::uint32_t content_count_of(libpff_item_t* folder) {
  if (is_search_folder(folder)) return 0;
  const Set set = set_of(folder, 0);
  const Entry entry = entry_of(set.get(), kContentCount);
  std::uint32_t count = 0;
  if (entry != nullptr) libpff_record_entry_get_data_as_32bit_integer(entry.get(), &count, nullptr);
  return count;
}

// A body, got by a pair of functions of the library.
template <typename GetSize, typename Get>
std::string body_of(libpff_item_t* item, GetSize get_size, Get get) {
  std::size_t size = 0;
  if (get_size(item, &size, nullptr) != 1 || size == 0 || size > limits::kMemberSizeMax) return {};
  std::vector<std::uint8_t> bytes(size);
  if (get(item, bytes.data(), size, nullptr) != 1) return {};
  return {bytes.begin(), bytes.end()};
}

class StoreReader {
 public:
  explicit StoreReader(Context& context) : context_(context) {}

  FileEnd read(libpff_file_t* file) {
    libpff_item_t* root = nullptr;
    if (libpff_file_get_root_folder(file, &root, nullptr) != 1) return read_failed("damaged");
    const Item folder(root);
    read_folder(root, "", 0);
    read_orphans(file);
    if (stopped_) return read_partly("took too long; the first items were read");
    if (lost_ > 0) return read_partly("some items are damaged");
    if (found_ < counted_) return read_partly("its folders count more items than were found");
    return read_whole();
  }

 private:
  void read_folder(libpff_item_t* folder, const std::string& path, int depth) {
    if (depth > kDepthMax || stopped_) return;
    counted_ += content_count_of(folder);
    int count = 0;
    libpff_folder_get_number_of_sub_messages(folder, &count, nullptr);
    for (int i = 0; i < count && !stopped_; ++i) {
      libpff_item_t* message = nullptr;
      if (libpff_folder_get_sub_message(folder, i, &message, nullptr) != 1) {
        ++lost_;
        continue;
      }
      read_item(Item(message).get(), path);
    }
    count = 0;
    libpff_folder_get_number_of_sub_folders(folder, &count, nullptr);
    for (int i = 0; i < count && !stopped_; ++i) {
      libpff_item_t* inner = nullptr;
      if (libpff_folder_get_sub_folder(folder, i, &inner, nullptr) != 1) {
        ++lost_;
        continue;
      }
      const Item owner(inner);
      const std::string name = text_of(inner, Property::display_name);
      read_folder(inner, path.empty() ? name : path + "/" + name, depth + 1);
    }
  }

  void read_orphans(libpff_file_t* file) {
    int count = 0;
    libpff_file_get_number_of_orphan_items(file, &count, nullptr);
    for (int i = 0; i < count && !stopped_; ++i) {
      libpff_item_t* item = nullptr;
      if (libpff_file_get_orphan_item_by_index(file, i, &item, nullptr) == 1) {
        read_item(Item(item).get(), "(in no folder)");
      }
    }
  }

  void read_item(libpff_item_t* item, const std::string& folder) {
    ++found_;
    const Place place{PlaceKind::record, ++number_, folder};
    read_mail(item, place);
    stopped_ = context_.out_of_time();
  }

  void read_mail(libpff_item_t* item, const Place& place) {
    OutlookMail mail;
    mail.place = place;
    mail.body_place = place;
    mail.transport_headers = text_of(item, Property::transport_headers);
    mail.subject = subject_of(item);
    mail.sender_name = text_of(item, Property::sender_name);
    mail.sender_address = text_of(item, Property::sender_smtp);
    if (mail.sender_address.empty()) mail.sender_address = text_of(item, Property::sender_address);
    mail.to = recipients_of(item);
    if (mail.to.empty()) mail.to = text_of(item, Property::display_to);
    mail.cc = text_of(item, Property::display_cc);
    mail.plain =
        without_zero(decode(base::bytes_of(body_of(item, libpff_message_get_plain_text_body_size,
                                                   libpff_message_get_plain_text_body)),
                            "UTF-8"));
    const std::string html =
        body_of(item, libpff_message_get_html_body_size, libpff_message_get_html_body);
    mail.html = decode(base::bytes_of(html), html_charset(html.substr(0, 4096)));
    mail.rtf = body_of(item, libpff_message_get_rtf_body_size, libpff_message_get_rtf_body);
    write_outlook_mail(mail, context_);
    if (mail.transport_headers.empty() && mail.sender_name.empty()) read_properties(item, place);
    read_attachments(item);
  }

  // A subject starts with a mark and the length of its "Re: ".
  static std::string subject_of(libpff_item_t* item) {
    std::string subject = text_of(item, Property::subject);
    if (subject.size() >= 2 && subject[0] == '\x01') subject.erase(0, 2);
    return subject;
  }

  // Contacts, appointments and tasks: every property that is text.
  void read_properties(libpff_item_t* item, const Place& place) {
    const Set set = set_of(item, 0);
    int count = 0;
    if (set != nullptr) libpff_record_set_get_number_of_entries(set.get(), &count, nullptr);
    std::string out;
    for (int i = 0; i < count; ++i) {
      libpff_record_entry_t* raw = nullptr;
      if (libpff_record_set_get_entry_by_index(set.get(), i, &raw, nullptr) != 1) continue;
      const Entry entry(raw);
      std::uint32_t property = 0;
      std::uint32_t type = 0;
      libpff_record_entry_get_entry_type(raw, &property, nullptr);
      libpff_record_entry_get_value_type(raw, &type, nullptr);
      const bool text = type == mapi::kNarrowText || type == mapi::kWideText;
      const bool known = property == static_cast<std::uint32_t>(Property::body);
      if (text && !known) out += text_of(raw) + '\n';
    }
    context_.text(place, out);
  }

  static std::string recipients_of(libpff_item_t* item) {
    libpff_item_t* recipients = nullptr;
    if (libpff_message_get_recipients(item, &recipients, nullptr) != 1) return {};
    const Item owner(recipients);
    int count = 0;
    libpff_item_get_number_of_record_sets(recipients, &count, nullptr);
    std::string all;
    for (int i = 0; i < count; ++i) {
      std::string address = text_of(recipients, Property::smtp_address, i);
      if (address.empty()) address = text_of(recipients, Property::address, i);
      if (!all.empty()) all += ", ";
      all += outlook_address(text_of(recipients, Property::display_name, i), address);
    }
    return all;
  }

  void read_attachments(libpff_item_t* item) {
    int count = 0;
    libpff_message_get_number_of_attachments(item, &count, nullptr);
    for (int i = 0; i < count; ++i) {
      libpff_item_t* attachment = nullptr;
      if (libpff_message_get_attachment(item, i, &attachment, nullptr) != 1) {
        ++lost_;
        continue;
      }
      read_attachment(Item(attachment).get());
    }
  }

  void read_attachment(libpff_item_t* attachment) {
    std::string name = text_of(attachment, Property::file_name);
    if (name.empty()) name = text_of(attachment, Property::short_file_name);
    if (name.empty()) name = text_of(attachment, Property::display_name);
    libpff_item_t* inner = nullptr;
    if (libpff_attachment_get_item(attachment, &inner, nullptr) == 1 && inner != nullptr) {
      const Item owner(inner);
      context_.member_as(name.empty() ? "message.msg" : name, 0, "msg", [&] {
        read_mail(inner, {});
        return read_whole();
      });
      return;
    }
    std::uint64_t size = 0;
    if (libpff_attachment_get_data_size(attachment, &size, nullptr) != 1) {
      return context_.unread_member(name, 0, not_supported("a link, not a file"));
    }
    std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(size, limits::kMemberSizeMax));
    const auto got =
        libpff_attachment_data_read_buffer(attachment, bytes.data(), bytes.size(), nullptr);
    if (got < 0 || !context_.may_unpack(bytes.size())) {
      return context_.unread_member(name, size, read_failed("damaged in its mail store"));
    }
    context_.member(name, std::as_bytes(std::span(bytes).first(static_cast<std::size_t>(got))));
  }

  Context& context_;
  std::uint32_t number_ = 0;
  std::uint64_t counted_ = 0;
  std::uint64_t found_ = 0;
  std::uint64_t lost_ = 0;
  bool stopped_ = false;
};

}  // namespace

FileEnd read_pst(base::ByteView bytes, Context& context) {
  libbfio_handle_t* raw_handle = nullptr;
  if (libbfio_memory_range_initialize(&raw_handle, nullptr) != 1) return read_failed("no memory");
  const std::unique_ptr<libbfio_handle_t, HandleFree> handle(raw_handle);
  // The library asks for bytes that it may change, and opened for reading changes none.
  auto* start = const_cast<unsigned char*>(base::unsigned_data(bytes));
  libpff_file_t* raw_file = nullptr;
  if (libbfio_memory_range_set(raw_handle, start, bytes.size(), nullptr) != 1 ||
      libpff_file_initialize(&raw_file, nullptr) != 1) {
    return read_failed("no memory");
  }
  const std::unique_ptr<libpff_file_t, FileFree> file(raw_file);
  if (libpff_file_open_file_io_handle(raw_file, raw_handle, LIBPFF_OPEN_READ, nullptr) != 1) {
    return read_failed("damaged or cut short");
  }
  FileEnd end = StoreReader(context).read(raw_file);
  libpff_file_close(raw_file, nullptr);
  return end;
}

}  // namespace sealift::readers
