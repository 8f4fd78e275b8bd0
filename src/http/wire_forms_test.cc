// Small wire forms: field names, statuses, chunked bodies, ranges and tags, tus fields, routes.
#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"
#include "base/limits.h"
#include "http/chunked.h"
#include "http/entity_tag.h"
#include "http/router.h"
#include "http/tus.h"

namespace sealift::http {
namespace {

TEST(FieldTest, NamesMatchTheirEnumerators) {
  EXPECT_EQ(field_name_of("ACCEPT-Language"), FieldName::accept_language);
  EXPECT_EQ(field_name_of("Host"), FieldName::host);
  EXPECT_EQ(field_name_of("range"), FieldName::range);
  EXPECT_EQ(field_name_of("Tus-Resumable"), FieldName::tus_resumable);
  EXPECT_EQ(field_name_of("Upload-Offset"), FieldName::upload_offset);
  EXPECT_EQ(field_name_of("X-HTTP-Method-Override"), FieldName::x_http_method_override);
  EXPECT_EQ(field_name_of("Hos"), std::nullopt);
  EXPECT_EQ(field_name_of(""), std::nullopt);
}

TEST(FieldTest, DecimalsHaveOneSpelling) {
  EXPECT_EQ(parse_decimal("0", 9), 0U);
  EXPECT_EQ(parse_decimal("9", 9), 9U);
  EXPECT_EQ(parse_decimal("9223372036854775807", ~std::uint64_t{0}), 9223372036854775807U);
  for (const std::string_view text : {"", "10", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "0x1",
                                      "99999999999999999999", "\xd9\xa1"}) {
    EXPECT_EQ(parse_decimal(text, 9), std::nullopt) << text;
  }
}

TEST(StatusTest, TextAndNumberAgree) {
  for (unsigned number = 100; number < 600; ++number) {
    const auto status = status_of(number);
    if (status) {
      EXPECT_EQ(status_text(*status).substr(0, 3), std::to_string(number));
    }
  }
  EXPECT_EQ(status_of(404), Status::not_found);
  EXPECT_EQ(status_of(299), std::nullopt);
}

struct Decoded {
  std::string data;
  ChunkedDecoder::Status status = ChunkedDecoder::Status::need_input;
  std::size_t taken = 0;
};

Decoded decode(std::string_view input, std::size_t piece_size) {
  ChunkedDecoder decoder;
  Decoded decoded;
  while (decoded.taken < input.size()) {
    const auto step = decoder.next(base::bytes_of(input.substr(decoded.taken, piece_size)));
    decoded.taken += step.size_taken;
    decoded.data += base::text_of(step.data);
    decoded.status = step.status;
    if (step.status == ChunkedDecoder::Status::end) break;
    if (step.status == ChunkedDecoder::Status::refused) break;
  }
  return decoded;
}

TEST(ChunkedTest, DecodesHoweverItArrives) {
  const std::string body = "5\r\nhello\r\n00A\r\n 0123\r\n\r\n \r\n0\r\n\r\n";
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    const Decoded decoded = decode(body + "GET", piece);
    EXPECT_EQ(decoded.status, ChunkedDecoder::Status::end);
    EXPECT_EQ(decoded.data, "hello 0123\r\n\r\n ");
    EXPECT_EQ(decoded.taken, body.size());
  }
}

TEST(ChunkedTest, RefusesWhatReadersDifferOn) {
  for (const std::string_view body : {"5;name=value\r\nhello\r\n0\r\n\r\n",
                                      "5 \r\nhello\r\n",
                                      " 5\r\nhello\r\n",
                                      "\r\n",
                                      "x\r\n",
                                      "0x5\r\nhello\r\n",
                                      "+5\r\nhello\r\n",
                                      "-1\r\n",
                                      "5\nhello\n0\n\n",
                                      "5\r\nhello0\r\n\r\n",
                                      "5\r\nhello\n0\r\n\r\n",
                                      "5\r\nhello\rx",
                                      "0\r\nTrailer: x\r\n\r\n",
                                      "0\r\n\n",
                                      "00000000000000005\r\nhello\r\n0\r\n\r\n",
                                      "0000000000000000000",
                                      "fffffffffffffffff\r\n",
                                      "8000000000000000\r\n",
                                      "5\r\rhello",
                                      "5;\r\nhello\r\n",
                                      "5\r\nhello\r\n\r\n0\r\n\r\n"}) {
    EXPECT_EQ(decode(body, body.size()).status, ChunkedDecoder::Status::refused) << body;
    EXPECT_EQ(decode(body, 1).status, ChunkedDecoder::Status::refused) << body;
  }
}

TEST(ChunkedTest, ASizeHasSixteenDigitsAtMost) {
  const std::string_view body = "0000000000000005\r\nhello\r\n0000000000000001\r\n!\r\n0\r\n\r\n";
  EXPECT_EQ(decode(body, 7).data, "hello!");
}

TEST(ChunkedTest, ABodyCutShortNeverEnds) {
  const std::string body = "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_NE(decode(body.substr(0, size), 4).status, ChunkedDecoder::Status::end) << size;
  }
}

