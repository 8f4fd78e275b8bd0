#include "readers/text/text_encoding.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/utf8.h"

namespace sealift::readers {
namespace {

using base::ByteView;

constexpr std::size_t kSampleSize = std::size_t{256} << 10;
constexpr std::size_t kPieceSize = std::size_t{1} << 20;

struct Mark {
  std::string_view bytes;
  const char* charset;
};
// The longer mark first: UTF-32LE starts with UTF-16LE's.
constexpr std::array<Mark, 5> kMarks = {{{"\xEF\xBB\xBF", "UTF-8"},
                                         {{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                                         {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                                         {"\xFF\xFE", "UTF-16LE"},
                                         {"\xFE\xFF", "UTF-16BE"}}};

const Mark* mark_of(std::string_view text) {
  for (const Mark& mark : kMarks) {
    if (text.starts_with(mark.bytes)) return &mark;
  }
  return nullptr;
}

// UTF-16 without a mark: every other byte of mostly Latin text is zero.
const char* unmarked_utf16(std::string_view text) {
  if (text.size() < 4) return nullptr;
  std::array<std::size_t, 2> zeros{};
  const std::size_t size = std::min<std::size_t>(text.size(), 4096);
  for (std::size_t i = 0; i < size; ++i) zeros[i % 2] += text[i] == '\0' ? 1 : 0;
  const std::size_t half = size / 2;
  if (zeros[1] > half * 7 / 10 && zeros[0] <= half / 20) return "UTF-16LE";
  if (zeros[0] > half * 7 / 10 && zeros[1] <= half / 20) return "UTF-16BE";
  return nullptr;
}

// Letters, digits, blanks and the usual signs of EBCDIC make up nearly all of it, with its blank
// (0x40) where ASCII has '@', and hardly any of ASCII's. The code pages differ in signs alone; the
// brackets of 1047 and the exclamation mark of 500 tell them apart.
const char* ebcdic_charset(std::string_view text) {
  constexpr std::size_t kSizeMin = 48;
  if (text.size() < kSizeMin) return nullptr;
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts.at(static_cast<unsigned char>(c));
  const auto sum = [&](std::initializer_list<std::pair<int, int>> ranges) {
    std::size_t total = 0;
    for (const auto& [from, to] : ranges)
      for (int byte = from; byte <= to; ++byte) total += counts.at(static_cast<std::size_t>(byte));
    return total;
  };
  const std::size_t usual = sum({{0x40, 0x40},
                                 {0x4B, 0x50},
                                 {0x5B, 0x61},
                                 {0x6B, 0x6F},
                                 {0x7A, 0x7F},
                                 {0x81, 0x89},
                                 {0x91, 0x99},
                                 {0xA2, 0xA9},
                                 {0xC1, 0xC9},
                                 {0xD1, 0xD9},
                                 {0xE2, 0xE9},
                                 {0xF0, 0xF9},
                                 {0x15, 0x15},
                                 {0x25, 0x25},
                                 {0x0D, 0x0D}});
  const std::size_t wordy = sum({{0x81, 0x89},
                                 {0x91, 0x99},
                                 {0xA2, 0xA9},
                                 {0xC1, 0xC9},
                                 {0xD1, 0xD9},
                                 {0xE2, 0xE9},
                                 {0xF0, 0xF9}});
  const std::size_t blanks = counts[0x40];
  const std::size_t ascii = counts[0x20] + counts[0x0A];
  if (usual * 100 < text.size() * 92 || wordy * 2 < text.size() / 2) return nullptr;
  if (blanks * 30 < text.size() || ascii * 50 > text.size()) return nullptr;
  if (counts[0xAD] + counts[0xBD] > 0) return "ibm-1047";
  return counts[0x4F] > counts[0x5A] && counts[0x4F] > 0 ? "ibm-500" : "ibm-037";
}

bool is_binary(std::string_view text) {
  std::size_t odd = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool white = byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' || byte == 0x1B;
    odd += (byte < 0x20 && !white && byte != 0x1A) || byte == 0x7F ? 1 : 0;
    if (byte == 0) odd += 4;
  }
  return odd > text.size() / 64;
}

std::string guess(std::string_view sample) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                       uchardet_delete);
  uchardet_handle_data(detector.get(), sample.data(), sample.size());
  uchardet_data_end(detector.get());
  return uchardet_get_charset(detector.get());
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

Converter open_converter(std::string_view charset) {
  UErrorCode error = U_ZERO_ERROR;
  const std::string name(charset);
  if (name.empty() || name.size() > 60) return nullptr;
  Converter converter(ucnv_open(name.c_str(), &error));
  return U_SUCCESS(error) ? std::move(converter) : nullptr;
}

std::string convert(ByteView bytes, UConverter* from) {
  std::string out;
  UErrorCode error = U_ZERO_ERROR;
  const Converter to(ucnv_open("UTF-8", &error));
  if (U_FAILURE(error)) return out;
  std::vector<UChar> pivot(4096);
  UChar* pivot_from = pivot.data();
  UChar* pivot_to = pivot.data();
  const std::string_view text = base::text_of(bytes);
  const char* source = text.data();
  std::vector<char> buffer(std::size_t{64} << 10);
  UBool reset = 1;
  do {
    char* target = buffer.data();
    error = U_ZERO_ERROR;
    ucnv_convertEx(to.get(), from, &target, buffer.data() + buffer.size(), &source,
                   text.data() + text.size(), pivot.data(), &pivot_from, &pivot_to,
                   pivot.data() + pivot.size(), reset, 1, &error);
    reset = 0;
    out.append(buffer.data(), target);
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

// A single-byte encoding: its accented letters, and those of them that Western texts are full of
// (é è ê à â ç ë ï î ô û ù ö ü ä É, in this order).
struct LatinTable {
  const char* charset;
  std::string_view common;
  std::string_view letters;
};
constexpr std::array<LatinTable, 3> kLatin = {{
    {"windows-1252", "\xE9\xE8\xEA\xE0\xE2\xE7\xEB\xEF\xEE\xF4\xFB\xF9\xF6\xFC\xE4\xC9",
     "\xC0\xC1\xC2\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xCB\xCD\xCE\xCF\xD1\xD3\xD4\xD6\xD8\xD9\xDA\xDB\xDC"
     "\xDF\xE0\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF\xF1\xF2\xF3\xF4\xF5\xF6"
     "\xF8\xF9\xFA\xFB\xFC\x8A\x8C\x8E\x9A\x9C\x9E\x9F"},
    {"macintosh", "\x8E\x8F\x90\x88\x89\x8D\x91\x95\x94\x99\x9E\x9D\x9A\x9F\x8A\x83",
     "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x8B\x8C\x8D\x8E\x8F\x90\x91\x92\x93\x94\x95\x96"
     "\x97\x98\x99\x9A\x9B\x9C\x9D\x9E\x9F\xA7\xAE\xAF\xBE\xBF\xCB\xCC\xCE\xCF\xE5\xE6\xE7\xE8"
     "\xE9"},
    {"IBM850", "\x82\x8A\x88\x85\x83\x87\x89\x8B\x8C\x93\x96\x97\x94\x81\x84\x90",
     "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x8B\x8C\x8D\x8E\x8F\x90\x91\x92\x93\x94\x95\x96"
     "\x97\x98\x99\x9A\x9B\x9D\xA0\xA1\xA2\xA3\xA4\xA5\xB5\xB6\xB7\xC6\xC7\xD2\xD3\xD4"},
}};

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// How well the high bytes of a text read as letters inside words and signs outside: 0 to 1.
double letter_score(std::string_view text, const LatinTable& table) {
  constexpr double kRareLetter = 0.4;
  constexpr double kLetterAlone = 0.3;
  constexpr double kAloneWeight = 0.25;  // initials and signs: both are usual there
  double weight = 0;
  double fit = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x80) continue;
    const bool in_word = (i > 0 && is_ascii_letter(text[i - 1])) ||
                         (i + 1 < text.size() && is_ascii_letter(text[i + 1]));
    const bool letter = table.letters.find(text[i]) != std::string_view::npos;
    const bool common = table.common.find(text[i]) != std::string_view::npos;
    if (in_word) {
      weight += 1;
      fit += common ? 1 : (letter ? kRareLetter : 0);
    } else {
      weight += kAloneWeight;
      fit += kAloneWeight * (letter ? kLetterAlone : 1);
    }
  }
  return weight == 0 ? 0 : fit / weight;
}

// Single-byte Latin text, which uchardet names by chance: the table whose letters stand in words.
std::string latin_charset(std::string_view sample) {
  std::string best = "windows-1252";
  double best_score = letter_score(sample, kLatin[0]) + 0.05;  // by far the most common
  for (const LatinTable& table : kLatin) {
    const double score = letter_score(sample, table);
    if (score > best_score) {
      best = table.charset;
      best_score = score;
    }
  }
  return best;
}

// Scripts whose detection is worth trusting over Latin statistics.
bool is_other_script(std::string_view charset) {
  static constexpr std::array<std::string_view, 20> kNames = {
      "BIG5",       "EUC-JP",       "EUC-KR",       "EUC-TW",       "GB18030",
      "SHIFT_JIS",  "ISO-2022-JP",  "ISO-2022-KR",  "ISO-2022-CN",  "HZ-GB-2312",
      "KOI8-R",     "WINDOWS-1251", "IBM866",       "ISO-8859-5",   "MAC-CYRILLIC",
      "ISO-8859-7", "WINDOWS-1253", "WINDOWS-1255", "WINDOWS-1256", "UHC"};
  return std::ranges::find(kNames, charset) != kNames.end();
}

// Cyrillic, Greek, Hebrew, Arabic and the rest have high bytes in most of their letters.
bool mostly_high(std::string_view text) {
  std::size_t high = 0;
  std::size_t letters = 0;
  for (const char c : text) {
    high += static_cast<unsigned char>(c) >= 0x80 ? 1 : 0;
    letters += is_ascii_letter(c) ? 1 : 0;
  }
  return high > letters;
}

// Labels that bytes which are not UTF-8 have already disproved.
bool claims_utf8(std::string_view charset) {
  std::string name;
  for (const char c : charset) {
    if (c != '-' && c != '_') name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return name == "utf8" || name == "usascii" || name == "ascii";
}

}  // namespace

std::optional<Charset> detect_charset(ByteView bytes) {
  const std::string_view sample = base::text_of(bytes.first(std::min(bytes.size(), kSampleSize)));
  if (const Mark* mark = mark_of(sample)) return mark->charset;
  if (const char* utf16 = unmarked_utf16(sample)) return utf16;
  if (const char* ebcdic = ebcdic_charset(sample)) return ebcdic;
  if (is_binary(sample)) return std::nullopt;
  const std::size_t good = base::utf8_prefix_length(sample);
  if (sample.size() - good < 4 && (good == sample.size() || sample.size() < bytes.size())) {
    return "UTF-8";
  }
  const std::string name = guess(sample);
  if (is_other_script(name) && mostly_high(sample)) return name;
  return latin_charset(sample);
}

bool is_ebcdic_charset(std::string_view charset) { return charset.starts_with("ibm-"); }

std::string decode_ebcdic(ByteView bytes, std::string_view charset) {
  const Converter converter = open_converter(charset);
  const std::string text = converter == nullptr ? std::string() : convert(bytes, converter.get());
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\xC2\x85") == 0) {  // the line end that ASCII has not
      out += '\n';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string decode(ByteView bytes, std::string_view charset) {
  const std::string_view text = base::text_of(bytes);
  if (const Mark* mark = mark_of(text)) {
    bytes = bytes.subspan(mark->bytes.size());
    charset = mark->charset;
  }
  if (!charset.starts_with("UTF-16") && !charset.starts_with("UTF-32") &&
      !charset.starts_with("ISO-2022") && base::is_utf8(base::text_of(bytes))) {
    return std::string(base::text_of(bytes));
  }
  Converter converter = claims_utf8(charset) ? nullptr : open_converter(charset);
  if (converter == nullptr) {
    const Charset detected = detect_charset(bytes).value_or("windows-1252");
    converter = open_converter(detected);
  }
  if (converter == nullptr) converter = open_converter("windows-1252");
  return converter == nullptr ? std::string() : convert(bytes, converter.get());
}

std::string text_of_name(std::string_view raw) {
  return base::is_utf8(raw) ? std::string(raw) : decode(base::bytes_of(raw), "");
}

TextPieces::TextPieces(ByteView bytes, Charset charset)
    : rest_(bytes), charset_(std::move(charset)) {
  if (const Mark* mark = mark_of(base::text_of(bytes))) rest_ = bytes.subspan(mark->bytes.size());
}

std::size_t TextPieces::piece_end() const {
  if (rest_.size() <= kPieceSize) return rest_.size();
  const std::string_view text = base::text_of(rest_.first(kPieceSize));
  const bool wide = charset_.starts_with("UTF-16") || charset_.starts_with("UTF-32");
  if (wide) return kPieceSize;  // a multiple of every unit's size
  const std::size_t line = text.rfind('\n');
  if (line != std::string_view::npos) return line + 1;
  std::size_t length = kPieceSize;
  while (length > kPieceSize - 4 &&
         (static_cast<unsigned char>(text[length - 1]) & 0xC0U) == 0x80) {
    --length;
  }
  return length - 1;  // before the character that may go on in the next piece
}

// UTF-8 with lines in something else, as logs and concatenated exports have.
std::string TextPieces::decode_by_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('\n');
    const std::string_view line = at == std::string_view::npos ? text : text.substr(0, at + 1);
    if (base::is_utf8(line)) {
      out += line;
    } else {
      out += decode(base::bytes_of(line), "windows-1252");
    }
    text.remove_prefix(line.size());
  }
  return out;
}

std::optional<std::string_view> TextPieces::next() {
  if (rest_.empty()) return std::nullopt;
  const ByteView piece = rest_.first(piece_end());
  rest_ = rest_.subspan(piece.size());
  if (charset_ == "UTF-8" && base::is_utf8(base::text_of(piece))) return base::text_of(piece);
  decoded_ = charset_ == "UTF-8" ? decode_by_line(base::text_of(piece)) : decode(piece, charset_);
  return decoded_;
}

}  // namespace sealift::readers
