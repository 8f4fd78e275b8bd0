// The binding against the document that the server is built from.
#include "client/api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/said_for_test.h"
#include "client/api/streams.h"
#include "client/responder_for_test.h"

namespace sealift::client::api {
namespace {

using base::ErrorCode;
using nlohmann::json;
using testing::HasSubstr;

const json& document() {
  static const json read = [] {
    std::ifstream in(std::string(std::getenv("SEALIFT_SOURCE_DIR")) +
                     "/src/server/api/openapi.json");
    return json::parse(in);
  }();
  return read;
}

std::string schema_of(const json& content) {
  const json& schema = content.begin().value().at("schema");
  if (!schema.contains("$ref")) return "";
  const std::string ref = schema.at("$ref");
  return ref.substr(ref.rfind('/') + 1);
}

// What the document says of an operation, and what a row says, in one spelling.
template <typename Asked, typename Answer, typename... Path>
std::string describe(const Call<Asked, Answer, Path...>& row) {
  std::string out(row.operation);
  out += " " + std::string(http::method_name(row.method)) + " " + std::string(row.pattern);
  out += " asks " + std::string(Asked::kSchema);
  out += std::is_same_v<Asked, Octets> ? "octets" : "";
  out += " answers " + std::string(Answer::kSchema);
  out += std::is_same_v<Answer, Octets> ? "octets" : "";
  out += row.proof == Proof::held ? " held" : " open";
  return out + " " + std::to_string(sizeof...(Path));
}

std::map<std::string, std::string> described() {
  std::map<std::string, std::string> all;
  for (const auto& [path, methods] : document().at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      std::string name = operation.at("operationId");
      std::string out = name + " ";
      for (const char c : method) out += static_cast<char>(std::toupper(c));
      out += " " + path + " asks ";
      if (operation.contains("requestBody")) {
        const std::string schema = schema_of(operation.at("requestBody").at("content"));
        out += schema.empty() ? "octets" : schema;
      }
      out += " answers ";
      for (const auto& [status, answer] : operation.at("responses").items()) {
        if (status[0] != '2' || !answer.contains("content")) continue;
        const std::string schema = schema_of(answer.at("content"));
        out += schema.empty() ? "octets" : schema;
      }
      out += operation.at("security").empty() ? " open " : " held ";
      int path_parts = 0;
      if (operation.contains("parameters"))
        for (const json& each : operation.at("parameters")) {
          const std::string ref = each.at("$ref");
          const json& parameter =
              document().at("components").at("parameters").at(ref.substr(ref.rfind('/') + 1));
          path_parts += parameter.at("in") == "path" || parameter.at("in") == "query" ? 1 : 0;
        }
      all[name] = out + std::to_string(path_parts);
    }
  }
  return all;
}

std::vector<std::string> rows() {
  std::vector<std::string> all;
  std::apply(
      [&](const auto&... row) { (all.push_back(describe(row)), ...); },
      std::tie(kServerDescribe, kEnrolmentLook, kEnrolmentTake, kSessionPrepare, kSessionBegin,
               kSessionList, kSessionEnd, kSessionEndOther, kTokenIssue, kAccountRead,
               kAccountSetLanguage, kAccountChangePassword, kAccountPublishKey, kAccountRotate,
               kActList, kSlotList, kSlotAdd, kSlotReplace, kSlotRemove, kDirectoryFind,
               kDirectoryHistory, kParcelCreate, kParcelListSent, kParcelListReceived, kParcelRead,
               kParcelPutPart, kParcelReadHeader, kParcelComplete, kParcelRecall,
               kParcelChangeRecipients, kParcelChangeExpiry, kParcelRevokeRecipient,
               kParcelListOpenings, kUploadTerminate, kParcelOpen, kOpeningRead, kOpeningReadHeader,
               kOpeningAddReceipt, kLinkCreate, kLinkList, kLinkRevoke, kLinkLook, kLinkRedeem,
               kRequestCreate, kRequestList, kRequestClose, kRequestLook, kRequestHandIn,
               kLogCheckpoint, kLogTile, kDirectoryCheckpoint, kDirectoryTile, kLogProve,
               kCustodyList, kPolicyRead, kPolicyReplace, kAdminInvite, kAdminListEnrolments,
               kAdminWithdrawEnrolment, kAdminListAccounts, kAdminSetState, kAdminSetRoles,
               kAdminSetQuota, kAdminEndSessions, kAdminReadUsage, kProposalList, kProposalConfirm,
               kProposalWithdraw, kRecoveryAsk, kRecoveryList, kRecoveryApprove, kRecoveryGiveShare,
               kRecoveryRelease, kRecoveryCancel, kRecoveryReadOwn, kOfficersSign, kLockdownRead,
               kLockdownLock, kLockdownApproveReopening, kLockdownReopen));
  return all;
}

TEST(ApiTest, EveryRowIsAnOperationOfTheDocument) {
  auto all = described();
  for (const std::string& row : rows()) {
    const std::string name = row.substr(0, row.find(' '));
    ASSERT_TRUE(all.contains(name)) << name;
    EXPECT_EQ(row, all.at(name));
    all.erase(name);
  }
  // What has bodies of any size, or is for programs that watch the server.
  std::set<std::string> left;
  for (const auto& [name, text] : all) left.insert(name);
  EXPECT_EQ(left, (std::set<std::string>{"health.live", "health.ready", "metrics.read",
                                         "opening.read_payload", "parcel.read_manifest",
                                         "server.document", "upload.append", "upload.create",
                                         "upload.describe", "upload.read"}));
}

// Lists a body's fields as "name type", with "?" behind what may be absent.
class Lister {
 public:
  template <typename T>
  void operator()(const char* name, const T& value) {
    fields[name] = type_of(value);
  }
  template <typename T>
  void operator()(const char* name, const std::optional<T>&) {
    fields[name] = type_of(T{}) + "?";
  }
  std::map<std::string, std::string> fields;