TEST(RangeTest, OneRangeIsResolved) {
  struct Case {
    std::string_view value;
    ByteRange range;
  };
  for (const Case& c :
       {Case{"bytes=0-0", {0, 1}}, Case{"bytes=2-", {2, 8}}, Case{"Bytes=3-99", {3, 7}},
        Case{"bytes=-4", {6, 4}}, Case{"bytes=-40", {0, 10}}, Case{"bytes=9-9", {9, 1}}}) {
    const auto spec = parse_range(c.value);
    ASSERT_TRUE(spec) << c.value;
    EXPECT_EQ(resolve_range(*spec, 10), c.range) << c.value;
  }
}

TEST(RangeTest, OtherFormsAreRefused) {
  for (const std::string_view value :
       {"", "bytes", "bytes=", "bytes=-", "bytes=1", "bytes=2-1", "bytes=0-0,2-3", "bytes=0-0,",
        "bytes= 0-1", "bytes=0 -1", "bytes=a-b", "bytes=-1-2", "bytes=00-1", "items=0-1", "0-1",
        "bytes=0-99999999999999999999", "bytes=+1-2", "bytes:0-1"}) {
    EXPECT_EQ(parse_range(value), std::nullopt) << value;
  }
  for (const std::string_view value : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
    EXPECT_EQ(resolve_range(*parse_range(value), 10), std::nullopt) << value;
  }
  EXPECT_EQ(resolve_range(*parse_range("bytes=0-"), 0), std::nullopt);
  EXPECT_EQ(resolve_range(*parse_range("bytes=-1"), 0), std::nullopt);
}

Fields fields_with(FieldName name, std::string_view value) {
  Fields fields;
  fields.put(name, value);
  return fields;
}

TEST(ConditionTest, TagsDecide) {
  const EntityTag tag = *EntityTag::make("0af3-1");
  const auto judge = [&](FieldName name, std::string_view value) {
    return judge_conditions(fields_with(name, value), tag);
  };
  EXPECT_EQ(judge_conditions(Fields{}, tag), Condition::proceed);
  EXPECT_EQ(judge(FieldName::if_none_match, "\"x\", W/\"0af3-1\""), Condition::not_modified);
  EXPECT_EQ(judge(FieldName::if_none_match, "*"), Condition::not_modified);
  EXPECT_EQ(judge(FieldName::if_none_match, "\"other\""), Condition::proceed);
  EXPECT_EQ(judge(FieldName::if_match, "\"0af3-1\""), Condition::proceed);
  EXPECT_EQ(judge(FieldName::if_match, "W/\"0af3-1\""), Condition::failed);
  EXPECT_EQ(judge(FieldName::if_match, "*"), Condition::proceed);
  for (const std::string_view value : {"", "0af3-1", "\"", "\"a\"b\"", "\"a\",", "w/\"a\""}) {
    EXPECT_EQ(judge(FieldName::if_match, value), Condition::malformed) << value;
  }
}

TEST(ConditionTest, TagsOfOursHoldHexadecimalAlone) {
  EXPECT_TRUE(EntityTag::make(std::string(64, 'a')));
  for (const std::string& text : {std::string(), std::string(65, 'a'), std::string("A"),
                                  std::string("a\r\nX: y"), std::string("a\"b")}) {
    EXPECT_FALSE(EntityTag::make(text));
  }
}

