// Accept-Encoding (RFC 9110 section 12.5.3): which codings of a content a client takes.
//
//   value   = [ element *( "," element ) ]
//   element = coding [ ";" "q=" weight ]        weight = "0" [ "." *3DIGIT ] | "1" [ "." *3"0" ]
//
// Only used to choose among codings that are kept ready, so what is not understood is not accepted
// and the content goes out as it is. Pure, any thread.
#pragma once

#include <string_view>

namespace sealift::http {

// True when `value` names `coding` with a weight above 0. "*" names nothing here.
bool accepts_coding(std::string_view value, std::string_view coding);

}  // namespace sealift::http
