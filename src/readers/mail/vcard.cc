#include "readers/mail/vcard.h"

#include <algorithm>

#include "readers/mail/mime.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

// A line with its continuations, taken from `rest`: those start with white space, or follow a line
// in quoted-printable that ends with '='.
std::string take_logical_line(std::string_view& rest) {
  std::string line;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.ends_with('\r')) part.remove_suffix(1);
    line += part;
    const bool soft = line.ends_with('=') && line.find("QUOTED-PRINTABLE") != std::string::npos;
    if (soft) {
      line.pop_back();
    } else if (rest.starts_with(' ') || rest.starts_with('\t')) {
      rest.remove_prefix(1);
    } else {
      break;
    }
  }
  return line;
}

std::string unescaped(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      out += value[i];
      continue;
    }
    const char c = value[++i];
    out += c == 'n' || c == 'N' ? ' ' : c;
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  return out;
}

}  // namespace

document::FileEnd read_vcard(base::ByteView bytes, Context& context) {
  const std::string text = decode(bytes, "UTF-8");
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    const std::string line = take_logical_line(rest);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) {
      out.append(line).append("\n");
      continue;
    }
    const std::string head = upper(std::string_view(line).substr(0, colon));
    const std::string_view name = std::string_view(line).substr(0, line.find_first_of(";:"));
    const bool picture = head.starts_with("PHOTO") || head.starts_with("LOGO") ||
                         head.starts_with("SOUND") || head.starts_with("KEY");
    if (picture) continue;
    std::string value = line.substr(colon + 1);
    if (head.find("QUOTED-PRINTABLE") != std::string::npos) {
      value = decode(base::bytes_of(decode_transfer(value, TransferEncoding::quoted_printable)),
                     "UTF-8");
    }
    out.append(name).append(": ").append(unescaped(value)).append("\n");
  }
  context.text({}, out);
  return read_whole();
}

}  // namespace sealift::readers
