#include "readers/pages/pdf.h"

#include <iconv.h>
#include <poppler-document.h>
#include <poppler-embedded-file.h>
#include <poppler-global.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "readers/pages/ocr.h"
#include "readers/pages/page_layout.h"
#include "readers/pages/pdf_forms.h"
#include "readers/text/text_encoding.h"
#include "readers/text/utf8_append.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;

// A page with fewer letters than the first has no text; one with fewer than the second may be a
// picture with a stamp, a fax header or a page number on it.
constexpr std::size_t kTextPageLettersMin = 12;
constexpr std::size_t kStampLettersMax = 400;
// At this resolution a page is drawn in milliseconds, to see whether there is ink beside its words.
constexpr int kGlanceDpi = 40;
// Of the page: a line of print is more, a logo or rules are often less.
constexpr double kInkBesideMin = 0.004;
// How much darker than the page ink is when print melts into grey.
constexpr int kInkContrast = 64;
constexpr int kRenderDpi = 200;
constexpr double kPointsPerInch = 72;
// A4 at 200 dpi has 3.9 million; a plan in A0 is drawn coarser.
constexpr double kPixelsMax = 20e6;
constexpr unsigned char kDark = 160;

// poppler's own conversion opens a converter for each word. A zero ends the text.
std::string utf8_of(const poppler::ustring& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && text[i] != 0; ++i) {
    const auto unit = static_cast<char32_t>(text[i]);
    const bool pair = unit >= 0xD800 && unit < 0xDC00 && i + 1 < text.size() &&
                      text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;
    append_utf8(out, pair ? 0x10000 + ((unit - 0xD800) << 10) + (text[++i] - 0xDC00) : unit);
  }
  return out;
}

std::vector<Word> words_of(const poppler::page& page) {
  std::vector<Word> words;
  for (const poppler::text_box& box : page.text_list()) {
    const poppler::rectf at = box.bbox();
    words.push_back({at.left(), at.top(), at.right(), at.bottom(), utf8_of(box.text())});
  }
  return words;
}

std::size_t letters_in(const std::vector<Word>& words) {
  std::size_t letters = 0;
  for (const Word& word : words) letters += word.text.size();
  return letters;
}

// The page as grey pixels without padding.
struct Drawing {
  std::string grey;
  int width = 0;
  int height = 0;
  int dpi = kRenderDpi;
};

Drawing draw(const poppler::page& page, int dpi_max = kRenderDpi) {
  const poppler::rectf size = page.page_rect();
  const double inches = size.width() * size.height() / (kPointsPerInch * kPointsPerInch);
  Drawing drawing;
  drawing.dpi =
      std::clamp(static_cast<int>(std::sqrt(kPixelsMax / std::max(inches, 0.1))), 20, dpi_max);
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_gray8);
  const poppler::image image = renderer.render_page(&page, drawing.dpi, drawing.dpi);
  if (!image.is_valid()) return drawing;
  drawing.width = image.width();
  drawing.height = image.height();
  for (int y = 0; y < drawing.height; ++y) {
    const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(image.bytes_per_row());
    drawing.grey.append(image.const_data() + row, static_cast<std::size_t>(drawing.width));
  }
  return drawing;
}

bool is_blank(const Drawing& drawing) {
  return std::ranges::none_of(drawing.grey,
                              [](char pixel) { return static_cast<unsigned char>(pixel) < kDark; });
}

// The share of the page that is dark outside the boxes of its words.
double ink_beside(const poppler::page& page, const std::vector<Word>& words) {
  const Drawing drawing = draw(page, kGlanceDpi);
  if (drawing.grey.empty()) return 0;
  const double scale = drawing.dpi / kPointsPerInch;
  const auto width = static_cast<std::size_t>(drawing.width);
  std::string grey = drawing.grey;
  for (const Word& word : words) {
    const auto clamped = [&](double at, int end) {
      return static_cast<std::size_t>(std::clamp(at * scale, 0.0, static_cast<double>(end)));
    };
    const std::size_t right = std::min(clamped(word.right, drawing.width) + 2, width);
    const std::size_t bottom = std::min(clamped(word.bottom, drawing.height) + 2,
                                        static_cast<std::size_t>(drawing.height));
    const std::size_t left = clamped(word.left - 1, drawing.width);
    for (std::size_t y = clamped(word.top - 1, drawing.height); y < bottom; ++y)
      std::fill(grey.begin() + static_cast<std::ptrdiff_t>(y * width + left),
                grey.begin() + static_cast<std::ptrdiff_t>(y * width + right), '\xFF');
  }
  std::array<std::size_t, 256> shades{};
  for (const char pixel : grey) ++shades.at(static_cast<unsigned char>(pixel));
  const auto page_shade =
      static_cast<int>(std::ranges::max_element(shades) - shades.begin());  // most of it is blank
  const auto dark = std::ranges::count_if(grey, [&](char pixel) {
    return static_cast<int>(static_cast<unsigned char>(pixel)) < page_shade - kInkContrast;
  });
  return static_cast<double>(dark) / static_cast<double>(grey.size());
}

