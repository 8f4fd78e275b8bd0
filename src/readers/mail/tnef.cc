#include "readers/mail/tnef.h"

#include <numeric>
#include <optional>

#include "base/byte_reader.h"
#include "readers/little_endian.h"
#include "readers/mail/mapi.h"
#include "readers/mail/msg.h"
#include "readers/mail/outlook.h"
#include "readers/text/html.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using base::ByteReader;
using base::ByteView;
using document::FileEnd;
using document::PlaceKind;
using mapi::kBinary;
using mapi::kNarrowText;
using mapi::kObject;
using mapi::kWideText;
using mapi::Property;

// Attributes (MS-OXTNEF 2.1.3.2).
enum class Attribute : std::uint32_t {
  subject = 0x00018004,
  body = 0x0002800C,
  attachment_data = 0x0006800F,
  attachment_title = 0x00018010,
  attachment_begins = 0x00069002,
  message_properties = 0x00069003,
  attachment_properties = 0x00069005,
};

// Property types and numbers (MS-OXCDATA 2.11.1, MS-OXPROPS).
constexpr std::uint16_t kManyValues = 0x1000;
constexpr std::uint16_t kFirstNamed = 0x8000;
constexpr std::uint32_t kValuesMax = 100'000;
constexpr std::size_t kIdentifierSize = 16;

