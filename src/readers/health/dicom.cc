#include "readers/health/dicom.h"

#include <algorithm>
#include <array>
#include <optional>

#include "readers/card_builder.h"
#include "readers/little_endian.h"
#include "readers/text/text_encoding.h"

namespace sealift::readers {
namespace {

using document::FactKind;
using document::FileEnd;
using document::Party;
using document::PlaceKind;

constexpr std::size_t kPreamble = 128;
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr std::uint32_t kPixels = 0x7FE00010;
constexpr std::size_t kValueMax = std::size_t{64} << 10;
constexpr std::size_t kElementsMax = 100'000;

struct Element {
  std::uint32_t tag = 0;  // group and number
  std::string_view value;
};

// Steps over elements; those within sequences come like those outside.
class Elements {
 public:
  explicit Elements(std::string_view bytes) : bytes_(bytes), at_(kPreamble + 4) {}

  std::optional<Element> next() {
    if (at_ + 8 > bytes_.size()) return std::nullopt;
    // Group 2 is always explicit and little-endian; what follows, as it says.
    const bool meta = u16_at(bytes_, at_) == 2;
    const bool big = !meta && big_;
    const bool typed = meta || explicit_;
    Element element;
    element.tag = (std::uint32_t{u16(at_, big)} << 16U) | u16(at_ + 2, big);
    const std::string_view type = bytes_.substr(at_ + 4, 2);
    const bool delimiter = (element.tag >> 16U) == 0xFFFE;
    std::uint32_t length = 0;
    bool sequence = delimiter;
    if (typed && !delimiter) {
      constexpr std::array<std::string_view, 9> kLong = {"OB", "OW", "OF", "OD", "OL",
                                                         "SQ", "UC", "UT", "UN"};
      const bool is_long = std::ranges::find(kLong, type) != kLong.end();
      length = is_long ? u32(at_ + 8, big) : u16(at_ + 6, big);
      at_ += is_long ? 12 : 8;
      sequence = type == "SQ";
    } else {
      length = u32(at_ + 4, big);
      at_ += 8;
    }
    // Sequences and items are entered: their elements follow.
    if (sequence || length == kUndefined) return element;
    element.value = bytes_.substr(std::min(at_, bytes_.size()), length);
    cut_ = cut_ || element.value.size() < length;
    at_ += length;
    if (element.tag == 0x00020010) set_syntax(element.value);
    return element;
  }
  bool cut() const { return cut_; }

 private:
  void set_syntax(std::string_view name) {
    while (!name.empty() && (name.back() == '\0' || name.back() == ' ')) name.remove_suffix(1);
    explicit_ = name != "1.2.840.10008.1.2";
    big_ = name == "1.2.840.10008.1.2.2";
  }
  std::uint16_t u16(std::size_t at, bool big) const {
    const std::uint16_t value = u16_at(bytes_, at);
    return big ? static_cast<std::uint16_t>((value << 8U) | (value >> 8U)) : value;
  }
  std::uint32_t u32(std::size_t at, bool big) const {
    return big ? (std::uint32_t{u16(at, true)} << 16U) | u16(at + 2, true) : u32_at(bytes_, at);
  }

