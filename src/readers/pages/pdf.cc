#include "readers/pages/pdf.h"

#include <iconv.h>
#include <poppler-document.h>
#include <poppler-embedded-file.h>
#include <poppler-global.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "readers/pages/page_layout.h"
#include "readers/text/text_encoding.h"
#include "readers/text/utf8_append.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;

// A page with fewer letters than this is a picture with a stamp, if it is anything.
constexpr std::size_t kTextPageLettersMin = 12;
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

Drawing draw(const poppler::page& page) {
  const poppler::rectf size = page.page_rect();
  const double inches = size.width() * size.height() / (kPointsPerInch * kPointsPerInch);
  Drawing drawing;
  drawing.dpi =
      std::clamp(static_cast<int>(std::sqrt(kPixelsMax / std::max(inches, 0.1))), 20, kRenderDpi);
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
    return waiting_ > 0 ? Context::waits_for_ocr() : read_whole();
  }

 private:
  void read_page(const poppler::page& page, std::uint32_t number) {
    std::vector<Word> words = words_of(page);
    const Place place{PlaceKind::page, number, {}};
    const bool is_text = letters_in(words) >= kTextPageLettersMin;
    if (!context_.wants_ocr()) {
      lay_out_page(std::move(words), place, TextRole::body, context_);
      waiting_ += is_text ? 0 : 1;
    } else if (!is_text) {
      const Drawing drawing = draw(page);
      if (drawing.grey.empty() || is_blank(drawing)) return;
      lay_out_page(
          context_.ocr().read_page(drawing.grey, drawing.width, drawing.height, drawing.dpi), place,
          TextRole::recognised, context_);
    }
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
  return PdfReader(*document, context).read();
}

}  // namespace sealift::readers
