#include "server/front/web_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

namespace sealift::server::front {
namespace {

using http::CacheControl;
using http::MediaType;
using http::Status;

constexpr std::string_view kTag = "00112233445566778899aabbccddeeff";
const std::string kPage(2000, 'p');
const std::string kPageGzip(200, 'g');
const std::string kPageBrotli(100, 'b');

std::vector<WebFile> files() {
  return {{"/index.html", MediaType::html, CacheControl::revalidate, kTag, base::bytes_of(kPage),
           base::bytes_of(kPageGzip), base::bytes_of(kPageBrotli)},
          {"/assets/a-1.js",
           MediaType::script,
           CacheControl::immutable,
           kTag,
           base::bytes_of(kPage),
           {},
           {}}};
}

class WebFilesTest : public testing::Test {
 protected:
  std::optional<Answer> ask(const std::string& line, const std::string& fields = "") {
    text_ = line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    const auto outcome = http::parse_request_head(text_);
    EXPECT_TRUE(std::holds_alternative<http::RequestHead>(outcome)) << text_;
    return web_.answer(std::get<http::RequestHead>(outcome));
  }
  SendFile file(const std::string& line, const std::string& fields = "") {
    auto answer = ask(line, fields);
    EXPECT_TRUE(answer && std::holds_alternative<SendFile>(*answer)) << line;
    return std::get<SendFile>(*std::move(answer));
  }
  Reply reply(const std::string& line, const std::string& fields = "") {
    auto answer = ask(line, fields);
    EXPECT_TRUE(answer && std::holds_alternative<Reply>(*answer)) << line;
    return std::get<Reply>(*std::move(answer));
  }
  static std::string content(const SendFile& sent) {
    base::Bytes bytes(sent.head.content_size_bytes);
    EXPECT_EQ(base::pread_full(sent.file.get(), bytes, sent.offset).value(), bytes.size());
    return std::string(base::text_of(bytes));
  }

