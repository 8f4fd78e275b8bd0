// WebFiles: the web client as linked into the program, ready to be served.
//
// Every file is a constant of the build, the same for everybody. Nothing that a client sent chooses
// more than which of them it gets. Each lies in memory that is sent from as from a file, so that
// slow readers cost no copies. Used from one engine's thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/file_descriptor.h"
#include "http/router.h"
#include "server/front/application.h"

namespace sealift::server::front {

// As the build makes them (web/tools/embed.mjs); constants that outlive everything.
struct WebFile {
  std::string_view path;  // "/index.html", "/assets/index-Bs7UAYbh.js"
  http::MediaType type = http::MediaType::none;
  http::CacheControl cache = http::CacheControl::revalidate;
  std::string_view tag;  // 32 hexadecimal digits of its hash
  base::ByteView plain;
  base::ByteView gzip;    // empty: not smaller
  base::ByteView brotli;  // empty: not smaller
};

// Made by the build; linked into the server's program alone.
std::span<const WebFile> web_bundle();

class WebFiles {
 public:
  // Every path that a page of the web client has: all of them are answered with "/index.html".
  static std::span<const http::Route> pages();

  // `files` outlives the result. Errors: io.
  static base::Result<WebFiles> load(std::span<const WebFile> files);

  // What a request gets; nullopt when neither page nor file has its path.
  std::optional<Answer> answer(const http::RequestHead& head) const;

  // What a browser gets for a path that nothing has: the page, which says so, and puts a link right
  // that a mail system rewrote (%23 for #). nullopt for a program, which gets the refusal.
  std::optional<Answer> answer_person(const http::RequestHead& head) const;

 private:
  struct Coding {
    base::FileDescriptor file;
    std::size_t size_bytes = 0;
  };
  struct Loaded {
    const WebFile* file = nullptr;
    Coding plain, gzip, brotli;
  };
  const Loaded* find(std::string_view path) const;
  static std::optional<Answer> send(const Loaded& loaded, const http::RequestHead& head);

  std::vector<Loaded> files_;
};

}  // namespace sealift::server::front