TEST(ConditionTest, IfRangeGuardsTheRange) {
  const EntityTag tag = *EntityTag::make("aa");
  const auto judge = [&](std::string_view range, std::optional<std::string_view> condition) {
    Fields fields = fields_with(FieldName::range, range);
    if (condition) fields.put(FieldName::if_range, *condition);
    return judge_range(fields, tag, 100);
  };
  EXPECT_EQ(judge("bytes=1-2", std::nullopt).kind, RangeAnswer::Kind::partial);
  EXPECT_EQ(judge("bytes=1-2", "\"aa\"").range, (ByteRange{1, 2}));
  EXPECT_EQ(judge("bytes=1-2", "\"bb\"").kind, RangeAnswer::Kind::whole);
  EXPECT_EQ(judge("bytes=1-2", "W/\"aa\"").kind, RangeAnswer::Kind::whole);
  EXPECT_EQ(judge("bytes=1-2", "Sun, 06 Nov 1994 08:49:37 GMT").kind, RangeAnswer::Kind::whole);
  EXPECT_EQ(judge("bytes=100-", std::nullopt).kind, RangeAnswer::Kind::refused);
  EXPECT_EQ(judge("bytes=1-2,4-5", std::nullopt).kind, RangeAnswer::Kind::refused);
}

TEST(TusTest, MetadataIsParsedOrRefused) {
  const auto good = parse_tus_metadata("filename d29ybGQ=,is_confidential, x-y ");
  ASSERT_TRUE(good);
  ASSERT_EQ(good->size(), 3U);
  EXPECT_EQ(good->back().key, "x-y");
  EXPECT_EQ(base::text_of(good->front().value), "world");
  EXPECT_TRUE(parse_tus_metadata("")->empty());
  for (const std::string_view value : {",", "a YQ==,", "a YQ==,a YQ==", "a YQ", "a Y!==", "a  YQ==",
                                       "a YQ== YQ==", "\xc3\xa9 YQ==", "a/b YQ==", " "}) {
    EXPECT_FALSE(parse_tus_metadata(value)) << value;
  }
  EXPECT_FALSE(parse_tus_metadata("a " + std::string(limits::kTusMetadataSizeMax, 'Q')));
}

TEST(TusTest, ChecksumHasAnAlgorithmAndItsDigest) {
  const auto sum = parse_tus_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->digest.size(), 20U);
  const std::string sha256 =
      "sha256 " + base::base64_encode(base::Bytes(32), base::Padding::required);
  EXPECT_TRUE(parse_tus_checksum(sha256));
  for (const std::string_view value :
       {"", "sha1", "sha1 ", "sha1  Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "md5 1B2M2Y8AsgTpgAmY7PhCfg==",
        "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
        "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0"}) {
    EXPECT_FALSE(parse_tus_checksum(value)) << value;
  }
}

RequestHead head_of(Method method,
                    std::initializer_list<std::pair<FieldName, std::string_view>> fields,
                    BodyFraming framing) {
  RequestHead head;
  head.method = method;
  head.framing = framing;
  for (const auto& [name, value] : fields) head.fields.put(name, value);
  return head;
}

TEST(TusTest, CreationNeedsVersionAndLength) {
  const auto status = [](std::initializer_list<std::pair<FieldName, std::string_view>> fields,
                         BodyFraming framing = BodyFraming::none) {
    const auto outcome = parse_tus_creation(head_of(Method::post, fields, framing));
    const auto* refusal = std::get_if<Refusal>(&outcome);
    return refusal ? refusal->status : Status::ok;
  };
  using F = FieldName;
  EXPECT_EQ(status({{F::tus_resumable, "1.0.0"}, {F::upload_length, "0"}}), Status::ok);
  EXPECT_EQ(status({{F::upload_length, "5"}}), Status::bad_request);
  EXPECT_EQ(status({{F::tus_resumable, "1.0"}, {F::upload_length, "5"}}),
            Status::precondition_failed);
  EXPECT_EQ(status({{F::tus_resumable, "1.0.0"}}), Status::bad_request);
  EXPECT_EQ(status({{F::tus_resumable, "1.0.0"}, {F::upload_defer_length, "1"}}),
            Status::bad_request);
  EXPECT_EQ(status({{F::tus_resumable, "1.0.0"}, {F::upload_length, "-5"}}), Status::bad_request);
  EXPECT_EQ(
      status({{F::tus_resumable, "1.0.0"}, {F::upload_length, "5"}, {F::upload_concat, "partial"}}),
      Status::bad_request);
  EXPECT_EQ(
      status({{F::tus_resumable, "1.0.0"}, {F::upload_length, "5"}, {F::upload_metadata, ","}}),
      Status::bad_request);
}

