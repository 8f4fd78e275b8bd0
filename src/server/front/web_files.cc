#include "server/front/web_files.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "http/content_coding.h"
#include "http/entity_tag.h"
#include "http/router.h"

namespace sealift::server::front {
namespace {

using base::FileDescriptor;
using base::Result;
using http::Coded;
using http::Method;

constexpr std::string_view kPage = "/index.html";

// The web client's own routes (web/src/ui/router.ts) in the router's words; a test holds the two
// together. What is not here is answered as any other path that is not there.
constexpr http::Route kPages[] = {
    {Method::get, "/"},
    {Method::get, "/e"},
    {Method::get, "/log-in"},
    {Method::get, "/send"},
    {Method::get, "/inbox"},
    {Method::get, "/inbox/{parcel}"},
    {Method::get, "/outbox"},
    {Method::get, "/outbox/{parcel}"},
    {Method::get, "/requests"},
    {Method::get, "/account"},
    {Method::get, "/administration"},
    {Method::get, "/administration/{section}"},
    {Method::get, "/log"},
    {Method::get, "/l/{parcel}"},
    {Method::get, "/r/{request}"},
};

Result<FileDescriptor> memory_file(base::ByteView bytes) {
  FileDescriptor file(::memfd_create("web", MFD_CLOEXEC));
  if (!file.is_open()) return tl::unexpected(base::error_of_errno(errno, "memory file"));
  SEALIFT_TRY_VOID(base::write_full(file.get(), bytes));
  return file;
}

bool is_page(std::string_view path) {
  return std::holds_alternative<http::RouteMatch>(http::find_route(kPages, Method::get, path));
}

// Each coding of a file is a content of its own.
std::optional<http::EntityTag> tag_of(const WebFile& file, Coded coded) {
  static constexpr std::string_view kSuffixes[] = {"", "", "-1", "-2"};
  return http::EntityTag::make(
      std::string(file.tag).append(kSuffixes[static_cast<std::size_t>(coded)]));
}

Reply empty_reply(http::Status status) {
  Reply reply;
  reply.head.status = status;
  return reply;
}

}  // namespace

std::span<const http::Route> WebFiles::pages() { return kPages; }

Result<WebFiles> WebFiles::load(std::span<const WebFile> files) {
  WebFiles web;
  for (const WebFile& file : files) {
    Loaded& loaded = web.files_.emplace_back();
    loaded.file = &file;
    const std::pair<base::ByteView, Coding*> codings[] = {
        {file.plain, &loaded.plain}, {file.gzip, &loaded.gzip}, {file.brotli, &loaded.brotli}};
    for (const auto& [bytes, coding] : codings) {
      if (bytes.empty() && coding != &loaded.plain) continue;
      SEALIFT_TRY(coding->file, memory_file(bytes));
      coding->size_bytes = bytes.size();
    }
  }
  return web;
}

const WebFiles::Loaded* WebFiles::find(std::string_view path) const {
  for (const Loaded& loaded : files_) {
    if (loaded.file->path == path) return &loaded;
  }
  return nullptr;
}

std::optional<Answer> WebFiles::answer(const http::RequestHead& head) const {
  const Loaded* found = find(is_page(head.path) ? kPage : head.path);
  if (!found) return std::nullopt;
  if (head.method != Method::get && head.method != Method::head) {
    Reply reply = empty_reply(http::Status::method_not_allowed);
    reply.head.allow = http::method_bit(Method::get) | http::method_bit(Method::head);
    return reply;
  }
  return send(*found, head);
}

std::optional<Answer> WebFiles::answer_person(const http::RequestHead& head) const {
  const bool is_person =
      (head.method == Method::get || head.method == Method::head) &&
      http::accepts_coding(head.fields.get(http::FieldName::accept).value_or(""), "text/html");
  const Loaded* page = is_person ? find(kPage) : nullptr;
  if (!page) return std::nullopt;
  auto answer = send(*page, head);
  const auto is_rewritten = [&](std::string_view mark) { return head.path.starts_with(mark); };
  if (is_rewritten("/l/") || is_rewritten("/r/") || is_rewritten("/e%23")) return answer;
  if (auto* whole = answer ? std::get_if<SendFile>(&*answer) : nullptr)
    whole->head.status = http::Status::not_found;
  return answer;
}

std::optional<Answer> WebFiles::send(const Loaded& loaded, const http::RequestHead& head) {
  const std::string_view accepted = head.fields.get(http::FieldName::accept_encoding).value_or("");
  const Coding* coding = &loaded.plain;
  Coded coded = Coded::identity;
  if (loaded.brotli.file.is_open() && http::accepts_coding(accepted, "br")) {
    coding = &loaded.brotli;
    coded = Coded::brotli;
  } else if (loaded.gzip.file.is_open() && http::accepts_coding(accepted, "gzip")) {
    coding = &loaded.gzip;
    coded = Coded::gzip;
  }
  http::ResponseHead out;
  out.cache = loaded.file->cache;
  out.coded = coded;
  out.etag = tag_of(*loaded.file, coded);
  out.media_type = loaded.file->type;
  const http::Condition condition = http::judge_conditions(head.fields, *out.etag);
  if (condition != http::Condition::proceed) {
    if (condition == http::Condition::malformed) return empty_reply(http::Status::bad_request);
    if (condition == http::Condition::failed) return empty_reply(http::Status::precondition_failed);
    out.status = http::Status::not_modified;
    return Reply{std::move(out), {}};
  }
  out.content_size_bytes = coding->size_bytes;
  if (head.method == Method::head) return Reply{std::move(out), {}};
  FileDescriptor file(::fcntl(coding->file.get(), F_DUPFD_CLOEXEC, 0));
  if (!file.is_open()) return empty_reply(http::Status::unavailable);
  return SendFile{std::move(out), std::move(file), 0};
}

}  // namespace sealift::server::front
