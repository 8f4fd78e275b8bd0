#include "census/kinds/mask.h"

#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::string_view kHidden = "***";

std::string initials(std::string_view text) {
  std::string out;
  bool first = true;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (text[at] == ' ' || text[at] == '-') {
      out += text[at];
      first = true;
    } else if (first) {
      out += text.substr(at, point.size_bytes);
      out += kHidden;
      first = false;
    }
    at += point.size_bytes;
  }
  return out;
}

std::string last_two(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool shown = i + 2 >= text.size();
    if (text.size() <= 4 || !shown) {
      out += '*';
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string masked(ElementType type, std::string_view value) {
  switch (kind_of(type).mask) {
    case Mask::initials:
      return initials(value);
    case Mask::year:
      return std::string(value.substr(0, 4)) + "-**-**";
    case Mask::mailbox: {
      const std::size_t at = value.find('@');
      if (at == std::string_view::npos || at == 0) return std::string(kHidden);
      return std::string(value.substr(0, 1)) + std::string(kHidden) + std::string(value.substr(at));
    }
    case Mask::all_but_the_end:
      return last_two(value);
    case Mask::everything:
      break;
  }
  return std::string(kHidden);
}

}  // namespace sealift::census
