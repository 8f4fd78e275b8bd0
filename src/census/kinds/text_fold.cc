#include "census/kinds/text_fold.h"

#include <algorithm>

namespace sealift::census {
namespace {

// One letter each for U+00C0..U+024F and U+1E00..U+1EFF. '.' has no Latin base letter; capitals
// stand for two letters (kPairs).
constexpr std::string_view kLatin =
    "aaaaaaAceeeeiiiidnooooo.ouuuuyTSaaaaaaAceeeeiiiidnooooo.ouuuuyTy"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkklllllll"
    "lllnnnnnn.nnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "bb.......dd....a.ffg...ikk......oo.............uu..............."
    "....DDDlllnnnaaiioouuuuuuuuuu.aaaa....ggkkoooo..jdddgg..nnaa..oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "...b............";
constexpr std::string_view kLatinAdditional =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwyas..S.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";
static_assert(kLatin.size() == 400 && kLatinAdditional.size() == 256);

std::string_view pair_of(char letter) {
  switch (letter) {
    case 'A':
      return "ae";
    case 'O':
      return "oe";
    case 'S':
      return "ss";
    case 'T':
      return "th";
    case 'I':
      return "ij";
    default:
      return "dz";
  }
}

char base_letter(char32_t c) {
  if (c >= 0xC0 && c < 0x250) return kLatin[c - 0xC0];
  if (c >= 0x1E00 && c < 0x1F00) return kLatinAdditional[c - 0x1E00];
  return '.';
}

// ASCII for punctuation that has one, 0 for none.
char plain_punctuation(char32_t c) {
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0x00B4:
      return '\'';
    case 0x201C:
    case 0x201D:
    case 0x00AB:
    case 0x00BB:
      return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
      return '-';
    case 0x00A0:
    case 0x2002:
    case 0x2003:
    case 0x2007:
    case 0x2009:
    case 0x202F:
      return ' ';
    default:
      return 0;
  }
}

bool is_combining_mark(char32_t c) { return c >= 0x300 && c < 0x370; }

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const CodePoint alone{first, 1};
  if (first < 0xC2 || first > 0xF4) return alone;
  const std::uint32_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() - at < size) return alone;
  char32_t value = first & (0xFFU >> (size + 1));
  for (std::uint32_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return alone;
    value = (value << 6) | (byte(at + i) & 0x3FU);
  }
  return {value, size};
}

void append_utf8(std::string& to, char32_t c) {
  const auto put = [&](char32_t byte) { to.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string fold(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const auto first = std::ranges::find_if_not(text, is_ascii);
  std::string out(text.begin(), first);
  for (char& c : out) c = ascii_lower(c);
  if (first == text.end()) return out;
  out.reserve(text.size());
  for (std::size_t i = out.size(); i < text.size();) {
    if (is_ascii(text[i])) {
      out.push_back(ascii_lower(text[i++]));
      continue;
    }
    const CodePoint c = code_point_at(text, i);
    const char letter = base_letter(c.value);
    const char plain = plain_punctuation(c.value);
    if (is_ascii_lower(letter)) {
      out.push_back(letter);
    } else if (is_ascii_upper(letter)) {
      out.append(pair_of(letter));
    } else if (plain != 0) {
      out.push_back(plain);
    } else if (!is_combining_mark(c.value) || c.size_bytes == 1) {
      out.append(text.substr(i, c.size_bytes));
    }
    i += c.size_bytes;
  }
  return out;
}

std::string fold_words(std::string_view text) {
  std::string out = fold(text);
  if (std::ranges::all_of(out, is_ascii_alnum)) return out;
  // In place: what is written never runs ahead of what is read.
  std::size_t size = 0;
  char before = ' ';
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = out[i];
    const bool inside =
        is_ascii_letter(before) && i + 1 < out.size() && is_ascii_letter(out[i + 1]);
    before = c;
    if (is_ascii_alnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      out[size++] = c;
    } else if ((c == '\'' || c == '.') && inside) {
      continue;
    } else if (size > 0 && out[size - 1] != ' ') {
      out[size++] = ' ';
    }
  }
  while (size > 0 && out[size - 1] == ' ') --size;
  out.resize(size);
  return out;
}

std::vector<std::string> folded_words(std::string_view text) {
  const std::string joined = fold_words(text);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < joined.size();) {
    const std::size_t end = std::min(joined.find(' ', i), joined.size());
    words.push_back(joined.substr(i, end - i));
    i = end + 1;
  }
  return words;
}

bool is_upper_latin(char32_t c) {
  if (c < 0x80) return is_ascii_upper(static_cast<char>(c));
  if (c >= 0xC0 && c <= 0xDE) return c != 0xD7;
  if (c >= 0x100 && c < 0x180) {
    const bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    return (c % 2 == 1) == odd_is_upper && c != 0x138 && c != 0x149 && c != 0x17F;
  }
  if (c >= 0x1E00 && c < 0x1F00) return c % 2 == 0;
  return c == 0x1A0 || c == 0x1AF || (c >= 0x1CD && c <= 0x1DB && c % 2 == 1);
}

bool is_lower_latin(char32_t c) {
  if (c < 0x80) return is_ascii_lower(static_cast<char>(c));
  return base_letter(c) != '.' && !is_upper_latin(c);
}

std::string upper_latin(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    char32_t upper = c.value;
    if (c.size_bytes == 1) {
      out.push_back(ascii_upper(text[i]));
    } else {
      if (c.value >= 0xE0 && c.value <= 0xFE && c.value != 0xF7) {
        upper = c.value - 0x20;
      } else if (is_lower_latin(c.value) && is_upper_latin(c.value - 1)) {
        upper = c.value - 1;
      }
      append_utf8(out, upper);
    }
    i += c.size_bytes;
  }
  return out;
}

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_ascii_digit(c)) out.push_back(c);
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace sealift::census
