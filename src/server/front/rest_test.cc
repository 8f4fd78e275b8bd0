// The fronts' forms are what the API's document says of each request's body.
#include "server/front/rest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "server/operations.h"

namespace sealift::server::front {
namespace {

using nlohmann::json;

std::map<std::string, std::string> body_types() {
  std::ifstream in(std::string(std::getenv("SEALIFT_SOURCE_DIR")) + "/src/server/api/openapi.json");
  const json document = json::parse(in);
  std::map<std::string, std::string> types;
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      std::string& type = types[operation.at("operationId")];
      if (!operation.contains("requestBody")) continue;
      type = operation.at("requestBody").at("content").begin().key();
    }
  }
  return types;
}

std::string type_of(Form form) {
  switch (form) {
    case Form::plain:
    case Form::tus:
      return "";
    case Form::json:
    case Form::tus_create:
      return "application/json";
    case Form::octets:
      return "application/octet-stream";
    case Form::tus_append:
      return "application/offset+octet-stream";
  }
  return "?";
}

TEST(RestTest, EveryRouteTakesTheBodyThatTheDocumentSays) {
  const auto types = body_types();
  for (const FrontRoute& route : rest_front_routes()) {
    const std::string name(operations()[route.route.operation].name);
    EXPECT_EQ(type_of(route.form), types.at(name)) << name;
  }
  EXPECT_EQ(rest_front_routes().size(), types.size());
}

}  // namespace
}  // namespace sealift::server::front