 private:
  static std::string type_of(const std::string&) { return "string"; }
  static std::string type_of(const Token&) { return "Token"; }
  static std::string type_of(const Cursor&) { return "Cursor"; }
  static std::string type_of(const Base64&) { return "base64"; }
  static std::string type_of(bool) { return "boolean"; }
  static std::string type_of(std::uint64_t) { return "integer"; }
  static std::string type_of(base::UnixTime) { return "Time"; }
  static std::string type_of(std::chrono::milliseconds) { return "Duration"; }
  template <std::size_t kSize>
  static std::string type_of(const FixedBase64<kSize>&) {
    return kSize == 32 ? "PublicKey" : kSize == 104 ? "Retirement" : "Signature";
  }
  template <typename Tag>
  static std::string type_of(const Id<Tag>&) {
    return "Id";
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  static std::string type_of(Enum value) {
    std::string all;
    for (const std::string_view name : enumerator_names(value)) all.append(name).append("|");
    return all;
  }
  template <typename T>
  static std::string type_of(const std::vector<T>&) {
    return "[" + type_of(T{}) + "]";
  }
  template <typename Body>
  requires requires { Body::kSchema; }
  static std::string type_of(const Body& body) {
    if (!Body::kSchema.empty()) return std::string(Body::kSchema);
    Lister inner;
    Body::fields(body, inner);
    std::string all = "{";
    for (const auto& [name, type] : inner.fields) all += name + " " + type + ",";
    return all + "}";
  }
};

std::string type_in_document(const json& schema);

std::map<std::string, std::string> fields_in_document(const json& schema) {
  std::map<std::string, std::string> fields;
  std::set<std::string> required;
  if (schema.contains("required"))
    for (const json& name : schema.at("required")) required.insert(name);
  for (const auto& [name, property] : schema.at("properties").items())
    fields[name] = type_in_document(property) + (required.contains(name) ? "" : "?");
  return fields;
}

std::string type_in_document(const json& schema) {
  if (schema.contains("$ref")) {
    const std::string ref = schema.at("$ref");
    const std::string name = ref.substr(ref.rfind('/') + 1);
    const json& target = document().at("components").at("schemas").at(name);
    static const std::set<std::string> kOwn = {"Id",        "Token", "Cursor",   "PublicKey",
                                               "Signature", "Time",  "Duration", "Retirement"};
    if (kOwn.contains(name) || target.at("type") == "object") return name;
    return type_in_document(target);
  }
  const std::string type = schema.at("type");
  if (type == "array") return "[" + type_in_document(schema.at("items")) + "]";
  if (schema.contains("enum")) {
    std::string all;
    for (const json& each : schema.at("enum")) all += each.get<std::string>() + "|";
    return all;
  }
  if (schema.contains("contentEncoding")) return "base64";
  if (type == "object") {
    std::string all = "{";
    for (const auto& [name, inner] : fields_in_document(schema)) all += name + " " + inner + ",";
    return all + "}";
  }
  return type;
}

template <typename Body>
class BodyTest : public testing::Test {};
using Bodies =
    testing::Types<Roles, ServerDescription, EnrolmentToken, EnrolmentOffer, Authentication,
                   NewSlot, Key, Enrol, Prepare, Prepared, Begin, Account, Session, Begun,
                   SetLanguage, Sessions, NewToken, IssuedToken, ChangePassword, Slot, Slots,
                   ReplaceSlot, RotatedSlot, Rotate, Created, DirectoryEntry, Directory,
                   NewRecipient, NewParcel, RecipientState, Parcel, Parcels, ChangeExpiry,
                   ChangeRecipients, NewUpload, Upload, Completed, Opening, Openings, Ticket,
                   SignedReceipt, LoggedReceipt, NewLink, Link, Links>;
TYPED_TEST_SUITE(BodyTest, Bodies);
template <typename Body>
class OtherBodyTest : public BodyTest<Body> {};
using OtherBodies =
    testing::Types<LinkPage, Redeem, EventProof, NewRequest, FileRequest, Requests, RequestPage,
                   HandIn, HandedIn, CustodyEvent, CustodyEvents, Policy, Invite, Invited,
                   Enrolments, Accounts, SetState, SetQuota, Usage, Proposal, Proposals,
                   AskRecovery, Recovery, Recoveries, GiveShare, OwnRecovery, DealtRecovery,
                   RecoveryShare, Released, Lockdown, LockdownRef>;
TYPED_TEST_SUITE(OtherBodyTest, OtherBodies);

template <typename Body>
void compare_with_document() {
  Lister lister;
  const Body body{};
  Body::fields(body, lister);
  const json& schema = document().at("components").at("schemas").at(std::string(Body::kSchema));
  auto expected = fields_in_document(schema);
  if (Body::kSchema == "Begin") expected.erase("passkey");           // for browsers alone
  if (Body::kSchema == "EnrolmentOffer") expected["act"] += "?";     // a server of 0.1.0 has none
  if (Body::kSchema == "Begun") expected["key"] = "PublicKey?";      // of as many bytes
  if (Body::kSchema == "Released") expected["half"] = "PublicKey?";  // so is this
  if (Body::kSchema == "DealtRecovery") expected["half"] = "PublicKey";
  EXPECT_EQ(lister.fields, expected) << Body::kSchema;
}

TYPED_TEST(BodyTest, HasTheDocumentsFields) { compare_with_document<TypeParam>(); }
TYPED_TEST(OtherBodyTest, HasTheDocumentsFields) { compare_with_document<TypeParam>(); }

TEST(JsonCodecTest, WhatIsWrittenIsReadBack) {
  Policy policy{.revision = 7,
                .parcel_lifetime_ms_default = std::chrono::hours(24),
                .link_opens_max = 3,
                .links = LinkRule::forbidden,
                .recipient_domains = {"example.org", "example.net"}};
  const std::string text = encode(policy);
  const auto read = decode<Policy>(base::bytes_of(text));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(encode(*read), text);
  EXPECT_EQ(read->links, LinkRule::forbidden);
  EXPECT_EQ(read->recipient_domains.size(), 2U);
}

TEST(JsonCodecTest, UnknownFieldsArePassedOver) {
  const auto read = decode<Created>(
      base::bytes_of(R"({"id":"00112233445566778899aabbccddeeff","later":{"a":[1]}})"));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id.text(), "00112233445566778899aabbccddeeff");
}

TEST(JsonCodecTest, RefusesWhatDoesNotFit) {
  for (const char* text : {
           "",
           "[]",
           "null",
           "{}",
           R"({"id":1})",
           R"({"id":"0011"})",
           R"({"id":"00112233445566778899AABBCCDDEEFF"})",
           R"({"id":"00112233445566778899aabbccddeeff","id":"00112233445566778899aabbccddeeff"})",
           R"({"id":"00112233445566778899aabbccddeeff"} )"
           "x",
       })
    EXPECT_FALSE(decode<Created>(base::bytes_of(text)).has_value()) << text;
  for (const char* text : {R"({"accounts":-1})", R"({"accounts":1.5})", R"({"accounts":1e3})",
                           R"({"accounts":9223372036854775808})", R"({"accounts":"1"})"}) {
    std::string whole(text);
    whole.pop_back();
    whole += R"(,"parcels":0,"used_bytes":0,"free_bytes":0,"mails_waiting":0,"mails_given_up":0})";
    EXPECT_FALSE(decode<Usage>(base::bytes_of(whole)).has_value()) << whole;
  }
  EXPECT_FALSE(decode<SetState>(base::bytes_of(R"({"state":"Active"})")).has_value());
  EXPECT_FALSE(decode<Prepare>(base::bytes_of("{\"address\":\"a\\u001b[2J@b\"}")).has_value());
  EXPECT_FALSE(decode<EnrolmentToken>(base::bytes_of(R"({"token":"short"})")).has_value());
  EXPECT_FALSE(
      decode<Prepared>(base::bytes_of(R"({"parameters":"AB=","challenge":""})")).has_value());
}

TEST(ApiTest, ARefusalIsOneInOurOwnWords) {
  Responder responder([](const std::string&) {
    return Answer{
        response("403 Forbidden", R"({"code":"locked_down","sentence":"call 555-0100 now"})")};
  });
  HttpClient http = HttpClient::make(responder.settings()).value();
  const auto answer = Api(http).call(kServerDescribe);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(base::said(answer), "locked_down: locked_down");
  EXPECT_THAT(answer.error().text, testing::Not(HasSubstr("555")));
}

TEST(ApiTest, AnAnswerThatIsNotOursIsSomebodyElses) {
  EXPECT_EQ(refusal_of(502, base::bytes_of("<html>")).text, "not_sealift status=502");
  EXPECT_EQ(refusal_of(413, base::bytes_of("<html>")).text, "proxy_limit");
}

// What is said of proxies, certificates and this machine is ours to say.
TEST(ApiTest, NoServerPicksAWordOfTheClientsOwn) {
  const base::Error told =
      refusal_of(403, base::bytes_of(R"({"code":"forbidden","reason":"proxy_login","facts":{}})"));
  EXPECT_EQ(told.code, ErrorCode::forbidden);
  EXPECT_EQ(told.text, "forbidden");
}

TEST(ApiTest, HtmlInPlaceOfAnAnswerIsRefused) {
  Responder responder([](const std::string&) {
    return Answer{response("200 OK", "<html>log in to the hotel's network</html>")};
  });
  HttpClient http = HttpClient::make(responder.settings()).value();
  const auto answer = Api(http).call(kServerDescribe);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(base::said(answer), "malformed: the server's answer: not JSON");
}

TEST(ApiTest, TheTokenGoesWhereItIsNeededAlone) {
  Responder responder([](const std::string& request) {
    return Answer{response("200 OK", request.starts_with("GET /api/v1/parcels")
                                         ? R"({"parcels":[]})"
                                         : R"({"parameters":"","challenge":""})")};
  });
  HttpClient http = HttpClient::make(responder.settings()).value();
  const std::string token(43, 'T');
  const Api api(http, {Credential::Kind::session, token});
  ASSERT_TRUE(api.call(kParcelListSent, {}, Before(Cursor{42})).has_value());
  ASSERT_TRUE(api.call(kSessionPrepare, {.address = "a@example.org"}).has_value());
  const auto requests = responder.requests();
  EXPECT_THAT(requests[0], HasSubstr("GET /api/v1/parcels/sent?before=42 "));
  EXPECT_THAT(requests[0], HasSubstr("Authorization: Bearer " + token + "\r\n"));
  EXPECT_THAT(requests[1], testing::Not(HasSubstr(token)));
  EXPECT_THAT(requests[1], HasSubstr(R"({"address":"a@example.org"})"));
}

TEST(ApiTest, ARangeThatWasNotAskedForIsRefused) {
  const std::vector<std::string> answers = {
      response("206 Partial Content", "abcd", "Content-Range: bytes 1-4/10\r\n"),
      response("206 Partial Content", "abcd", "Content-Range: bytes 0-3/11\r\n"),
      response("206 Partial Content", "abc", "Content-Range: bytes 0-3/10\r\n"),
      response("206 Partial Content", "abcd"),
      response("200 OK", "abcd"),
  };
  for (const std::string& text : answers) {
    Responder responder([&](const std::string&) { return Answer{text, true}; });
    HttpClient http = HttpClient::make(responder.settings()).value();
    const auto download = begin_payload(Api(http), OpeningId{}, Part::content,
                                        {.offset = 0, .size_bytes = 4, .payload_bytes = 10});
    ASSERT_FALSE(download.has_value()) << text;
    EXPECT_EQ(base::said(download), "malformed: the server's answer is not the range asked for");
  }
}

}  // namespace
}  // namespace sealift::client::api