  const std::vector<WebFile> list_ = files();
  const WebFiles web_ = WebFiles::load(list_).value();
  std::string text_;
};

TEST_F(WebFilesTest, EveryPageIsTheOnePage) {
  for (const std::string path : {"/", "/e", "/inbox/00ff", "/l/00ff", "/r/00ff"}) {
    const SendFile sent = file("GET " + path);
    EXPECT_EQ(content(sent), kPage);
    EXPECT_EQ(sent.head.media_type, MediaType::html);
    EXPECT_EQ(sent.head.cache, CacheControl::revalidate);
  }
}

TEST_F(WebFilesTest, OtherPathsAreNotHere) {
  for (const std::string path : {"/admin.php", "/l", "/l/00/11", "/assets/", "/assets/a-2.js",
                                 "/assets/../index.html", "/index.htm", "//", "/%69ndex.html"}) {
    EXPECT_FALSE(ask("GET " + path)) << path;
  }
}

TEST_F(WebFilesTest, APersonGetsThePageForAPathThatNothingHasAndAProgramDoesNot) {
  const auto person = [&](const std::string& path, const std::string& accept) {
    text_ = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n";
    const auto outcome = http::parse_request_head(text_);
    return web_.answer_person(std::get<http::RequestHead>(outcome));
  };
  const std::string browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  const auto nowhere = person("/no/such/page", browser);
  ASSERT_TRUE(nowhere);
  EXPECT_EQ(std::get<SendFile>(*nowhere).head.status, http::Status::not_found);
  EXPECT_EQ(content(std::get<SendFile>(*nowhere)), kPage);
  const auto rewritten = person("/l/00ff%23secret", browser);
  ASSERT_TRUE(rewritten);
  EXPECT_EQ(std::get<SendFile>(*rewritten).head.status, http::Status::ok);
  for (const std::string accept : {"*/*", "application/json", "text/html;q=0"})
    EXPECT_FALSE(person("/no/such/page", accept)) << accept;
}

TEST_F(WebFilesTest, CodingIsTheSmallestThatIsAccepted) {
  struct Case {
    std::string accepted;
    http::Coded coded;
  };
  for (const auto& [accepted, coded] :
       {Case{"gzip, deflate, br", http::Coded::brotli}, Case{"gzip", http::Coded::gzip},
        Case{"GZIP;q=0.5", http::Coded::gzip}, Case{"br;q=0, gzip;q=0.000", http::Coded::identity},
        Case{"identity", http::Coded::identity}, Case{"xbr", http::Coded::identity},
        Case{"br;q=x", http::Coded::identity}, Case{"br;level=1", http::Coded::identity},
        Case{"*", http::Coded::identity}, Case{", ,gzip", http::Coded::gzip}}) {
    EXPECT_EQ(file("GET /", "Accept-Encoding: " + accepted + "\r\n").head.coded, coded) << accepted;
  }
  EXPECT_EQ(content(file("GET /", "Accept-Encoding: br\r\n")), kPageBrotli);
  EXPECT_EQ(content(file("GET /", "Accept-Encoding: gzip\r\n")), kPageGzip);
  EXPECT_EQ(content(file("GET /assets/a-1.js", "Accept-Encoding: br\r\n")), kPage);
}

TEST_F(WebFilesTest, TagsOfCodingsDifferAndSaveTheBody) {
  std::set<std::string> tags;
  for (const std::string coding : {"br", "gzip", "none"}) {
    const std::string field = "Accept-Encoding: " + coding + "\r\n";
    const std::string tag = file("GET /", field).head.etag->text();
    EXPECT_TRUE(tags.insert(tag).second);
    const Reply known = reply("GET /", field + "If-None-Match: \"" + tag + "\"\r\n");
    EXPECT_EQ(known.head.status, Status::not_modified);
    EXPECT_TRUE(known.body.empty());
  }
  file("GET /", "If-None-Match: \"00\"\r\n");
  EXPECT_EQ(reply("GET /", "If-Match: \"00\"\r\n").head.status, Status::precondition_failed);
  EXPECT_EQ(reply("GET /", "If-Match: x\r\n").head.status, Status::bad_request);
}

TEST_F(WebFilesTest, HeadTellsTheSizeAndOtherMethodsAreRefused) {
  const Reply head = reply("HEAD /assets/a-1.js");
  EXPECT_EQ(head.head.content_size_bytes, kPage.size());
  EXPECT_EQ(head.head.cache, CacheControl::immutable);
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const Reply refused = reply(method + " /");
    EXPECT_EQ(refused.head.status, Status::method_not_allowed) << method;
    EXPECT_EQ(refused.head.allow,
              http::method_bit(http::Method::get) | http::method_bit(http::Method::head));
  }
}

TEST_F(WebFilesTest, WithoutFilesThereIsNothing) {
  const WebFiles none = WebFiles::load({}).value();
  const std::string text = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto outcome = http::parse_request_head(text);
  EXPECT_FALSE(none.answer(std::get<http::RequestHead>(outcome)));
}

// The client's routes are the paths in `pattern: '...'` of web/src/ui/router.ts.
TEST(WebPagesTest, AreWhatTheClientHas) {
  std::ifstream in(std::string(std::getenv("SEALIFT_SOURCE_DIR")) + "/web/src/ui/router.ts");
  const std::string source{std::istreambuf_iterator<char>(in), {}};
  std::set<std::string> client;
  const std::regex pattern("pattern: '([^']*)'");
  for (std::sregex_iterator at(source.begin(), source.end(), pattern), end; at != end; ++at) {
    client.insert((*at)[1]);
  }
  std::set<std::string> server;
  for (const http::Route& route : WebFiles::pages()) server.insert(std::string(route.pattern));
  EXPECT_EQ(client, server);
}

}  // namespace
}  // namespace sealift::server::front
