#include "server/mailer/letter.h"

#include <array>
#include <chrono>

#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "server/mailer/letter_texts.h"

namespace sealift::server {
namespace {

using base::UnixTime;
using catalog::Language;

struct Moment {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
  unsigned weekday;
};

Moment moment_of(UnixTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  return {std::chrono::year_month_day(days), std::chrono::hh_mm_ss(seconds - days),
          std::chrono::weekday(days).c_encoding()};
}

std::string two_digits(long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// "Sun, 22 Nov 2026 14:05:09 +0000" (RFC 5322 section 3.3)
std::string mail_date(UnixTime time) {
  static constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const Moment moment = moment_of(time);
  const unsigned month = static_cast<unsigned>(moment.day.month());
  return std::string(kDays.substr(3 * moment.weekday, 3)) + ", " +
         two_digits(static_cast<unsigned>(moment.day.day())) + " " +
         std::string(kMonths.substr(3 * (month - 1), 3)) + " " +
         std::to_string(static_cast<int>(moment.day.year())) + " " +
         two_digits(moment.time.hours().count()) + ":" + two_digits(moment.time.minutes().count()) +
         ":" + two_digits(moment.time.seconds().count()) + " +0000";
}

// For people: "22 November 2026 at 14:05 UTC", "22 novembre 2026 à 14 h 05 UTC".
std::string spoken_time(UnixTime time, Language language) {
  static constexpr std::array<std::string_view, 12> kEnglish = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  static constexpr std::array<std::string_view, 12> kFrench = {
      "janvier", "février", "mars",      "avril",   "mai",      "juin",
      "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
  const bool is_french = language == Language::french;
  const Moment moment = moment_of(time);
  const unsigned day = static_cast<unsigned>(moment.day.day());
  const unsigned month = static_cast<unsigned>(moment.day.month()) - 1;
  std::string text = std::to_string(day);
  if (is_french && day == 1) text += "er";
  text += " " + std::string((is_french ? kFrench : kEnglish).at(month)) + " " +
          std::to_string(static_cast<int>(moment.day.year()));
  text += is_french ? " à " : " at ";
  text += two_digits(moment.time.hours().count()) + (is_french ? " h " : ":") +
          two_digits(moment.time.minutes().count()) + " UTC";
  return text;
}

// RFC 2047 section 2: words of at most 75 characters, whole characters in each.
std::string encoded_subject(std::string_view text) {
  constexpr std::size_t kBytesMax = 42;  // 56 characters of base64, and 12 around them
  std::string made;
  while (!text.empty()) {
    std::size_t size = std::min(kBytesMax, text.size());
    const auto splits = [&](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (splits(size)) --size;
    if (!made.empty()) made += "\r\n ";
    made += "=?utf-8?B?" +
            base::base64_encode(base::bytes_of(text.substr(0, size)), base::Padding::required) +
            "?=";
    text.remove_prefix(size);
  }
  return made;
}

// RFC 2045 section 6.7. Lines of `text` end in "\n".
std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kLineSizeMax = 75;  // and the "=" of a soft break
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string made;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      made += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    const bool is_plain = (c > 32 && c < 127 && c != '=') || (c == ' ' && !ends_line);
    const std::size_t size = is_plain ? 1 : 3;
    if (column + size > kLineSizeMax) {
      made += "=\r\n";
      column = 0;
    }
    if (is_plain) {
      made += static_cast<char>(c);
    } else {
      made += '=';
      made += kDigits[c >> 4U];
      made += kDigits[c & 15U];
    }
    column += size;
  }
  return made;
}

std::string body_of(const PostFrame& post, const LetterHead& head) {
  const LetterText& text = letter_text(post.letter, post.language);
  std::string body;
  for (const LetterPiece& piece : text.pieces) {
    body += piece.text;
    switch (piece.then) {
      case LetterValue::nothing:
        break;
      case LetterValue::who:
        body += post.details.who ? std::string_view(post.details.who->text()) : text.somebody;
        break;
      case LetterValue::when:
        body += spoken_time(post.details.when, post.language);
        break;
    }
  }
  body += "\n\n" + head.server_url + "\n\n-- \n";
  body += letter_footer(post.language);
  return body + "\n";
}

}  // namespace

std::string write_letter(const PostFrame& post, const LetterHead& head, UnixTime now) {
  const LetterText& text = letter_text(post.letter, post.language);
  std::string message = "Date: " + mail_date(now) + "\r\n";
  message += "From: Sealift <" + head.from.text() + ">\r\n";
  message += "To: <" + post.details.to.text() + ">\r\n";
  message += "Subject: " + encoded_subject(text.subject) + "\r\n";
  // The same for every attempt, so that a mail sent twice is seen to be one.
  message += "Message-ID: <" + base::hex_encode(post.mail.view()) + "@" +
             std::string(head.from.domain()) + ">\r\n";
  message += "Auto-Submitted: auto-generated\r\n";
  message += "MIME-Version: 1.0\r\n";
  message += "Content-Type: text/plain; charset=utf-8\r\n";
  message += "Content-Transfer-Encoding: quoted-printable\r\n";
  message +=
      post.language == Language::french ? "Content-Language: fr\r\n" : "Content-Language: en\r\n";
  return message + "\r\n" + quoted_printable(body_of(post, head));
}

}  // namespace sealift::server
