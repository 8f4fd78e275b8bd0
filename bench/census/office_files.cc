#include "office_files.h"

#include <zlib.h>

#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "readers/pack/pack_for_test.h"

namespace sealift::bench {
namespace {

using readers::pack;
using readers::Packing;

constexpr std::size_t kLinesAPage = 46;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

bool is_number(const std::string& cell) {
  return !cell.empty() && cell.size() < 9 && cell[0] != '0' &&
         cell.find_first_not_of("0123456789.") == std::string::npos;
}

std::string column_name(std::size_t column) { return {static_cast<char>('A' + column)}; }

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  auto* const to = static_cast<Bytef*>(static_cast<void*>(out.data()));
  const auto* const from = static_cast<const Bytef*>(static_cast<const void*>(bytes.data()));
  SEALIFT_CHECK(compress2(to, &size, from, bytes.size(), 6) == Z_OK);
  out.resize(size);
  return out;
}

std::string base64(const std::string& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + bytes.size() / 50);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= std::min<std::size_t>(3, bytes.size() - i) ? kDigits[word >> (18 - 6 * k) & 63U]
                                                             : '=';
    if (i % 57 == 54) out += "\n";
  }
  return out + "\n";
}

// A PDF in the making: objects by number, and where each begins.
class Pdf {
 public:
  // Gives the object's number.
  std::size_t add(const std::string& body) {
    starts_.push_back(out_.size());
    out_ += std::to_string(starts_.size()) + " 0 obj\n" + body + "\nendobj\n";
    return starts_.size();
  }
  std::size_t add_stream(const std::string& entries, const std::string& bytes) {
    return add("<<" + entries + "/Length " + std::to_string(bytes.size()) + ">>stream\n" + bytes +
               "\nendstream");
  }
  std::string end(std::size_t root) {
    const std::size_t table = out_.size();
    out_ += "xref\n0 " + std::to_string(starts_.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t start : starts_) {
      const std::string number = std::to_string(start);
      out_ += std::string(10 - number.size(), '0') + number + " 00000 n \n";
    }
    return out_ + "trailer<</Size " + std::to_string(starts_.size() + 1) + "/Root " +
           std::to_string(root) + " 0 R>>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  }
  std::size_t count() const { return starts_.size(); }

 private:
  std::string out_ = "%PDF-1.5\n%\xE2\xE3\xCF\xD3\n";
  std::vector<std::size_t> starts_;
};

std::string page_content(const std::vector<std::string>& lines, std::size_t begin, bool picture) {
  std::string out = picture ? "q 90 0 0 60 460 720 cm /P Do Q\n" : "";
  out += "BT /F 11 Tf 15 TL 60 740 Td\n";
  for (std::size_t i = begin; i < std::min(lines.size(), begin + kLinesAPage); ++i) {
    out += "(";
    for (const char c : lines[i]) {
      if (c == '(' || c == ')' || c == '\\') out += '\\';
      out += c;
    }
    out += ") Tj T*\n";
  }
  return out + "ET\n";
}

}  // namespace

std::string csv_file(const Rows& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      const bool quoted = row[i].find(',') != std::string::npos;
      out += quoted ? "\"" + row[i] + "\"" : row[i];
    }
    out += '\n';
  }
  return out;
}

std::string xlsx_file(const Rows& rows) {
  std::string sheet = "<worksheet><sheetData>";
  std::string strings;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::string number = std::to_string(r + 1);
    sheet += "<row r=\"" + number + "\">";
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string& cell = rows[r][c];
      sheet += "<c r=\"" + column_name(c) + number + "\"";
      if (is_number(cell)) {
        sheet += "><v>" + cell + "</v></c>";
        continue;
      }
      const auto [at, is_new] = known.try_emplace(cell, known.size());
      if (is_new) strings += "<si><t>" + escaped(cell) + "</t></si>";
      sheet += " t=\"s\"><v>" + std::to_string(at->second) + "</v></c>";
    }
    sheet += "</row>";
  }
  return pack(Packing::zip,
              {{"[Content_Types].xml", "<Types/>"},
               {"xl/workbook.xml",
                "<workbook><sheets><sheet name=\"Sheet1\" r:id=\"r1\"/></sheets></workbook>"},
               {"xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"r1\" "
                "Target=\"worksheets/sheet1.xml\"/></Relationships>"},
               {"xl/sharedStrings.xml", "<sst>" + strings + "</sst>"},
               {"xl/worksheets/sheet1.xml", sheet + "</sheetData></worksheet>"}});
}

