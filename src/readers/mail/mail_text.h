// The forms in which a mail says the same text.
#pragma once

#include <string_view>

namespace sealift::readers {

// Every word of `words` stands in `text` too: nothing is lost by reading `text` alone.
bool all_words_in(std::string_view words, std::string_view text);

}  // namespace sealift::readers
