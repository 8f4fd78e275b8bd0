#include "server/front/rest.h"

#include <algorithm>

#include "server/operations.h"

namespace sealift::server::front {
namespace {

// Operations whose request isn't what their method says (form_of): everything else takes JSON when
// it is sent with a body, and nothing otherwise.
struct Exception {
  std::string_view operation;
  Form form;
};
constexpr Exception kExceptions[] = {
    {"parcel.put_part", Form::octets},
    {"upload.create", Form::tus_create},
    {"upload.read", Form::tus},
    {"upload.append", Form::tus_append},
    {"upload.terminate", Form::tus},
    // acts on what the path names
    {"parcel.complete", Form::plain},
    {"parcel.recall", Form::plain},
    {"parcel.open", Form::plain},
    {"request.close", Form::plain},
    {"proposal.confirm", Form::plain},
    {"recovery.approve", Form::plain},
    {"recovery.release", Form::plain},
    {"lockdown.lock", Form::plain},
};

Form form_of(const Operation& operation) {
  const auto* found = std::ranges::find(kExceptions, operation.name, &Exception::operation);
  if (found != std::end(kExceptions)) return found->form;
  const http::Method method = operation.route.method;
  return method == http::Method::post || method == http::Method::put ? Form::json : Form::plain;
}

}  // namespace

std::vector<FrontRoute> rest_front_routes() {
  std::vector<FrontRoute> routes;
  for (const http::Route& route : rest_routes()) {
    const Operation& operation = operations()[route.operation];
    routes.push_back({route, form_of(operation), body_bytes_max(operation)});
  }
  return routes;
}

}  // namespace sealift::server::front