std::string docx_file(const std::vector<std::string>& paragraphs, const std::string& picture) {
  std::string body = "<w:document><w:body>";
  for (const std::string& paragraph : paragraphs)
    body += "<w:p><w:pPr><w:spacing w:after=\"120\"/></w:pPr><w:r><w:t xml:space=\"preserve\">" +
            escaped(paragraph) + "</w:t></w:r></w:p>";
  std::vector<readers::Packed> parts = {{"[Content_Types].xml", "<Types/>"},
                                        {"word/document.xml", body + "</w:body></w:document>"}};
  if (!picture.empty()) parts.push_back({"word/media/image1.jpeg", picture});
  return pack(Packing::zip, parts);
}

std::string pdf_file(const std::vector<std::string>& lines, const std::string& picture) {
  Pdf pdf;
  const std::size_t font = pdf.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
  std::size_t image = 0;
  if (!picture.empty())
    image = pdf.add_stream(
        "/Type/XObject/Subtype/Image/Width 640/Height 480/ColorSpace/DeviceRGB"
        "/BitsPerComponent 8/Filter/DCTDecode",
        picture);
  const std::size_t pages = (lines.size() + kLinesAPage - 1) / kLinesAPage;
  const std::size_t tree = pdf.count() + 2 * pages + 1;
  std::string kids;
  for (std::size_t page = 0; page < pages; ++page) {
    const bool shows = image != 0 && page == 0;
    const std::size_t content = pdf.add_stream(
        "/Filter/FlateDecode", deflated(page_content(lines, page * kLinesAPage, shows)));
    const std::string pictures = shows ? "/XObject<</P " + std::to_string(image) + " 0 R>>" : "";
    kids += std::to_string(pdf.add("<</Type/Page/Parent " + std::to_string(tree) +
                                   " 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F " +
                                   std::to_string(font) + " 0 R>>" + pictures + ">>/Contents " +
                                   std::to_string(content) + " 0 R>>")) +
            " 0 R ";
  }
  pdf.add("<</Type/Pages/Count " + std::to_string(pages) + "/Kids[" + kids + "]>>");
  return pdf.end(pdf.add("<</Type/Catalog/Pages " + std::to_string(tree) + " 0 R>>"));
}

std::string eml_file(const Mail& mail) {
  std::string out = "From: " + mail.from + "\nTo: " + mail.to + "\nSubject: " + mail.subject +
                    "\nDate: " + mail.date + "\nMIME-Version: 1.0\n";
  if (mail.attachments.empty())
    return out + "Content-Type: text/plain; charset=utf-8\n\n" + mail.body;
  out +=
      "Content-Type: multipart/mixed; boundary=\"=_part\"\n\n--=_part\n"
      "Content-Type: text/plain; charset=utf-8\n\n" +
      mail.body;
  for (const Attachment& attachment : mail.attachments)
    out +=
        "\n--=_part\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename=\"" +
        attachment.name + "\"\n\n" + base64(attachment.bytes);
  return out + "--=_part--\n";
}

std::string jpeg_file(Random& random, std::size_t size_bytes) {
  using std::string_literals::operator""s;
  std::string out =
      "\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
      "\xFF\xC0\0\x11\x08\x04\x00\x06\x00\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
      "\xFF\xDA\0\x0C\x03\x01\0\x02\x11\x03\x11\0\x3F\0"s;
  while (out.size() + 2 < size_bytes) {
    std::uint64_t word = random.next();
    for (int i = 0; i < 8; ++i, word >>= 8U) {
      const auto byte = static_cast<unsigned char>(word);
      out += static_cast<char>(byte == 0xFF ? 0xFE : byte);
    }
  }
  return out + "\xFF\xD9";
}

}  // namespace sealift::bench
