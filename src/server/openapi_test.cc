// The API's document and the operation table say the same, and every input has a limit.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "server/operations.h"

namespace sealift::server {
namespace {

using nlohmann::json;

class OpenApiTest : public testing::Test {
 protected:
  static json document() {
    std::ifstream in(std::string(std::getenv("SEALIFT_SOURCE_DIR")) +
                     "/src/server/api/openapi.json");
    return json::parse(in);
  }
  const json document_ = document();
};

struct Spoken {
  std::string method;
  std::string path;
  json operation;
};

std::map<std::string, Spoken> spoken_of(const json& document) {
  std::map<std::string, Spoken> all;
  for (const auto& [path, methods] : document.at("paths").items())
    for (const auto& [method, operation] : methods.items())
      all[operation.at("operationId")] = {method, path, operation};
  return all;
}

std::string lower(std::string_view text) {
  std::string made;
  for (const char c : text) made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

// OpenAPI has no "{name...}" for a rest of several segments.
std::string path_of(std::string_view pattern) {
  std::string path(pattern);
  if (const auto at = path.find("...}"); at != std::string::npos) path.erase(at, 3);
  return path;
}

TEST_F(OpenApiTest, TableAndDocumentNameTheSameOperationsAtTheSameRoutes) {
  const auto spoken = spoken_of(document_);
  std::size_t routes = 0;
  for (const Operation& operation : operations()) {
    if (operation.route.pattern.empty()) continue;
    ++routes;
    const auto found = spoken.find(std::string(operation.name));
    ASSERT_NE(found, spoken.end()) << operation.name << " is not in the document";
    EXPECT_EQ(found->second.method, lower(http::method_name(operation.route.method)))
        << operation.name;
    EXPECT_EQ(found->second.path, path_of(operation.route.pattern)) << operation.name;
  }
  EXPECT_EQ(spoken.size(), routes) << "the document has an operation that is not in the table";
}

TEST_F(OpenApiTest, SecurityIsWhatTheTableAsksFor) {
  const std::pair<Credential, std::string> schemes[] = {{Credential::session, "session"},
                                                        {Credential::ticket, "ticket"},
                                                        {Credential::upload_key, "upload_key"},
                                                        {Credential::hand_in_key, "hand_in_key"}};
  for (const auto& [name, spoken] : spoken_of(document_)) {
    std::set<std::string> named;
    for (const json& each : spoken.operation.at("security"))
      for (const auto& [scheme, scopes] : each.items()) {
        named.insert(scheme);
        // OpenAPI 3.1 lists what else is needed there: the scope of an API token.
        const bool takes_tokens = scheme == "session";
        EXPECT_EQ(scopes,
                  takes_tokens ? json{scope_name(find_operation(name)->scope)} : json::array())
            << name;
      }
    std::set<std::string> asked;
    for (const auto& [credential, scheme] : schemes)
      if (find_operation(name)->credentials.has(credential)) asked.insert(scheme);
    EXPECT_EQ(named, asked) << name;
  }
}

TEST_F(OpenApiTest, WhatTheOwnerSignsIsWhatTheTableSays) {
  for (const auto& [name, spoken] : spoken_of(document_)) {
    bool is_signed = false;
    for (const json& each : spoken.operation.value("parameters", json::array()))
      is_signed = is_signed || each.at("$ref") == "#/components/parameters/act";
    EXPECT_EQ(is_signed, is_owners(*find_operation(name))) << name;
  }
}

// Calls `judge` with every schema of the document, and where it stands.
void each_schema(const json& node, const std::string& at,
                 const std::function<void(const json&, const std::string&)>& judge) {
  if (node.is_object() && node.contains("type") && node.at("type").is_string()) judge(node, at);
  if (node.is_structured())
    for (const auto& [key, value] : node.items()) each_schema(value, at + "/" + key, judge);
}

TEST_F(OpenApiTest, EveryTextListAndNumberHasALimitAndObjectsAreClosed) {
  std::size_t judged = 0;
  each_schema(
      document_.at("components").at("schemas"), "", [&](const json& schema, const std::string& at) {
        ++judged;
        const std::string type = schema.at("type");
        if (type == "string") {
          EXPECT_TRUE(schema.contains("maxLength") || schema.contains("enum")) << at;
        } else if (type == "array") {
          EXPECT_TRUE(schema.contains("maxItems")) << at;
        } else if (type == "integer") {
          EXPECT_TRUE(schema.contains("minimum") && schema.contains("maximum")) << at;
        } else if (type == "object") {
          // Closed, or so many members of a kind that is described.
          const json others = schema.value("additionalProperties", json(true));
          EXPECT_TRUE(others == false || (others.is_object() && schema.contains("maxProperties")))
              << at;
        } else {
          EXPECT_EQ(type, "boolean") << at;
        }
      });
  EXPECT_GT(judged, 150U);
}

TEST_F(OpenApiTest, EveryReferenceLeadsSomewhere) {
  const std::function<void(const json&)> follow = [&](const json& node) {
    if (node.is_object() && node.contains("$ref")) {
      const std::string reference = node.at("$ref");
      ASSERT_TRUE(reference.starts_with("#/"));
      EXPECT_TRUE(document_.contains(json::json_pointer(reference.substr(1)))) << reference;
    }
    if (node.is_structured())
      for (const json& each : node) follow(each);
  };
  follow(document_);
}

TEST_F(OpenApiTest, EveryPathParameterIsDescribedAndEveryAnswerCanBeARefusal) {
  for (const auto& [name, spoken] : spoken_of(document_)) {
    std::set<std::string> described;
    for (const json& each : spoken.operation.value("parameters", json::array())) {
      const std::string reference = each.at("$ref");
      const json& parameter = document_.at(json::json_pointer(reference.substr(1)));
      if (parameter.at("in") == "path") described.insert(parameter.at("name"));
    }
    std::set<std::string> in_path;
    for (std::size_t at = 0; (at = spoken.path.find('{', at)) != std::string::npos; ++at)
      in_path.insert(spoken.path.substr(at + 1, spoken.path.find('}', at) - at - 1));
    EXPECT_EQ(described, in_path) << name;
    EXPECT_TRUE(spoken.operation.at("responses").contains("default")) << name;
  }
}

}  // namespace
}  // namespace sealift::server
