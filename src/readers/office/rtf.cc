#include "readers/office/rtf.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "readers/text/flow.h"
#include "readers/text/text_encoding.h"
#include "readers/text/utf8_append.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::TextRole;

constexpr std::size_t kGroupsMax = 1000;

// Destinations whose text is not the document's.
constexpr std::array<std::string_view, 34> kHidden = {"fonttbl",
                                                      "colortbl",
                                                      "stylesheet",
                                                      "pict",
                                                      "object",
                                                      "objdata",
                                                      "listtable",
                                                      "generator",
                                                      "rsidtbl",
                                                      "themedata",
                                                      "latentstyles",
                                                      "datastore",
                                                      "filetbl",
                                                      "xmlnstbl",
                                                      "revtbl",
                                                      "fldinst",
                                                      "blipuid",
                                                      "bkmkstart",
                                                      "bkmkend",
                                                      "mmathPr",
                                                      "pgdsctbl",
                                                      "private",
                                                      "listoverridetable",
                                                      "colorschememapping",
                                                      "nonshppict",
                                                      "pntext",
                                                      "pntxta",
                                                      "pntxtb",
                                                      "pgptbl",
                                                      "passwordhash",
                                                      "operator",
                                                      "wgrffmtfilter",
                                                      "defchp",
                                                      "defpap"};

// "\*" destinations that are text all the same.
constexpr std::array<std::string_view, 5> kStarredText = {"shpinst", "shptxt", "footnote",
                                                          "annotation", "upr"};

bool one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string charset_of_code_page(int page) {
  switch (page) {
    case 10000:
      return "macintosh";
    case 65001:
      return "UTF-8";
    case 932:
      return "Shift_JIS";
    case 936:
      return "GBK";
    case 949:
      return "windows-949";
    case 950:
      return "Big5";
    default:
      break;
  }
  return page < 1000 ? "ibm-" + std::to_string(page) : "windows-" + std::to_string(page);
}

std::string charset_of_font(int charset) {
  static const std::map<int, std::string> names = {
      {77, "macintosh"},     {128, "Shift_JIS"},    {129, "windows-949"},  {134, "GBK"},
      {136, "Big5"},         {161, "windows-1253"}, {162, "windows-1254"}, {163, "windows-1258"},
      {177, "windows-1255"}, {178, "windows-1256"}, {186, "windows-1257"}, {204, "windows-1251"},
      {222, "windows-874"},  {238, "windows-1250"}};
  const auto at = names.find(charset);
  return at == names.end() ? std::string() : at->second;
}

struct Group {
  bool hidden = false;
  bool font_table = false;
  int skip = 1;  // substitute characters after \uN
  int font = 0;
};

class RtfReader {
 public:
  RtfReader(std::string_view rtf, const Place& place, Context& context)
      : rest_(rtf), flow_(context, place, TextRole::body) {}

