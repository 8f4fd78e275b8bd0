#include "readers/mail/signed_data.h"

#include <algorithm>
#include <array>

#include "readers/little_endian.h"
#include "readers/mail/mail.h"

namespace sealift::readers {
namespace {

using document::FileEnd;

constexpr int kDepthMax = 8;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kObjectId = 0x06;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kContext0 = 0xA0;

struct Element {
  std::uint8_t tag = 0;
  bool indefinite = false;
  std::string_view content;  // of an indefinite one, all that follows its header
};

// Takes one element's header and content; an indefinite one stays open.
std::optional<Element> take(std::string_view& in) {
  if (in.size() < 2) return std::nullopt;
  Element element;
  element.tag = u8_at(in, 0);
  const std::uint8_t first = u8_at(in, 1);
  std::size_t at = 2;
  std::uint64_t size = first;
  if (first == 0x80) {
    element.indefinite = true;
    element.content = in.substr(at);
    in = {};
    return element;
  }
  if (first > 0x80) {
    const std::size_t bytes = first & 0x7FU;
    if (bytes > 4 || in.size() < at + bytes) return std::nullopt;
    size = 0;
    for (std::size_t i = 0; i < bytes; ++i) size = (size << 8U) | u8_at(in, at++);
  }
  element.content = in.substr(at, size);  // what is cut short is still shown
  in.remove_prefix(std::min<std::size_t>(in.size(), at + size));
  return element;
}

// The pieces of an octet string, up to its end.
void append_string(const Element& element, std::string& out, int depth) {
  if ((element.tag & kConstructed) == 0) {
    out += element.content;
    return;
  }
  std::string_view rest = element.content;
  while (!rest.empty() && depth < kDepthMax && !rest.starts_with(std::string_view("\0\0", 2))) {
    const auto piece = take(rest);
    if (!piece || (piece->tag & ~kConstructed) != kOctetString) return;
    append_string(*piece, out, depth + 1);
  }
}

constexpr std::string_view kSigned = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
constexpr std::string_view kEnveloped = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03";
constexpr std::string_view kAuthEnveloped = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17";
constexpr std::string_view kSignedAndEnveloped = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x04";

// The content behind the type of a ContentInfo.
std::optional<std::string_view> content_of(base::ByteView bytes, std::string_view& type) {
  std::string_view in = base::text_of(bytes);
  const auto outer = take(in);
  if (!outer || outer->tag != kSequence) return std::nullopt;
  in = outer->content;
  const auto id = take(in);
  if (!id || id->tag != kObjectId) return std::nullopt;
  type = id->content;
  return in;
}

}  // namespace

Pkcs7Kind pkcs7_kind(base::ByteView bytes) {
  std::string_view type;
  if (!content_of(bytes, type)) return Pkcs7Kind::none;
  if (type == kSigned) return Pkcs7Kind::signed_data;
  if (type == kEnveloped || type == kAuthEnveloped || type == kSignedAndEnveloped)
    return Pkcs7Kind::enveloped;
  return type.starts_with("\x2A\x86\x48\x86\xF7\x0D\x01") ? Pkcs7Kind::other : Pkcs7Kind::none;
}

std::optional<std::string> signed_content(base::ByteView bytes) {
  std::string_view type;
  const auto content = content_of(bytes, type);
  if (!content || type != kSigned) return std::nullopt;
  std::string_view in = *content;
  const auto wrapper = take(in);
  if (!wrapper || wrapper->tag != kContext0) return std::nullopt;
  in = wrapper->content;
  const auto data = take(in);
  if (!data || data->tag != kSequence) return std::nullopt;
  in = data->content;
  const auto version = take(in);
  const auto algorithms = take(in);
  if (!version || !algorithms || algorithms->tag != kSet) return std::nullopt;
  const auto inner = take(in);
  if (!inner || inner->tag != kSequence) return std::nullopt;
  in = inner->content;
  const auto inner_type = take(in);
  const auto explicit_content = take(in);
  if (!inner_type || !explicit_content || explicit_content->tag != kContext0) return std::nullopt;
  in = explicit_content->content;
  const auto string = take(in);
  if (!string) return std::nullopt;
  std::string out;
  append_string(*string, out, 0);
  return out;
}

FileEnd read_pkcs7(base::ByteView bytes, Context& context) {
  const Pkcs7Kind kind = pkcs7_kind(bytes);
  if (kind == Pkcs7Kind::enveloped) return needs_password("needs the key of its recipient");
  const auto content = signed_content(bytes);
  if (!content) return not_supported("holds no signed mail");
  return read_mail(base::bytes_of(*content), context);
}

}  // namespace sealift::readers