// Text of a font that does not say which letters its shapes are: signs and controls where words
// should be, or words that nobody could speak.
bool is_unreadable(const std::vector<Word>& words) {
  constexpr std::size_t kLettersJudged = 40;
  std::size_t letters = 0;
  std::size_t odd = 0;
  std::size_t spoken = 0;
  std::size_t long_words = 0;
  for (const Word& word : words) {
    bool vowel = false;
    std::size_t latin = 0;
    for (std::size_t i = 0; i < word.text.size(); ++i) {
      const char c = word.text[i];
      const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      const bool private_use =
          word.text.compare(i, 1, "\xEE") == 0 || word.text.compare(i, 3, "\xEF\xBF\xBD") == 0;
      ++letters;
      latin += small >= 'a' && small <= 'z' ? 1 : 0;
      vowel = vowel || (c & 0x80) != 0 ||
              std::string_view("aeiouy").find(small) != std::string_view::npos;
      const bool usual = (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
                         std::string_view("-.,:;/()'@#&%$").find(c) != std::string_view::npos ||
                         ((c & 0x80) != 0 && !private_use);
      odd += usual ? 0 : 1;
    }
    if (latin < 4) continue;
    ++long_words;
    spoken += vowel ? 1 : 0;
  }
  if (letters < kLettersJudged) return false;
  if (odd * 3 > letters) return true;
  constexpr std::size_t kWordsJudged = 6;
  return long_words >= kWordsJudged && spoken * 3 < long_words * 2;
}

class PdfReader {
 public:
  PdfReader(const poppler::document& document, Context& context)
      : document_(document), context_(context) {}

  FileEnd read() {
    for (int i = 0; i < document_.pages(); ++i) {
      const std::unique_ptr<poppler::page> page(document_.create_page(i));
      if (page == nullptr) {
        ++lost_;
      } else {
        read_page(*page, static_cast<std::uint32_t>(i + 1));
      }
      if (context_.out_of_time()) return read_partly("took too long; the first pages were read");
    }
    if (!context_.wants_ocr()) read_rest();
    if (document_.pages() == 0) return read_failed("has no pages");
    if (lost_ > 0) return read_partly("some pages are damaged");
    if (doubtful_ > 0) return read_partly(hardly_read(doubtful_));
    return waiting_ > 0 ? Context::waits_for_ocr() : read_whole();
  }

 private:
  void read_page(const poppler::page& page, std::uint32_t number) {
    std::vector<Word> words = words_of(page);
    const Place place{PlaceKind::page, number, {}};
    const bool unreadable = is_unreadable(words);
    const bool is_picture = unreadable || has_picture(page, words);
    if (!context_.wants_ocr()) {
      if (!unreadable) lay_out_page(std::move(words), place, TextRole::body, context_);
      waiting_ += is_picture ? 1 : 0;
    } else if (is_picture) {
      const Drawing drawing = draw(page);
      if (drawing.grey.empty() || is_blank(drawing)) return;
      Recognition found =
          context_.ocr().read_page(drawing.grey, drawing.width, drawing.height, drawing.dpi);
      doubtful_ += found.doubtful() ? 1 : 0;
      lay_out_page(std::move(found.words), place, TextRole::recognised, context_);
    }
  }

  // Is there something on the page that only the eye can read?
  static bool has_picture(const poppler::page& page, const std::vector<Word>& words) {
    const std::size_t letters = letters_in(words);
    if (letters < kTextPageLettersMin) return true;
    return letters < kStampLettersMax && ink_beside(page, words) > kInkBesideMin;
  }

  void read_rest() {
    std::string information;
    for (const std::string& key : document_.info_keys()) {
      if (key == "CreationDate" || key == "ModDate" || key == "Producer" || key == "Creator") {
        continue;
      }
      information += text_of_name(key) + ": " + utf8_of(document_.info_key(key)) + '\n';
    }
    context_.text({}, information, TextRole::metadata);
    for (poppler::embedded_file* file : document_.embedded_files()) {
      const poppler::byte_array data = file->data();
      context_.member(file->name(), base::bytes_of({data.data(), data.size()}));
    }
  }

  const poppler::document& document_;
  Context& context_;
  int waiting_ = 0;
  int lost_ = 0;
  std::uint32_t doubtful_ = 0;
};

}  // namespace

void prepare_pdf() {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  // poppler converts strings with iconv, whose tables are files. An open converter keeps its
  // table loaded, so these two stay open.
  static_cast<void>(iconv_open("UTF-8", "UTF-16LE"));
  static_cast<void>(iconv_open("UTF-16LE", "UTF-8"));
  static_cast<void>(iconv_open("UTF-8", "UTF-16"));
  static_cast<void>(iconv_open("UTF-16", "UTF-8"));
}

FileEnd read_pdf(base::ByteView bytes, Context& context) {
  const std::string_view text = base::text_of(bytes);
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(text.data(), static_cast<int>(text.size())));
  if (document == nullptr) return read_failed("damaged or cut short");
  if (document->is_locked()) return needs_password();
  FileEnd end = PdfReader(*document, context).read();
  if (!context.wants_ocr()) read_pdf_forms(bytes, context);
  return end;
}

}  // namespace sealift::readers