TEST(TusTest, AppendNeedsOffsetAndType) {
  const auto status = [](std::initializer_list<std::pair<FieldName, std::string_view>> fields) {
    const auto outcome = parse_tus_append(head_of(Method::patch, fields, BodyFraming::sized));
    const auto* refusal = std::get_if<Refusal>(&outcome);
    return refusal ? refusal->status : Status::ok;
  };
  using F = FieldName;
  const std::pair<FieldName, std::string_view> version{F::tus_resumable, "1.0.0"};
  const std::pair<FieldName, std::string_view> type{F::content_type, kTusContentType};
  EXPECT_EQ(status({version, type, {F::upload_offset, "7"}}), Status::ok);
  EXPECT_EQ(status({version, type}), Status::bad_request);
  EXPECT_EQ(status({version, type, {F::upload_offset, "07"}}), Status::bad_request);
  EXPECT_EQ(status({version, {F::upload_offset, "7"}}), Status::unsupported_media_type);
  EXPECT_EQ(status({version, type, {F::upload_offset, "7"}, {F::upload_length, "9"}}),
            Status::bad_request);
  EXPECT_EQ(status({version, type, {F::upload_offset, "7"}, {F::upload_checksum, "crc32 AAAA"}}),
            Status::bad_request);
}

constexpr Route kTable[] = {
    {Method::get, "/", 1},
    {Method::get, "/api/parcels", 2},
    {Method::post, "/api/parcels", 3},
    {Method::get, "/api/parcels/{id}", 4},
    {Method::del, "/api/parcels/{id}", 5},
    {Method::get, "/api/parcels/{id}/entries/{entry}", 6},
    {Method::get, "/log/tile/{rest...}", 7},
    {Method::head, "/api/uploads/{id}", 8},
};

TEST(RouterTest, FindsRowsAndCaptures) {
  const auto operation = [](Method method, std::string_view path) {
    const RouteOutcome outcome = find_route(kTable, method, path);
    const auto* match = std::get_if<RouteMatch>(&outcome);
    return match ? match->operation : 0;
  };
  EXPECT_EQ(operation(Method::get, "/"), 1);
  EXPECT_EQ(operation(Method::get, "/api/parcels"), 2);
  EXPECT_EQ(operation(Method::head, "/api/parcels"), 2);
  EXPECT_EQ(operation(Method::post, "/api/parcels"), 3);
  EXPECT_EQ(operation(Method::del, "/api/parcels/0a"), 5);
  EXPECT_EQ(operation(Method::head, "/api/uploads/0a"), 8);
  const RouteOutcome outcome = find_route(kTable, Method::get, "/api/parcels/0a/entries/Z-._~9");
  const RouteMatch match = std::get<RouteMatch>(outcome);
  EXPECT_EQ(match.count, 2U);
  EXPECT_EQ(match.captures[0], "0a");
  EXPECT_EQ(match.captures[1], "Z-._~9");
  const RouteOutcome tile = find_route(kTable, Method::get, "/log/tile/0/x001/067.p/5");
  EXPECT_EQ(std::get<RouteMatch>(tile).captures[0], "0/x001/067.p/5");
}

TEST(RouterTest, OtherSpellingsNameNothing) {
  for (const std::string& path :
       {std::string("/api/parcels/"), std::string("//api/parcels"), std::string("/api//parcels"),
        std::string("/api/./parcels"), std::string("/api/x/../parcels"),
        std::string("/API/parcels"), std::string("/api/parcel%73"),
        std::string("/api/parcels/%2e%2e"), std::string("/api/parcels/a+b"),
        std::string("/api/parcels/a:b"), std::string("/log/tile"), std::string("/log/tile/"),
        std::string("/log/tile/../x"), std::string("*"), std::string(""),
        std::string("api/parcels"),
        std::string("/api/parcels/") + std::string(kCaptureSizeMax + 1, 'a'), std::string("/..")}) {
    EXPECT_TRUE(std::holds_alternative<NoSuchPath>(find_route(kTable, Method::get, path))) << path;
  }
}

TEST(RouterTest, OtherMethodsAreTold) {
  const RouteOutcome outcome = find_route(kTable, Method::put, "/api/parcels/0a");
  EXPECT_EQ(std::get<MethodRefused>(outcome).allowed,
            method_bit(Method::get) | method_bit(Method::head) | method_bit(Method::del));
}

TEST(QueryTest, PairsOrNothing) {
  EXPECT_TRUE(parse_query("")->empty());
  const auto pairs = parse_query("a=1&b=&c=x-._~");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(pairs->at(2).value, "x-._~");
  for (const std::string_view query : {"a", "=1", "a=1&", "&a=1", "a=1&a=2", "a=%20", "a=1+2",
                                       "a=b=c", "a=1;b=2", "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1"}) {
    EXPECT_FALSE(parse_query(query)) << query;
  }
}

}  // namespace
}  // namespace sealift::http
