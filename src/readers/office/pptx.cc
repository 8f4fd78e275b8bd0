#include "readers/office/pptx.h"

#include <charconv>
#include <map>

#include "readers/office/package.h"
#include "readers/text/flow.h"
#include "readers/text/markup.h"

namespace sealift::readers {
namespace {

using document::FileEnd;
using document::Place;
using document::PlaceKind;
using document::TextRole;

// DrawingML text: paragraphs, runs and tables.
void read_drawing(std::string_view xml, const Place& place, Context& context) {
  Markup markup(xml, Markup::Language::xml);
  Flow flow(context, place, TextRole::body);
  bool in_text = false;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::text) {
      if (in_text) markup.append_text(flow.out());
      continue;
    }
    const bool open = markup.kind() == Markup::Kind::open;
    const std::string_view name = local_name(markup.name());
    if (name == "t" || name == "text") {
      in_text = open;
    } else if (name == "br" && open) {
      flow.out() += '\n';
    } else if (name == "p" && !open) {
      flow.end_paragraph();
    } else if (name == "tbl") {
      open ? flow.begin_table() : flow.end_table();
    } else if (name == "tr") {
      open ? flow.begin_row() : flow.end_row();
    } else if (name == "tc") {
      open ? flow.begin_cell() : flow.end_cell();
    } else if (name == "Fallback" && open) {
      markup.skip_element();
    }
  }
}

// "ppt/slides/slide12.xml" to 12; 0 for everything else.
std::uint32_t number_in(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || !name.ends_with(".xml")) return 0;
  name.remove_prefix(prefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && std::string_view(end, 4) == ".xml" ? number : 0;
}

std::uint32_t slide_of(std::string_view name) {
  for (const std::string_view prefix :
       {"ppt/slides/slide", "ppt/notesSlides/notesSlide", "ppt/comments/comment"}) {
    if (const std::uint32_t number = number_in(name, prefix); number != 0) return number;
  }
  return 0;
}

}  // namespace

FileEnd read_pptx(base::ByteView bytes, Context& context) {
  std::map<std::pair<std::uint32_t, std::string>, std::string> slides;
  std::string properties;
  const PartsStatus status = walk_parts(
      bytes, context,
      [](std::string_view name) { return slide_of(name) != 0 || is_properties_part(name); },
      [&](std::string name, std::string part) {
        if (is_properties_part(name)) {
          properties = std::move(part);
        } else {
          const std::uint32_t number = slide_of(name);
          slides[{number, std::move(name)}] = std::move(part);
        }
      });
  for (const auto& [key, part] : slides) {
    read_drawing(part, {PlaceKind::slide, key.first, {}}, context);
    if (context.out_of_time()) return read_partly("took too long; the first slides were read");
  }
  read_properties_part(properties, context);
  return end_of_package(status, !slides.empty());
}

}  // namespace sealift::readers
