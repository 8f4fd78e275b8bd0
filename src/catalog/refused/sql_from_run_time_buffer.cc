// With SEALIFT_REFUSED defined this must not compile: SQL from a buffer of the right type, filled
// at run time.
#include "catalog/internal/sql.h"

namespace sealift::catalog::internal {

constexpr Sql kConstant{"SELECT 1"};

std::size_t made(char digit) {
  const char text[] = {'S', 'E', 'L', 'E', 'C', 'T', ' ', digit, '\0'};
#ifdef SEALIFT_REFUSED
  return Sql{text}.text().size();
#endif
  return sizeof(text) + kConstant.text().size();
}

}  // namespace sealift::catalog::internal
