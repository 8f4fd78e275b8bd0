// Log lines: one JSON object a line on standard error, for whoever runs the server.
//
//   {"time":1700000000000,"role":"vault","event":"failed","operation":"upload.append","why":"..."}
//
// Values are words of our own and the texts of errors, which hold no name, address or content by
// the rule of base/result.h; whatever is not printable ASCII is left out all the same. One write a
// line, which never waits: lines are lost when nobody reads them. Thread-safe.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace sealift::server {

// Which role's lines these are; set once, before threads.
void set_log_role(std::string_view role);

void log_line(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

}  // namespace sealift::server
