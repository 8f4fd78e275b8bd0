// The REST API's routes with the form of each request, for the fronts: made from the operation
// table, so that an operation that is added there is served without another list.
#pragma once

#include <vector>

#include "server/front/vault_link.h"

namespace sealift::server::front {

std::vector<FrontRoute> rest_front_routes();

}  // namespace sealift::server::front
