#include "base/error_table.h"

#include "base/check.h"

namespace sealift::base {
namespace {

constexpr ErrorRow kRows[] = {
    {ErrorCode::malformed, "malformed", 1, 400},
    {ErrorCode::not_found, "not_found", 1, 404},
    {ErrorCode::forbidden, "forbidden", 1, 403},
    {ErrorCode::limit, "limit", 1, 413},
    {ErrorCode::locked_down, "locked_down", 1, 503},
    {ErrorCode::io, "io", 1, 500},
    {ErrorCode::internal, "internal", 1, 500},
    {ErrorCode::usage, "usage", 2, 400},
    {ErrorCode::unauthorized, "unauthorized", 1, 401},
    {ErrorCode::conflict, "conflict", 1, 409},
    {ErrorCode::no_space, "no_space", 1, 507},
    {ErrorCode::no_match, "no_match", 1, 403},
    {ErrorCode::damaged, "damaged", 1, 422},
    {ErrorCode::unsupported, "unsupported", 1, 501},
    {ErrorCode::over_quota, "over_quota", 1, 413},
};

}  // namespace

const ErrorRow& error_row(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code) - 1;
  SEALIFT_CHECK(index < std::size(kRows) && kRows[index].code == code);
  return kRows[index];
}

}  // namespace sealift::base