  // True: every group was closed.
  bool read() {
    groups_.emplace_back();
    while (!rest_.empty()) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      switch (c) {
        case '{':
          open_group();
          break;
        case '}':
          close_group();
          if (groups_.size() == 1) return true;
          break;
        case '\\':
          control();
          break;
        case '\r':
        case '\n':
          break;
        default:
          byte(c);
          break;
      }
    }
    flush_bytes();
    return groups_.size() == 1;
  }

 private:
  Group& group() { return groups_.back(); }

  void open_group() {
    flush_bytes();
    starred_ = false;
    if (groups_.size() < kGroupsMax) {
      groups_.push_back(group());
    } else {
      ++too_deep_;
    }
  }

  void close_group() {
    flush_bytes();
    if (too_deep_ > 0) {
      --too_deep_;
    } else if (groups_.size() > 1) {
      groups_.pop_back();
    }
    skip_left_ = 0;
  }

  void control() {
    if (rest_.empty()) return;
    const char c = rest_[0];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter) return symbol();
    std::size_t length = 0;
    while (length < rest_.size() && length < 40 &&
           ((rest_[length] >= 'a' && rest_[length] <= 'z') ||
            (rest_[length] >= 'A' && rest_[length] <= 'Z'))) {
      ++length;
    }
    const std::string_view name = rest_.substr(0, length);
    rest_.remove_prefix(length);
    const std::optional<int> number = take_number();
    if (rest_.starts_with(' ')) rest_.remove_prefix(1);
    word(name, number);
    starred_ = false;
  }

  std::optional<int> take_number() {
    std::size_t at = rest_.starts_with('-') ? 1 : 0;
    const std::size_t first = at;
    int value = 0;
    while (at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '9' && at < first + 9) {
      value = value * 10 + (rest_[at++] - '0');
    }
    if (at == first) return std::nullopt;
    const bool negative = first == 1;
    rest_.remove_prefix(at);
    return negative ? -value : value;
  }

  void symbol() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    switch (c) {
      case '\'': {
        const auto digit = [](char d) {
          return d >= '0' && d <= '9'
                     ? d - '0'
                     : ((d | 0x20) >= 'a' && (d | 0x20) <= 'f' ? (d | 0x20) - 'a' + 10 : -1);
        };
        if (rest_.size() < 2 || digit(rest_[0]) < 0 || digit(rest_[1]) < 0) return;
        byte(static_cast<char>(digit(rest_[0]) * 16 + digit(rest_[1])));
        rest_.remove_prefix(2);
        break;
      }
      case '*':
        starred_ = true;
        break;
      case '~':
      case '_':
        flush_bytes();
        put(c == '~' ? " " : "-");
        break;
      case '\n':
      case '\r':
        paragraph();
        break;
      case '\\':
      case '{':
      case '}':
        byte(c);
        break;
      default:
        break;
    }
  }

  void word(std::string_view name, std::optional<int> number) {
    if (name == "u" && number) return unicode(*number);
    if (name == "bin" && number) {
      rest_.remove_prefix(
          std::min<std::size_t>(static_cast<std::size_t>(std::max(*number, 0)), rest_.size()));
      return;
    }
    flush_bytes();
    if (name == "fonttbl") group().font_table = true;
    if (one_of(name, kHidden) || (starred_ && !one_of(name, kStarredText))) group().hidden = true;
    if (name == "fcharset" && group().font_table && number) {
      fonts_[group().font] = charset_of_font(*number);
    } else if (name == "f") {
      group().font = number.value_or(0);
    } else if (name == "uc") {
      group().skip = std::clamp(number.value_or(1), 0, 100);
    } else if (name == "ansicpg" && number) {
      charset_ = charset_of_code_page(*number);
    } else if (name == "mac") {
      charset_ = "macintosh";
    } else if (name == "pc" || name == "pca") {
      charset_ = name == "pc" ? "ibm-437" : "ibm-850";
    } else if (name == "plain") {
      group().font = default_font_;
    } else if (name == "deff") {
      default_font_ = number.value_or(0);
    } else if (!group().hidden) {
      text_word(name);
    }
  }

  void text_word(std::string_view name) {
    if (name == "par" || name == "sect" || name == "page") {
      paragraph();
    } else if (name == "line") {
      put("\n");
    } else if (name == "tab") {
      put("\t");

    } else if (name == "intbl") {
      in_table_paragraph_ = true;
    } else if (name == "pard") {
      in_table_paragraph_ = false;
    } else if (name == "cell" || name == "nestcell") {
      open_cell();
      flow_.end_cell();
      in_cell_ = false;
    } else if (name == "row" || name == "nestrow") {
      flow_.end_row();
      in_cell_ = false;
    } else if (name == "emdash" || name == "endash") {
      put(name == "emdash" ? "\u2014" : "\u2013");
    } else if (name == "lquote" || name == "rquote") {
      put(name == "lquote" ? "\u2018" : "\u2019");
    } else if (name == "ldblquote" || name == "rdblquote") {
      put(name == "ldblquote" ? "\u201C" : "\u201D");
    } else if (name == "bullet") {
      put("\u2022");
    }
  }

  // Cells come as text followed by \cell: text in a table paragraph opens one.
  void open_cell() {
    if (in_cell_) return;
    if (!flow_.in_table()) flow_.begin_table();
    flow_.begin_cell();
    in_cell_ = true;
  }

  void paragraph() {
    flush_bytes();
    if (group().hidden) return;
    flow_.end_paragraph();
  }

  void put(std::string_view text) {
    if (group().hidden || text.empty()) return;
    const bool blank = text.find_first_not_of(" \t\n") == std::string_view::npos;
    if (in_table_paragraph_) {
      open_cell();
    } else if (flow_.in_table() && !in_cell_) {
      if (blank) return;
      flow_.end_table();
    }
    flow_.out() += text;
  }

  void unicode(int number) {
    flush_bytes();
    char32_t c = static_cast<char32_t>(number < 0 ? number + 0x10000 : number);
    skip_left_ = group().skip;
    if (c >= 0xD800 && c < 0xDC00) {
      high_half_ = c;
      return;
    }
    if (c >= 0xDC00 && c < 0xE000 && high_half_ != 0) {
      c = 0x10000 + ((high_half_ - 0xD800) << 10) + (c - 0xDC00);
    }
    high_half_ = 0;
    std::string text;
    append_utf8(text, c);
    put(text);
  }

  void byte(char c) {
    if (skip_left_ > 0) {
      --skip_left_;
      return;
    }
    if (!group().hidden) bytes_ += c;
  }

  void flush_bytes() {
    if (bytes_.empty()) return;
    const auto font = fonts_.find(group().font);
    const bool own = font != fonts_.end() && !font->second.empty();
    put(decode(base::bytes_of(bytes_), own ? font->second : charset_));
    bytes_.clear();
  }

  std::string_view rest_;
  Flow flow_;
  std::vector<Group> groups_;
  std::size_t too_deep_ = 0;
  bool starred_ = false;
  int skip_left_ = 0;
  int default_font_ = 0;
  char32_t high_half_ = 0;
  std::string bytes_;  // waiting to be decoded together
  std::string charset_ = "windows-1252";
  std::map<int, std::string> fonts_;
  bool in_table_paragraph_ = false;
  bool in_cell_ = false;
};

}  // namespace

FileEnd read_rtf(base::ByteView bytes, Context& context) {
  const bool whole = RtfReader(base::text_of(bytes), {}, context).read();
  return whole ? read_whole() : read_partly("cut short; its start was read");
}

void read_rtf_text(std::string_view rtf, const Place& place, Context& context) {
  RtfReader(rtf, place, context).read();
}

}  // namespace sealift::readers
