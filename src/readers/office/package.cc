#include "readers/office/package.h"

#include "readers/text/markup.h"

namespace sealift::readers {

bool is_properties_part(std::string_view name) {
  return name == "docProps/core.xml" || name == "docProps/custom.xml" || name == "meta.xml";
}

void read_properties_part(std::string_view xml, Context& context) {
  Markup markup(xml, Markup::Language::xml);
  std::string out;
  std::string element;
  while (markup.next()) {
    if (markup.kind() == Markup::Kind::open) {
      element = std::string(local_name(markup.name()));
      if (element == "property" || element == "user-defined") {
        const std::string name = markup.attribute(element == "property" ? "name" : "meta:name");
        if (!name.empty()) out += name + ": ";
      }
    } else if (markup.kind() == Markup::Kind::text) {
      std::string text;
      markup.append_text(text);
      if (text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
      if (!out.ends_with(": ")) out.append(element).append(": ");
      out.append(text).append("\n");
    }
  }
  context.text({}, out, document::TextRole::metadata);
}

document::FileEnd end_of_package(PartsStatus status, bool has_body) {
  switch (status) {
    case PartsStatus::encrypted:
      return needs_password();
    case PartsStatus::too_large:
      return read_partly("unpacks to more than a file may hold");
    case PartsStatus::damaged:
      return has_body ? read_partly("damaged or cut short; what is there was read")
                      : read_failed("damaged or cut short");
    case PartsStatus::whole:
      break;
  }
  return has_body ? read_whole() : read_failed("the document part is missing");
}

}  // namespace sealift::readers
