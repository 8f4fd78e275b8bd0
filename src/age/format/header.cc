#include "age/format/header.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/check.h"
#include "base/limits.h"
#include "crypto/hkdf.h"
#include "crypto/sha256.h"

namespace sealift::age {

using base::ByteReader;
using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Padding;
using base::Result;

namespace {

constexpr std::string_view kIntro = "age-encryption.org/v1";
constexpr std::string_view kStanzaStart = "-> ";
constexpr std::string_view kFooterStart = "---";
constexpr std::size_t kBodyColumns = 64;
constexpr std::size_t kBodyLineSize = kBodyColumns / 4 * 3;

bool is_visible(char c) { return c >= 33 && c <= 126; }

// A line, judged against its limit before anything looks at it.
Result<std::string_view> next_line(ByteReader& reader) {
  const auto line = reader.line();
  if (!line) return fail(ErrorCode::malformed, "header ends in the middle");
  if (line->size() > limits::kAgeHeaderLineSizeMax) {
    return fail(ErrorCode::limit, "header line longer than " +
                                      std::to_string(limits::kAgeHeaderLineSizeMax) + " bytes");
  }
  return *line;
}

Result<Stanza> parse_stanza_line(std::string_view line) {
  if (!line.starts_with(kStanzaStart)) {
    return fail(ErrorCode::malformed, "header with a malformed line");
  }
  Stanza stanza;
  std::string_view rest = line.substr(kStanzaStart.size());
  for (bool first = true;; first = false) {
    const std::size_t space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    if (word.empty() || !std::ranges::all_of(word, is_visible)) {
      return fail(ErrorCode::malformed, "header stanza with a malformed argument");
    }
    if (first) {
      stanza.type = word;
    } else {
      stanza.arguments.emplace_back(word);
    }
    if (space == std::string_view::npos) return stanza;
    rest.remove_prefix(space + 1);
  }
}

// The body ends with the first line of less than 64 characters, which may be empty.
Result<Bytes> parse_body(ByteReader& reader) {
  Bytes body;
  while (true) {
    SEALIFT_TRY(const std::string_view line, next_line(reader));
    const auto bytes = base::base64_decode(line, Padding::none);
    if (line.size() > kBodyColumns || !bytes) {
      return fail(ErrorCode::malformed, "header stanza with a malformed body");
    }
    base::append(body, *bytes);
    if (line.size() < kBodyColumns) return body;
  }
}

Result<void> parse_mac(std::string_view line, std::span<std::byte, kHeaderMacSize> mac) {
  const std::string_view rest = line.substr(kFooterStart.size());
  const auto bytes = base::base64_decode(rest.substr(rest.empty() ? 0 : 1), Padding::none);
  if (!rest.starts_with(' ') || !bytes || bytes->size() != kHeaderMacSize) {
    return fail(ErrorCode::malformed, "header with a malformed MAC");
  }
  std::ranges::copy(*bytes, mac.begin());
  return {};
}

void append_text(Bytes& to, std::string_view text) { base::append(to, bytes_of(text)); }

void append_stanza(Bytes& to, const Stanza& stanza) {
  append_text(to, kStanzaStart);
  append_text(to, stanza.type);
  for (const std::string& argument : stanza.arguments) {
    append_text(to, " ");
    append_text(to, argument);
  }
  append_text(to, "\n");
  ByteView rest = stanza.body;
  while (true) {
    const ByteView line = rest.first(std::min(rest.size(), kBodyLineSize));
    append_text(to, base::base64_encode(line, Padding::none));
    append_text(to, "\n");
    rest = rest.subspan(line.size());
    if (line.size() < kBodyLineSize) return;
  }
}

crypto::Sha256Digest mac_of(const FileKey& file_key, ByteView authenticated) {
  const auto key =
      crypto::hkdf_sha256<32>({.key = file_key.view(), .salt = {}, .info = bytes_of("header")});
  return crypto::hmac_sha256(key.view(), authenticated);
}

}  // namespace

Result<Header> Header::parse(ByteView received) {
  const bool cut = received.size() > limits::kAgeHeaderSizeMax;
  auto header = parse_within(received.first(std::min(received.size(), limits::kAgeHeaderSizeMax)));
  if (!header && header.error().code == ErrorCode::malformed && cut &&
      judge_header_prefix(received.first(limits::kAgeHeaderSizeMax)) == HeaderPrefix::incomplete) {
    return fail(ErrorCode::limit,
                "header longer than " + std::to_string(limits::kAgeHeaderSizeMax) + " bytes");
  }
  return header;
}

Result<Header> Header::parse_within(ByteView received) {
  ByteReader reader(received);
  Header header;
  const auto intro = reader.line();
  if (!intro || *intro != kIntro) return fail(ErrorCode::malformed, "not an age v1 file");
  while (true) {
    SEALIFT_TRY(const std::string_view line, next_line(reader));
    if (line.starts_with(kFooterStart)) {
      if (header.stanzas_.empty()) return fail(ErrorCode::malformed, "header without a stanza");
      SEALIFT_TRY_VOID(parse_mac(line, header.mac_));
      const std::size_t size = received.size() - reader.remaining();
      header.encoded_ = base::copy_of(received.first(size));
      header.authenticated_size_ = size - line.size() - 1 + kFooterStart.size();
      return header;
    }
    if (header.stanzas_.size() == limits::kAgeStanzasMax) {
      return fail(ErrorCode::limit,
                  "header with more than " + std::to_string(limits::kAgeStanzasMax) + " stanzas");
    }
    SEALIFT_TRY(Stanza stanza, parse_stanza_line(line));
    SEALIFT_TRY(stanza.body, parse_body(reader));
    header.stanzas_.push_back(std::move(stanza));
  }
}

Result<Header> Header::make(const std::vector<Stanza>& stanzas, const FileKey& file_key) {
  SEALIFT_CHECK(!stanzas.empty());
  Bytes encoded;
  append_text(encoded, kIntro);
  append_text(encoded, "\n");
  for (const Stanza& stanza : stanzas) append_stanza(encoded, stanza);
  append_text(encoded, kFooterStart);
  const crypto::Sha256Digest mac = mac_of(file_key, encoded);
  append_text(encoded, " " + base::base64_encode(mac, Padding::none) + "\n");
  return parse(encoded);
}

bool Header::is_authentic(const FileKey& file_key) const {
  const ByteView authenticated = ByteView(encoded_).first(authenticated_size_);
  return crypto::equal(mac_of(file_key, authenticated), mac_);
}

HeaderPrefix judge_header_prefix(ByteView prefix) {
  if (prefix.size() > limits::kAgeHeaderSizeMax) return HeaderPrefix::parsable;
  const std::string_view text = base::text_of(prefix);
  const std::size_t intro_size = std::min(text.size(), kIntro.size());
  if (text.substr(0, intro_size) != kIntro.substr(0, intro_size)) return HeaderPrefix::parsable;
  const std::size_t footer = text.find("\n---");
  const bool whole =
      footer != std::string_view::npos && text.find('\n', footer + 1) != std::string_view::npos;
  return whole ? HeaderPrefix::parsable : HeaderPrefix::incomplete;
}

}  // namespace sealift::age
