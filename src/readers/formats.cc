#include "readers/formats.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/ascii.h"
#include "base/byte_reader.h"
#include "readers/compound.h"
#include "readers/data/dbf.h"
#include "readers/data/sql_dump.h"
#include "readers/data/sqlite_file.h"
#include "readers/health/cda.h"
#include "readers/health/dicom.h"
#include "readers/health/fhir.h"
#include "readers/health/hl7.h"
#include "readers/health/x12.h"
#include "readers/little_endian.h"
#include "readers/mail/mail.h"
#include "readers/mail/mime.h"
#include "readers/mail/pst.h"
#include "readers/mail/signed_data.h"
#include "readers/mail/tnef.h"
#include "readers/mail/vcard.h"
#include "readers/office/docx.h"
#include "readers/office/odf.h"
#include "readers/office/pptx.h"
#include "readers/office/rtf.h"
#include "readers/office/spreadsheet_xml.h"
#include "readers/office/xlsx.h"
#include "readers/pack/archive.h"
#include "readers/pages/ocr.h"
#include "readers/pages/pdf.h"
#include "readers/text/html.h"
#include "readers/text/json_reader.h"
#include "readers/text/text_encoding.h"
#include "readers/text/text_reader.h"
#include "readers/text/xml_reader.h"

namespace sealift::readers {
namespace {

using base::ByteView;
using document::FileEnd;

FileEnd read_empty(ByteView, Context&) { return read_whole(); }
FileEnd read_sealed(ByteView, Context&) { return needs_password("needs a key or password"); }

// An OpenPGP message in binary: a session key for a public key or a passphrase comes first.
bool is_pgp(ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  const std::uint8_t tag = u8_at(text, 0);
  if (tag == 0x84) return u8_at(text, 2) == 3;                          // one byte of length
  if (tag == 0x85) return u8_at(text, 3) == 3 && u16_at(text, 1) != 0;  // two
  if (tag == 0xC1) return u8_at(text, 2) == 3 || u8_at(text, 3) == 3;
  return (tag == 0x8C || tag == 0xC3) && u8_at(text, 2) == 4 && u8_at(text, 3) <= 13;
}

// A signature at a fixed place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  Recognised kind;
};

constexpr std::array kMagics = std::to_array<Magic>({
    {0, {"7z\xBC\xAF\x27\x1C", 6}, {"7z", read_archive}},
    {0, "Rar!\x1A\x07", {"rar", read_archive}},
    {0, "MSCF", {"cab", read_archive}},
    {0, "!<arch>\n", {"ar", read_archive}},
    {0, "070701", {"cpio", read_archive}},
    {0, "070707", {"cpio", read_archive}},
    {32769, "CD001", {"iso", read_archive}},
    {0, "\x1F\x8B", {"gz", read_compressed}},
    {0, "BZh", {"bz2", read_compressed}},
    {0,
     {"\xFD"
      "7zXZ\0",
      6},
     {"xz", read_compressed}},
    {0, "\x28\xB5\x2F\xFD", {"zst", read_compressed}},
    {0, "\x04\x22\x4D\x18", {"lz4", read_compressed}},
    {0, "\x1F\x9D", {"z", read_compressed}},
    {0, "{\\rtf", {"rtf", read_rtf}},
    {0, "!BDN", {"pst", read_pst}},
    {0, "\x89PNG\r\n\x1A\n", {"png", read_picture}},
    {0, "\xFF\xD8\xFF", {"jpeg", read_picture}},
    {0, {"II*\0", 4}, {"tiff", read_picture}},
    {0, {"MM\0*", 4}, {"tiff", read_picture}},
    {0, "GIF87a", {"gif", read_picture}},
    {0, "GIF89a", {"gif", read_picture}},
    {8, "WEBPVP8", {"webp", read_picture}},
    {0, "\x78\x9F\x3E\x22", {"tnef", read_tnef}},
    {4, "ftypheic", {"heic", nullptr}},
    {4, "ftypheix", {"heic", nullptr}},
    {4, "ftypmif1", {"heic", nullptr}},
    {4, "ftypavif", {"avif", nullptr}},
    {0, {"\0\0\0\x0CjP  ", 8}, {"jp2", read_picture}},
    {0, {"SQLite format 3\0", 16}, {"sqlite", read_sqlite}},
    {0, "age-encryption.org/v1", {"age", read_sealed}},
    {0, "-----BEGIN AGE ENCRYPTED FILE-----", {"age", read_sealed}},
    {0, "-----BEGIN PGP MESSAGE-----", {"pgp", read_sealed}},
    {0, "Salted__", {"openssl", read_sealed}},
    {0, "LUKS\xBA\xBE", {"luks", read_sealed}},
    {3, "-FVE-FS-", {"bitlocker", read_sealed}},
    {0, "\x03\xD9\xA2\x9A", {"keepass", read_sealed}},
    {0, "PAR1", {"parquet", nullptr}},
    {0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", {"onenote", nullptr}},
    {0, "\xFFWPC", {"wordperfect", nullptr}},
    {4, "Standard Jet DB", {"mdb", nullptr}},
    {4, "Standard ACE DB", {"accdb", nullptr}},
    {0, "\x37\x7F\x06\x82", {"sqlite-wal", nullptr}},
    {0, "\x37\x7F\x06\x83", {"sqlite-wal", nullptr}},
    {0,
     "\x7F"
     "ELF",
     {"elf", nullptr}},
    {4, "ftyp", {"mp4", nullptr}},
    {0, "ID3", {"mp3", nullptr}},
    {0, "OggS", {"ogg", nullptr}},
});

bool has_at(ByteView bytes, std::size_t offset, std::string_view magic) {
  const std::string_view text = base::text_of(bytes);
  return offset <= text.size() && text.substr(offset).starts_with(magic);
}

// OpenDocument packages start with a member that says what they are, stored as it is.
Recognised recognise_open_document(std::string_view text) {
  constexpr std::string_view kType = "mimetypeapplication/vnd.oasis.opendocument.";
  const std::size_t at = text.substr(0, 256).find(kType);
  if (at == std::string_view::npos) return {};
  const std::string_view kind = text.substr(at + kType.size());
  if (kind.starts_with("text")) return {"odt", read_odf};
  if (kind.starts_with("spreadsheet")) return {"ods", read_odf};
  if (kind.starts_with("presentation")) return {"odp", read_odf};
  return {"odf", read_odf};
}

bool starts_with_word(ByteView bytes, std::string_view word) {
  std::string_view text = base::text_of(bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return base::equal_ignoring_case(text.substr(0, word.size()), word);
}

// Two letters begin many a text: the size of the information header and the planes must be right,
// too.
bool is_bitmap(ByteView bytes) {
  if (!has_at(bytes, 0, "BM")) return false;
  const std::string_view text = base::text_of(bytes);
  constexpr std::array<std::uint32_t, 6> kHeaderSizes = {40, 52, 56, 64, 108, 124};
  return u32_at(text, 6) == 0 && u16_at(text, 26) == 1 &&
         std::ranges::find(kHeaderSizes, u32_at(text, 14)) != kHeaderSizes.end();
}

// What a zip package is, by the names of its members.
Recognised recognise_zip(ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  const auto has = [&](std::string_view name) { return text.find(name) != std::string_view::npos; };
  // The first member tells a package from an archive that holds packages.
  const std::string_view first = text.substr(std::min<std::size_t>(30, text.size()), 40);
  const bool office = first.starts_with("[Content_Types].xml") || first.starts_with("_rels/") ||
                      first.starts_with("docProps/") || first.starts_with("word/") ||
                      first.starts_with("xl/") || first.starts_with("ppt/") ||
                      first.starts_with("customXml/");
  if (const Recognised document = recognise_open_document(text); document.reader != nullptr) {
    return document;
  }
  if (office && has("word/document")) return {"docx", read_docx};
  if (office && has("ppt/slides/")) return {"pptx", read_pptx};
  if (office && has("xl/workbook.bin")) return {"xlsb", nullptr};
  if (office && has("xl/workbook")) return {"xlsx", read_xlsx};
  return {"zip", read_archive};
}

// Text that is markup, by its first element. Wide encodings are looked at through their letters.
Recognised recognise_markup(ByteView bytes) {
  std::string start;
  for (const char c : base::text_of(bytes).substr(0, 2048)) {
    if (c != '\0') start += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  const std::size_t first = start.find('<');
  if (first == std::string::npos || first > 64) return {};
  const auto has = [&](std::string_view text) { return start.find(text) != std::string::npos; };
  const bool xml = start.compare(first, 5, "<?xml") == 0;
  if (xml && has("<office:document")) return {"fodt", read_flat_odf};
  const bool element =
      first + 1 < start.size() && start[first + 1] >= 'a' && start[first + 1] <= 'z';
  const bool fhir = has("http://hl7.org/fhir\"") || has("http://hl7.org/fhir'");
  if ((xml || element) && has("<clinicaldocument")) return {"cda", read_cda};
  if ((xml || element) && fhir) return {"fhir", read_fhir_xml};
  if (has("urn:schemas-microsoft-com:office:spreadsheet") && has("workbook"))
    return {"xls-xml", read_spreadsheet_xml};
  const bool html = has("<html") || has("<!doctype html") || has("<head") || has("<body");
  if (html) return {"html", read_html};
  if (xml || (element && has(" xmlns"))) return {"xml", read_xml};
  return {};
}

}  // namespace

bool is_tar(ByteView bytes) {
  constexpr std::size_t kHeaderSize = 512;
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumSize = 8;
  if (bytes.size() < kHeaderSize || bytes[0] == std::byte{0}) return false;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kHeaderSize; ++i) {
    const bool in_sum = i >= kSumAt && i < kSumAt + kSumSize;
    sum += in_sum ? 0x20U : std::to_integer<std::uint32_t>(bytes[i]);
  }
  std::uint32_t written = 0;
  for (std::size_t i = kSumAt; i < kSumAt + kSumSize; ++i) {
    const auto digit = std::to_integer<std::uint32_t>(bytes[i]);
    if (digit >= '0' && digit <= '7') written = written * 8 + (digit - '0');
  }
  return sum == written;
}

Recognised recognise(ByteView bytes) {
  if (bytes.empty()) return {"empty", read_empty};
  for (const Magic& magic : kMagics) {
    if (has_at(bytes, magic.offset, magic.bytes)) return magic.kind;
  }
  if (has_at(bytes, 0, "PK\x03\x04") || has_at(bytes, 0, {"PK\x05\x06", 4})) {
    return recognise_zip(bytes);
  }
  if (has_at(bytes, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return recognise_compound(bytes);
  if (base::text_of(bytes).substr(0, 1024).find("%PDF-") != std::string_view::npos) {
    return {"pdf", read_pdf};
  }
  if (is_tar(bytes)) return {"tar", read_archive};
  if (looks_like_dicom(bytes)) return {"dicom", read_dicom};
  if (looks_like_dbf(bytes)) return {"dbf", read_dbf};
  if (is_pgp(bytes)) return {"pgp", read_sealed};
  if (pkcs7_kind(bytes) != Pkcs7Kind::none) return {"p7m", read_pkcs7};
  if (is_bitmap(bytes)) return {"bmp", read_picture};
  if (looks_like_mbox(bytes)) return {"mbox", read_mbox};
  if (looks_like_mail(bytes)) return {"eml", read_mail};
  if (const Recognised markup = recognise_markup(bytes); markup.reader != nullptr) return markup;
  if (looks_like_hl7(bytes)) return {"hl7", read_hl7};
  if (looks_like_x12(bytes)) return {"x12", read_x12};
  if (looks_like_fhir_json(bytes)) return {"fhir", read_fhir_json};
  if (looks_like_json(bytes)) return {"json", read_json};
  if (starts_with_word(bytes, "BEGIN:VCARD")) return {"vcard", read_vcard};
  if (starts_with_word(bytes, "BEGIN:VCALENDAR")) return {"icalendar", read_vcard};
  if (looks_like_sql(bytes)) return {"sql", read_sql};
  if (detect_charset(bytes)) return {"text", read_text};
  return {};
}

}  // namespace sealift::readers
