#include "readers/mail/msg.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "readers/little_endian.h"
#include "readers/mail/mapi.h"
#include "readers/mail/outlook.h"
#include "readers/text/html.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::PlaceKind;
using mapi::Property;

constexpr std::size_t kRtfSizeMax = std::size_t{64} << 20;

class MessageReader {
 public:
  MessageReader(const CompoundFile& file, std::uint32_t storage, Context& context)
      : file_(file), storage_(storage), context_(context) {}

  FileEnd read() {
    read_mail();
    for (const std::uint32_t child : file_.children(storage_)) {
      if (file_.entries()[child].name.starts_with("__attach_version1.0_")) read_attachment(child);
    }
    return read_whole();
  }

 private:
  std::string stream_name(Property property, const char* type) const {
    std::array<char, 40> name{};
    std::snprintf(name.data(), name.size(), "__substg1.0_%04X%s", static_cast<unsigned>(property),
                  type);
    return name.data();
  }

  std::string binary(Property property, std::uint32_t storage) const {
    return file_.read(stream_name(property, "0102"), storage);
  }

  std::string text(Property property, std::uint32_t storage) const {
    if (const auto wide = file_.find(stream_name(property, "001F"), storage)) {
      return text_of_utf16(file_.read(*wide));
    }
    return decode(base::bytes_of(file_.read(stream_name(property, "001E"), storage)),
                  "windows-1252");
  }

  void read_mail() {
    OutlookMail mail;
    mail.body_place = {PlaceKind::body, 1, {}};
    mail.transport_headers = text(Property::transport_headers, storage_);
    mail.subject = text(Property::subject, storage_);
    mail.sender_name = text(Property::sender_name, storage_);
    mail.sender_address = text(Property::sender_smtp, storage_);
    if (mail.sender_address.empty()) mail.sender_address = text(Property::sender_address, storage_);
    mail.to = recipients();
    if (mail.to.empty()) {
      mail.to = text(Property::display_to, storage_);
      mail.cc = text(Property::display_cc, storage_);
    }
    mail.plain = text(Property::body, storage_);
    const std::string html = binary(Property::html, storage_);
    mail.html = html.empty() ? text(Property::html, storage_)
                             : decode(base::bytes_of(html), html_charset(html.substr(0, 4096)));
    if (mail.plain.empty() && mail.html.empty()) {
      mail.rtf = decompress_rtf(binary(Property::rtf, storage_));
    }
    write_outlook_mail(mail, context_);
  }

  std::string recipients() const {
    std::string all;
    for (const std::uint32_t child : file_.children(storage_)) {
      if (!file_.entries()[child].name.starts_with("__recip_version1.0_")) continue;
      std::string address = text(Property::smtp_address, child);
      if (address.empty()) address = text(Property::address, child);
      if (!all.empty()) all += ", ";
      all += outlook_address(text(Property::display_name, child), address);
    }
    return all;
  }

  void read_attachment(std::uint32_t storage) {
    std::string name = text(Property::file_name, storage);
    if (name.empty()) name = text(Property::short_file_name, storage);
    if (name.empty()) name = text(Property::display_name, storage);
    if (const auto inner = file_.find(stream_name(Property::attached, "000D"), storage)) {
      context_.member_as(name.empty() ? "message.msg" : name, 0, "msg",
                         [&] { return MessageReader(file_, *inner, context_).read(); });
      return;
    }
    const auto data = file_.find(stream_name(Property::attached, "0102"), storage);
    if (!data) return context_.unread_member(name, 0, not_supported("a link, not a file"));
    const std::string bytes = file_.read(*data);
    context_.member(name, base::bytes_of(bytes));
  }

  const CompoundFile& file_;
  std::uint32_t storage_;
  Context& context_;
};

}  // namespace

FileEnd read_msg(const CompoundFile& file, Context& context) {
  return MessageReader(file, CompoundFile::kRoot, context).read();
}

std::string decompress_rtf(std::string_view bytes) {
  constexpr std::string_view kStart =
      "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
      "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
      "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
  constexpr std::uint32_t kPlain = 0x414C454D;
  constexpr std::size_t kHeader = 16;
  constexpr std::size_t kWindow = 4096;
  if (bytes.size() < kHeader) return {};
  if (u32_at(bytes, 8) == kPlain) return std::string(bytes.substr(kHeader));
  std::string window(kStart);
  window.resize(kWindow);
  std::size_t at = kStart.size();
  std::string out;
  const auto put = [&](char c) {
    out += c;
    window[at] = c;
    at = (at + 1) % kWindow;
  };
  for (std::size_t i = kHeader; i < bytes.size() && out.size() < kRtfSizeMax;) {
    const std::uint8_t flags = u8_at(bytes, i++);
    for (int bit = 0; bit < 8 && i < bytes.size(); ++bit) {
      if ((flags >> bit & 1) == 0) {
        put(bytes[i++]);
        continue;
      }
      const std::size_t token =
          static_cast<std::size_t>(u8_at(bytes, i) << 8) | u8_at(bytes, i + 1);
      i += 2;
      const std::size_t from = token >> 4;
      if (from == at) return out;  // the end mark
      for (std::size_t k = 0; k < (token & 15) + 2; ++k) put(window[(from + k) % kWindow]);
    }
  }
  return out;
}

}  // namespace sealift::readers
