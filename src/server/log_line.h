// Log lines: one JSON object a line, for the people who run the server.
//
//   {"time":1700000000000,"level":"error","role":"vault","event":"failed","operation":"...","why":"..."}
//
// Events are rows of one table (log_event.h). Values are our own words and the texts of errors,
// which hold no name, address or content by the rule of base/result.h; whatever isn't printable
// ASCII is left out all the same. A role hands its lines to the logger (logger/process.h), which
// keeps and sends them; before there is one, and in tests, they go to standard error. Nothing here
// ever waits: what the logger can't take is counted, and the number is told. Thread-safe.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "server/log_event.h"

namespace sealift::server {

// Which role's lines these are, and the socket to the logger; set once, before threads. The socket
// stays open as long as the process. -1: standard error.
void set_log_role(std::string_view role);
void set_log_socket(int socket);

void log_line(LogEvent event,
              std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

}  // namespace sealift::server
