// What the page can ask the core to do: one table from names to functions. Each file of operations
// says above a function which fields it takes and gives.
#pragma once

#include <span>

#include "core/call.h"

namespace sealift::web {

std::span<const NamedOperation> account_operations();
std::span<const NamedOperation> act_operations();
std::span<const NamedOperation> recovery_operations();
std::span<const NamedOperation> parcel_operations();
std::span<const NamedOperation> link_operations();
std::span<const NamedOperation> log_operations();
std::span<const NamedOperation> directory_operations();

}  // namespace sealift::web
