// `sealift serve`
#pragma once

#include "cli/verb.h"

namespace sealift::cli {

Outcome run_serve(const Environment& environment, std::span<const std::string> arguments);

inline constexpr Verb kServeVerb{
    "serve", "run the server",
    "usage: sealift serve --data DIR [--listen HOST:PORT]... [--config FILE] [--json]\n"
    "\n"
    "Starts sealiftd, which stands beside this program, in this process's place. DIR is made when "
    "it\n"
    "is missing. Without --listen it serves at 127.0.0.1:8080, in plain HTTP; other machines are\n"
    "served over TLS alone. It stops at SIGTERM or SIGINT and reads its certificate again at "
    "SIGHUP.\n"
    "\n"
    "      --data DIR           everything that the server keeps\n"
    "      --listen HOST:PORT   a numeric address, localhost, or unix:PATH; port 0 takes a free "
    "one\n"
    "      --config FILE        more settings: /usr/share/doc/sealift-server/operate/server.md\n"
    "      --json               print {\"url\":...} for each place\n",
    run_serve};

}  // namespace sealift::cli
