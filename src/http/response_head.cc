#include "http/response_head.h"

#include <array>
#include <charconv>
#include <chrono>

#include "http/tus.h"

namespace sealift::http {
namespace {

constexpr std::string_view kUnreservedOrSlash =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
constexpr std::size_t kLocationSizeMax = 128;

constexpr std::array<std::string_view, kMediaTypes> kMediaTypeNames = {
    "",
    "application/json",
    "application/octet-stream",
    "text/plain; charset=utf-8",
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
    "application/wasm",
    "image/svg+xml",
    "image/png",
    "font/woff2"};

constexpr std::array<std::string_view, 3> kCacheValues = {"no-store", "no-cache",
                                                          "public, max-age=31536000, immutable"};

// Every response: never sniffed, never framed, no referrer, nothing shared across origins.
constexpr std::string_view kSecurityFields =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";
constexpr std::string_view kDataPolicy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n";
// Our own page, and its scripts, since a worker is under the policy that its script came with.
constexpr std::string_view kPageFields =
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n"
    "Permissions-Policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()\r\n";

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  Writer& text(std::string_view value) {
    out_.append(value);
    return *this;
  }
  Writer& number(std::uint64_t value) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
    return *this;
  }
  void line(std::string_view name, std::string_view value) {
    text(name).text(": ").text(value).text("\r\n");
  }
  void line(std::string_view name, std::uint64_t value) {
    text(name).text(": ").number(value).text("\r\n");
  }

 private:
  std::string& out_;
};

void write_content(const ResponseHead& head, Writer& writer) {
  if (!has_no_body(head.status)) writer.line("Content-Length", head.content_size_bytes);
  if (head.media_type != MediaType::none) {
    writer.line("Content-Type", kMediaTypeNames.at(static_cast<std::size_t>(head.media_type)));
  }
  if (head.attachment) writer.line("Content-Disposition", "attachment");
  if (head.etag) writer.text("ETag: \"").text(head.etag->text()).text("\"\r\n");
  if (head.coded != Coded::never) writer.line("Vary", "Accept-Encoding");
  if (head.coded == Coded::gzip) writer.line("Content-Encoding", "gzip");
  if (head.coded == Coded::brotli) writer.line("Content-Encoding", "br");
  if (head.accepts_ranges) writer.line("Accept-Ranges", "bytes");
  if (head.status == Status::range_not_satisfiable) {
    writer.text("Content-Range: bytes */").number(head.whole_size_bytes).text("\r\n");
  } else if (head.range && head.range->size_bytes > 0) {
    writer.text("Content-Range: bytes ").number(head.range->offset).text("-");
    writer.number(head.range->offset + head.range->size_bytes - 1);
    writer.text("/").number(head.whole_size_bytes).text("\r\n");
  }
}

void write_allow(MethodSet allow, Writer& writer) {
  if (allow == 0) return;
  writer.text("Allow: ");
  std::string_view separator;
  for (std::size_t i = 0; i < kMethods; ++i) {
    const auto method = static_cast<Method>(i);
    if ((allow & method_bit(method)) == 0) continue;
    writer.text(separator).text(method_name(method));
    separator = ", ";
  }
  writer.text("\r\n");
}

void write_tus(const ResponseHead& head, Writer& writer) {
  if (head.tus != TusFields::none) writer.line("Tus-Resumable", kTusVersion);
  if (head.tus == TusFields::capabilities) {
    writer.line("Tus-Version", kTusVersion);
    writer.line("Tus-Extension", kTusExtensions);
    writer.line("Tus-Checksum-Algorithm", kTusChecksumAlgorithms);
  }
  if (head.tus_max_size_bytes) writer.line("Tus-Max-Size", *head.tus_max_size_bytes);
  if (head.upload_offset) writer.line("Upload-Offset", *head.upload_offset);
  if (head.upload_length) writer.line("Upload-Length", *head.upload_length);
  if (head.upload_expires) writer.line("Upload-Expires", http_date(*head.upload_expires));
}

template <typename Integer>
void append_two_digits(std::string& out, Integer value) {
  const auto number = static_cast<unsigned>(value);
  out.push_back(static_cast<char>('0' + number / 10 % 10));
  out.push_back(static_cast<char>('0' + number % 10));
}

}  // namespace

std::optional<Location> Location::make(std::string_view text) {
  if (text.empty() || text.size() > kLocationSizeMax || text.front() != '/') return std::nullopt;
  // "//name" would be read as another host.
  if (text.substr(0, 2) == "//") return std::nullopt;
  if (text.find_first_not_of(kUnreservedOrSlash) != std::string_view::npos) return std::nullopt;
  return Location(text);
}

namespace {
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
}  // namespace

std::string http_date(base::UnixTime time) {
  static constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string out;
  out.append(kDays.substr(std::chrono::weekday(day).c_encoding() * 3, 3)).append(", ");
  append_two_digits(out, static_cast<unsigned>(date.day()));
  const std::size_t month = static_cast<unsigned>(date.month()) - 1;
  out.append(" ").append(kMonths.substr(month * 3, 3)).append(" ");
  out.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  append_two_digits(out, clock.hours().count());
  out.push_back(':');
  append_two_digits(out, clock.minutes().count());
  out.push_back(':');
  append_two_digits(out, clock.seconds().count());
  return out.append(" GMT");
}

std::optional<base::UnixTime> parse_http_date(std::string_view text) {
  // Day-name, day, month, year, time: "Sun, 06 Nov 1994 08:49:37 GMT"
  constexpr std::size_t kSize = 29;
  if (text.size() != kSize) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) -> std::optional<int> {
    int value = 0;
    for (const char c : text.substr(at, size)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const auto day = number(5, 2);
  const auto year = number(12, 4);
  const auto hour = number(17, 2);
  const auto minute = number(20, 2);
  const auto second = number(23, 2);
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (!day || !year || !hour || !minute || !second || month == kMonths.npos) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month) / 3 + 1),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                    std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  const auto made = std::chrono::time_point_cast<std::chrono::milliseconds>(time);
  if (http_date(made) != text) return std::nullopt;
  return made;
}

bool has_no_body(Status status) {
  return status == Status::interim_continue || status == Status::no_content ||
         status == Status::not_modified;
}

void write_response_head(const ResponseHead& head, const ResponseContext& context,
                         std::string& out) {
  Writer writer(out);
  writer.text("HTTP/1.1 ").text(status_text(head.status)).text("\r\n");
  writer.line("Date", context.date);
  if (context.persistence == Persistence::close) writer.line("Connection", "close");
  write_content(head, writer);
  writer.line("Cache-Control", kCacheValues.at(static_cast<std::size_t>(head.cache)));
  write_allow(head.allow, writer);
  write_tus(head, writer);
  if (head.retry_after_seconds) writer.line("Retry-After", *head.retry_after_seconds);
  if (head.location) writer.line("Location", head.location->text());
  if (head.challenge == Challenge::bearer) writer.line("WWW-Authenticate", "Bearer");
  if (context.channel == Channel::tls) {
    writer.line("Strict-Transport-Security", "max-age=31536000");
  }
  writer.text(kSecurityFields);
  if (head.media_type == MediaType::html || head.media_type == MediaType::script) {
    writer.line("Content-Security-Policy", kPagePolicy);
    writer.text(kPageFields);
  } else {
    writer.text(kDataPolicy);
  }
  writer.text("\r\n");
}

}  // namespace sealift::http
