#include "server/mailer/mail_frames.h"

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace sealift::server {
namespace {

using base::ByteReader;
using base::Bytes;
using base::ByteView;
using base::ByteWriter;
using base::Result;
using catalog::Language;
using catalog::MailTemplate;
using parcel::Address;

enum class Kind : std::uint8_t { post = 1, outcome = 2 };
constexpr std::uint64_t kTimeMax = 253'402'300'799'999;  // the last millisecond of the year 9999

tl::unexpected<base::Error> malformed() {
  return base::fail(base::ErrorCode::malformed, "mail frame");
}

void put_address(ByteWriter& out, std::string_view text) {
  out.u16_le(static_cast<std::uint16_t>(text.size()));
  out.text(text);
}

std::optional<std::string_view> take_text(ByteReader& in) {
  const auto size = in.u16_le();
  const auto bytes = size ? in.take(*size) : std::nullopt;
  if (!bytes) return std::nullopt;
  return base::text_of(*bytes);
}

// In its normal spelling only.
std::optional<Address> address_of(std::string_view text) {
  auto address = Address::parse(text);
  if (address && address->text() != text) return std::nullopt;
  return address;
}

void put_details(ByteWriter& out, const LetterDetails& details) {
  put_address(out, details.to.text());
  put_address(out, details.who ? std::string_view(details.who->text()) : "");
  out.u64_le(static_cast<std::uint64_t>(details.when.time_since_epoch().count()));
}

Result<LetterDetails> take_details(ByteReader& in) {
  const auto to_text = take_text(in);
  const auto who_text = take_text(in);
  const auto when = in.u64_le();
  if (!to_text || !who_text || !when || *when > kTimeMax || !in.at_end()) return malformed();
  auto to = address_of(*to_text);
  auto who = address_of(*who_text);
  if (!to || (!who && !who_text->empty())) return malformed();
  return LetterDetails{*std::move(to), std::move(who),
                       base::UnixTime(std::chrono::milliseconds(*when))};
}

std::optional<catalog::MailId> take_head(ByteReader& in, Kind kind) {
  if (in.u8() != static_cast<std::uint8_t>(kind)) return std::nullopt;
  const auto bytes = in.take(sizeof(catalog::MailId));
  return bytes ? catalog::MailId::of(*bytes) : std::nullopt;
}

}  // namespace

Bytes encode_letter_details(const LetterDetails& details) {
  ByteWriter out;
  put_details(out, details);
  return std::move(out).take();
}

Result<LetterDetails> decode_letter_details(ByteView bytes) {
  ByteReader in(bytes);
  return take_details(in);
}

Bytes encode_post(const PostFrame& frame) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::post));
  out.bytes(frame.mail.view());
  out.u8(static_cast<std::uint8_t>(frame.letter));
  out.u8(static_cast<std::uint8_t>(frame.language));
  put_details(out, frame.details);
  return std::move(out).take();
}

Result<PostFrame> decode_post(ByteView bytes) {
  ByteReader in(bytes);
  const auto mail = take_head(in, Kind::post);
  const std::uint8_t letter = in.u8().value_or(0);
  const std::uint8_t language = in.u8().value_or(0);
  if (!mail || letter < 1 || letter > static_cast<std::uint8_t>(MailTemplate::proposal_done)) {
    return malformed();
  }
  if (language < 1 || language > static_cast<std::uint8_t>(Language::french)) return malformed();
  SEALIFT_TRY(LetterDetails details, take_details(in));
  return PostFrame{*mail, static_cast<MailTemplate>(letter), static_cast<Language>(language),
                   std::move(details)};
}

Bytes encode_outcome(const OutcomeFrame& frame) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::outcome));
  out.bytes(frame.mail.view());
  out.u8(static_cast<std::uint8_t>(frame.outcome));
  return std::move(out).take();
}

Result<OutcomeFrame> decode_outcome(ByteView bytes) {
  ByteReader in(bytes);
  const auto mail = take_head(in, Kind::outcome);
  const auto outcome = in.u8();
  if (!mail || !outcome || *outcome > static_cast<std::uint8_t>(MailOutcome::later) ||
      !in.at_end()) {
    return malformed();
  }
  return OutcomeFrame{*mail, static_cast<MailOutcome>(*outcome)};
}

}  // namespace sealift::server
