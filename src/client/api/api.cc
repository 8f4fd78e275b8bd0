#include "client/api/api.h"

#include "base/check.h"

namespace sealift::client::api {

std::string Api::target_of(std::string_view pattern, const std::vector<std::string>& path) {
  std::string target;
  std::size_t used = 0;
  while (true) {
    const std::size_t open = pattern.find('{');
    target += pattern.substr(0, open);
    if (open == pattern.npos) break;
    SEALIFT_CHECK(used < path.size());
    target += path[used++];
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  for (; used < path.size(); ++used) target += path[used];  // a query
  return target;
}

base::Result<base::Bytes> Api::exchange(Request request, const Body& body) const {
  request.content_type = body.type;
  request.is_tus = request.target.starts_with("/api/v1/uploads/");
  SEALIFT_TRY(Reply reply, http_->call(request, body.view()));
  constexpr unsigned kNotFound = 404;
  const bool is_gone =
      request.repeat == Repeat::until_gone && reply.attempts > 1 && reply.head.status == kNotFound;
  if (is_gone) return base::Bytes();
  if (!reply.head.is_success()) return tl::unexpected(refusal_of(reply.head.status, reply.body));
  return std::move(reply.body);
}

}  // namespace sealift::client::api
