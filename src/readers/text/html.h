// HTML pages and the HTML bodies of mails.
#pragma once

#include <string>
#include <string_view>

#include "readers/context.h"

namespace sealift::readers {

document::FileEnd read_html(base::ByteView bytes, Context& context);

// Already UTF-8.
void read_html_text(std::string_view html, const document::Place& place, Context& context);

// Its words alone, one space between them: to compare with another form of the same text.
std::string html_words(std::string_view html);

// The encoding that a page names in its head; empty if it names none.
std::string html_charset(std::string_view start);

}  // namespace sealift::readers
