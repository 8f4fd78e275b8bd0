#include "readers/pages/ocr.h"

#include <allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>

#include "readers/pages/page_layout.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;

// Words that the engine itself doubts are mostly specks and rules.
constexpr float kConfidenceMin = 20;
// The engine reads best where letters are 20 to 40 pixels high: 300 dpi for usual print.
constexpr int kBestDpi = 300;
constexpr int kDpiMin = 70;
constexpr int kDpiMax = 1200;
constexpr int kPictureSideMin = 24;
// A3 at 600 dpi has 70 million.
constexpr std::int64_t kPixelsMax = 120'000'000;
// A page that the engine is surer of than this is the right way up; one below it may be turned.
constexpr double kSure = 70;
// Below this little of a page was read, and nobody should think it was.
constexpr double kDoubtful = 45;
constexpr std::size_t kLettersMin = 12;
constexpr std::uint32_t kPagesMax = 2000;

struct PixDeleter {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using Picture = std::unique_ptr<Pix, PixDeleter>;

int dpi_of(Pix* pix) {
  const int dpi = pixGetXRes(pix);
  if (dpi >= kDpiMin && dpi <= kDpiMax) return dpi;
  // Without a resolution: a page is about 8.5 inches wide.
  const int guess = static_cast<int>(pixGetWidth(pix) / 8.5);
  return std::clamp(guess, kDpiMin, kDpiMax);
}

class Tesseract final : public Ocr {
 public:
  bool load() {
    if (engine_.Init(nullptr, "eng+fra", tesseract::OEM_LSTM_ONLY) != 0) return false;
    engine_.SetPageSegMode(tesseract::PSM_AUTO);
    engine_.SetVariable("debug_file", "/dev/null");
    return true;
  }

  FileEnd read_picture(base::ByteView bytes, Context& context) override {
    const unsigned char* data = base::unsigned_data(bytes);
    std::size_t offset = 0;
    std::uint32_t number = 0;
    std::uint32_t too_large = 0;
    std::uint32_t doubtful = 0;
    do {
      const bool tiff =
          bytes.size() > 4 && (data[0] == 'I' || data[0] == 'M') && data[0] == data[1];
      const Picture picture(tiff ? pixReadMemFromMultipageTiff(data, bytes.size(), &offset)
                                 : pixReadMem(data, bytes.size()));
      if (picture == nullptr) {
        return number == 0 ? read_failed("damaged or cut short")
                           : read_partly("damaged; the first pages were read");
      }
      ++number;
      const Read read = read_page_picture(picture.get(), {PlaceKind::page, number, {}}, context);
      too_large += read == Read::too_large ? 1 : 0;
      doubtful += read == Read::hardly ? 1 : 0;
      if (context.out_of_time() && offset != 0) {
        return read_partly("took too long; the first pages were read");
      }
    } while (offset != 0 && number < kPagesMax);
    if (offset != 0) return read_partly("has more pages than are read");
    if (too_large > 0) return read_partly("a picture is larger than can be recognised");
    if (doubtful > 0) return read_partly(hardly_read(doubtful));
    return read_whole();
  }

  Recognition read_page(std::string_view grey, int width, int height, int dpi) override {
    const Picture picture(pixCreate(width, height, 8));
    if (picture == nullptr) return {};
    for (int y = 0; y < height; ++y) {
      l_uint32* line = pixGetData(picture.get()) + std::ptrdiff_t{y} * pixGetWpl(picture.get());
      for (int x = 0; x < width; ++x) {
        const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(x);
        SET_DATA_BYTE(line, x, static_cast<unsigned char>(grey[at]));
      }
    }
    return recognise(picture.get(), dpi);
  }

 private:
  enum class Read : std::uint8_t { well, hardly, too_large };

  Read read_page_picture(Pix* picture, const Place& place, Context& context) {
    const int width = pixGetWidth(picture);
    const int height = pixGetHeight(picture);
    if (width < kPictureSideMin || height < kPictureSideMin) return Read::well;
    if (std::int64_t{width} * height > kPixelsMax) return Read::too_large;
    Recognition found = recognise(picture, dpi_of(picture));
    const bool hardly = found.doubtful();
    lay_out_page(std::move(found.words), place, TextRole::recognised, context);
    return hardly ? Read::hardly : Read::well;
  }

