#include "readers/pages/pdf_forms.h"

// The pointers of qpdf 11 as they will be in qpdf 12.
#define POINTERHOLDER_TRANSITION 4
#include <qpdf/DLL.h>
// The JSON of qpdf 11 is not used here, and its header has a vector of a class that isn't complete,
// which clang 14 refuses as C++20: the header is left out, and the class declared is enough.
#if QPDF_MAJOR_VERSION < 12
#define JSON_HH
class JSON;
#endif
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include <algorithm>
#include <exception>
#include <string>

#include "readers/text/xml_reader.h"

namespace sealift::readers {
namespace {

using document::Place;
using document::PlaceKind;

constexpr int kDepthMax = 32;
constexpr std::size_t kTextMax = std::size_t{4} << 20;

class FormReader {
 public:
  FormReader(base::ByteView bytes, Context& context) : context_(context) {
    const std::string_view text = base::text_of(bytes);
    pdf_.setSuppressWarnings(true);
    pdf_.processMemoryFile("pdf", text.data(), text.size());
  }

  void read() {
    QPDFObjectHandle form = pdf_.getRoot().getKey("/AcroForm");
    if (form.isDictionary()) {
      each(form.getKey("/Fields"), [&](QPDFObjectHandle field) { read_field(field, {}, 0); });
      context_.text({}, text_);
      read_xfa(form.getKey("/XFA"));
    }
    std::uint32_t number = 0;
    for (QPDFObjectHandle page : pdf_.getAllPages()) {
      ++number;
      read_notes(page.getKey("/Annots"), number);
      if (context_.out_of_time()) return;
    }
  }

 private:
  template <typename OnItem>
  static void each(QPDFObjectHandle list, OnItem on_item) {
    if (!list.isArray()) return;
    for (int i = 0; i < list.getArrayNItems(); ++i) on_item(list.getArrayItem(i));
  }

  static std::string string_of(QPDFObjectHandle value) {
    if (value.isString()) return value.getUTF8Value();
    if (value.isName()) return value.getName().substr(1);
    return {};
  }

  void read_field(QPDFObjectHandle field, std::string name, int depth) {
    if (!field.isDictionary() || depth > kDepthMax || text_.size() > kTextMax) return;
    std::string own = string_of(field.getKey("/TU"));
    if (own.empty()) own = string_of(field.getKey("/T"));
    if (!own.empty()) name = own;
    const std::string value = string_of(field.getKey("/V"));
    if (!value.empty() && value != "Off") text_ += name + ": " + value + "\n";
    each(field.getKey("/Kids"), [&](QPDFObjectHandle kid) { read_field(kid, name, depth + 1); });
  }

  void read_data(QPDFObjectHandle stream) {
    if (!stream.isStream()) return;
    const auto data = stream.getStreamData(qpdf_dl_all);
    if (!context_.may_unpack(data->getSize())) return;
    read_xml(std::as_bytes(std::span(data->getBuffer(), data->getSize())), context_);
  }

  void read_xfa(QPDFObjectHandle xfa) {
    if (xfa.isStream()) return read_data(xfa);
    if (!xfa.isArray()) return;
    for (int i = 0; i + 1 < xfa.getArrayNItems(); i += 2)
      if (string_of(xfa.getArrayItem(i)) == "datasets") read_data(xfa.getArrayItem(i + 1));
  }

  void read_notes(QPDFObjectHandle notes, std::uint32_t page) {
    std::string text;
    each(notes, [&](QPDFObjectHandle note) {
      if (!note.isDictionary() || string_of(note.getKey("/Subtype")) == "Widget") return;
      const std::string content = string_of(note.getKey("/Contents"));
      if (!content.empty() && text.size() < kTextMax) text += content + "\n";
    });
    std::ranges::replace(text, '\r', '\n');
    context_.text({PlaceKind::page, page, {}}, text);
  }

  Context& context_;
  QPDF pdf_;
  std::string text_;
};

// The objects may be packed into streams, where their names are not seen.
bool may_have_forms(base::ByteView bytes) {
  const std::string_view text = base::text_of(bytes);
  for (const std::string_view name : {"/AcroForm", "/Annots", "/ObjStm"})
    if (text.find(name) != std::string_view::npos) return true;
  return false;
}

}  // namespace

void read_pdf_forms(base::ByteView bytes, Context& context) {
  if (!may_have_forms(bytes)) return;
  try {
    FormReader(bytes, context).read();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    // The pages were read by a library that forgives more; fields of such a file have no place.
  }
}

}  // namespace sealift::readers
