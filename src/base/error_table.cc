#include "base/error_table.h"

#include "base/check.h"

namespace sealift::base {
namespace {

constexpr ErrorRow kRows[] = {
    {ErrorCode::malformed, "malformed", 1, 400, "This is not in the expected format."},
    {ErrorCode::not_found, "not_found", 1, 404, "There is no such thing."},
    {ErrorCode::forbidden, "forbidden", 1, 403, "This is not allowed."},
    {ErrorCode::limit, "limit", 1, 413, "A limit was reached."},
    {ErrorCode::locked_down, "locked_down", 1, 503, "The server is locked down."},
    {ErrorCode::io, "io", 1, 500, "Reading or writing failed."},
    {ErrorCode::internal, "internal", 1, 500, "Something went wrong inside Sealift."},
    {ErrorCode::usage, "usage", 2, 400, "The request makes no sense as asked."},
    {ErrorCode::unauthorized, "unauthorized", 1, 401, "Log in first."},
    {ErrorCode::conflict, "conflict", 1, 409, "The state has changed meanwhile."},
    {ErrorCode::no_space, "no_space", 1, 507, "There is no room for this."},
    {ErrorCode::no_match, "no_match", 1, 403, "None of the keys given opens this."},
    {ErrorCode::damaged, "damaged", 1, 422, "The data was changed or cut short."},
    {ErrorCode::unsupported, "unsupported", 1, 501, "This build cannot do that."},
    {ErrorCode::over_quota, "over_quota", 1, 413, "The account has no room left for this."},
};

}  // namespace

const ErrorRow& error_row(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code) - 1;
  SEALIFT_CHECK(index < std::size(kRows) && kRows[index].code == code);
  return kRows[index];
}

}  // namespace sealift::base
