// Pictures of text, drawn here and recognised by the real engine: whatever they are encoded as, the
// same is read.
#include "readers/pages/ocr.h"

#include <allheaders.h>
#include <gtest/gtest.h>

#include "readers/testing.h"

namespace sealift::readers {
namespace {

using document::FileStatus;

// A line of black letters on white, encoded as leptonica names the format.
std::string picture_of(const char* text, int format) {
  L_BMF* font = bmfCreate(nullptr, 20);
  PIX* page = pixCreate(1200, 200, 8);
  pixSetAll(page);
  l_int32 overflow = 0;
  pixSetTextline(page, font, text, 0, 60, 120, nullptr, &overflow);
  PIX* large = pixScale(page, 2, 2);
  l_uint8* bytes = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(pixWriteMem(&bytes, &size, large, format), 0);
  std::string out(bytes, bytes + size);
  lept_free(bytes);
  pixDestroy(&page);
  pixDestroy(&large);
  bmfDestroy(&font);
  return out;
}

ReadFile recognised(std::string_view bytes) {
  static const std::unique_ptr<Ocr> engine = load_ocr();
  EXPECT_NE(engine, nullptr);
  Recording recording;
  const Means means{recognise, engine.get(), process_cpu_time};
  const extract::Request request{extract::Pass::scans, bytes.size(), "f", {}, {0}};
  Context(recording, request, means).read_top(base::bytes_of(bytes));
  return recording.files.at(0);
}

TEST(OcrTest, PicturesOfEachKindAreReadAlike) {
  for (const int format : {IFF_PNG, IFF_BMP, IFF_TIFF_LZW, IFF_JFIF_JPEG}) {
    const std::string bytes = picture_of("Amber Ulloa and her son", format);
    const ReadFile file = recognised(bytes);
    EXPECT_EQ(file.end.status, FileStatus::read) << format;
    EXPECT_EQ(file.text(), "Amber Ulloa and her son\n") << format;
  }
}

TEST(OcrTest, ABitmapWaitsInTheFirstPassAndADamagedOneFails) {
  const std::string bytes = picture_of("Ann", IFF_BMP);
  EXPECT_EQ(read_for_test(bytes)[0].format, "bmp");
  EXPECT_EQ(read_for_test(bytes)[0].end.status, FileStatus::partial);
  EXPECT_EQ(recognised(bytes.substr(0, bytes.size() / 2)).end.status, FileStatus::failed);
}

TEST(OcrTest, TextThatBeginsLikeABitmapIsText) {
  const auto files = read_for_test("BM costs 40 dollars, and that is all there is to say of it.\n");
  EXPECT_EQ(files[0].format, "text");
}

}  // namespace
}  // namespace sealift::readers