  // The page as it is; where little of it is read, also turned, and the best of them counts.
  Recognition recognise(Pix* source, int dpi) {
    Recognition best = recognise_upright(source, dpi);
    if (best.sure >= kSure || (best.words.empty() && !has_ink(source))) return best;
    for (const int quarters : {1, 3, 2}) {
      const Picture turned(pixRotateOrth(source, quarters));
      if (turned == nullptr) break;
      Recognition other = recognise_upright(turned.get(), dpi);
      if (other.weight() > best.weight()) best = std::move(other);
      if (best.sure >= kSure && best.letters >= kLettersMin) break;
    }
    return best;
  }

  static bool has_ink(Pix* source) {
    const Picture grey(pixConvertTo8(source, 0));
    const Picture ink(grey == nullptr ? nullptr : pixThresholdToBinary(grey.get(), 128));
    l_float32 share = 0;
    constexpr l_float32 kInkMin = 0.001F;
    return ink != nullptr && pixForegroundFraction(ink.get(), &share) == 0 && share > kInkMin;
  }

  Recognition recognise_upright(Pix* source, int dpi) {
    const Picture grey(pixConvertTo8(source, 0));
    if (grey == nullptr) return {};
    // Coarse scans are enlarged; fine ones cost time and gain nothing.
    const float scale = static_cast<float>(kBestDpi) / static_cast<float>(dpi);
    const bool scaled = scale > 1.3F || scale < 0.75F;
    const Picture sized(scaled ? pixScale(grey.get(), scale, scale) : nullptr);
    // Pages lie askew on the glass, and lines that are not level are neither read nor laid out
    // well.
    const Picture level(pixDeskew(sized != nullptr ? sized.get() : grey.get(), 0));
    if (level == nullptr) return {};
    engine_.SetImage(level.get());
    engine_.SetSourceResolution(sized != nullptr ? kBestDpi : dpi);
    Recognition found;
    if (engine_.Recognize(nullptr) == 0) found = words_found();
    engine_.Clear();
    return found;
  }

  Recognition words_found() {
    constexpr auto kLevel = tesseract::RIL_WORD;
    Recognition found;
    double sum = 0;
    const std::unique_ptr<tesseract::ResultIterator> at(engine_.GetIterator());
    if (at == nullptr) return found;
    do {
      const std::unique_ptr<char[]> text(at->GetUTF8Text(kLevel));
      int left = 0;
      int top = 0;
      int right = 0;
      int bottom = 0;
      if (text == nullptr || !at->BoundingBox(kLevel, &left, &top, &right, &bottom)) continue;
      const std::string_view word(text.get());
      const auto letters = static_cast<std::size_t>(std::ranges::count_if(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c & 0x80) != 0;
      }));
      found.letters += letters;
      sum += static_cast<double>(at->Confidence(kLevel)) * static_cast<double>(letters);
      if (at->Confidence(kLevel) < kConfidenceMin) continue;
      found.words.push_back(word_at(*at, left, right, bottom - top, text.get()));
    } while (at->Next(kLevel));
    if (found.letters > 0) found.sure = sum / static_cast<double>(found.letters);
    return found;
  }

  // Boxes of words are as high as their letters happen to be; here all words of a line are as high
  // as the line, and stand on its base.
  static Word word_at(const tesseract::ResultIterator& at, int left, int right, int height,
                      const char* text) {
    int x1 = 0;
    int y1 = 0;
    int x2 = 0;
    int y2 = 0;
    at.Baseline(tesseract::RIL_WORD, &x1, &y1, &x2, &y2);
    float row_height = 0;
    float descenders = 0;
    float ascenders = 0;
    at.RowAttributes(&row_height, &descenders, &ascenders);
    const double line = std::clamp<double>(row_height, height, 2.0 * height);
    const double base = (y1 + y2) / 2.0;
    return {static_cast<double>(left), base - 0.75 * line, static_cast<double>(right),
            base + 0.25 * line, text};
  }

  tesseract::TessBaseAPI engine_;
};

}  // namespace

bool Recognition::doubtful() const { return letters >= kLettersMin && sure < kDoubtful; }

std::string hardly_read(std::uint32_t pages) {
  return pages == 1 ? "1 page could hardly be read"
                    : std::to_string(pages) + " pages could hardly be read";
}

std::unique_ptr<Ocr> load_ocr() {
  setMsgSeverity(L_SEVERITY_NONE);
  auto engine = std::make_unique<Tesseract>();
  if (!engine->load()) return nullptr;
  return engine;
}

FileEnd read_picture(base::ByteView bytes, Context& context) {
  if (!context.wants_ocr()) return Context::waits_for_ocr();
  return context.ocr().read_picture(bytes, context);
}

}  // namespace sealift::readers