  std::string_view bytes_;
  std::size_t at_;
  bool explicit_ = true;
  bool big_ = false;
  bool cut_ = false;
};

std::string charset_of(std::string_view name) {
  if (name.find("192") != std::string_view::npos) return "UTF-8";
  if (name.find("GB18030") != std::string_view::npos) return "GB18030";
  if (name.find("144") != std::string_view::npos) return "ISO-8859-5";
  if (name.find("101") != std::string_view::npos) return "ISO-8859-2";
  return "windows-1252";  // ISO_IR 100, and the default repertoire
}

class HeaderReader {
 public:
  void take(const Element& element) {
    if (element.tag == 0x00080005) charset_ = charset_of(element.value);
    const Who self{};
    switch (element.tag) {
      case 0x00100010:
        return name(element, self, "PatientName");
      case 0x00101001:
        return card_.add(self, FactKind::other_name, turned(text(element)), "OtherPatientNames");
      case 0x00100030:
        return card_.add(self, FactKind::birth_date, text(element), "PatientBirthDate");
      case 0x00101040:
        return card_.add(self, FactKind::address, text(element), "PatientAddress");
      case 0x00102154:
        return card_.add(self, FactKind::phone, text(element), "PatientTelephoneNumbers");
      case 0x001021F0:
        return card_.add(self, FactKind::religion, text(element), "PatientReligiousPreference");
      case 0x00100020:
      case 0x00101000:
        return card_.add(self, FactKind::health_number, text(element), "PatientID");
      case 0x00102297:
        return name(element, {Party::guardian, 1}, "ResponsiblePerson");
      case 0x00080090:
        return name(element, {Party::staff, 1}, "ReferringPhysicianName");
      case 0x00081050:
        return name(element, {Party::staff, 2}, "PerformingPhysicianName");
      case 0x00081070:
        return name(element, {Party::staff, 3}, "OperatorsName");
      case 0x00081030:
        return card_.add(self, FactKind::health_record, text(element), "StudyDescription");
      case 0x00102110:
        return card_.add(self, FactKind::health_record, "allergy: " + text(element), "Allergies");
      case 0x001021B0:
      case 0x00104000:
      case 0x00102000:
        notes_ += text(element) + "\n";
        return;
      default:
        return;
    }
  }

  void hand_on(Context& context) {
    const document::Place place{PlaceKind::record, 1, {}};
    card_.hand_on(context, place);
    if (notes_.find_first_not_of(" \n") != std::string::npos) context.text(place, notes_);
  }

 private:
  std::string text(const Element& element) const {
    const std::string_view raw = element.value.substr(0, kValueMax);
    std::string value = decode(base::bytes_of(raw), charset_);
    while (!value.empty() && (value.back() == '\0' || value.back() == ' ')) value.pop_back();
    return value;
  }

  // "Family^Given^Middle^Prefix^Suffix=ideographic=phonetic"
  static std::vector<std::string> parts(std::string_view value) {
    value = value.substr(0, value.find_first_of("=\\"));
    std::vector<std::string> out(1);
    for (const char c : value) {
      if (c == '^') {
        out.emplace_back();
      } else {
        out.back() += c;
      }
    }
    out.resize(std::max<std::size_t>(out.size(), 5));
    return out;
  }
  static std::string turned(std::string_view value) {
    const std::vector<std::string> name = parts(value);
    return name[1] + " " + name[0];
  }

  void name(const Element& element, Who who, std::string_view field) {
    const std::vector<std::string> name = parts(text(element));
    card_.add(who, FactKind::last_name, name[0], field);
    card_.add(who, FactKind::first_name, name[1], field);
    card_.add(who, FactKind::middle_name, name[2], field);
    card_.add(who, FactKind::name_suffix, name[4], field);
  }

  CardBuilder card_;
  std::string notes_;
  std::string charset_ = "windows-1252";
};

}  // namespace

bool looks_like_dicom(base::ByteView bytes) {
  return base::text_of(bytes).substr(std::min(kPreamble, bytes.size()), 4) == "DICM";
}

FileEnd read_dicom(base::ByteView bytes, Context& context) {
  Elements elements(base::text_of(bytes));
  HeaderReader header;
  bool pixels = false;
  for (std::size_t i = 0; i < kElementsMax && !pixels; ++i) {
    const auto element = elements.next();
    if (!element) break;
    pixels = element->tag == kPixels;
    header.take(*element);
  }
  header.hand_on(context);
  if (elements.cut()) return read_partly("cut short; what is there was read");
  if (pixels) return read_partly("text within its picture was not recognised");
  return read_whole();
}

}  // namespace sealift::readers
