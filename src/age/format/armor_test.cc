// ASCII armor: what is read, what is refused, and that what is written is read again. The grammar
// is the one of armor.h.
#include "age/format/armor.h"

#include <gtest/gtest.h>

#include "age/payload/payload_fixture.h"
#include "base/base64.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::bytes_of;
using base::ByteView;
using base::ErrorCode;

constexpr std::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
constexpr std::string_view kEnd = "-----END AGE ENCRYPTED FILE-----";
// 48 bytes of 'a': one whole line.
constexpr std::string_view kLine =
    "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n";

base::Result<std::string> decode(std::string text) {
  ArmorSource source(std::make_unique<MemorySource>(bytes_of(text)));
  std::string decoded;
  Bytes piece(7);  // no multiple of a line
  while (true) {
    const base::MutableByteView view(piece);
    SEALIFT_TRY(const std::size_t count, source.read_at(std::span(&view, 1), decoded.size()));
    decoded += base::text_of(ByteView(piece).first(count));
    if (count < piece.size()) return decoded;
  }
}

std::string armored(std::string_view body) {
  return std::string(kBegin).append(body).append(kEnd) + "\n";
}

struct Case {
  std::string_view what;
  std::string text;
  std::string decoded{};
};

TEST(ArmorTest, Reads) {
  const std::string whole(48, 'a');
  const Case cases[] = {
      {"one short line", armored("YQ==\n"), "a"},
      {"one whole line", armored(kLine), whole},
      {"a whole line and a short one", armored(std::string(kLine) + "YWI=\n"), whole + "ab"},
      {"no line end at the very end", std::string(kBegin) + "YQ==\n" + std::string(kEnd), "a"},
      {"lines that end in CR LF",
       "-----BEGIN AGE ENCRYPTED FILE-----\r\nYQ==\r\n-----END AGE ENCRYPTED FILE-----\r\n", "a"},
      {"whitespace around it", " \r\n\t\n" + armored("YQ==\n") + " \n\n\t", "a"},
      {"1024 bytes of whitespace before", std::string(1024, '\n') + armored("YQ==\n"), "a"},
  };
  for (const Case& each : cases) {
    const auto decoded = decode(each.text);
    ASSERT_TRUE(decoded.has_value()) << each.what;
    EXPECT_EQ(*decoded, each.decoded) << each.what;
  }
}

TEST(ArmorTest, Refuses) {
  const Case cases[] = {
      {"nothing", ""},
      {"a first line of another kind", "-----BEGIN CERTIFICATE-----\nYQ==\n" + std::string(kEnd)},
      {"text before the first line", "hello\n" + armored("YQ==\n")},
      {"text after the last line", armored("YQ==\n") + "hello\n"},
      {"a second armor after it", armored("YQ==\n") + armored("YQ==\n")},
      {"whitespace in the first line",
       "-----BEGIN AGE ENCRYPTED FILE----- \nYQ==\n" + std::string(kEnd)},
      {"whitespace in the last line", std::string(kBegin) + "YQ==\n" + std::string(kEnd) + " \n"},
      {"1025 bytes of whitespace before", std::string(1025, '\n') + armored("YQ==\n")},
      {"1025 bytes of whitespace after", armored("YQ==\n") + std::string(1024, '\n') + " "},
      {"no last line", std::string(kBegin) + "YQ==\n"},
      {"no line end after the last base64", std::string(kBegin) + "YQ==" + std::string(kEnd)},
      {"an empty line", armored("\nYQ==\n")},
      {"an empty line after whole ones", armored(std::string(kLine) + "\n")},
      {"a short line before the last", armored("YQ==\nYQ==\n")},
      {"a line of 68 characters", armored(std::string(kLine.substr(0, 64)) + "YWFh\n")},
      {"a space in a line", armored("YQ= =\n")},
      {"padding left out", armored("YQ\n")},
      {"padding in the middle", armored("YQ==YWFh\n")},
      {"bits behind the padding", armored("YR==\n")},
      {"a character of base64url", armored("-_-_\n")},
      {"a header of PEM", armored("Comment: none\n\nYQ==\n")},
      {"a NUL", armored(std::string("YQ\0=\n", 5))},
  };
  for (const Case& each : cases) {
    const auto decoded = decode(each.text);
    ASSERT_FALSE(decoded.has_value()) << each.what;
    EXPECT_EQ(decoded.error().code, ErrorCode::malformed) << each.what;
  }
}

TEST(ArmorTest, SaysItFailed) {
  ArmorSource source(std::make_unique<MemorySource>(bytes_of(kLine)));
  Bytes out(4);
  const base::MutableByteView view(out);
  EXPECT_FALSE(source.failed());
  EXPECT_FALSE(source.read_at(std::span(&view, 1), 0).has_value());
  EXPECT_TRUE(source.failed());
  EXPECT_FALSE(source.read_at(std::span(&view, 1), 0).has_value());
}

TEST(ArmorTest, PassesOnWhatTheTextGives) {
  auto broken = std::make_unique<internal::UnsizedSource>(bytes_of(kBegin));
  broken->fails_at = 10;
  ArmorSource source(std::move(broken));
  Bytes out(4);
  const base::MutableByteView view(out);
  const auto got = source.read_at(std::span(&view, 1), 0);
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code, ErrorCode::io);
  EXPECT_FALSE(source.failed());  // the armor itself was not found wrong
}

TEST(ArmorTest, WritesWhatItReads) {
  for (const std::size_t size : {0u, 1u, 47u, 48u, 49u, 96u, 3u * 1024u * 48u + 5u}) {
    for (const std::size_t piece_size : {1u, 47u, 48u, 1000u, 200'000u}) {
      if (piece_size == 1 && size > 1000) continue;
      const Bytes bytes = internal::random_text(size, size);
      Bytes text;
      MemorySink out(text);
      ArmorSink sink(out);
      for (ByteView rest = bytes; !rest.empty();) {
        const ByteView piece = rest.first(std::min(piece_size, rest.size()));
        ASSERT_TRUE(sink.write(std::span(&piece, 1)).has_value());
        rest = rest.subspan(piece.size());
      }
      ASSERT_TRUE(sink.finish().has_value());
      const auto decoded = decode(std::string(base::text_of(text)));
      ASSERT_TRUE(decoded.has_value()) << size << " in pieces of " << piece_size;
      EXPECT_EQ(*decoded, base::text_of(bytes)) << size << " in pieces of " << piece_size;
    }
  }
}

TEST(ArmorTest, ShowsItsFirstLine) {
  EXPECT_TRUE(looks_armored(bytes_of(" \n-----BEGIN AGE ENCRYPTED FILE-----")));
  EXPECT_TRUE(looks_armored(bytes_of("-----BEGIN SOMETHING")));  // to be refused by name
  EXPECT_FALSE(looks_armored(bytes_of("age-encryption.org/v1\n")));
  EXPECT_FALSE(looks_armored(ByteView()));
}

}  // namespace
}  // namespace sealift::age