std::string narrow(ByteView bytes) {
  std::string text = decode(bytes, "windows-1252");
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

// The bytes that one value of a fixed size takes; 0 for other types.
std::size_t fixed_size(std::uint16_t type) {
  switch (type) {
    case 0x0002:  // 16 bits
    case 0x0003:
    case 0x0004:
    case 0x000A:
    case 0x000B:
      return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
      return 8;
    case 0x0048:
      return kIdentifierSize;
    default:
      return 0;
  }
}

struct Value {
  std::uint16_t type = 0;
  Property property = Property::subject;
  ByteView bytes;

  std::string text() const {
    if (type != kWideText) return narrow(bytes);
    std::string text = text_of_utf16(base::text_of(bytes));
    while (!text.empty() && text.back() == '\0') text.pop_back();
    return text;
  }
};

// Named properties have their name in front: none of them is read.
bool skip_name(ByteReader& in) {
  if (!in.take(kIdentifierSize)) return false;
  const auto kind = in.u32_le();
  const auto number = in.u32_le();
  if (!kind || !number) return false;
  return *kind == 0 || in.take(padded(*number)).has_value();
}

// The values of a list of properties, as far as they go; of several values the first.
class Properties {
 public:
  explicit Properties(ByteView bytes) : in_(bytes), left_(in_.u32_le().value_or(0)) {}

  std::optional<Value> next() {
    if (left_ == 0) return std::nullopt;
    --left_;
    const auto type = in_.u16_le();
    const auto id = in_.u16_le();
    if (!type || !id || (*id >= kFirstNamed && !skip_name(in_))) return std::nullopt;
    const auto plain = static_cast<std::uint16_t>(*type & ~kManyValues);
    const std::size_t fixed = fixed_size(plain);
    const bool counted = fixed == 0 || plain != *type;
    const auto count = counted ? in_.u32_le() : 1;
    if (!count || *count > kValuesMax) return std::nullopt;
    Value value{plain, static_cast<Property>(*id), {}};
    for (std::uint32_t i = 0; i < *count; ++i) {
      const auto size = fixed > 0 ? static_cast<std::uint32_t>(fixed) : in_.u32_le();
      if (!size) return std::nullopt;
      const auto bytes = in_.take(padded(*size));
      if (!bytes) return std::nullopt;
      if (i == 0) value.bytes = bytes->first(*size);
    }
    return value;
  }

 private:
  ByteReader in_;
  std::uint32_t left_;
};

struct Attachment {
  std::string title;
  std::string file_name;  // the longer one, of its properties
  ByteView data;
  ByteView message;  // a mail that is attached, as TNEF
  bool begun = false;
};

class TnefReader {
 public:
  explicit TnefReader(Context& context) : context_(context) {}

  FileEnd read(ByteView bytes) {
    ByteReader in(bytes);
    in.take(sizeof(std::uint32_t) + sizeof(std::uint16_t));
    bool whole = true;
    while (!in.at_end() && whole && !context_.out_of_time()) whole = read_attribute(in);
    mail_.body_place = {PlaceKind::body, 1, {}};
    write_outlook_mail(mail_, context_);
    end_attachment();
    for (const Attachment& one : attachments_) give(one);
    if (!whole) return read_partly("damaged or cut short; what is there was read");
    return read_whole();
  }

 private:
  // False: it is not whole.
  bool read_attribute(ByteReader& in) {
    const auto level = in.u8();
    const auto id = in.u32_le();
    const auto size = in.u32_le();
    const auto value = size ? in.take(*size) : std::nullopt;
    const auto sum = in.u16_le();
    if (!level || !id || !value || !sum) return false;
    const auto added = std::accumulate(
        value->begin(), value->end(), std::uint32_t{0},
        [](std::uint32_t all, std::byte b) { return all + std::to_integer<std::uint32_t>(b); });
    if (static_cast<std::uint16_t>(added) != *sum) return false;
    take(static_cast<Attribute>(*id), *value);
    return true;
  }

  void take(Attribute attribute, ByteView value) {
    switch (attribute) {
      case Attribute::subject:
        if (mail_.subject.empty()) mail_.subject = narrow(value);
        break;
      case Attribute::body:
        if (mail_.plain.empty()) mail_.plain = narrow(value);
        break;
      case Attribute::message_properties:
        read_message(value);
        break;
      case Attribute::attachment_begins:
        end_attachment();
        open_.begun = true;
        break;
      case Attribute::attachment_title:
        open_.title = narrow(value);
        break;
      case Attribute::attachment_data:
        open_.data = value;
        open_.begun = true;
        break;
      case Attribute::attachment_properties:
        read_attachment(value);
        break;
    }
  }

  void read_message(ByteView bytes) {
    Properties properties(bytes);
    while (const auto value = properties.next()) {
      const bool text = value->type == kNarrowText || value->type == kWideText;
      if (value->property == Property::rtf && value->type == kBinary) {
        mail_.rtf = decompress_rtf(base::text_of(value->bytes));
      } else if (value->property == Property::html && value->type == kBinary) {
        const std::string_view html = base::text_of(value->bytes);
        mail_.html = decode(value->bytes, html_charset(std::string(html.substr(0, 4096))));
      } else if (std::string* const to = text ? place_of(value->property) : nullptr) {
        *to = value->text();
      }
    }
  }

  std::string* place_of(Property property) {
    switch (property) {
      case Property::subject:
        return &mail_.subject;
      case Property::transport_headers:
        return &mail_.transport_headers;
      case Property::sender_name:
        return &mail_.sender_name;
      case Property::sender_address:
        return mail_.sender_address.empty() ? &mail_.sender_address : nullptr;
      case Property::sender_smtp:
        return &mail_.sender_address;
      case Property::display_to:
        return &mail_.to;
      case Property::display_cc:
        return &mail_.cc;
      case Property::body:
        return &mail_.plain;
      case Property::html:
        return &mail_.html;
      default:
        return nullptr;
    }
  }

  void read_attachment(ByteView bytes) {
    Properties properties(bytes);
    while (const auto value = properties.next()) {
      if (value->property == Property::file_name) open_.file_name = value->text();
      if (value->property != Property::attached) continue;
      if (value->type == kObject && value->bytes.size() > kIdentifierSize) {
        open_.message = value->bytes.subspan(kIdentifierSize);
      } else if (value->type == kBinary && open_.data.empty()) {
        open_.data = value->bytes;
      }
    }
  }

  void end_attachment() {
    if (open_.begun) attachments_.push_back(std::move(open_));
    open_ = {};
  }

  void give(const Attachment& one) {
    const std::string& name = one.file_name.empty() ? one.title : one.file_name;
    if (!one.message.empty()) {
      context_.member(name.empty() ? "message" : name, one.message);
    } else {
      context_.member(name, one.data);
    }
  }

  Context& context_;
  OutlookMail mail_;
  Attachment open_;
  std::vector<Attachment> attachments_;
};

}  // namespace

FileEnd read_tnef(ByteView bytes, Context& context) { return TnefReader(context).read(bytes); }

}  // namespace sealift::readers
