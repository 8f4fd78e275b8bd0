#include "server/mailer/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/file_descriptor.h"
#include "base/limits.h"
#include "base/regular_file.h"
#include "crypto/secret_bytes.h"

namespace sealift::server {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (!longer) return;
  static_cast<void>(list.release());
  list.reset(longer);
}

Result<base::Bytes> read_small_file(const std::string& path, std::string_view what) {
  SEALIFT_TRY(const base::FileDescriptor file,
              base::open_regular(path, base::Links::followed, what));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return tl::unexpected(base::error_of_errno(errno, what));
  if (status.st_size > limits::kPemSizeMax) return base::fail(ErrorCode::limit, std::string(what));
  base::Bytes bytes(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)));
  SEALIFT_TRY(const std::size_t size, base::read_full(file.get(), bytes));
  bytes.resize(size);
  return bytes;
}

bool is_numeric(const std::string& host) {
  std::array<std::byte, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || (is_numeric(host) && host.starts_with("127."));
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// Every address of the name, as curl's table of names has them; empty when there is none now.
std::string addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, FreeAddresses> all(found);
  std::string text;
  for (const addrinfo* each = found; each; each = each->ai_next) {
    std::array<char, NI_MAXHOST> numeric{};
    if (getnameinfo(each->ai_addr, each->ai_addrlen, numeric.data(), numeric.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    if (!text.empty()) text += ",";
    text += in_brackets(numeric.data());
  }
  return text;
}

std::size_t give_message(char* to, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const std::size_t given = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

// What a reply means for this message: 55x and 56x are about it or its mailbox, and will not change
// (RFC 5321 section 4.2); everything else may.
MailOutcome outcome_of(CURLcode code, long reply) {
  if (code == CURLE_OK) return MailOutcome::sent;
  const bool is_about_login = code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED;
  const bool is_final = reply >= 550 && reply <= 569 && reply != 552;
  return is_final && !is_about_login ? MailOutcome::refused : MailOutcome::later;
}

MailReach reach_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return MailReach::good;
    case CURLE_USE_SSL_FAILED:
      return MailReach::no_tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      return MailReach::unproved;
    case CURLE_LOGIN_DENIED:
      return MailReach::login_refused;
    default:
      return MailReach::no_answer;
  }
}

class CurlSmtp final : public Smtp {
 public:
  static Result<std::unique_ptr<Smtp>> open(const SmtpSettings& settings) {
    auto made = std::unique_ptr<CurlSmtp>(new CurlSmtp(settings));
    if (!made->handle_) return base::fail(ErrorCode::internal, "libcurl");
    SEALIFT_TRY_VOID(made->read_files());
    addresses_of("localhost");  // loads what the resolver needs
    return std::unique_ptr<Smtp>(std::move(made));
  }

  MailOutcome send(const parcel::Address& from, const parcel::Address& to,
                   std::string_view message) override {
    CURL* handle = handle_.get();
    List names;
    if (!begin(from, names)) return MailOutcome::later;
    List recipients;
    append(recipients, "<" + to.text() + ">");
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, ("<" + from.text() + ">").c_str());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(handle, CURLOPT_READDATA, &message);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    const CURLcode code = curl_easy_perform(handle);
    long reply = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
    curl_easy_reset(handle);  // it borrowed `recipients` and `message`
    return outcome_of(code, reply);
  }

  MailReach reach(const parcel::Address& from) override {
    CURL* handle = handle_.get();
    List names;
    if (!begin(from, names)) return MailReach::no_address;
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);  // as far as the login, for SMTP
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_reset(handle);
    return reach_of(code);
  }

 private:
  explicit CurlSmtp(const SmtpSettings& settings)
      : settings_(settings), handle_(curl_easy_init()) {}

  // `names` outlives what is done with the handle. False: the server's name has no address now.
  bool begin(const parcel::Address& from, List& names) {
    CURL* handle = handle_.get();
    curl_easy_reset(handle);  // keeps the connection
    if (!is_numeric(settings_.host)) {
      const std::string addresses = addresses_of(settings_.host);
      if (addresses.empty()) return false;
      const std::string place = settings_.host + ":" + std::to_string(settings_.port);
      append(names, "-" + place);
      append(names, place + ":" + addresses);
    }
    set_server(from);
    curl_easy_setopt(handle, CURLOPT_RESOLVE, names.get());
    return true;
  }

  Result<void> read_files() {
    if (!settings_.user.empty()) {
      SEALIFT_TRY(base::Bytes bytes, read_small_file(settings_.password_path, "mail password"));
      const std::string_view text = base::text_of(bytes);
      password_ = crypto::SecretBuffer::copy_of(
          base::ByteView(bytes).first(std::min(text.find_first_of("\r\n"), text.size())));
      crypto::wipe(bytes);
    }
    if (settings_.security == SmtpSecurity::none) return {};
    const std::string path = settings_.certificates_path.empty() ? std::string(kSystemCertificates)
                                                                 : settings_.certificates_path;
    SEALIFT_TRY(certificates_, read_small_file(path, "mail certificates"));
    return {};
  }

  // Where to, how protected, who logs in. No proxy, no other protocol, no file is looked at.
  void set_server(const parcel::Address& from) {
    CURL* handle = handle_.get();
    const bool is_tls = settings_.security == SmtpSecurity::tls;
    const std::string url = std::string(is_tls ? "smtps" : "smtp") + "://" +
                            in_brackets(settings_.host) + ":" + std::to_string(settings_.port) +
                            "/" + std::string(from.domain());
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, is_tls ? "smtps" : "smtp");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.timeout_ms));
    if (settings_.security != SmtpSecurity::none) {
      curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
      curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
      curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
      curl_blob certificates{certificates_.data(), certificates_.size(), CURL_BLOB_NOCOPY};
      curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &certificates);
    }
    if (settings_.user.empty()) return;
    std::string password(base::text_of(password_.view()));
    curl_easy_setopt(handle, CURLOPT_USERNAME, settings_.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, password.c_str());
    crypto::wipe(std::as_writable_bytes(std::span(password)));
  }

  const SmtpSettings settings_;
  std::unique_ptr<CURL, FreeHandle> handle_;
  base::Bytes certificates_;
  crypto::SecretBuffer password_;
};

}  // namespace

Result<std::unique_ptr<Smtp>> Smtp::create(const SmtpSettings& settings) {
  if (!is_numeric(settings.host) && !parcel::is_domain(settings.host)) {
    return base::fail(ErrorCode::usage, "mail server's name");
  }
  if (settings.security == SmtpSecurity::none && !is_loopback(settings.host)) {
    return base::fail(ErrorCode::usage, "mail to another machine needs TLS");
  }
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) return base::fail(ErrorCode::internal, "libcurl");
  return CurlSmtp::open(settings);
}

}  // namespace sealift::server
